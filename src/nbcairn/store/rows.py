"""Records as rows and back; the only place that knows the order of columns."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nbcairn.model import (
    AccessMode,
    Artifact,
    ArtifactKind,
    Coverage,
    Display,
    Effect,
    FileAccess,
    Fingerprint,
    How,
    Layout,
    Read,
    Run,
    RunStatus,
    Session,
    Verified,
    Write,
)

__all__ = [
    "artifact_of",
    "artifact_row",
    "display_of",
    "display_row",
    "file_of",
    "file_row",
    "layout_of",
    "layout_row",
    "pack",
    "read_of",
    "read_row",
    "run_of",
    "run_row",
    "session_of",
    "session_row",
    "verified_of",
    "verified_row",
    "write_of",
    "write_row",
]

Row = tuple[Any, ...]


def pack(values: object) -> str:
    """Values as JSON text that every reader takes: NaN and infinities become null."""
    try:
        return json.dumps(values, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(values), ensure_ascii=False, default=str, allow_nan=False)


def _finite(values: object) -> object:
    if isinstance(values, float):
        return values if math.isfinite(values) else None
    if isinstance(values, Mapping):
        return {str(key): _finite(part) for key, part in values.items()}
    return [_finite(part) for part in values] if isinstance(values, list | tuple) else values


# By value: calling an enumeration costs several times as much, once for each read and write of every run.
_COVERAGES: dict[str, Coverage] = {str(member): member for member in Coverage}
_HOWS: dict[str, How] = {str(member): member for member in How}
_STATUSES: dict[str, RunStatus] = {str(member): member for member in RunStatus}
_EFFECTS: dict[str, Effect] = {str(member): member for member in Effect}


@lru_cache(maxsize=1024)
def _texts(packed: str) -> tuple[str, ...]:
    """A JSON array of texts; most are the same few."""
    return tuple(json.loads(packed))


def _fingerprint_row(value: Fingerprint | None) -> Row:
    return (None, None, None, None) if value is None else (value.digest, str(value.coverage), value.method, value.note)


@lru_cache(maxsize=16384)
def _fingerprint_of(digest: str | None, coverage: str, method: str, note: str) -> Fingerprint | None:
    return None if digest is None else Fingerprint(digest, _COVERAGES[coverage], method, note)


def session_row(session: Session) -> Row:
    """A row of ``sessions``."""
    dirty = None if session.git_dirty is None else int(session.git_dirty)
    return (
        session.id, session.kernel_id, session.notebook, session.user, session.host, session.started,
        session.python, session.platform, session.nbcairn, pack(dict(session.packages)),
        session.git_commit, dirty, session.cwd,
    )  # fmt: skip


def session_of(row: Row, ended: str | None) -> Session:
    """The session of a row of ``sessions``."""
    (id_, kernel, notebook, user, host, started, python, platform, nbcairn, packages, commit, dirty, cwd) = row
    return Session(
        id_, kernel, notebook, user, host, started, ended, python, platform, nbcairn,
        json.loads(packages), commit, None if dirty is None else bool(dirty), cwd,
    )  # fmt: skip


def run_row(run: Run, source_id: str) -> Row:
    """A row of ``runs``."""
    return (
        run.id, run.session_id, run.seq, run.notebook, run.cell_id, source_id, run.source_key,
        run.started, run.ended, run.seconds, str(run.status), run.execution_count,
        run.error_type, run.error_message,
        pack([str(effect) for effect in run.effects]), pack(run.tags), pack(run.notes),
    )  # fmt: skip


def run_of(row: Row, source: str, parts: Mapping[str, list[Any]]) -> Run:
    """The run of a row of ``runs`` with what belongs to it."""
    (
        id_,
        session,
        seq,
        notebook,
        cell,
        _,
        key,
        started,
        ended,
        seconds,
        status,
        count,
        kind,
        message,
        *lists,
    ) = row
    effects, tags, notes = map(_texts, lists)
    return Run(
        id_, session, seq, notebook, cell, source, key,
        started, ended, seconds, _STATUSES[status], count, kind, message,
        tuple(parts["reads"]), tuple(parts["writes"]), tuple(parts["files"]), tuple(parts["displays"]),
        tuple(_EFFECTS[name] for name in effects), tags, notes,
    )  # fmt: skip


def read_row(run_id: str, position: int, read: Read) -> Row:
    """A row of ``reads``."""
    return (run_id, read.name, *_fingerprint_row(read.fingerprint), read.run_id, position)


def read_of(row: Row) -> Read:
    """The read of a row of ``reads``."""
    return _read_of(row[1:7])


@lru_cache(maxsize=16384)
def _read_of(parts: Row) -> Read:
    """One version is read by many runs, in equal rows."""
    return Read(parts[0], _fingerprint_of(*parts[1:5]), parts[5])


def write_row(run_id: str, position: int, write: Write) -> Row:
    """A row of ``writes``."""
    described = (str(write.how), write.type_name, write.summary)
    return (run_id, write.name, *_fingerprint_row(write.fingerprint), *described, position)


def write_of(row: Row) -> Write:
    """The write of a row of ``writes``."""
    return Write(row[1], _fingerprint_of(*row[2:6]), _HOWS[row[6]], row[7], row[8])


def file_row(run_id: str, position: int, access: FileAccess) -> Row:
    """A row of ``files``."""
    return (
        run_id,
        position,
        access.path,
        str(access.mode),
        access.md5,
        access.size,
        access.mtime_ns,
        access.note,
    )


def file_of(row: Row) -> FileAccess:
    """The file access of a row of ``files``."""
    return FileAccess(row[2], AccessMode(row[3]), *row[4:])


def display_row(run_id: str, position: int, display: Display) -> Row:
    """A row of ``displays``."""
    return (
        run_id,
        position,
        display.kind,
        display.digest,
        pack(display.media_types),
        display.blob,
        display.text,
    )


def display_of(row: Row) -> Display:
    """The display of a row of ``displays``."""
    return Display(row[2], row[3], _texts(row[4]), row[5], row[6])


def artifact_row(artifact: Artifact) -> Row:
    """A row of ``artifacts``."""
    return (
        artifact.id, artifact.run_id, str(artifact.kind), artifact.name,
        *_fingerprint_row(artifact.fingerprint), artifact.type_name, artifact.summary,
        artifact.media_type, artifact.blob, pack(dict(artifact.detail)),
    )  # fmt: skip


def artifact_of(row: Row, extra: Mapping[str, object]) -> Artifact:
    """The artifact of a row of ``artifacts``, with its enrichments merged in."""
    fingerprint = Fingerprint(row[4], Coverage(row[5]), row[6], row[7])
    detail = {**json.loads(row[12]), **extra}
    kind, type_name, summary, media_type, blob = ArtifactKind(row[2]), *row[8:12]
    return Artifact(row[0], row[1], kind, row[3], fingerprint, type_name, summary, media_type, blob, detail)


def layout_row(digest: str, layout: Layout) -> Row:
    """A row of ``layouts``."""
    return (digest, layout.rows, pack(dict(layout.columns)), pack(layout.hidden))


def layout_of(row: Row) -> Layout:
    """The layout of a row of ``layouts``."""
    return Layout(row[1], json.loads(row[2]), tuple(json.loads(row[3])))


def verified_row(verified: Verified) -> Row:
    """A row of ``verifications``."""
    return (verified.id, verified.notebook, verified.made, verified.document_key, pack(dict(verified.detail)))


def verified_of(row: Row) -> Verified:
    """The record of a row of ``verifications``."""
    id_, notebook, made, key, detail = row
    known = json.loads(detail)
    return Verified(id_, notebook, made, key, known if isinstance(known, dict) else {})
