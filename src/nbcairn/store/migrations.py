"""Numbered steps that bring a trail to the newest schema, as migrations of sqlite-utils.

The number of steps taken is also kept where SQLite keeps such a number, in ``PRAGMA user_version``, so that a trail that is
up to date is told without sqlite-utils. That library imports pandas and numpy wherever they are installed, which would cost
every kernel half a second; it works without, so it is imported when a step is due, and without them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

from nbcairn.lean import without
from nbcairn.store.tables import SCHEMA_VERSION, TABLES
from nbcairn.store.traces import outcome_key

__all__ = ["MIGRATIONS", "migrate", "version_of"]


def _first(connection: sqlite3.Connection) -> None:
    """Every table of version 1, and full-text search over artifacts."""
    _make_tables(connection, 1)
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5"
        "(artifact_id UNINDEXED, name, title, summary, columns, source, tokenize='unicode61')"
    )


def _verifications(connection: sqlite3.Connection) -> None:
    """The table of what came of real runs."""
    _make_tables(connection, 2)


def _layouts(connection: sqlite3.Connection) -> None:
    """The table of tables of data, column by column."""
    _make_tables(connection, 3)


def _outcomes(connection: sqlite3.Connection) -> None:
    """The table of what came of runs, filled from those on record."""
    _make_tables(connection, 4)
    for run_id, session_id, text in connection.execute(_OUTCOMES).fetchall():
        connection.execute("INSERT INTO outcomes VALUES (?, ?, ?)", (run_id, session_id, outcome_key(text)))


_OUTCOMES = """
SELECT r.id, r.session_id,
  coalesce((SELECT group_concat(kind || char(31) || digest, char(30)) FROM
    (SELECT kind, digest FROM displays WHERE run_id = r.id ORDER BY position)), '') || char(29) ||
  coalesce((SELECT group_concat(
    name || char(31) || CASE coverage WHEN 'opaque' THEN coverage ELSE coalesce(digest, '') END, char(30))
    FROM (SELECT name, coverage, digest FROM writes WHERE run_id = r.id ORDER BY name)), '')
FROM runs r WHERE r.status = 'ok'
"""
"""As ``outcome_text`` puts it, out of the tables."""


def _make_tables(connection: sqlite3.Connection, version: int) -> None:
    for info in TABLES:
        if info.since == version:
            for statement in info.create_sql().splitlines():
                connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _verifications, _layouts, _outcomes)
"""Step n brings a trail from version n to version n + 1. A step that was published is never changed."""


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a trail; 0 when it is new."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing, all in one transaction.

    Safe when several processes open a new trail at once: the write lock is taken first, then it is looked what
    is left to do.
    """
    if version_of(connection) == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _apply(connection)
        _describe(connection)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _apply(connection: sqlite3.Connection) -> None:
    """Take the steps that sqlite-utils has not noted as taken."""
    with without("pandas", "numpy"):
        from sqlite_utils import Database, Migrations
    migrations = Migrations("nbcairn")
    for step in MIGRATIONS:
        migrations(name=step.__name__.strip("_"))(_step_of(step))
    migrations.apply(Database(connection))


def _step_of(step: Callable[[sqlite3.Connection], None]) -> Callable[[Database], None]:
    return lambda database: step(database.conn)


def _describe(connection: sqlite3.Connection) -> None:
    for info in TABLES:
        rows = [(info.name, "", info.meaning), *((info.name, c.name, c.meaning) for c in info.columns)]
        connection.executemany("INSERT OR REPLACE INTO descriptions VALUES (?, ?, ?)", rows)
