"""Every table and column of the trail, with its meaning: the source of the schema and of its documentation.

People query these tables with sqlite-utils or Datasette, so a change here is a change of contract: it
needs a migration and a line in the changelog.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SCHEMA_VERSION", "TABLES", "Column", "TableInfo", "table"]

SCHEMA_VERSION = 4
"""Grows with every migration; a trail with a higher number was written by a later nbcairn."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQLite type and what it means."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table: what one row stands for, its columns, primary key and indexes; ``since`` is the schema that brought it."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    since: int = 1

    def create_sql(self) -> str:
        """The statements that make the table and its indexes."""
        columns = ", ".join(f'"{c.name}" {c.type}' for c in self.columns)
        key = ", ".join(f'"{name}"' for name in self.key)
        rows = f'CREATE TABLE "{self.name}" ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID;'
        return "\n".join([rows, *(self._index_sql(index) for index in self.indexes)])

    def _index_sql(self, columns: tuple[str, ...]) -> str:
        name = f"idx_{self.name}_{'_'.join(columns)}"
        return f'CREATE INDEX "{name}" ON "{self.name}" ({", ".join(columns)});'


def table(name: str, meaning: str, columns: str, key: str, *indexes: str, since: int = 1) -> TableInfo:
    """Read a table from lines of ``name TYPE meaning``."""
    parts = (line.split(None, 2) for line in columns.strip().splitlines())
    return TableInfo(
        name,
        meaning,
        tuple(Column(name, type_, meaning) for name, type_, meaning in parts),
        tuple(key.split()),
        tuple(tuple(index.split()) for index in indexes),
        since,
    )


FINGERPRINT = """
digest TEXT 128-bit content hash in hex; null when the name held nothing
coverage TEXT full, sampled or opaque
method TEXT hash and its version; digests of different methods are never compared
note TEXT the bound of a sample, or the reason of an opacity"""

