"""The cell that brings an overwritten or deleted value back: it loads what was kept, or holds the code that made it."""

from __future__ import annotations

import keyword
from dataclasses import dataclass

from nbcairn.lineage.lookup import Record, record_called
from nbcairn.lineage.slices import slice_of
from nbcairn.model import Artifact, Run
from nbcairn.store import Trail

__all__ = ["Restoring", "restoring", "restoring_record"]

_LOADED = "The cell below loads the value that was kept. Run it to have it again."


@dataclass(frozen=True, slots=True)
class Restoring:
    """The source of such a cell, and what to tell of it.

    ``kept`` when it loads a kept value: such a source is ours but for the variable's name, and reads an open format.
    Otherwise it is recorded code, which nobody may run but the person who has read it.
    """

    source: str
    told: str
    kept: bool = False
    variable: str = ""


def restoring(trail: Trail, word: str, notebook: str | None) -> Restoring:
    """How to have what is called so again. Raises RecordNotFound."""
    return restoring_record(trail, record_called(trail, word, notebook))


def restoring_record(trail: Trail, found: Record, variable: str | None = None) -> Restoring:
    """How to have a record again, under this variable (default: its own name).

    The value of an artifact that was kept is loaded by its id, which never means another value. Otherwise the
    runs it needs are given, as executed, in order.
    """
    if isinstance(found, Artifact) and "blob" in _kept(found):
        name = _variable(variable or found.name)
        source = f"import nbcairn\n\n{name} = nbcairn.load({found.id!r})  # {_one_line(found.summary)}"
        return Restoring(source, _LOADED, True, name)
    if isinstance(found, Run):
        return Restoring(found.source, f"The cell below is the code of the run of {found.started[:19]}Z.")
    name = found.name if isinstance(found, Artifact) else found.write.name
    written = any(write.name == name for write in trail.run(found.run_id).writes)
    runs = slice_of(trail, found.run_id, name if written else None)
    source = "\n\n".join(run.source.rstrip() for run in runs)
    told = f"The value was not kept. The cell below is the code that made it ({len(runs)} runs), as executed."
    return Restoring(source, told)


def _kept(artifact: Artifact) -> dict[str, object]:
    kept = artifact.detail.get("kept")
    return kept if isinstance(kept, dict) else {}


def _variable(name: str) -> str:
    plain = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
    return name if plain else "restored"


def _one_line(text: str) -> str:
    """A stranger's words in a comment of code that will run: they must not end it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:120]
