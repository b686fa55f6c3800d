"""A trail, or a part of it, as one file that another trail can take in.

A bundle is a zip archive of three kinds of members and no others: ``bundle.json`` (what it is), ``records.jsonl`` (one record a
line) and ``blobs/ab/cdef…`` (contents by their md5). It is free of secrets and of home folders; equal records give equal
bytes.

Reading trusts nothing: names, sizes, counts and hashes are checked before anything is used, records are decoded strictly
(``codec.py``), nothing is unpickled or run, and what is refused is told.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from nbcairn.errors import BundleRefused, TrailError
from nbcairn.exporters.codec import MalformedError, decode, encode
from nbcairn.exporters.held import kept_back, refuse_secrets_in
from nbcairn.exporters.safety import find_secrets
from nbcairn.exporters.scrub import scrub
from nbcairn.exporters.target import check_file, writing
from nbcairn.model import Artifact, Document, Layout, Read, Run, Session, Verified, Write
from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of
from nbcairn.store.remarks import Enrichment, Note, Remarks, SeenPath

__all__ = [
    "FORMAT",
    "Bundle",
    "LaidOut",
    "Records",
    "checked_records",
    "checked_verification",
    "export",
    "read_bundle",
    "records_of",
    "write_bundle",
]

FORMAT = "nbcairn-bundle/1"
MOST_BYTES = 8 << 30
MOST_MEMBERS = 500_000
MOST_LINE = 32 << 20
MOST_RATIO = 300
"""A member that unpacks to more than this many times its packed size is taken for a bomb, when it is large."""

_BLOB = re.compile(r"blobs/[0-9a-f]{2}/[0-9a-f]{30}")
_DATABASE = b"SQLite format 3\0"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A table column by column, by the digest of the whole."""

    digest: str
    layout: Layout


