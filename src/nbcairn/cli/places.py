"""What a NOTEBOOK or FOLDER on the command line means to a trail."""

from __future__ import annotations

from pathlib import Path

from nbcairn.document import document_path
from nbcairn.errors import NotebookNotFound
from nbcairn.store import Trail

__all__ = ["notebook_of"]


def notebook_of(place: Path, trail: Trail) -> str | None:
    """The notebook that a place names, as the trail writes it; None for a folder.

    A notebook that is gone still has its records. Raises NotebookNotFound where there is neither file nor record.
    """
    name = document_path(place, trail.root) if place.suffix == ".ipynb" else None
    if not place.exists() and (name is None or not trail.sessions(name)):
        raise NotebookNotFound(f"There is no {place}, and the trail knows none.", "Check the spelling of the path.")
    return name
