"""Compare what two runs of a cell left: the content of the names it binds or changes, and of the files it writes."""

from __future__ import annotations

from pathlib import PurePosixPath

from nbcairn.lineage.source import analyse, same_code
from nbcairn.model import Coverage, Fingerprint, How, Run, Write, file_of, is_ambient
from nbcairn.verify.result import Difference, What

__all__ = ["comparable", "compare_names", "differing", "equal"]

_DATED = frozenset(
    {".xlsx", ".docx", ".pptx", ".zip", ".gz", ".tgz", ".pdf", ".svg", ".npz", ".ps", ".eps", ".whl", ".db"}
)
"""Suffixes of formats that carry the moment of writing, so that their bytes say nothing."""


def comparable(before: Fingerprint | None, after: Fingerprint | None) -> bool:
    """False where equality cannot be told: an opaque value, or hashes of different methods. Nothing differs from anything."""
    if before is None or after is None:
        return True
    return before.method == after.method and Coverage.OPAQUE not in {before.coverage, after.coverage}


def equal(before: Fingerprint | None, after: Fingerprint | None) -> bool:
    """True when both are nothing, or the same content; also where equality cannot be told."""
    if before is None or after is None:
        return before is after
    return not comparable(before, after) or after.same(before)


def compare_names(before: Run, after: Run) -> tuple[list[Difference], list[str]]:
    """In what the names and files differ that two runs of a cell left; and what could not be compared.

    What an import or a plain definition binds is the same as long as the code is: that a library has another version, or
    Python other bytecode, is a cause and no difference.
    """
    differences: list[Difference] = []
    unsure: list[str] = []
    calm = _same_by_source(before, after)
    for name in sorted({write.name for run in (before, after) for write in run.writes} - calm):
        if is_ambient(name) and file_of(name) is None:
            continue
        old, new = _left(before, name), _left(after, name)
        if old is None or new is None:
            differences += _only_one(name, old, new)
        elif not comparable(old.fingerprint, new.fingerprint):
            unsure.append(name)
        elif not equal(old.fingerprint, new.fingerprint):
            differences += _differs(name, old, new, unsure)
    return differences, unsure


def differing(before: Run, after: Run) -> frozenset[str]:
    """Every name, ambient ones too, that one of two runs wrote and that they left otherwise, as far as can be told."""
    written = {write.name for run in (before, after) for write in run.writes} - _same_by_source(before, after)
    sides = ((name, _left(before, name), _left(after, name)) for name in written)
    return frozenset(
        name for name, old, new in sides if old is None or new is None or not equal(old.fingerprint, new.fingerprint)
    )


def _same_by_source(before: Run, after: Run) -> frozenset[str]:
    """Names that only imports and definitions bind, in runs of one source over the same project modules."""
    modules = [
        {read.name: read.fingerprint for read in run.reads if read.name.startswith("<module:")}
        for run in (before, after)
    ]
    if not same_code(before, after) or modules[0] != modules[1]:
        return frozenset()
    return analyse(after.source).steady


def _left(run: Run, name: str) -> Write | None:
    """What a name held after a run, as far as the run saw it: written, or looked up and left alone."""
    for write in run.writes:
        if write.name == name:
            return write
    for read in run.reads:
        if read.name == name:
            return Write(name, read.fingerprint)
    return None


def _only_one(name: str, old: Write | None, new: Write | None) -> list[Difference]:
    """A name that one run wrote and the other never touched; sharing memory with another name is no definition."""
    write = old or new
    assert write is not None
    if write.how is not How.BOUND:
        return []
    path = file_of(name)
    if path is not None:
        message = f"it {'no longer writes' if new is None else 'now writes'} {path}"
        return [
            Difference(What.FILE, message, path, write.summary if new is None else "", write.summary if new else "")
        ]
    message = f"it {'no longer defines' if new is None else 'now defines'} `{name}`"
    return [Difference(What.VALUE, message, name, *_summaries(old, new))]


def _differs(name: str, old: Write, new: Write, unsure: list[str]) -> list[Difference]:
    path = file_of(name)
    if path is None:
        return [Difference(What.VALUE, f"`{name}` differs", name, *_summaries(old, new))]
    if PurePosixPath(path).suffix.lower() in _DATED:
        unsure.append(path)
        return []
    return [Difference(What.FILE, f"the file {path} is written with other content", path, *_summaries(old, new))]


def _summaries(old: Write | None, new: Write | None) -> tuple[str, str]:
    """Both in a few words, where the words differ."""
    first, second = _words(old), _words(new)
    return ("", "") if first == second else (first, second)


def _words(write: Write | None) -> str:
    if write is None or write.fingerprint is None:
        return "nothing"
    return " ".join((write.summary or write.type_name).split())[:110]
