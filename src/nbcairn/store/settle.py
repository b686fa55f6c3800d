"""Two tellings of one record: which one a trail keeps.

Records never change, so two that share an id and differ mean that somebody changed one. The longer telling stays; of equally
long ones the one that is last in the alphabet. The rule looks at content alone, so that trails may be taken in in any order;
and what was written without data or home folders never replaces the whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nbcairn.model import Artifact, Run
from nbcairn.store import rows
from nbcairn.store.insert import as_stored, insert_artifact, insert_enrichment, insert_rows, insert_run, source_id
from nbcairn.store.load import RunLoader

__all__ = ["settle_artifact", "settle_enrichment", "settle_rows", "settle_run"]

Row = tuple[Any, ...]


def settle_rows(connection: sqlite3.Connection, table: str, key: Sequence[str], some: Iterable[Row]) -> list[Row]:
    """Add rows to a table whose first columns are its key; gives those that took the place of another telling."""
    where = " AND ".join(f"{column} = ?" for column in key)
    replaced = []
    for row in some:
        known = connection.execute(f"SELECT * FROM {table} WHERE {where}", row[: len(key)]).fetchone()
        if known is not None and _telling(row) <= _telling(known):
            continue
        if known is not None:
            connection.execute(f"DELETE FROM {table} WHERE {where}", row[: len(key)])
            replaced.append(row)
        insert_rows(connection, table, [row])
    return replaced


def settle_run(connection: sqlite3.Connection, run: Run) -> bool:
    """Add a run with all its parts; True when it took the place of another telling."""
    known = _known_run(connection, run.id)
    if known is None:
        insert_run(connection, run)
    if known is None or _telling(_rows_of(run)) <= _telling(_rows_of(known)):
        return False
    for table in ("reads", "writes", "files", "displays", "traces", "outcomes"):
        connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run.id,))
    connection.execute("DELETE FROM runs WHERE id = ?", (run.id,))
    insert_run(connection, run)
    # What only the other telling had is gone, too.
    connection.execute(
        "DELETE FROM sources WHERE id = ? AND id NOT IN (SELECT source_id FROM runs)", (source_id(known.source),)
    )
    connection.execute("DELETE FROM shapes WHERE shape NOT IN (SELECT shape FROM traces)")
    for (artifact_id,) in connection.execute("SELECT id FROM artifacts WHERE run_id = ?", (run.id,)).fetchall():
        _index_again(connection, artifact_id)
    return True


def settle_artifact(connection: sqlite3.Connection, artifact: Artifact) -> None:
    """Add an artifact, and what it can be found by; its run is there already."""
    if connection.execute("SELECT 1 FROM artifacts WHERE id = ?", (artifact.id,)).fetchone() is None:
        run = _known_run(connection, artifact.run_id)
        insert_artifact(connection, artifact, run.source if run else "")
    elif settle_rows(connection, "artifacts", ["id"], [rows.artifact_row(artifact)]):
        _index_again(connection, artifact.id)


def settle_enrichment(connection: sqlite3.Connection, row: Row) -> None:
    """Add a row of ``enrichments``; what is told of another artifact than before can be found there only."""
    known = connection.execute("SELECT artifact_id FROM enrichments WHERE id = ?", (row[0],)).fetchone()
    if known is None:
        insert_enrichment(connection, row)
    elif settle_rows(connection, "enrichments", ["id"], [row]):
        for artifact_id in {known[0], row[1]}:
            _index_again(connection, artifact_id)


def _index_again(connection: sqlite3.Connection, artifact_id: str) -> None:
    """Make an artifact findable by what is told of it now: it and its enrichments are written anew."""
    artifact = connection.execute("SELECT * FROM artifacts WHERE id = ?", (artifact_id,)).fetchone()
    if artifact is None:
        return
    sql = "SELECT * FROM enrichments WHERE artifact_id = ? ORDER BY id"
    enrichments = connection.execute(sql, (artifact_id,)).fetchall()
    connection.execute("DELETE FROM search WHERE artifact_id = ?", (artifact_id,))
    connection.execute("DELETE FROM enrichments WHERE artifact_id = ?", (artifact_id,))
    connection.execute("DELETE FROM artifacts WHERE id = ?", (artifact_id,))
    settle_artifact(connection, rows.artifact_of(artifact, {}))
    for row in enrichments:
        insert_enrichment(connection, row)


def _known_run(connection: sqlite3.Connection, run_id: str) -> Run | None:
    loader = RunLoader(lambda sql, *values: connection.execute(sql, values).fetchall())
    return next(iter(loader.load([run_id])), None)


def _rows_of(run: Run) -> Row:
    parts: tuple[tuple[Callable[..., Row], Iterable[object]], ...] = (
        (rows.read_row, run.reads), (rows.write_row, run.writes), (rows.file_row, run.files), (rows.display_row, run.displays),
    )  # fmt: skip
    told = [row(run.id, position, part) for row, some in parts for position, part in enumerate(some)]
    return (rows.run_row(run, run.source), *told)


def _telling(row: Row) -> tuple[int, str]:
    text = json.dumps(_plain(row))
    return len(text), text


def _plain(value: Any) -> Any:
    """As SQLite gives it back: whole numbers are the same with a point, lone surrogates are escapes."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else as_stored(value)
