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
    for session in bundle.records.sessions:
        claims.session(session)
        trail.begin(session)
        if session.ended:
            trail.end(session.id, session.ended)
    made: dict[str, list[Artifact]] = {}
    for artifact in bundle.records.artifacts:
        made.setdefault(artifact.run_id, []).append(artifact)
    for run in bundle.records.runs:
        claims.run(run)
        trail.record(run, made.get(run.id, ()))
    for content in blobs.values():
        trail.blobs.put(content)
    trail.add_remarks(bundle.records.remarks)
    trail.add_remarks(Remarks(notes=tuple(claims.notes)))
    for verified in bundle.records.verifications:
        trail.verified(verified)
    after = trail.sizes()
    grown = {table: after[table] - before[table] for table in ("sessions", "runs", "artifacts", "notes")}
    return TakenIn(
        grown["sessions"], grown["runs"], grown["artifacts"], grown["notes"], len(blobs),
        tuple(dict.fromkeys(claims.conflicts)), bundle.refused,
    )  # fmt: skip


class _Claims:
    """Two records of one id that differ: one of them was changed. The first stays, and both are kept as notes on it.

    The notes' ids are made of what they say, so that it is all the same which trail was taken in first.
    """

    def __init__(self, trail: Trail, records: Records) -> None:
        self._trail = trail
        self._incoming = {session.id: session for session in records.sessions}
        self.notes: list[Note] = []
        self.conflicts: list[str] = []

    def session(self, session: Session) -> None:
        try:
            mine = self._trail.session(session.id)
        except RecordNotFound:
            return
        # A session that had not ended when it was shared is the same session.
        self._compare(session.id, (mine, session), (mine, session), ignored=("ended",))

    def run(self, run: Run) -> None:
        try:
            mine = self._trail.run(run.id)
        except RecordNotFound:
            return
        theirs = self._incoming.get(run.session_id)
        self._compare(run.id, (mine, run), (self._own(mine.session_id), theirs), ignored=())

    def _own(self, session_id: str) -> Session | None:
        try:
            return self._trail.session(session_id)
        except RecordNotFound:
            return None

    def _compare(
        self,
        subject: str,
        records: tuple[Run | Session, Run | Session],
        sessions: tuple[Session | None, Session | None],
        ignored: Iterable[str],
    ) -> None:
        texts = [_text(record, ignored) for record in records]
        if texts[0] == texts[1] or _bare(records[0], ignored) == _bare(records[1], ignored):
            return
        self.conflicts.append(subject)
        for text, session, record in zip(texts, sessions, records, strict=True):
            identity = hashlib.sha256(f"{subject}\0{text}".encode()).hexdigest()[:32]
            who = f"{session.user}@{session.host}" if session else "unknown"
            told = f"{who} says: {text[:LONGEST_CLAIM]}"
            self.notes.append(Note(identity, subject, who, record.started, told))


def _text(record: Run | Session, ignored: Iterable[str]) -> str:
    """A record as text, without home folders: what was scrubbed on one way only is no conflict."""
    told = {key: value for key, value in encode(record).items() if key not in set(ignored)}
    return scrub(json.dumps(told, sort_keys=True, ensure_ascii=False))


def _bare(record: Run | Session, ignored: Iterable[str]) -> str:
    """The same without what ``--no-data`` leaves out: a bare record does not contradict a full one."""
    told = {key: value for key, value in encode(record).items() if key not in {*ignored, "displays"}}
    for write in told.get("writes", ()):
        write.pop("summary", None)
    return scrub(json.dumps(told, sort_keys=True, ensure_ascii=False))
