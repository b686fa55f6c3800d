"""What is told of one record in two ways: what each side claims is kept as notes, with who says so.

A claim is a person and what they say of a part of a record: of what it is, or of its data (outputs, statistics, previews), which
a bundle may leave out; to leave out is not to contradict. The notes' ids are made of both, and where there are notes of
claims they tell all that was ever claimed; so it is all the same which trail was taken in first. Who tells a run is who its
session names, so a session that several people tell has notes on everything in it, before that is known no more.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from nbcairn.errors import RecordNotFound
from nbcairn.exporters.bundle import Records
from nbcairn.exporters.codec import encode
from nbcairn.exporters.held import Told
from nbcairn.exporters.scrub import scrub
from nbcairn.model import Artifact, Run, Session, Verified
from nbcairn.store import Trail
from nbcairn.store.remarks import Enrichment, Note

__all__ = ["Claims"]

LONGEST_CLAIM = 4000
_KINDS: Mapping[type[Told], str] = {
    Session: "session", Run: "run", Artifact: "artifact", Enrichment: "statistics", Note: "note", Verified: "verification",
}  # fmt: skip
_SAYS = re.compile(rf" says of (?:the data of )?((?:{'|'.join(_KINDS.values())}) [\w.:@-]+): ")
_TIMED = re.compile(r"0[0-9a-f]{31}")
"""Ids that begin with the milliseconds at which they were made (``model.new_id``), of times that a calendar has."""
_DATA = ("blob", "summary", "detail")


class Claims:
    """What a trail and the records of a bundle claim; to be asked before any of these is taken in."""

    def __init__(self, trail: Trail, records: Records) -> None:
        self._mine = _OfTrail(trail)
        self._theirs = _OfRecords(records)
        self._records = records
        self.notes: list[Note] = []
        self.conflicts: list[str] = []
        for told in self._incoming():
            self._compare(told)
        for session in records.sessions:
            self._keep_tellers(session)

    def _incoming(self) -> Iterator[Told]:
        records = self._records
        yield from records.runs
        yield from records.sessions
        yield from records.artifacts
        yield from records.verifications
        yield from records.remarks.enrichments
        yield from (note for note in records.remarks.notes if not _is_claim(note))

    def _compare(self, told: Told) -> None:
        """Note what both sides claim of a record, where that is more than one thing."""
        known = self._mine.known(told)
        if known is None:
            return
        mine = self._mine.claims(known)
        theirs = self._theirs.claims(told)
        claims = {note.id: note for note in (*mine, *theirs)}
        parts = [_part(note) for note in claims.values()]
        if len(parts) == len(set(parts)):
            return
        self.notes += claims.values()
        if claims.keys() - {note.id for note in mine}:
            self.conflicts.append(_subject(told))

    def _keep_tellers(self, session: Session) -> None:
        """Note who tells what of a session that more than one person tells, also where nobody else tells it."""
        known = self._mine.known(session)
        if known is None:
            return
        claims = (*self._mine.claims(known), *self._theirs.claims(session))
        if len({note.author for note in claims}) > 1:
            for side in (self._mine, self._theirs):
                self.notes += (note for told in side.told_in(session.id) for note in side.claims(told))


class _Side(ABC):
    """One of two sides: the records that it holds, and the claims that are noted there already."""

    @abstractmethod
    def _session(self, session_id: str) -> Session | None: ...

    @abstractmethod
    def _run(self, run_id: str) -> Run | None: ...

    @abstractmethod
    def _artifact(self, artifact_id: str) -> Artifact | None: ...

    @abstractmethod
    def _notes(self) -> Iterable[Note]: ...

    @abstractmethod
    def told_in(self, session_id: str) -> Iterator[Told]:
        """The runs of a session, their artifacts, and what was found out about these."""

    @cached_property
    def _noted(self) -> dict[str, list[Note]]:
        """The notes that are claims, by what record they are about."""
        found: dict[str, list[Note]] = {}
        for note in self._notes():
            if _is_claim(note):
                found.setdefault(_about(note), []).append(note)
        return found

    def claims(self, told: Told) -> list[Note]:
        """All that was ever claimed of this record, as far as this side knows."""
        who = self._teller(told)
        return self._noted.get(f"{_KINDS[type(told)]} {told.id}") or list(_claims_of(told, who))

    def _teller(self, told: Told | None) -> str:
        """Who says so: whose session it is, or who wrote the note."""
        if isinstance(told, Note):
            return told.author
        while told is not None and not isinstance(told, Session):
            told = self._owner(told)
        return f"{told.user}@{told.host}" if told else "unknown"

    def _owner(self, told: Told) -> Told | None:
        if isinstance(told, Run):
            return self._session(told.session_id)
        if isinstance(told, Artifact):
            return self._run(told.run_id)
        return self._artifact(told.artifact_id) if isinstance(told, Enrichment) else None


class _OfTrail(_Side):
    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        remarks = trail.remarks()
        self._own = {note.id: note for note in remarks.notes}
        self._found = {found.id: found for found in remarks.enrichments}

    @cached_property
    def _verified(self) -> dict[str, Verified]:
        return {verified.id: verified for verified in self._trail.verifications()}

    def known(self, told: Told) -> Told | None:
        """The trail's record of the same kind and id."""
        match told:
            case Session():
                return self._session(told.id)
            case Run():
                return self._run(told.id)
            case Artifact():
                return self._artifact(told.id)
            case Enrichment():
                return self._found.get(told.id)
            case Note():
                return self._own.get(told.id)
        return self._verified.get(told.id)

    def _notes(self) -> Iterable[Note]:
        return self._own.values()

    def told_in(self, session_id: str) -> Iterator[Told]:
        yield from self._trail.runs(session_id=session_id)
        artifacts = self._trail.artifacts(session_id=session_id, limit=None, enriched=False)
        yield from _with_findings(artifacts, self._found.values())

    def _session(self, session_id: str) -> Session | None:
        try:
            return self._trail.session(session_id)
        except RecordNotFound:
            return None

    def _run(self, run_id: str) -> Run | None:
        try:
            return self._trail.run(run_id)
        except RecordNotFound:
            return None

    def _artifact(self, artifact_id: str) -> Artifact | None:
        try:
            return self._trail.artifact(artifact_id, enriched=False)
        except RecordNotFound:
            return None


