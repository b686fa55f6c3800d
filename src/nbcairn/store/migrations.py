"""Numbered steps that bring a trail to the newest schema.

The number of steps taken is kept where SQLite keeps such a number, in ``PRAGMA user_version``. (The migrations of
sqlite-utils would serve, but importing it imports pandas wherever that is installed: 0.4 s in every kernel.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from nbcairn.store.tables import SCHEMA_VERSION, TABLES

__all__ = ["MIGRATIONS", "migrate", "version_of"]


def _first(connection: sqlite3.Connection) -> None:
    """Every table of version 1, and full-text search over artifacts."""
    for info in TABLES:
        for statement in info.create_sql().splitlines():
            connection.execute(statement)
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5"
        "(artifact_id UNINDEXED, name, title, summary, columns, source, tokenize='unicode61')"
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first,)
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
        for step in MIGRATIONS[version_of(connection) :]:
            step(connection)
        _describe(connection)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _describe(connection: sqlite3.Connection) -> None:
    for info in TABLES:
        rows = [(info.name, "", info.meaning), *((info.name, c.name, c.meaning) for c in info.columns)]
        connection.executemany("INSERT OR REPLACE INTO descriptions VALUES (?, ?, ?)", rows)
