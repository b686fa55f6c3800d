"""Taking a bundle into a trail: the union, whichever comes first and however often. Conflicting claims stay side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from nbcairn.errors import RecordNotFound
from nbcairn.exporters.bundle import Bundle, Records
from nbcairn.exporters.codec import encode
from nbcairn.exporters.scrub import scrub
from nbcairn.model import Artifact, Run, Session
from nbcairn.store import Trail
from nbcairn.store.remarks import Note, Remarks

__all__ = ["TakenIn", "take_in"]

LONGEST_CLAIM = 4000
_SAYS = " says: "


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was new, which claims conflict with what the trail had (ids), and what was refused and why."""

    sessions: int
    runs: int
    artifacts: int
    notes: int
    blobs: int
    conflicts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def take_in(trail: Trail, bundle: Bundle) -> TakenIn:
    """Add to a trail what only the bundle has. Raises a TrailError when the trail cannot be written."""
    before = trail.sizes()
    known = set(trail.blobs.keys())
    wanted = bundle.records.blobs
    blobs = {key: content for key, content in bundle.blobs.items() if key not in known and key in wanted}
    claims = _Claims(trail, bundle.records)
    for run in bundle.records.runs:
        claims.compare(run)
    for session in bundle.records.sessions:
        claims.compare(session)
    for session in bundle.records.sessions:
        trail.take_session(session)
    made: dict[str, list[Artifact]] = {}
    for artifact in bundle.records.artifacts:
        made.setdefault(artifact.run_id, []).append(artifact)
    for run in bundle.records.runs:
        trail.take_run(run, made.get(run.id, ()))
    for content in blobs.values():
        trail.blobs.put(content)
    trail.add_remarks(bundle.records.remarks)
    trail.add_remarks(Remarks(notes=tuple(claims.notes)))
    for verified in bundle.records.verifications:
        trail.verified(verified)
    trail.lay_out({laid.digest: laid.layout for laid in bundle.records.layouts})
    after = trail.sizes()
    grown = {table: after[table] - before[table] for table in ("sessions", "runs", "artifacts", "notes")}
    return TakenIn(
        grown["sessions"], grown["runs"], grown["artifacts"], grown["notes"], len(blobs),
        tuple(dict.fromkeys(claims.conflicts)), bundle.refused,
    )  # fmt: skip


class _Claims:
    """Two records of one id that differ: one of them was changed. What each says is kept as a note on it, with who says so.

    A claim is a person and what they say. The notes' ids are made of both, and where there are notes of claims they tell all
    that was ever claimed; so it is all the same which trail was taken in first.
    """

    def __init__(self, trail: Trail, records: Records) -> None:
        self._trail = trail
        self._incoming = {session.id: session for session in records.sessions}
        self._mine = _claimed(trail.remarks().notes)
        self._theirs = _claimed(records.remarks.notes)
        self.notes: list[Note] = []
        self.conflicts: list[str] = []

    def compare(self, told: Run | Session) -> None:
        """Note what both sides claim of a record, where that is more than one thing. Before any of it is taken in."""
        known = self._known(told)
        if known is None:
            return
        mine = self._mine.get(told.id) or (_claim(known, self._session_of(known)),)
        theirs = self._theirs.get(told.id) or (_claim(told, self._teller(told)),)
        claims = {note.id: note for note in (*mine, *theirs)}
        if len(claims) > 1:
            self.notes += claims.values()
            if {note.id for note in theirs} - {note.id for note in mine}:
                self.conflicts.append(told.id)

    def _known(self, told: Run | Session) -> Run | Session | None:
        try:
            return self._trail.run(told.id) if isinstance(told, Run) else self._trail.session(told.id)
        except RecordNotFound:
            return None

    def _teller(self, told: Run | Session) -> Session | None:
        return self._incoming.get(told.session_id) if isinstance(told, Run) else told

    def _session_of(self, known: Run | Session) -> Session | None:
        try:
            return self._trail.session(known.session_id) if isinstance(known, Run) else known
        except RecordNotFound:
            return None


def _claim(record: Run | Session, session: Session | None) -> Note:
    who = f"{session.user}@{session.host}" if session else "unknown"
    text = _bare(record)
    if len(text) > LONGEST_CLAIM:
        text = f"{text[:LONGEST_CLAIM]}… ({hashlib.sha256(text.encode()).hexdigest()[:16]})"
    return _told(record.id, who, record.started, f"{who}{_SAYS}{text}")


def _told(subject: str, who: str, made: str, text: str) -> Note:
    identity = hashlib.sha256("\0".join((subject, who, made, text)).encode("utf-8", "backslashreplace")).hexdigest()[
        :32
    ]
    return Note(identity, subject, who, made, text)


def _claimed(notes: Iterable[Note]) -> dict[str, tuple[Note, ...]]:
    """By subject: the notes that are claims, as their ids prove."""
    found: dict[str, tuple[Note, ...]] = {}
    for note in notes:
        if _SAYS in note.text and note == _told(note.subject, note.author, note.made, note.text):
            found[note.subject] = (*found.get(note.subject, ()), note)
    return found


def _bare(record: Run | Session) -> str:
    """What a record claims, without home folders and what ``--no-data`` leaves out: to leave out is not to contradict.

    A session that had not ended when it was shared is the same session.
    """
    left_out = "displays" if isinstance(record, Run) else "ended"
    told = {key: value for key, value in encode(record).items() if key != left_out}
    for write in told.get("writes", ()):
        write.pop("summary", None)
    return scrub(json.dumps(told, sort_keys=True, ensure_ascii=False))
