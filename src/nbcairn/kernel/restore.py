"""The cell that brings an overwritten or deleted value back: it loads what was kept, or holds the code that made it."""

from __future__ import annotations

from nbcairn.lineage.lookup import record_called
from nbcairn.lineage.slices import slice_of
from nbcairn.model import Artifact, Run
from nbcairn.store import Trail

__all__ = ["restoring"]


def restoring(trail: Trail, word: str, notebook: str | None) -> tuple[str, str]:
    """The source of such a cell, and what to tell of it.

    The value of an artifact that was kept is loaded by its id, which never means another value. Otherwise the
    runs it needs are given, as executed, in order. Raises RecordNotFound.
    """
    found = record_called(trail, word, notebook)
    if isinstance(found, Artifact) and "blob" in _kept(found):
        source = f"import nbcairn\n\n{_variable(found.name)} = nbcairn.load({found.id!r})  # {found.summary}"
        return source, "The cell below loads the value that was kept. Run it to have it again."
    if isinstance(found, Run):
        return found.source, f"The cell below is the code of the run of {found.started[:19]}Z."
    name = found.name if isinstance(found, Artifact) else found.write.name
    written = any(write.name == name for write in trail.run(found.run_id).writes)
    runs = slice_of(trail, found.run_id, name if written else None)
    source = "\n\n".join(run.source.rstrip() for run in runs)
    return source, f"The value was not kept. The cell below is the code that made it ({len(runs)} runs), as executed."


def _kept(artifact: Artifact) -> dict[str, object]:
    kept = artifact.detail.get("value")
    return kept if isinstance(kept, dict) else {}


def _variable(name: str) -> str:
    return name if name.isidentifier() else "restored"
