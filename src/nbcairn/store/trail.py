"""``Trail``: everything that is written to and asked of the record of one project."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from types import TracebackType
from typing import Any, Self, Unpack

from nbcairn.errors import RecordNotFound
from nbcairn.model import (
    Artifact,
    ArtifactKind,
    Json,
    Layout,
    Run,
    Session,
    Verified,
    Write,
    new_id,
    now,
)
from nbcairn.store import rows
from nbcairn.store.blobs import BlobStore, LocalBlobs, MemoryBlobs
from nbcairn.store.database import Connections, MemoryConnection, decoding, translated
from nbcairn.store.identity import renamed, sessions_by_notebook
from nbcairn.store.insert import insert_artifact, insert_enrichment, insert_rows, insert_run
from nbcairn.store.load import RunLoader, chunks
from nbcairn.store.locate import locate, place
from nbcairn.store.merge import Merged, merge
from nbcairn.store.remarks import Enrichment, Note, Remarks, SeenPath
from nbcairn.store.replaying import ReplayQueries
from nbcairn.store.settle import settle_artifact, settle_enrichment, settle_rows, settle_run
from nbcairn.store.sweep import Sweep, sweep
from nbcairn.store.tables import TABLES
from nbcairn.store.where import Asked, Where, of_artifacts, page_of_artifacts

__all__ = ["Note", "Trail", "Version"]

SHORTEST_ID = 6
"""Characters that the beginning of an id must have, so that no short word is taken for one."""

IGNORE_FILE = "# The trail is a local record; share it with `nbcairn export` instead of git.\n*\n"


@dataclass(frozen=True, slots=True)
class Version:
    """What a name held after a run."""

    run_id: str
    write: Write


class Trail(ReplayQueries):
    """The record of one project. Opened by many processes and threads at once; append-only.

    Every method raises a ``TrailError`` with its remedy when the database cannot do what is asked.
    """

    locate = staticmethod(locate)
    place = staticmethod(place)

    def __init__(self, folder: Path, connections: Connections, blobs: BlobStore) -> None:
        self.folder = folder
        self.root = folder.parent
        self.blobs = blobs
        self._connections = connections
        self._loader = RunLoader(self._rows)
        self._shapes: dict[str, frozenset[str]] = {}

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, read_only: bool = False, copy: bool = True) -> Self:
        """Open the trail in this ``.cairn`` folder; one of an older nbcairn, that may only be read, from a ``copy`` in memory.

        Raises TrailNotFound, TrailTooNew, TrailLocked, TrailReadOnly or TrailCorrupt; never changes a trail
        that it cannot read.
        """
        folder = folder.absolute()
        file = folder / "trail.db"
        if create:
            with translated(file):
                folder.mkdir(parents=True, exist_ok=True)
                if not (folder / ".gitignore").exists():
                    (folder / ".gitignore").write_text(IGNORE_FILE, encoding="utf-8")
        connections = Connections(file, create=create, read_only=read_only, copy=copy)
        return cls._made_of(folder, connections, LocalBlobs(folder / "blobs"))

    @classmethod
    def in_memory(cls, folder: Path) -> Self:
        """A trail that vanishes with the object; ``folder`` only says where it would be."""
        return cls._made_of(folder.absolute(), MemoryConnection(folder.absolute() / "trail.db"), MemoryBlobs())

    @classmethod
    def _made_of(cls, folder: Path, connections: Connections, blobs: BlobStore) -> Self:
        """A trail of these parts, past the constructor, which subclasses may change."""
        trail = cls.__new__(cls)
        Trail.__init__(trail, folder, connections, blobs)
        return trail

    @property
    def in_place(self) -> bool:
        """False where its file was deleted, moved or replaced since it was opened: nobody would find what is written."""
        return self._connections.in_place

    def close(self) -> None:
        """Close every connection; the object cannot be used afterwards."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ writing

    def begin(self, session: Session) -> None:
        """Note that a kernel's life began."""
        self._insert("sessions", [rows.session_row(session)])

    def end(self, session_id: str, ended: str) -> None:
        """Note that a kernel's life ended."""
        self._insert("session_ends", [(session_id, ended)])

    def follow(self, kernel_id: str, path: str) -> None:
        """Note that the notebook of this kernel is now called ``path``, if that is news."""
        latest = self._rows(
            "SELECT notebook FROM session_paths WHERE kernel_id = ? ORDER BY seen DESC LIMIT 1", kernel_id
        )
        first = self._rows("SELECT notebook FROM sessions WHERE kernel_id = ? ORDER BY id DESC LIMIT 1", kernel_id)
        if not first or (latest or first)[0][0] == path:
            return
        self._insert("session_paths", [(kernel_id, now(), path)])

    def record(
        self,
        run: Run,
        artifacts: Sequence[Artifact] = (),
        blobs: Mapping[str, bytes] | None = None,
        layouts: Mapping[str, Layout] | None = None,
    ) -> None:
        """Write one run and what belongs to it: blobs, then one transaction. Twice is as good as once.

        ``layouts`` are those of tables, by the digest of the whole.
        """
        with translated(self._connections.file):
            for content in (blobs or {}).values():
                self.blobs.put(content)
        with self._transaction() as connection:
            if not connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.id,)).fetchone():
                insert_run(connection, run)
            for artifact in artifacts:
                insert_artifact(connection, artifact, run.source)
            insert_rows(connection, "layouts", starmap(rows.layout_row, (layouts or {}).items()))

    def take_session(self, session: Session) -> None:
        """Take in another trail's session; of two tellings the content decides (see ``nbcairn.store.settle``)."""
        with self._transaction() as connection:
            settle_rows(connection, "sessions", ["id"], [rows.session_row(session)])
            if session.ended:
                settle_rows(connection, "session_ends", ["session_id"], [(session.id, session.ended)])

    def take_run(self, run: Run, artifacts: Iterable[Artifact] = ()) -> None:
        """Take in another trail's run and what it made, likewise."""
        with self._transaction() as connection:
            replaced = settle_run(connection, run)
            for artifact in artifacts:
                settle_artifact(connection, artifact)
        if replaced:
            self._loader.forget(run.id)

    def enrich(self, artifact_id: str, detail: Json) -> None:
        """Add what was found out about an artifact after its run."""
        with self._transaction() as connection:
            insert_enrichment(connection, (new_id(), artifact_id, now(), rows.pack(dict(detail))))

    def note(self, subject: str, text: str, author: str) -> Note:
        """Keep a person's note about a run, an artifact or a session."""
        note = Note(new_id(), subject, author, now(), text)
        self._insert("notes", [(note.id, subject, author, note.made, text)])
        return note

    def verified(self, verified: Verified) -> None:
        """Keep what came of running a document for real."""
        with self._transaction() as connection:
            settle_rows(connection, "verifications", ["id"], [rows.verified_row(verified)])

    def lay_out(self, layouts: Mapping[str, Layout]) -> None:
        """Take in another trail's tables column by column, by the digest of the whole."""
        with self._transaction() as connection:
            settle_rows(connection, "layouts", ["digest"], starmap(rows.layout_row, layouts.items()))

    # ------------------------------------------------------------------ one record

    def run(self, run_id: str) -> Run:
        """The run with this id; RecordNotFound if there is none."""
        found = self._load([run_id])
        if not found:
            raise RecordNotFound(f"The trail holds no run {run_id!r}.", "`nbcairn ls --runs` lists those it holds.")
        return found[0]

    def runs_of(self, run_ids: Sequence[str]) -> list[Run]:
        """The runs with these ids, in this order, without those that the trail does not hold."""
        return self._load(run_ids)

    def session(self, session_id: str) -> Session:
        """The session with this id; RecordNotFound if there is none."""
        found = self._sessions("WHERE s.id = ?", session_id)
        if not found:
            raise RecordNotFound(
                f"The trail holds no session {session_id!r}.", "`nbcairn ls --runs` names the sessions."
            )
        return found[0]

    def artifact(self, artifact_id: str, *, enriched: bool = True) -> Artifact:
        """The artifact with this id; RecordNotFound if there is none. ``enriched`` as in ``artifacts``."""
        found = self._artifacts("WHERE a.id = ?", [artifact_id], enriched=enriched)
        if not found:
            raise RecordNotFound(f"The trail holds no artifact {artifact_id!r}.", "`nbcairn ls` lists those it holds.")
        return found[0]

    def find(self, beginning: str) -> Run | Artifact | None:
        """The run, else the artifact, whose id begins so; None if there is none.

        Fewer than six characters name nothing. Raises RecordNotFound when several ids begin so.
        """
        if len(beginning) < SHORTEST_ID:
            return None
        for table in ("runs", "artifacts"):
            where = "id >= ? AND id < ? ORDER BY id LIMIT 2"
            ids = [row[0] for row in self._rows(f"SELECT id FROM {table} WHERE {where}", beginning, beginning + "g")]
            if len(ids) > 1 and beginning not in ids:
                raise RecordNotFound(f"Several {table} have an id that begins with {beginning!r}.", "Give more of it.")
            if ids:
                return self.run(ids[0]) if table == "runs" else self.artifact(ids[0])
        return None

    # ------------------------------------------------------------------ lists

    def sessions(self, notebook: str | None = None, *, used: bool = False) -> list[Session]:
        """Sessions, oldest first; of one notebook, also under its earlier names; ``used``: those in which a cell ran."""
        found = self._sessions("WHERE s.id IN (SELECT session_id FROM runs)" if used else "")
        if notebook is None:
            return found
        wanted = set(self._session_ids(notebook) or ())
        return [session for session in found if session.id in wanted]

    def last_life(self, session_id: str) -> str:
        """The newest session of the kernel that a session is of: after a restart another one than this."""
        sql = (
            "SELECT later.id FROM sessions s JOIN sessions later ON later.kernel_id = s.kernel_id AND later.host = s.host "
            "WHERE s.id = ? AND later.started >= s.started ORDER BY later.started DESC LIMIT 1"
        )
        found = self._rows(sql, session_id)
        return str(found[0][0]) if found else session_id

    def notebooks(self) -> dict[str | None, list[str]]:
        """The ids of the sessions of each notebook, oldest first, by the path it has now."""
        with translated(self._connections.file):
            return sessions_by_notebook(self._connections.get())

    def runs(
        self,
        *,
        notebook: str | None = None,
        cell_id: str | None = None,
        session_id: str | None = None,
        since: str | None = None,
        before: str | None = None,
        started_from: str | None = None,
        started_to: str | None = None,
        offset: int = 0,
        limit: int | None = None,
        newest_first: bool = True,
    ) -> list[Run]:
        """Runs in the order of time; ``since`` and ``before`` are run ids and exclusive, ``offset`` skips the first.

        ``started_from`` and ``started_to`` are moments in the trail's notation: at or after the one, before the other.
        """
        where = self._of_runs(notebook, cell_id, session_id, started_from, started_to)
        where.test("id > ?", since).test("id < ?", before)
        order = "DESC" if newest_first else "ASC"
        page = f"LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
        found = self._rows(f"SELECT id FROM runs {where.sql} ORDER BY id {order} {page}", *where.values)
        return self._load([row[0] for row in found])

    def count_runs(
        self,
        notebook: str | None = None,
        cell_id: str | None = None,
        session_id: str | None = None,
        started_from: str | None = None,
        started_to: str | None = None,
    ) -> int:
        """How many runs ``runs`` would give."""
        where = self._of_runs(notebook, cell_id, session_id, started_from, started_to)
        return int(self._rows(f"SELECT count(*) FROM runs {where.sql}", *where.values)[0][0])

    def told(self) -> int:
        """How often something was told of an artifact after its run: statistics, a preview, scores."""
        return int(self._rows("SELECT count(*) FROM enrichments")[0][0])

    def artifacts(
        self, *, offset: int = 0, limit: int | None = 50, enriched: bool = True, **asked: Unpack[Asked]
    ) -> list[Artifact]:
        """Artifacts, newest first; with ``enriched`` their detail has what was found out after the run, too.

        What may be asked for: ``notebook``, ``kind``, ``name``, ``run_id``, ``digest``, ``session_id``, ``user``, ``tag`` (of the
        cell), ``made_from`` and ``made_to`` (moments in the trail's notation), ``query`` (words in names, titles, summaries,
        columns, source and notes), and with ``stacked`` each name and kind once, as its newest.
        """
        where = of_artifacts(self._session_ids(asked.get("notebook")), asked)
        page = f"LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
        rest = f"{where.sql} ORDER BY a.run_id DESC, a.id DESC {page}"
        return self._artifacts(rest, where.values, enriched=enriched)

    def artifact_page(self, offset: int, limit: int, **asked: Unpack[Asked]) -> tuple[list[Artifact], int]:
        """One page of what ``artifacts`` would give, and how many it would give in all, looked for once."""
        sql, values = page_of_artifacts(self._session_ids(asked.get("notebook")), asked, offset, limit)
        ((total, ids),) = self._rows(sql, *values)
        page = Where().within("a.id", json.loads(ids))
        return self._artifacts(f"{page.sql} ORDER BY a.run_id DESC, a.id DESC", page.values), int(total)

    def count_artifacts(self, **asked: Unpack[Asked]) -> int:
        """How many artifacts ``artifacts`` would give without a limit."""
        where = of_artifacts(self._session_ids(asked.get("notebook")), asked)
        sql = f"SELECT count(*) FROM artifacts a JOIN runs r ON r.id = a.run_id {where.sql}"
        return int(self._rows(sql, *where.values)[0][0])

    def series(self, name: str, kind: ArtifactKind | str, notebook: str | None = None) -> list[str]:
        """Ids of the artifacts of one name and kind, oldest first: the version that ``name@2`` calls is the second."""
        where = of_artifacts(self._session_ids(notebook), {"kind": kind, "name": name})
        sql = f"SELECT a.id FROM artifacts a JOIN runs r ON r.id = a.run_id {where.sql} ORDER BY a.run_id, a.id"
        return [row[0] for row in self._rows(sql, *where.values)]

    def versions(self, name: str, *, notebook: str | None = None, limit: int | None = None) -> list[Version]:
        """Every version of a name, newest first."""
        where = Where(w__name=name).within("r.session_id", self._session_ids(notebook))
        most = f"LIMIT {int(limit)}" if limit is not None else ""
        tables = "writes w JOIN runs r ON r.id = w.run_id"
        sql = f"SELECT w.* FROM {tables} {where.sql} ORDER BY w.run_id DESC {most}"
        with decoding(self._connections.file):
            return [Version(row[0], rows.write_of(row)) for row in self._rows(sql, *where.values)]

    def held(self, name: str, session_id: str) -> Version | None:
        """What a name was left with by the last run of a session that changed it; None when no run of it did."""
        sql = (
            "SELECT w.* FROM writes w JOIN runs r ON r.id = w.run_id "
            "WHERE w.name = ? AND r.session_id = ? ORDER BY w.run_id DESC LIMIT 1"
        )
        with decoding(self._connections.file):
            return next((Version(row[0], rows.write_of(row)) for row in self._rows(sql, name, session_id)), None)

    def names(self, notebook: str | None = None) -> list[str]:
        """Every name that some run wrote, in alphabetical order."""
        where = Where().within("r.session_id", self._session_ids(notebook))
        tables = "writes w JOIN runs r ON r.id = w.run_id"
        sql = f"SELECT DISTINCT w.name FROM {tables} {where.sql} ORDER BY w.name"
        return [row[0] for row in self._rows(sql, *where.values)]

    def known_md5(self, path: str, size: int, mtime_ns: int) -> str | None:
        """The md5 of a file as some run has recorded it in this state, so that a large one need not be read again."""
        sql = "SELECT md5 FROM files WHERE path = ? AND size = ? AND mtime_ns = ? AND md5 IS NOT NULL LIMIT 1"
        found = self._rows(sql, path, size, mtime_ns)
        return str(found[0][0]) if found else None

    def notes(self, subject: str | None = None) -> list[Note]:
        """Notes, oldest first; about one subject, or all."""
        where = Where(subject=subject)
        return [Note(*row) for row in self._rows(f"SELECT * FROM notes {where.sql} ORDER BY id", *where.values)]

    def verifications(self, notebook: str | None = None, *, limit: int | None = None) -> list[Verified]:
        """What came of running documents for real, newest first; of one notebook, also under its earlier names, or all."""
        found = self._rows("SELECT id, notebook, made FROM verifications ORDER BY id DESC")
        if notebook is not None and found:
            with translated(self._connections.file):
                later = renamed(self._connections.get())
            found = [row for row in found if later(row[1], row[2]) == notebook]
        ids = [row[0] for row in (found if limit is None else found[:limit])]
        with decoding(self._connections.file):
            full = chunks(self._rows, "SELECT * FROM verifications WHERE id IN ({})", ids)
            return sorted((rows.verified_of(row) for row in full), key=lambda one: one.id, reverse=True)

    def verified_as(self, document_key: str) -> Verified | None:
        """The newest verification of a document with these very cells, whatever it was called; None if there is none."""
        sql = "SELECT * FROM verifications WHERE document_key = ? ORDER BY id DESC LIMIT 1"
        with decoding(self._connections.file):
            return next((rows.verified_of(row) for row in self._rows(sql, document_key)), None)

    # ------------------------------------------------------------------ the whole trail

    def sizes(self) -> dict[str, int]:
        """Number of rows of each table."""
        return {info.name: self._rows(f"SELECT count(*) FROM {info.name}")[0][0] for info in TABLES}

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question in SQL over the documented tables; values stand for its question marks."""
        return self._rows(sql, *values)

    def sweep(self, *, before: str | None = None, dry: bool = False) -> Sweep:
        """Remove blobs that nothing needs, or only runs before this moment (see ``nbcairn.store.sweep``)."""
        with translated(self._connections.file):
            return sweep(self, before=before, dry=dry)

    def merge(self, other: Trail) -> Merged:
        """Add what only another trail has: the union, whichever way round and however often."""
        return merge(self, other)

    def adopt(self, other: Trail) -> None:
        """Add another trail's notes, enrichments, renames, verifications and layouts of tables (see ``merge``)."""
        self.add_remarks(other.remarks())
        for verified in other.verifications():
            self.verified(verified)
        with self._transaction() as connection:
            settle_rows(connection, "layouts", ["digest"], other.query("SELECT * FROM layouts"))

    def remarks(self) -> Remarks:
        """What was added to sessions, runs and artifacts after they were recorded."""
        paths = self._rows("SELECT * FROM session_paths ORDER BY kernel_id, seen")
        found = self._rows("SELECT * FROM enrichments ORDER BY id")
        with decoding(self._connections.file):
            enrichments = tuple(Enrichment(row[0], row[1], row[2], json.loads(row[3])) for row in found)
        return Remarks(tuple(SeenPath(*map(str, row)) for row in paths), tuple(self.notes()), enrichments)

    def add_remarks(self, remarks: Remarks) -> None:
        """Add what is new among them; of two tellings the content decides."""
        paths = [(path.kernel_id, path.seen, path.notebook) for path in remarks.paths]
        notes = [(note.id, note.subject, note.author, note.made, note.text) for note in remarks.notes]
        with self._transaction() as connection:
            settle_rows(connection, "session_paths", ["kernel_id", "seen"], paths)
            settle_rows(connection, "notes", ["id"], notes)
            for found in remarks.enrichments:
                settle_enrichment(connection, (found.id, found.artifact_id, found.made, rows.pack(dict(found.detail))))

    # ------------------------------------------------------------------ inside

    def _session_ids(self, notebook: str | None) -> list[str] | None:
        return None if notebook is None else self.notebooks().get(notebook, [])

    def _of_runs(
        self,
        notebook: str | None,
        cell_id: str | None,
        session_id: str | None,
        started_from: str | None,
        started_to: str | None,
    ) -> Where:
        where = Where(cell_id=cell_id, session_id=session_id).within("session_id", self._session_ids(notebook))
        return where.test("started >= ?", started_from).test("started < ?", started_to)

    def _sessions(self, where: str, *values: object) -> list[Session]:
        sql = (
            f"SELECT s.*, e.ended FROM sessions s LEFT JOIN session_ends e ON e.session_id = s.id {where} ORDER BY s.id"
        )
        with decoding(self._connections.file):
            return [rows.session_of(row[:-1], row[-1]) for row in self._rows(sql, *values)]

    def _artifacts(self, rest: str, values: Sequence[object], *, enriched: bool = True) -> list[Artifact]:
        sql = "SELECT artifact_id, detail FROM enrichments WHERE artifact_id IN ({}) ORDER BY made, id"
        extras: dict[str, dict[str, object]] = {}
        with decoding(self._connections.file):
            found = self._rows(f"SELECT a.* FROM artifacts a JOIN runs r ON r.id = a.run_id {rest}", *values)
            for artifact_id, detail in chunks(self._rows, sql, [row[0] for row in found] if enriched else []):
                extras.setdefault(artifact_id, {}).update(json.loads(detail))
            return [rows.artifact_of(row, extras.get(row[0], {})) for row in found]

    def _insert(self, table: str, some: Iterable[tuple[Any, ...]]) -> None:
        with self._transaction() as connection:
            insert_rows(connection, table, some)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connections.writing, translated(self._connections.file):
            connection = self._connections.get()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
