"""What differs between two artifacts or two runs: content, statistics, code, inputs, packages."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nbcairn.lineage.lookup import Record, run_of
from nbcairn.model import Artifact, Fingerprint, Run
from nbcairn.store import Trail, Version

__all__ = ["Change", "Difference", "Side", "difference"]

_LEFT_OUT = frozenset({"preview", "index", "kept", "top", "histogram"})
"""Parts of an artifact's description that are for looking at, not for comparing word by word."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    record: Record
    run: Run

    @property
    def id(self) -> str:
        """The record's id; of a version that of its run."""
        return self.run.id if isinstance(self.record, Version) else self.record.id

    @property
    def label(self) -> str:
        """What to call it: name and summary, or the run."""
        if isinstance(self.record, Artifact):
            return f"{self.record.name} ({self.record.summary or self.record.type_name}) of run {self.run.id[:12]}"
        if isinstance(self.record, Version):
            write = self.record.write
            return f"{write.name} ({write.summary or write.type_name}) of run {self.run.id[:12]}"
        return f"run {self.run.id[:12]}"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs, as text on either side; empty where it is absent."""

    what: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs. ``same`` is None where the contents cannot be compared."""

    left: Side
    right: Side
    same: bool | None
    content: tuple[Change, ...]
    source: tuple[str, ...]
    inputs: tuple[Change, ...]
    packages: tuple[Change, ...]


def difference(trail: Trail, left: Record, right: Record) -> Difference:
    """Compare two records. Raises RecordNotFound when the run of one is not in the trail."""
    first, second = Side(left, run_of(trail, left)), Side(right, run_of(trail, right))
    return Difference(
        first,
        second,
        _same(left, right),
        tuple(_changes(_content(left), _content(right))),
        _source(first.run, second.run),
        tuple(_changes(_inputs(first.run), _inputs(second.run))),
        tuple(_changes(_packages(trail, first.run), _packages(trail, second.run))),
    )


def _same(left: Record, right: Record) -> bool | None:
    """Equal content: of two versions, or of all that two runs wrote."""
    if not isinstance(left, Run) and not isinstance(right, Run):
        return _equal(_print(left), _print(right))
    if isinstance(left, Run) and isinstance(right, Run):
        wrote, writes = ({w.name: w.fingerprint for w in run.writes} for run in (left, right))
        if wrote.keys() != writes.keys():
            return False
        answers = [_equal(wrote[name], writes[name]) for name in wrote]
        return None if None in answers else all(answers)
    return None


def _print(record: Artifact | Version) -> Fingerprint | None:
    return record.fingerprint if isinstance(record, Artifact) else record.write.fingerprint


def _equal(left: Fingerprint | None, right: Fingerprint | None) -> bool | None:
    if left is None or right is None:
        return left is right
    if "opaque" in {left.coverage, right.coverage} or left.method != right.method:
        return None
    return left.digest == right.digest


def _content(record: Record) -> dict[str, str]:
    """What is known of a record, as flat text."""
    if isinstance(record, Run):
        return {f"wrote {w.name}": _told(w.fingerprint, w.summary or w.type_name) for w in record.writes}
    if isinstance(record, Version):
        write = record.write
        return {"type": write.type_name, "content": _told(write.fingerprint, write.summary)}
    known = {"kind": str(record.kind), "type": record.type_name, "content": _told(record.fingerprint, record.summary)}
    return {**known, **dict(_flat("", record.detail))}


def _told(print_: Fingerprint | None, summary: str) -> str:
    return "deleted" if print_ is None else f"{summary} {print_.digest[:10]}".strip()


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Leaves of nested JSON with their path; items of a list that have a name go by it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _LEFT_OUT:
                yield from _flat(f"{path}.{key}" if path else str(key), part)
    elif (
        isinstance(value, list | tuple)
        and value
        and all(isinstance(part, Mapping) and "name" in part for part in value)
    ):
        for part in value:
            rest = {key: item for key, item in part.items() if key != "name"}
            yield from _flat(f"{path}[{part['name']}]", rest)
    else:
        yield path, str(value)


def _changes(left: Mapping[str, str], right: Mapping[str, str]) -> Iterator[Change]:
    for what in {**left, **right}:
        before, after = left.get(what, ""), right.get(what, "")
        if before != after:
            yield Change(what, before, after)


def _source(left: Run, right: Run) -> tuple[str, ...]:
    before, after = left.source.splitlines(), right.source.splitlines()
    return tuple(difflib.unified_diff(before, after, f"run {left.id[:12]}", f"run {right.id[:12]}", lineterm="", n=3))


def _inputs(run: Run) -> dict[str, str]:
    return {read.name: read.fingerprint.digest[:10] for read in run.reads if read.fingerprint is not None}


def _packages(trail: Trail, run: Run) -> dict[str, str]:
    session = trail.session(run.session_id)
    return {"Python": session.python, **{str(name): str(version) for name, version in session.packages.items()}}
