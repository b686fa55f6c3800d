"""Who holds a content: the first run of each session that had a value, figure or file with one of these hashes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbcairn.store.where import Where

if TYPE_CHECKING:
    from nbcairn.store.trail import Trail

__all__ = ["Holder", "holders"]


@dataclass(frozen=True, slots=True)
class Holder:
    """A run that had a content, and under which name or path; ``reading`` when it only read it."""

    content: str
    name: str
    reading: bool
    artifact_id: str | None
    run_id: str
    session_id: str
    notebook: str | None
    cell_id: str
    started: str


_ARTIFACTS = "SELECT digest AS content, name, 0 AS reading, id, run_id FROM artifacts"
_VERSIONS = "SELECT digest AS content, name, 0 AS reading, NULL AS id, run_id FROM writes"
_FILES = "SELECT md5 AS content, path AS name, mode = 'read' AS reading, NULL AS id, run_id FROM files"


def holders(trail: Trail, digests: Collection[str], md5s: Collection[str]) -> list[Holder]:
    """Holders of values and figures (by digest) and of files (by md5): those that made it first, each oldest first.

    Raises a TrailError when the trail cannot be read.
    """
    found: dict[tuple[str, str], Holder] = {}
    for table, column, hashes in (
        (_ARTIFACTS, "digest", digests),
        (_VERSIONS, "digest", digests),
        (_FILES, "md5", md5s),
    ):
        for holder in _first_of_sessions(trail, table, column, hashes):
            found.setdefault((holder.content, holder.session_id), holder)
    return sorted(found.values(), key=lambda holder: (holder.reading, holder.run_id))


def _first_of_sessions(trail: Trail, table: str, column: str, hashes: Collection[str]) -> list[Holder]:
    """One row for each content and session: SQLite takes the other columns from the row of the least run id."""
    where = Where().within(column, sorted(hashes))
    sql = (
        "SELECT t.content, t.name, t.reading, t.id, min(r.id), r.session_id, r.notebook, r.cell_id, r.started "
        f"FROM ({table} {where.sql}) t JOIN runs r ON r.id = t.run_id "
        "GROUP BY t.content, t.reading, r.session_id ORDER BY t.reading"
    )
    return [Holder(row[0], row[1], bool(row[2]), *row[3:]) for row in trail.query(sql, *where.values)]
