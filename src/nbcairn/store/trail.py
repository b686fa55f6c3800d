"""``Trail``: everything that is written to and asked of the record of one project."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from blake3 import blake3

from nbcairn.errors import RecordNotFound
from nbcairn.model import (
    Artifact,
    ArtifactKind,
    Document,
    Fingerprint,
    Json,
    Run,
    RunStatus,
    Session,
    Write,
    new_id,
    now,
)
from nbcairn.store import rows
from nbcairn.store.blobs import BlobStore, LocalBlobs, MemoryBlobs
from nbcairn.store.database import Connections, MemoryConnection, translated
from nbcairn.store.identity import sessions_by_notebook
from nbcairn.store.locate import locate, place
from nbcairn.store.traces import inputs_key, shape_key, shape_names

__all__ = ["Note", "Trail", "Version"]

CACHED_RUNS = 4000
CHUNK = 500
IGNORE_FILE = "# The trail is a local record; share it with `nbcairn export` instead of git.\n*\n"


@dataclass(frozen=True, slots=True)
class Version:
    """What a name held after a run."""

    run_id: str
    write: Write


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a run, an artifact or a session."""

    id: str
    subject: str
    author: str
    made: str
    text: str


class Trail:
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
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, read_only: bool = False) -> Trail:
        """Open the trail in this ``.cairn`` folder.

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
        connections = Connections(file, create=create, read_only=read_only)
        return cls(folder, connections, LocalBlobs(folder / "blobs"))

    @classmethod
    def in_memory(cls, folder: Path) -> Trail:
        """A trail that vanishes with the object; ``folder`` only says where it would be."""
        return cls(folder.absolute(), MemoryConnection(folder.absolute() / "trail.db"), MemoryBlobs())

    def close(self) -> None:
        """Close every connection; the object cannot be used afterwards."""
        self._connections.close()

    def __enter__(self) -> Trail:
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
        first = self._rows(
            "SELECT notebook FROM sessions WHERE kernel_id = ? ORDER BY id DESC LIMIT 1", kernel_id
        )
        if not first or (latest or first)[0][0] == path:
            return
        self._insert("session_paths", [(kernel_id, now(), path)])

    def record(
        self, run: Run, artifacts: Sequence[Artifact] = (), blobs: Mapping[str, bytes] | None = None
    ) -> None:
        """Write one run with all that belongs to it: its blobs, then one transaction. Twice is as good as once."""
        with translated(self._connections.file):
            for content in (blobs or {}).values():
                self.blobs.put(content)
        with self._transaction() as connection:
            known = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.id,)).fetchone()
            if known is None:
                _insert_run(connection, run)
                for artifact in artifacts:
                    _insert_artifact(connection, artifact, run.source)
        with self._lock:
            self._runs[run.id] = run

    def enrich(self, artifact_id: str, detail: Json) -> None:
        """Add what was found out about an artifact after its run."""
        self._insert(
            "enrichments", [(artifact_id, now(), json.dumps(dict(detail), ensure_ascii=False, default=str))]
        )

    def note(self, subject: str, text: str, author: str) -> Note:
        """Keep a person's note about a run, an artifact or a session."""
        note = Note(new_id(), subject, author, now(), text)
        self._insert("notes", [(note.id, subject, author, note.made, text)])
        return note

    # ------------------------------------------------------------------ one record

    def run(self, run_id: str) -> Run:
        """The run with this id; RecordNotFound if there is none."""
        found = self._load([run_id])
        if not found:
            raise RecordNotFound(
                f"The trail holds no run {run_id!r}.", "`nbcairn ls --runs` lists those it holds."
            )
        return found[0]

    def session(self, session_id: str) -> Session:
        """The session with this id; RecordNotFound if there is none."""
        found = self._sessions("WHERE s.id = ?", session_id)
        if not found:
            raise RecordNotFound(
                f"The trail holds no session {session_id!r}.", "`nbcairn ls --runs` names the sessions."
            )
        return found[0]

    def artifact(self, artifact_id: str) -> Artifact:
        """The artifact with this id; RecordNotFound if there is none."""
        found = self._artifacts("WHERE a.id = ?", [artifact_id])
        if not found:
            raise RecordNotFound(
                f"The trail holds no artifact {artifact_id!r}.", "`nbcairn ls` lists those it holds."
            )
        return found[0]

    # ------------------------------------------------------------------ lists

    def sessions(self, notebook: str | None = None) -> list[Session]:
        """Sessions, oldest first; of one notebook, also under its earlier names."""
        found = self._sessions("")
        if notebook is None:
            return found
        wanted = set(self._session_ids(notebook))
        return [session for session in found if session.id in wanted]

    def runs(
        self,
        *,
        notebook: str | None = None,
        cell_id: str | None = None,
        session_id: str | None = None,
        since: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        newest_first: bool = True,
    ) -> list[Run]:
        """Runs in the order of time; ``since`` and ``before`` are run ids and exclusive."""
        where, values = self._run_filter(notebook, cell_id, session_id, since, before)
        order = "DESC" if newest_first else "ASC"
        most = f" LIMIT {int(limit)}" if limit is not None else ""
        return self._load(
            [row[0] for row in self._rows(f"SELECT id FROM runs {where} ORDER BY id {order}{most}", *values)]
        )

    def count_runs(
        self, notebook: str | None = None, cell_id: str | None = None, session_id: str | None = None
    ) -> int:
        """How many runs ``runs`` would give."""
        where, values = self._run_filter(notebook, cell_id, session_id, None, None)
        return int(self._rows(f"SELECT count(*) FROM runs {where}", *values)[0][0])

    def artifacts(
        self,
        *,
        notebook: str | None = None,
        kind: ArtifactKind | str | None = None,
        name: str | None = None,
        query: str | None = None,
        run_id: str | None = None,
        offset: int = 0,
        limit: int | None = 50,
    ) -> list[Artifact]:
        """Artifacts, newest first; ``query`` searches names, titles, summaries, columns and source."""
        where, values = self._artifact_filter(notebook, kind, name, query, run_id)
        page = f" LIMIT {-1 if limit is None else int(limit)} OFFSET {int(offset)}"
        return self._artifacts(f"{where} ORDER BY a.run_id DESC, a.id DESC{page}", values)

    def count_artifacts(
        self,
        *,
        notebook: str | None = None,
        kind: ArtifactKind | str | None = None,
        name: str | None = None,
        query: str | None = None,
        run_id: str | None = None,
    ) -> int:
        """How many artifacts ``artifacts`` would give without a limit."""
        where, values = self._artifact_filter(notebook, kind, name, query, run_id)
        sql = f"SELECT count(*) FROM artifacts a JOIN runs r ON r.id = a.run_id {where}"
        return int(self._rows(sql, *values)[0][0])

    def versions(self, name: str, *, notebook: str | None = None, limit: int | None = None) -> list[Version]:
        """Every version of a name, newest first."""
        where, values = "WHERE w.name = ?", [name]
        if notebook is not None:
            where, values = _within(where, values, "r.session_id", self._session_ids(notebook))
        most = f" LIMIT {int(limit)}" if limit is not None else ""
        sql = f"SELECT w.* FROM writes w JOIN runs r ON r.id = w.run_id {where} ORDER BY w.run_id DESC{most}"
        return [Version(row[0], rows.write_of(row)) for row in self._rows(sql, *values)]

    def names(self, notebook: str | None = None) -> list[str]:
        """Every name that some run wrote, in alphabetical order."""
        where, values = "", list[Any]()
        if notebook is not None:
            where, values = _within("", [], "r.session_id", self._session_ids(notebook))
        sql = f"SELECT DISTINCT w.name FROM writes w JOIN runs r ON r.id = w.run_id {where} ORDER BY w.name"
        return [row[0] for row in self._rows(sql, *values)]

    def notes(self, subject: str | None = None) -> list[Note]:
        """Notes, oldest first; about one subject, or all."""
        where, values = ("WHERE subject = ?", [subject]) if subject else ("", [])
        return [Note(*row) for row in self._rows(f"SELECT * FROM notes {where} ORDER BY id", *values)]

    # ------------------------------------------------------------------ what replay asks

    def last_runs(self, document: Document) -> dict[str, Run]:
        """The newest run of each cell of a document, by cell id.

        Follows renames; where nothing is known under the document's path, runs of the same cell ids count
        when the notebook they came from is gone.
        """
        wanted = self._sessions_of(document)
        found = []
        for cell in document.code:
            sql = "SELECT id, session_id FROM runs WHERE cell_id = ? ORDER BY id DESC"
            newest = next((row[0] for row in self._cursor(sql, cell.id) if row[1] in wanted), None)
            if newest is not None:
                found.append(newest)
        return {run.cell_id: run for run in self._load(found)}

    def shapes(self, source_key: str) -> tuple[frozenset[str], ...]:
        """The different sets of names that successful runs of this source looked up."""
        sql = (
            "SELECT DISTINCT s.names FROM traces t JOIN shapes s ON s.shape = t.shape WHERE t.source_key = ?"
        )
        return tuple(frozenset(json.loads(row[0])) for row in self._rows(sql, source_key))

    def traces(self, source_key: str, inputs: Mapping[str, Fingerprint | None], limit: int = 8) -> list[Run]:
        """Successful runs of this source whose reads are exactly these, newest first, found by index."""
        key = inputs_key(inputs)
        if key is None:
            return []
        sql = (
            "SELECT run_id FROM traces WHERE source_key = ? AND shape = ? AND inputs = ?"
            " ORDER BY run_id DESC LIMIT ?"
        )
        return self._load([row[0] for row in self._rows(sql, source_key, shape_key(inputs), key, limit)])

    # ------------------------------------------------------------------ inside

    def _sessions_of(self, document: Document) -> set[str]:
        groups = sessions_by_notebook(self._connections.get())
        own = groups.get(document.path, [])
        if own:
            return set(own)
        gone = (ids for path, ids in groups.items() if path is None or not (self.root / path).exists())
        return {session for ids in gone for session in ids}

    def _session_ids(self, notebook: str) -> list[str]:
        with translated(self._connections.file):
            return sessions_by_notebook(self._connections.get()).get(notebook, [])

    def _run_filter(
        self,
        notebook: str | None,
        cell_id: str | None,
        session_id: str | None,
        since: str | None,
        before: str | None,
    ) -> tuple[str, list[Any]]:
        tests = {"cell_id = ?": cell_id, "session_id = ?": session_id, "id > ?": since, "id < ?": before}
        chosen = {test: value for test, value in tests.items() if value is not None}
        where = f"WHERE {' AND '.join(chosen)}" if chosen else ""
        values: list[Any] = list(chosen.values())
        if notebook is not None:
            return _within(where, values, "session_id", self._session_ids(notebook))
        return where, values

    def _artifact_filter(
        self,
        notebook: str | None,
        kind: ArtifactKind | str | None,
        name: str | None,
        query: str | None,
        run_id: str | None,
    ) -> tuple[str, list[Any]]:
        tests = {"a.kind = ?": kind and str(kind), "a.name = ?": name, "a.run_id = ?": run_id}
        chosen: dict[str, Any] = {test: value for test, value in tests.items() if value is not None}
        if query and query.strip():
            chosen["a.id IN (SELECT artifact_id FROM search WHERE search MATCH ?)"] = _match(query)
        where = f"WHERE {' AND '.join(chosen)}" if chosen else ""
        if notebook is not None:
            return _within(where, list(chosen.values()), "r.session_id", self._session_ids(notebook))
        return where, list(chosen.values())

    def _sessions(self, where: str, *values: object) -> list[Session]:
        sql = (
            "SELECT s.*, e.ended FROM sessions s LEFT JOIN session_ends e ON e.session_id = s.id"
            f" {where} ORDER BY s.id"
        )
        return [rows.session_of(row[:-1], row[-1]) for row in self._rows(sql, *values)]

    def _artifacts(self, rest: str, values: Sequence[object]) -> list[Artifact]:
        found = self._rows(f"SELECT a.* FROM artifacts a JOIN runs r ON r.id = a.run_id {rest}", *values)
        extras: dict[str, dict[str, object]] = {}
        for artifact_id, detail in self._within_ids(
            "SELECT artifact_id, detail FROM enrichments WHERE artifact_id IN ({}) ORDER BY made",
            [row[0] for row in found],
        ):
            extras.setdefault(artifact_id, {}).update(json.loads(detail))
        return [rows.artifact_of(row, extras.get(row[0], {})) for row in found]

    def _load(self, run_ids: Sequence[str]) -> list[Run]:
        """Runs by id, in the order asked, unknown ids left out. Runs never change, so they are kept."""
        with self._lock:
            missing = [run_id for run_id in run_ids if run_id not in self._runs]
            if len(self._runs) > CACHED_RUNS:
                self._runs.clear()
                missing = list(run_ids)
        loaded = {run.id: run for run in self._assemble(missing)}
        with self._lock:
            self._runs.update(loaded)
            return [self._runs[run_id] for run_id in run_ids if run_id in self._runs]

    def _assemble(self, run_ids: Sequence[str]) -> Iterator[Run]:
        heads = list(
            self._within_ids(
                "SELECT r.*, s.text FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.id IN ({})",
                run_ids,
            )
        )
        readers = {
            "reads": rows.read_of,
            "writes": rows.write_of,
            "files": rows.file_of,
            "displays": rows.display_of,
        }
        parts: dict[str, dict[str, list[Any]]] = {row[0]: {table: [] for table in readers} for row in heads}
        for table, reader in readers.items():
            for row in self._within_ids(f"SELECT * FROM {table} WHERE run_id IN ({{}})", run_ids):
                parts[row[0]][table].append(reader(row))
        for row in heads:
            yield rows.run_of(row[:-1], row[-1], parts[row[0]])

    def _within_ids(self, sql: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            yield from self._rows(sql.format(", ".join("?" * len(some))), *some)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with translated(self._connections.file):
            return self._connections.get().execute(sql, values).fetchall()

    def _cursor(self, sql: str, *values: object) -> sqlite3.Cursor:
        with translated(self._connections.file):
            return self._connections.get().execute(sql, values)

    def _insert(self, table: str, some: Iterable[tuple[Any, ...]]) -> None:
        with self._transaction() as connection:
            _insert_rows(connection, table, some)

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


def _within(where: str, values: list[Any], column: str, ids: Sequence[str]) -> tuple[str, list[Any]]:
    """Add "column is one of these" to a WHERE clause, in one value whatever their number."""
    clause = f"{column} IN (SELECT value FROM json_each(?))"
    return (f"{where} AND {clause}" if where else f"WHERE {clause}"), [*values, json.dumps(list(ids))]


def _match(query: str) -> str:
    """A person's words as an FTS5 expression: every word, as a prefix, nothing interpreted."""
    return " ".join('"' + word.replace('"', '""') + '"*' for word in query.split())


def _insert_rows(connection: sqlite3.Connection, table: str, some: Iterable[tuple[Any, ...]]) -> None:
    some = list(some)
    if some:
        marks = ", ".join("?" * len(some[0]))
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", some)


def _insert_run(connection: sqlite3.Connection, run: Run) -> None:
    source_id = blake3(run.source.encode("utf-8", "surrogatepass")).hexdigest(length=16)
    _insert_rows(connection, "sources", [(source_id, run.source)])
    _insert_rows(connection, "runs", [rows.run_row(run, source_id)])
    _insert_rows(connection, "reads", (rows.read_row(run.id, read) for read in run.reads))
    _insert_rows(connection, "writes", (rows.write_row(run.id, write) for write in run.writes))
    _insert_rows(
        connection, "files", (rows.file_row(run.id, n, access) for n, access in enumerate(run.files))
    )
    _insert_rows(
        connection, "displays", (rows.display_row(run.id, n, shown) for n, shown in enumerate(run.displays))
    )
    if run.status is RunStatus.OK:
        _insert_trace(connection, run)


def _insert_trace(connection: sqlite3.Connection, run: Run) -> None:
    """Make a successful run findable by its inputs. Opaque inputs never match, yet their shape is kept."""
    inputs = {read.name: read.fingerprint for read in run.reads}
    shape = shape_key(inputs)
    _insert_rows(connection, "shapes", [(shape, shape_names(inputs))])
    _insert_rows(
        connection, "traces", [(run.source_key, shape, inputs_key(inputs) or f"opaque:{run.id}", run.id)]
    )


def _insert_artifact(connection: sqlite3.Connection, artifact: Artifact, source: str) -> None:
    _insert_rows(connection, "artifacts", [rows.artifact_row(artifact)])
    columns = artifact.detail.get("columns", ())
    names = " ".join(map(str, columns)) if isinstance(columns, list | tuple) else ""
    title = str(artifact.detail.get("title", ""))
    values = (artifact.id, artifact.name, title, artifact.summary, names, source)
    connection.execute("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?)", values)
