"""WHERE clauses built from what is asked, every value bound, none pasted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

__all__ = ["Where"]


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

    def found_by(self, column: str, query: str | None) -> Where:
        """Add "the full-text index has all these words" for a person's words."""
        match = _match(query or "")
        return self.test(f"{column} IN (SELECT artifact_id FROM search WHERE search MATCH ?)", match or None)

    @property
    def sql(self) -> str:
        """The clause, empty when nothing is asked."""
        return f"WHERE {' AND '.join(self._tests)}" if self._tests else ""


def _match(query: str) -> str:
    """Words as an FTS5 expression: each a prefix, nothing interpreted, mere punctuation left out."""
    words = (word.replace("\0", "") for word in query.split())
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words if any(map(str.isalnum, word)))
