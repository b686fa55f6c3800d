"""The Python twin of the command line: ``nbcairn.Trail(path)`` and ``nbcairn.load(...)``, for notebooks, scripts and tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbcairn.document import document_path, read_document
from nbcairn.errors import RecordNotFound, TrailNotFound
from nbcairn.lineage.check import check
from nbcairn.lineage.differences import Difference, difference
from nbcairn.lineage.lookup import Record, last_two, record_called, run_of
from nbcairn.lineage.slices import slice_of
from nbcairn.model import Artifact, Check, Run
from nbcairn.store import Trail as StoredTrail
from nbcairn.store import locate
from nbcairn.values import unpack

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["Trail", "load", "value_of"]


class Trail(StoredTrail):
    """The trail of a project, opened to read: ``with nbcairn.Trail("analysis.ipynb") as trail: …``.

    Besides the verbs of the command line it has the lists of the trail: ``runs``, ``artifacts``, ``versions``,
    ``sessions``, ``notes``, and ``query`` for questions in SQL. Every method raises a ``TrailError`` with its remedy.
    """

    def __init__(self, path: str | Path = ".") -> None:
        """Find the trail of a notebook, a folder, or the ``.cairn`` folder itself. Raises TrailNotFound."""
        start = Path(path)
        folder = locate(start)
        if folder is None:
            raise TrailNotFound(
                f"There is no trail for {start}: nothing was recorded here yet.",
                "Run the notebook with `%load_ext nbcairn` in its first cell, or `nbcairn run NOTEBOOK`.",
            )
        opened = StoredTrail.open(folder, read_only=True)
        super().__init__(opened.folder, opened._connections, opened.blobs)
        self.notebook = document_path(start, self.root) if start.suffix == ".ipynb" else None

    def check(self, notebook: str | Path) -> Check:
        """What Restart & Run All of a notebook would change, as ``nbcairn check`` says it. Raises NotebookError."""
        return check(read_document(Path(notebook), self.root), self)

    def show(self, word: str) -> Record:
        """The newest artifact or version of a name (``name@2``: that one), or what has an id that begins so."""
        return record_called(self, word, self.notebook)

    def diff(self, left: str, right: str | None = None) -> Difference:
        """What differs between two records; with one name, between its last two versions."""
        if right is None:
            return difference(self, *last_two(self, left, self.notebook))
        return difference(self, self.show(left), self.show(right))

    def slice(self, word: str) -> tuple[Run, ...]:
        """The runs that a record needs, in order, and no others."""
        found = self.show(word)
        if isinstance(found, Run):
            return slice_of(self, found.id)
        run, name = run_of(self, found), found.name if isinstance(found, Artifact) else found.write.name
        return slice_of(self, run.id, name if any(write.name == name for write in run.writes) else None)

    def search(self, words: str, limit: int = 20) -> list[Artifact]:
        """Artifacts by words in their names, titles, columns or the code that made them."""
        return self.artifacts(notebook=self.notebook, query=words, limit=limit)

    def load(self, word: str) -> Any:
        """The value that was kept of an artifact; of a figure its PNG. Raises RecordNotFound when none was kept."""
        return value_of(self, record_called(self, word, self.notebook))


def load(word: str, place: str | Path | None = None) -> Any:
    """The value that was kept of an artifact: ``nbcairn.load("penguins")``, ``load("penguins@2")`` or its id.

    Looks into the trail of this notebook, or of the notebook or folder ``place``. Raises RecordNotFound with a
    remedy when the value was not kept; never gives another version in its place, and never unpickles.
    """
    recorder = _recorder() if place is None else None
    if recorder is not None:
        return value_of(recorder.trail, record_called(recorder.trail, word, recorder.notebook))
    with Trail(place or ".") as trail:
        return trail.load(word)


def value_of(trail: StoredTrail, record: Record) -> Any:
    """What was kept of a record. Raises RecordNotFound with the ways to have it again."""
    if isinstance(record, Run):
        raise RecordNotFound(f"{record.id[:12]} is a run, and has no value.", "Name an artifact.")
    if isinstance(record, Artifact):
        return _value_of_artifact(trail, record)
    raise _not_kept(record.write.name, record.run_id, "")


def _value_of_artifact(trail: StoredTrail, artifact: Artifact) -> Any:
    kept = artifact.detail.get("kept")
    if isinstance(kept, dict) and "blob" in kept:
        return unpack(str(kept.get("format")), trail.blobs.get(str(kept["blob"])))
    if artifact.media_type == "image/png" and artifact.blob:
        return trail.blobs.get(artifact.blob)
    reason = f": {kept['reason']}" if isinstance(kept, dict) and "reason" in kept else ""
    raise _not_kept(artifact.name, artifact.run_id, reason)


def _not_kept(name: str, run_id: str, reason: str) -> RecordNotFound:
    return RecordNotFound(
        f"The value of {name!r} (made by run {run_id[:12]}) was not kept{reason}.",
        f"`nbcairn slice {name}` gives the code that makes it again; `nbcairn.track(value, {name!r})` keeps a value.",
    )


def _recorder() -> Recorder | None:
    """The recorder of this kernel, where one is; nothing is imported to find out."""
    if "nbcairn.kernel.extension" not in sys.modules:
        return None
    from nbcairn.kernel.extension import of_this_kernel

    return of_this_kernel()
