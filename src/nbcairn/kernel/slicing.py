"""The cell that holds the minimal code of a version, to be put below the cell that asks for it."""

from __future__ import annotations

from nbcairn.document import read_document
from nbcairn.errors import CairnError
from nbcairn.exporters.code import as_script
from nbcairn.exporters.slices import code_of
from nbcairn.kernel.session import notebook_file
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.targets import find_target
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["slicing"]


def slicing(trail: Trail, word: str, notebook: str | None) -> tuple[str, str]:
    """The source of such a cell, and what to tell of it. Raises RecordNotFound."""
    target = find_target(trail, word, notebook)
    found = minimal_slice(trail, target.run.id, target.name)
    code = code_of(found, _document(trail), lift=False)
    told = f"{code.lines} lines of {len(found.parts)} runs make {target.label}"
    if found.missing:
        told += f"; {', '.join(found.missing)} came from before the record"
    return as_script(code), f"{told}. `nbcairn slice --prove` runs them in a clean kernel."


def _document(trail: Trail) -> Document | None:
    file = notebook_file()
    try:
        return read_document(file, trail.root) if file else None
    except CairnError:
        return None
