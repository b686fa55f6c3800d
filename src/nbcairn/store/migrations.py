"""Numbered steps that bring a trail to the newest schema, each in one transaction."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from nbcairn.store.tables import SCHEMA_VERSION, TABLES

__all__ = ["migrate"]

migrations = Migrations("nbcairn")


@migrations()
def m001_first(db: Database) -> None:
    """Every table of version 1, their descriptions, and full-text search over artifacts."""
    for info in TABLES:
        for statement in info.create_sql().splitlines():
            db.execute(statement)
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5"
        "(artifact_id UNINDEXED, name, title, summary, columns, source, tokenize='unicode61')"
    )


def migrate(db: Database) -> None:
    """Apply what is pending and note the schema version where SQLite keeps such a number.

    Safe when several processes open a new trail at once: the write lock is taken first.
    """
    if not migrations.pending(db) and _version(db) == SCHEMA_VERSION:
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
        _describe(db)
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise


def _version(db: Database) -> int:
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])


def _describe(db: Database) -> None:
    for info in TABLES:
        rows = [(info.name, "", info.meaning), *((info.name, c.name, c.meaning) for c in info.columns)]
        db.conn.executemany("INSERT OR REPLACE INTO descriptions VALUES (?, ?, ?)", rows)
