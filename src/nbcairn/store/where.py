"""WHERE clauses built from what is asked, every value bound, none pasted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, TypedDict

from nbcairn.model import ArtifactKind

__all__ = ["Asked", "Where", "of_artifacts", "page_of_artifacts"]


class Where:
    """Tests that all must hold; a test whose value is None is not asked."""

    def __init__(self, **tests: object) -> None:
        self._tests: list[str] = []
        self.values: list[Any] = []
        for column, value in tests.items():
            self.test(f"{column.replace('__', '.')} = ?", None if value is None else str(value))

    def test(self, sql: str, value: object) -> Where:
        """Add a test with one mark for its value."""
        if value is not None:
            self._tests.append(sql)
            self.values.append(value)
        return self

    def within(self, column: str, ids: Sequence[str] | None) -> Where:
        """Add "column is one of these", in one value whatever their number."""
        known = None if ids is None else json.dumps(list(ids))
        return self.test(f"{column} IN (SELECT value FROM json_each(?))", known)

    def of(self, column: str, query: str, values: Sequence[object]) -> Where:
        """Add "column is one of what this query gives"."""
        self._tests.append(f"{column} IN ({query})")
        self.values.extend(values)
        return self

    def found_by(self, artifact: str, run: str, query: str | None) -> Where:
        """Add "each of these words is in the full-text index, or in a note on the artifact or on its run"."""
        for word in _words(query or ""):
            noted = "IN (SELECT subject FROM notes WHERE text LIKE ? ESCAPE '\\')"
            indexed = f"{artifact} IN (SELECT artifact_id FROM search WHERE search MATCH ?)"
            self._tests.append(f"({indexed} OR {artifact} {noted} OR {run} {noted})")
            like = f"%{_LIKE.sub(_escaped, word)}%"
            self.values.extend(['"' + word.replace('"', '""') + '"*', like, like])
        return self

    @property
    def sql(self) -> str:
        """The clause, empty when nothing is asked."""
        return f"WHERE {' AND '.join(self._tests)}" if self._tests else ""


class Asked(TypedDict, total=False):
    """Which artifacts are asked for; what is left out or None asks for all."""

    notebook: str | None
    kind: ArtifactKind | str | None
    name: str | None
    query: str | None
    """A person's words, looked for in names, titles, summaries, columns, source and notes."""
    run_id: str | None
    digest: str | None
    session_id: str | None
    user: str | None
    tag: str | None
    made_from: str | None
    """Made at or after this moment, in the trail's notation of time."""
    made_to: str | None
    """Made before this moment."""
    stacked: bool
    """Each name and kind once, as its newest."""


def of_artifacts(sessions: Sequence[str] | None, asked: Asked) -> Where:
    """Which artifacts ``a`` of runs ``r`` are asked for, among those of these sessions."""
    where = _versions(sessions, asked)
    if not asked.get("stacked"):
        return where
    newest = f"SELECT max(a.id) FROM artifacts a JOIN runs r ON r.id = a.run_id {where.sql} GROUP BY a.kind, a.name"
    return Where().of("a.id", newest, where.values)


def page_of_artifacts(sessions: Sequence[str] | None, asked: Asked, offset: int, limit: int) -> tuple[str, list[Any]]:
    """The query for how many artifacts are asked for and, as a JSON array, the ids of one page, newest first.

    One row whatever is found: a row that comes out of SQLite takes the lock that all threads of Python share.
    """
    where = _versions(sessions, asked)
    id_, group = ("max(a.id)", "GROUP BY a.kind, a.name") if asked.get("stacked") else ("a.id", "")
    found = f"SELECT {id_} AS id, a.run_id FROM artifacts a JOIN runs r ON r.id = a.run_id {where.sql} {group}"
    page = f"SELECT id FROM found ORDER BY run_id DESC, id DESC LIMIT {int(limit)} OFFSET {int(offset)}"
    sql = f"SELECT (SELECT count(*) FROM found), (SELECT json_group_array(id) FROM ({page}))"
    return f"WITH found AS MATERIALIZED ({found}) {sql}", where.values


def _versions(sessions: Sequence[str] | None, asked: Asked) -> Where:
    """What is asked of each version alone."""
    where = Where(
        a__kind=asked.get("kind") or None,
        a__name=asked.get("name"),
        a__run_id=asked.get("run_id"),
        a__digest=asked.get("digest"),
        r__session_id=asked.get("session_id"),
    )
    where.found_by("a.id", "a.run_id", asked.get("query")).within("r.session_id", sessions)
    where.test("r.session_id IN (SELECT id FROM sessions WHERE user = ?)", asked.get("user"))
    where.test("EXISTS (SELECT 1 FROM json_each(r.tags) WHERE value = ?)", asked.get("tag"))
    return where.test("r.ended >= ?", asked.get("made_from")).test("r.ended < ?", asked.get("made_to"))


_LIKE = re.compile(r"[%_\\]")


def _escaped(sign: re.Match[str]) -> str:
    return "\\" + sign[0]


def _words(query: str) -> list[str]:
    """A person's words, nothing in them interpreted, mere punctuation left out."""
    words = (word.replace("\0", "") for word in query.split())
    return [word for word in words if any(map(str.isalnum, word))]