@dataclass
class _OfRecords(_Side):
    records: Records
    sessions: dict[str, Session] = field(init=False)
    runs: dict[str, Run] = field(init=False)
    artifacts: dict[str, Artifact] = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = {session.id: session for session in self.records.sessions}
        self.runs = {run.id: run for run in self.records.runs}
        self.artifacts = {artifact.id: artifact for artifact in self.records.artifacts}

    def _notes(self) -> Iterable[Note]:
        return self.records.remarks.notes

    def told_in(self, session_id: str) -> Iterator[Told]:
        runs = {run.id: run for run in self.records.runs if run.session_id == session_id}
        yield from runs.values()
        artifacts = [artifact for artifact in self.records.artifacts if artifact.run_id in runs]
        yield from _with_findings(artifacts, self.records.remarks.enrichments)

    def _session(self, session_id: str) -> Session | None:
        return self.sessions.get(session_id)

    def _run(self, run_id: str) -> Run | None:
        return self.runs.get(run_id)

    def _artifact(self, artifact_id: str) -> Artifact | None:
        return self.artifacts.get(artifact_id)


def _with_findings(artifacts: Sequence[Artifact], found: Iterable[Enrichment]) -> Iterator[Told]:
    ids = {artifact.id for artifact in artifacts}
    yield from artifacts
    yield from (told for told in found if told.artifact_id in ids)


# --------------------------------------------------------------------------- claims as notes


def _claims_of(told: Told, who: str) -> Iterator[Note]:
    kind = f"{_KINDS[type(told)]} {told.id}"
    bare, data = _parts(told)
    yield _claim(told, who, f"{who} says of {kind}: ", bare)
    if data:
        yield _claim(told, who, f"{who} says of the data of {kind}: ", data)


def _claim(told: Told, who: str, says: str, part: Mapping[str, Any]) -> Note:
    texts = {key: json.dumps(value, sort_keys=True, ensure_ascii=False) for key, value in part.items()}
    # What is short, such as a name or a title, stands before what may be cut.
    ordered = sorted(texts.items(), key=lambda item: (len(item[1]), item[0]))
    text = scrub("{" + ", ".join(f'"{key}": {value}' for key, value in ordered) + "}")
    if len(text) > LONGEST_CLAIM:
        text = f"{text[:LONGEST_CLAIM]}… ({hashlib.sha256(_bytes(text)).hexdigest()[:16]})"
    return _told(_subject(told), who, _made(told), f"{says}{text}")


def _made(told: Told) -> str:
    """When the record was made; an artifact tells by its id alone."""
    if not isinstance(told, Artifact):
        return told.started if isinstance(told, Session | Run) else told.made
    milliseconds = int(told.id[:12], 16) if _TIMED.fullmatch(told.id) else 0
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(subject: str, who: str, made: str, text: str) -> Note:
    identity = hashlib.sha256(_bytes("\0".join((subject, who, made, text)))).hexdigest()[:32]
    return Note(identity, subject, who, made, text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _is_claim(note: Note) -> bool:
    """True for a note that is a claim, as its id proves."""
    return _SAYS.search(note.text) is not None and note == _told(note.subject, note.author, note.made, note.text)


def _about(note: Note) -> str:
    found = _SAYS.search(note.text)
    return found[1] if found else ""


def _part(note: Note) -> str:
    found = _SAYS.search(note.text)
    return found[0] if found else ""


def _subject(told: Told) -> str:
    """What the notes are about: a thing that people look at."""
    if isinstance(told, Note):
        return told.subject
    return told.artifact_id if isinstance(told, Enrichment) else told.id


def _parts(told: Told) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a record is, and its data; a session that had not ended when it was shared is the same session."""
    bare = encode(told)
    data: dict[str, Any] = {}
    if isinstance(told, Session):
        bare.pop("ended")
    elif isinstance(told, Artifact):
        data = {key: value for key in _DATA if (value := bare.pop(key)) and key != "detail"} | dict(told.detail)
    elif isinstance(told, Run):
        data = _shown(bare)
    return bare, data


def _shown(run: dict[str, Any]) -> dict[str, Any]:
    """Take out of a run what its cell showed and what is told of its values."""
    displays = [(shown.pop("blob"), shown.pop("text")) for shown in run["displays"]]
    summaries = {write["name"]: write.pop("summary") for write in run["writes"]}
    data = {
        "displays": displays if any(map(any, displays)) else [],
        "summaries": summaries if any(summaries.values()) else {},
    }
    return {key: value for key, value in data.items() if value}
