"""Records into tables: what one transaction writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from blake3 import blake3

from nbcairn.model import Artifact, Run, RunStatus
from nbcairn.store import rows
from nbcairn.store.traces import inputs_key, outcome_key, outcome_text, shape_key, shape_names

__all__ = ["as_stored", "insert_artifact", "insert_enrichment", "insert_rows", "insert_run", "source_id"]

Part = TypeVar("Part")


def insert_rows(connection: sqlite3.Connection, table: str, some: Iterable[tuple[Any, ...]]) -> None:
    """Add rows to a table; those whose key is there already are left as they are."""
    some = list(some)
    if not some:
        return
    sql = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(some[0]))})"
    try:
        connection.executemany(sql, some)
    except UnicodeEncodeError:
        connection.executemany(sql, [tuple(map(as_stored, row)) for row in some])


def as_stored(value: Any) -> Any:
    """SQLite takes no lone surrogates, but a user's text may hold them: they are written as escapes."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def source_id(source: str) -> str:
    """The key of a text in ``sources``."""
    return blake3(source.encode("utf-8", "surrogatepass")).hexdigest(length=16)


def insert_run(connection: sqlite3.Connection, run: Run) -> None:
    """Add a run with its source, reads, writes, files and displays; a successful one as a trace, too."""
    source = source_id(run.source)
    insert_rows(connection, "sources", [(source, run.source)])
    insert_rows(connection, "runs", [rows.run_row(run, source)])
    _insert_parts(connection, run.id, "reads", rows.read_row, run.reads)
    _insert_parts(connection, run.id, "writes", rows.write_row, run.writes)
    _insert_parts(connection, run.id, "files", rows.file_row, run.files)
    _insert_parts(connection, run.id, "displays", rows.display_row, run.displays)
    if run.status is RunStatus.OK:
        _insert_trace(connection, run)


def _insert_parts(
    connection: sqlite3.Connection,
    run_id: str,
    table: str,
    row: Callable[[str, int, Part], tuple[Any, ...]],
    parts: Iterable[Part],
) -> None:
    insert_rows(connection, table, (row(run_id, position, part) for position, part in enumerate(parts)))


def _insert_trace(connection: sqlite3.Connection, run: Run) -> None:
    """Make a successful run findable by its inputs. Opaque inputs never match, yet their shape is kept."""
    inputs = {read.name: read.fingerprint for read in run.reads}
    shape = shape_key(inputs)
    insert_rows(connection, "shapes", [(shape, shape_names(inputs))])
    key = inputs_key(inputs) or f"opaque:{run.id}"
    insert_rows(connection, "traces", [(run.source_key, shape, key, run.id)])
    insert_rows(connection, "outcomes", [(run.id, run.session_id, outcome_key(outcome_text(run)))])


def insert_artifact(connection: sqlite3.Connection, artifact: Artifact, source: str) -> None:
    """Add an artifact and what it can be found by, if it is not there already."""
    if connection.execute("SELECT 1 FROM artifacts WHERE id = ?", (artifact.id,)).fetchone():
        return
    insert_rows(connection, "artifacts", [rows.artifact_row(artifact)])
    title = str(artifact.detail.get("title", ""))
    found_by = (artifact.name, title, artifact.summary, _columns(artifact.detail), source)
    insert_rows(connection, "search", [(artifact.id, *found_by)])


def insert_enrichment(connection: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Add a row of ``enrichments`` if it is new; its columns and title can be searched for."""
    identity, artifact_id, _, text = row
    detail = json.loads(text)
    known = connection.execute("SELECT name, summary FROM artifacts WHERE id = ?", (artifact_id,)).fetchone()
    if connection.execute("SELECT 1 FROM enrichments WHERE id = ?", (identity,)).fetchone():
        return
    insert_rows(connection, "enrichments", [row])
    columns, title = _columns(detail), str(detail.get("title", ""))
    if known and (columns or title):
        insert_rows(connection, "search", [(artifact_id, known[0], title, known[1], columns, "")])


def _columns(detail: Mapping[str, object]) -> str:
    columns = detail.get("columns", ())
    if not isinstance(columns, list | tuple):
        return ""
    return " ".join(str(column.get("name", "")) if isinstance(column, dict) else str(column) for column in columns)