_KINDS: Mapping[str, type[Any]] = {
    "session": Session, "run": Run, "artifact": Artifact, "note": Note, "enrichment": Enrichment, "path": SeenPath,
    "verified": Verified, "layout": LaidOut,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Records:
    """Records that belong together, each list in the order of their ids."""

    sessions: tuple[Session, ...] = ()
    runs: tuple[Run, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
    verifications: tuple[Verified, ...] = ()
    layouts: tuple[LaidOut, ...] = ()

    @property
    def blobs(self) -> frozenset[str]:
        """Keys of the contents that the records name."""
        kept = (
            str(part["blob"])
            for a in self.artifacts
            for part in a.detail.values()
            if isinstance(part, dict) and "blob" in part
        )
        shown = (display.blob for run in self.runs for display in run.displays if display.blob)
        return frozenset([*(a.blob for a in self.artifacts if a.blob), *shown, *kept])


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was read: records, contents by key, and what was refused and why."""

    records: Records
    blobs: Mapping[str, bytes]
    refused: tuple[str, ...] = ()


# --------------------------------------------------------------------------- what goes in


def records_of(
    trail: Trail, notebook: str | None = None, session_id: str | None = None, *, data: bool = True
) -> Records:
    """The records of a trail, of one notebook, or of one session; without home folders.

    Without ``data`` no outputs, statistics or previews. Raises a TrailError when the trail cannot be read.
    """
    runs = trail.runs(notebook=notebook, session_id=session_id, newest_first=False)
    wanted = {run.session_id for run in runs}
    everything = notebook is None and session_id is None
    sessions = [session for session in trail.sessions() if everything or session.id in wanted]
    ids = {run.id for run in runs}
    artifacts = [a for a in trail.artifacts(notebook=notebook, limit=None, enriched=False) if a.run_id in ids]
    known = {artifact.id for artifact in artifacts} | ids | {session.id for session in sessions}
    kernels = {session.kernel_id for session in sessions}
    remarks = trail.remarks()
    return Records(
        tuple(_scrubbed(session) for session in sorted(sessions, key=lambda session: session.id)),
        tuple(_scrubbed(run if data else _bare_run(run)) for run in runs),
        tuple(_scrubbed(a if data else _bare_artifact(a)) for a in sorted(artifacts, key=lambda a: a.id)),
        Remarks(
            tuple(_scrubbed(path) for path in remarks.paths if path.kernel_id in kernels),
            tuple(_scrubbed(note) for note in remarks.notes if everything or note.subject in known),
            tuple(_scrubbed(found) for found in remarks.enrichments if data and found.artifact_id in known),
        ),
        tuple(_scrubbed(found) for found in _verifications(trail, notebook, session_id) if data),
        tuple(_layouts(trail, runs)) if data else (),
    )


def _layouts(trail: Trail, runs: Iterable[Run]) -> Iterator[LaidOut]:
    """The tables that the runs looked up or left, without those of which a column's name looks like a secret."""
    for digest, layout in sorted(trail.layouts(_digests(runs)).items()):
        if not find_secrets("\n".join(layout.columns)):
            yield _scrubbed(LaidOut(digest, layout))


def _digests(runs: Iterable[Run]) -> frozenset[str]:
    parts: list[Read | Write] = [part for run in runs for some in (run.reads, run.writes) for part in some]
    looked = (part.fingerprint for part in parts)
    return frozenset(print_.digest for print_ in looked if print_ is not None and print_.digest)


def _verifications(trail: Trail, notebook: str | None, session_id: str | None) -> list[Verified]:
    """What came of real runs, oldest first; they belong to a notebook, not to one session of it."""
    return [] if session_id is not None else sorted(trail.verifications(notebook), key=lambda found: found.id)


def _bare_run(run: Run) -> Run:
    displays = tuple(replace(display, blob=None, text="") for display in run.displays)
    return replace(run, displays=displays, writes=tuple(replace(write, summary="") for write in run.writes))


def _bare_artifact(artifact: Artifact) -> Artifact:
    return replace(artifact, blob=None, summary="", detail={})


def _scrubbed(record: Any) -> Any:
    """The record with home folders written as ``~`` in every text; hashes stay what they are."""
    text = json.dumps(encode(record), ensure_ascii=False)
    clean = scrub(text)
    return record if clean == text else decode(type(record), json.loads(clean))


def export(
    trail: Trail,
    document: Document | None,
    target: Path,
    *,
    data: bool = True,
    allow_secrets: bool = False,
    allow_paths: bool = False,
) -> None:
    """Write the bundle of a notebook or of the whole trail. Raises ExportError or TrailError."""
    from nbcairn.exporters.report import known_as

    check_file(target)
    notebook = known_as(trail, document, trail.last_runs(document)) if document else None
    records = records_of(trail, notebook, data=data)
    if not allow_secrets:
        refuse_secrets_in(records)
    left = kept_back(trail, records, allow_secrets=allow_secrets, allow_paths=allow_paths) if data else frozenset()
    with writing(target):
        target.write_bytes(write_bundle(trail, records, blobs=data, left=left))


def checked_records(trail: Trail, session_id: str, *, allow_secrets: bool = False) -> Records:
    """The records of one session, to be shared. Raises ExportError where they hold a secret."""
    records = records_of(trail, session_id=session_id)
    if not allow_secrets:
        refuse_secrets_in(records)
    return records


def checked_verification(verified: Verified, *, allow_secrets: bool = False) -> Records:
    """What came of one real run, to be shared. Raises ExportError where it holds a secret."""
    records = Records(verifications=(_scrubbed(verified),))
    if not allow_secrets:
        refuse_secrets_in(records)
    return records


def write_bundle(trail: Trail, records: Records, *, blobs: bool = True, left: frozenset[str] = frozenset()) -> bytes:
    """The bundle as bytes, equal for equal records; without the contents that are ``left`` here."""
    lines = b"".join(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n" for line in _lines(records))
    head = {"format": FORMAT, "project": trail.root.name, "sha256": hashlib.sha256(lines).hexdigest()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "bundle.json", json.dumps(head, indent=1).encode())
        _add(archive, "records.jsonl", lines)
        for key in sorted(records.blobs - left) if blobs else ():
            try:
                _add(archive, f"blobs/{key[:2]}/{key[2:]}", trail.blobs.get(key))
            except TrailError:
                continue  # swept or damaged: the record stays, as in the trail itself
    return stream.getvalue()


def _lines(records: Records) -> Iterator[dict[str, Any]]:
    remarks = records.remarks
    parts: Iterable[tuple[str, Iterable[object]]] = (
        ("session", records.sessions), ("run", records.runs), ("artifact", records.artifacts), ("note", remarks.notes),
        ("enrichment", remarks.enrichments), ("path", remarks.paths),
        ("verified", records.verifications), ("layout", records.layouts),
    )  # fmt: skip
    for kind, found in parts:
        for record in found:
            yield {"kind": kind, "record": encode(record)}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)


# --------------------------------------------------------------------------- what comes out


def read_bundle(source: Path | bytes) -> Bundle:
    """Everything in a bundle that can be trusted to be what it says. Raises BundleRefused when nothing can."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size if source.is_file() else 0
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            members = _checked(archive, size)
            lines = _content(archive, members["records.jsonl"])
            _check_head(_content(archive, members["bundle.json"]), lines)
            refused: list[str] = []
            records = _records(lines, refused)
            blobs = dict(_blobs(archive, members, refused))
    except FileNotFoundError:
        raise BundleRefused(f"There is no bundle at {source!s}.", "Check the spelling of the path.") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, BundleRefused):
            raise
        raise _unreadable(source, error) from error
    return Bundle(records, blobs, tuple(refused))


def _unreadable(source: Path | bytes, error: Exception) -> BundleRefused:
    begin = source[:16] if isinstance(source, bytes) else _first_bytes(source)
    if begin == _DATABASE:
        return BundleRefused(
            "The file is a database, such as a trail.db, and no bundle.",
            "Ask for a bundle: `nbcairn export --bundle FILE NOTEBOOK` makes one that is free of secrets.",
        )
    return BundleRefused(f"The bundle cannot be read ({error}).", "Ask for it again; it may be cut short.")


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(16)
    except OSError:
        return b""


def _refuse(fact: str) -> BundleRefused:
    return BundleRefused(fact, "Nothing was taken in. Ask whoever sent it how it was made.")


def _checked(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The members by name, after what the archive says of itself was found bearable."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _refuse(f"The bundle has {len(infos):,} members, more than the {MOST_MEMBERS:,} that are taken.")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise _refuse(f"The bundle unpacks to more than {MOST_BYTES >> 30} GiB.")
    if sum(info.compress_size for info in infos) > size:
        raise _refuse("Members of the bundle overlap: it is made to unpack to more than it holds.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.filename not in {"bundle.json", "records.jsonl"} and not _BLOB.fullmatch(info.filename):
            raise _refuse(f"The bundle has a member {info.filename[:80]!r}, which does not belong into one.")
        if info.filename in found:
            raise _refuse(f"The bundle has two members {info.filename!r}.")
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
            raise _refuse(f"The member {info.filename!r} is a link, a folder or a device, where a file belongs.")
        if info.flag_bits & 1 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _refuse(f"The member {info.filename!r} is encrypted or packed in an unusual way.")
        if info.file_size > 10 << 20 and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise _refuse(
                f"The member {info.filename!r} unpacks to {info.file_size / 1e6:.0f} MB: it is made to fill memory."
            )
        found[info.filename] = info
    if "bundle.json" not in found or "records.jsonl" not in found:
        raise _refuse("The file is a zip archive, but not a bundle.")
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The member, never more of it than it says."""
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise _refuse(f"The member {info.filename!r} is not as long as it says.")
    return content


def _check_head(text: bytes, lines: bytes) -> None:
    try:
        head = json.loads(text)
    except (ValueError, RecursionError):
        raise _refuse("The bundle's description is not JSON.") from None
    kind = head.get("format") if isinstance(head, dict) else None
    if kind != FORMAT:
        if isinstance(kind, str) and kind.startswith("nbcairn-bundle/"):
            raise BundleRefused(
                f"The bundle is of the later kind {kind[:40]!r}.", "Upgrade with `pip install --upgrade nbcairn`."
            )
        raise _refuse("The file describes itself as something else than a bundle.")
    if head.get("sha256") != hashlib.sha256(lines).hexdigest():
        raise _refuse("The bundle's records are not those that it was made with.")


def _records(lines: bytes, refused: list[str]) -> Records:
    found: dict[str, dict[Any, Any]] = {kind: {} for kind in _KINDS}
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            kind, record = _record(line)
        except MalformedError as error:
            refused.append(f"record {number}: {error}")
            continue
        found[kind].setdefault(_identity(record), record)
    runs = {
        key: run for key, run in found["run"].items() if _belongs(run.session_id, found["session"], "run", key, refused)
    }
    artifacts = {
        key: artifact
        for key, artifact in found["artifact"].items()
        if _belongs(artifact.run_id, runs, "artifact", key, refused)
    }
    return Records(
        tuple(found["session"].values()),
        tuple(runs.values()),
        tuple(artifacts.values()),
        Remarks(tuple(found["path"].values()), tuple(found["note"].values()), tuple(found["enrichment"].values())),
        tuple(found["verified"].values()),
        tuple(_of_runs(found["layout"], runs.values(), refused)),
    )


def _identity(record: Any) -> object:
    return record if isinstance(record, SeenPath) else record.digest if isinstance(record, LaidOut) else record.id


def _of_runs(layouts: Mapping[str, LaidOut], runs: Iterable[Run], refused: list[str]) -> Iterator[LaidOut]:
    """Those of tables that a run tells of."""
    told = dict.fromkeys(_digests(runs))
    return (laid for digest, laid in layouts.items() if _belongs(digest, told, "layout", digest, refused))


def _record(line: bytes) -> tuple[str, Any]:
    if len(line) > MOST_LINE:
        raise MalformedError("too long")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise MalformedError("not JSON") from None
    kind = found.get("kind") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS or set(found) != {"kind", "record"}:
        raise MalformedError("of no known kind")
    record = decode(_KINDS[kind], found["record"])
    if isinstance(record, Run) and any(PurePosixPath(access.path).as_posix() == "" for access in record.files):
        raise MalformedError("a file without a path")
    return kind, record


def _belongs(owner: str, owners: Mapping[str, object], kind: str, identity: str, refused: list[str]) -> bool:
    if owner in owners:
        return True
    refused.append(f"{kind} {identity[:12]}: what it belongs to is not in the bundle")
    return False


def _blobs(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], refused: list[str]
) -> Iterator[tuple[str, bytes]]:
    for name, info in members.items():
        if _BLOB.fullmatch(name):
            key = name[6:8] + name[9:]
            content = _content(archive, info)
            if md5_of(content) == key:
                yield key, content
            else:
                refused.append(f"blob {key[:12]}: its content does not give its name")