TABLES: tuple[TableInfo, ...] = (
    table(
        "sessions",
        "One kernel life.",
        """
        id TEXT unique across machines, sorts by time
        kernel_id TEXT the kernel's id as Jupyter Server knows it
        notebook TEXT path of the notebook when the kernel started, relative to the project
        user TEXT login name
        host TEXT machine name
        started TEXT ISO 8601, UTC
        python TEXT version of Python
        platform TEXT operating system and processor
        nbcairn TEXT version of nbcairn
        packages TEXT JSON object: distribution name to version
        git_commit TEXT commit of the project, if it is a git checkout
        git_dirty INTEGER 1 when tracked files had changes
        cwd TEXT working folder, relative to the project where it can be
        """,
        "id",
        "kernel_id",
    ),
    table(
        "session_ends",
        "When a session ended; no row while it lives or when its kernel was killed.",
        """
        session_id TEXT the session
        ended TEXT ISO 8601, UTC
        """,
        "session_id",
    ),
    table(
        "session_paths",
        "Under which path a kernel's notebook was seen, so that a renamed notebook keeps its runs.",
        """
        kernel_id TEXT the kernel
        seen TEXT when, ISO 8601, UTC
        notebook TEXT path relative to the project
        """,
        "kernel_id seen",
        "notebook",
    ),
    table(
        "sources",
        "Source code of cells, stored once.",
        """
        id TEXT hash of the text
        text TEXT the source exactly as executed
        """,
        "id",
    ),
    table(
        "runs",
        "One execution of one cell. Never changed: a re-run is another row.",
        """
        id TEXT unique across machines, sorts by time
        session_id TEXT the kernel life it happened in
        seq INTEGER position in the session, from 1
        notebook TEXT path of the notebook, relative to the project
        cell_id TEXT id of the cell in the notebook
        source_id TEXT the source as executed: sources.id
        source_key TEXT equal for sources that differ only in comments and whitespace
        started TEXT ISO 8601, UTC
        ended TEXT ISO 8601, UTC
        seconds REAL how long the cell's code took
        status TEXT ok, error or interrupted
        execution_count INTEGER the number in brackets beside the cell
        error_type TEXT class of the exception
        error_message TEXT its message
        effects TEXT JSON array of clock, network, subprocess, input, entropy, thread
        tags TEXT JSON array of the cell's tags
        notes TEXT JSON array of remarks of the recorder
        """,
        "id",
        "notebook cell_id id",
        "cell_id id",
        "session_id seq",
        "source_key id",
    ),
    table(
        "reads",
        "A name that a run looked up, and what it held before the run.",
        f"""
        run_id TEXT the run that looked it up
        name TEXT variable, or ambient name in angle brackets
        {FINGERPRINT.strip()}
        made_by TEXT the run that made the value; null when it was there before tracking
        position INTEGER order within the run
        """,
        "run_id name",
        "made_by",
    ),
    table(
        "writes",
        "A version: what a name held after a run that changed it.",
        f"""
        run_id TEXT the run that changed it
        name TEXT variable, or ambient name in angle brackets
        {FINGERPRINT.strip()}
        how TEXT bound, mutated or deleted
        type_name TEXT type of the value
        summary TEXT the value in a few words
        position INTEGER order within the run
        """,
        "run_id name",
        "name run_id",
        "digest",
    ),
    table(
        "files",
        "A file that a run read or wrote.",
        """
        run_id TEXT the run
        position INTEGER order within the run
        path TEXT relative to the project where it lies inside
        mode TEXT read or write
        md5 TEXT of the content, as DVC computes it; null when it could not be read
        size INTEGER number of bytes
        mtime_ns INTEGER time of last change, nanoseconds
        note TEXT what is special about it
        """,
        "run_id position",
        "path",
    ),
    table(
        "displays",
        "One thing that a run showed, in order.",
        """
        run_id TEXT the run
        position INTEGER order within the run
        kind TEXT stdout, stderr, display, result, update (of a display under another cell) or error
        digest TEXT hash of the content after addresses and durations are normalised
        media_types TEXT JSON array
        blob TEXT md5 of the kept content
        text TEXT beginning of the plain text
        """,
        "run_id position",
    ),
    table(
        "artifacts",
        "A version worth looking at: data, figure, model, metric or file.",
        f"""
        id TEXT unique across machines
        run_id TEXT the run that made it
        kind TEXT data, figure, model, metric or file
        name TEXT variable, title of the figure, or path
        {FINGERPRINT.strip()}
        type_name TEXT type of the value
        summary TEXT the value in a few words
        media_type TEXT type of the blob
        blob TEXT md5 of an image or preview
        detail TEXT JSON object: what its kind adds
        """,
        "id",
        "run_id",
        "name kind",
        "digest",
    ),
    table(
        "enrichments",
        "What was found out about an artifact after its run: statistics, previews.",
        """
        id TEXT unique across machines
        artifact_id TEXT the artifact
        made TEXT when, ISO 8601, UTC
        detail TEXT JSON object, merged over the artifact's detail
        """,
        "id",
        "artifact_id made",
    ),
    table(
        "notes",
        "What people wrote about runs and artifacts.",
        """
        id TEXT unique across machines
        subject TEXT id of a run, artifact or session
        author TEXT who wrote it
        made TEXT when, ISO 8601, UTC
        text TEXT the note
        """,
        "id",
        "subject",
    ),
    table(
        "verifications",
        "What came of running a notebook for real in a clean kernel (`nbcairn verify`); its runs are not kept.",
        """
        id TEXT unique across machines, sorts by time
        notebook TEXT path of the notebook, relative to the project
        made TEXT when, ISO 8601, UTC
        document_key TEXT hash of its code cells, in order: another one means that it was edited since
        detail TEXT JSON object: what `nbcairn verify --json` printed
        """,
        "id",
        "notebook id",
        since=2,
    ),
    table(
        "shapes",
        "Which names a run looked up, as a set: runs of one source have few different ones.",
        """
        shape TEXT hash of the set
        names TEXT JSON array, sorted
        """,
        "shape",
    ),
    table(
        "traces",
        "The index replay stands on: successful runs by source, shape and inputs.",
        """
        source_key TEXT the source, as runs.source_key
        shape TEXT the set of names, as shapes.shape
        inputs TEXT hash of the names in the shape with the fingerprints they held
        run_id TEXT the run
        """,
        "source_key shape inputs run_id",
    ),
    table(
        "layouts",
        "A table of data column by column, so that a change of one column does not count for code that reads others; or a dict.",
        """
        digest TEXT the fingerprint of the whole table, as writes.digest
        rows TEXT hash of its type, index and what it carries along; of a dict keys: and the hash of its keys
        columns TEXT JSON object: label of a column to the hash of its content
        hidden TEXT JSON array: labels that are attributes of the table's type, too
        """,
        "digest",
        since=3,
    ),
    table(
        "outcomes",
        "What came of each successful run, in one hash: replay compares runs of equal inputs by it.",
        """
        run_id TEXT the run
        session_id TEXT its session
        outcome TEXT hash of what it showed and wrote; of values that cannot be compared only that they are such
        """,
        "run_id",
        since=4,
    ),
    table(
        "descriptions",
        "This documentation, for people who open the database with another tool.",
        """
        table_name TEXT the table
        column_name TEXT the column; empty for the table itself
        meaning TEXT what it means
        """,
        "table_name column_name",
    ),
)
