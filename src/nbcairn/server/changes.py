"""Which rows of a table changed between two versions: matched by a key, as far as the trail holds the rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nbcairn.server.tables import Row, Table

__all__ = ["Change", "Changes", "compare_rows"]

MOST_ROWS = 50_000
MOST_CELLS = 1_000_000
MOST_SHOWN = 200
PAIRED_COLUMNS = 8
"""Columns among which pairs are tried where no single column is a key."""

_NAMED = re.compile(r"(^|_|\b)(id|key|code|uuid|nr|no|number|name)$", re.I)

_NOTHING = frozenset({"nan", "None", "NaT", "<NA>"})
"""How previews write what is missing."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: ``cells`` holds column, before and after, where it is in both."""

    kind: str
    key: Key
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between the rows of two tables.

    ``matched`` says how rows were matched: ``column`` (by ``key``), ``index``, or ``nothing`` where there is no key.
    ``added`` and ``removed`` are None where not all rows of the other side are known. ``keys`` are those one could choose.
    """

    matched: str
    key: Key
    keys: tuple[Key, ...]
    compared: tuple[int, int]
    same: int
    changed: int
    added: int | None
    removed: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """The compared rows of one table; ``whole`` when there are no others."""

    columns: tuple[str, ...]
    dtypes: tuple[str, ...]
    labels: tuple[str, ...]
    labelled: bool
    rows: tuple[Row, ...]
    whole: bool

    def place(self, name: str) -> int:
        return self.columns.index(name)

    def keyed(self, key: Key) -> dict[Key, Row] | None:
        """Rows by key, or None where it names one twice; an empty key means the index."""
        if key:
            places = [self.place(name) for name in key]
            keys: Sequence[Key] = [tuple(row[place] for place in places) for row in self.rows]
        else:
            keys = [(label,) for label in self.labels]
        found = dict(zip(keys, self.rows, strict=False))
        return found if len(found) == len(self.rows) else None


def compare_rows(before: Table, after: Table, wanted: Key | None = None) -> Changes:
    """Compare two tables row by row; ``wanted`` is the key to match by, if it is one."""
    exact = before.exact and after.exact
    old, new = _side(before, exact), _side(after, exact)
    keys = tuple(_keys(old, new))
    key = wanted if wanted is not None and wanted in keys else next(iter(keys), None)
    if key is None:
        return Changes("nothing", (), (), (len(old.rows), len(new.rows)), 0, 0, None, None, ())
    return _compared(old, new, key, keys)


def _side(table: Table, exact: bool) -> _Side:
    most = min(MOST_ROWS, max(1, MOST_CELLS // max(1, len(table.columns))))
    labels, rows = table.read(0, most, exact)
    if not exact:
        rows = tuple(tuple("" if cell in _NOTHING else cell for cell in row) for row in rows)
    whole = table.whole and (table.total is None or table.total <= len(rows))
    return _Side(table.columns, table.dtypes, labels, table.labelled, rows, whole)


# --------------------------------------------------------------------------- keys


def _keys(old: _Side, new: _Side) -> Iterator[Key]:
    """Keys that name every row of both sides once and have values in common, the likeliest first."""
    shared = [name for name in new.columns if name and _once(name, old) and _once(name, new)]
    shared = [name for name in shared if not new.dtypes[new.place(name)].startswith(("float", "double", "Float"))]
    index = [()] if len(old.labels) == len(old.rows) and len(new.labels) == len(new.rows) else []
    single: list[Key] = [(name,) for name in sorted(shared, key=lambda name: not _NAMED.search(name))]
    telling = old.labelled or new.labelled
    found = [*(index if telling else []), *single]
    kept = [key for key in found if _fits(key, old, new)]
    if not kept:
        pairs: Iterator[Key] = combinations(shared[:PAIRED_COLUMNS], 2)
        kept = [pair for pair in pairs if _fits(pair, old, new)][:3]
    yield from kept
    if not telling and index and _fits((), old, new):
        yield ()


def _once(name: str, side: _Side) -> bool:
    return side.columns.count(name) == 1


def _fits(key: Key, old: _Side, new: _Side) -> bool:
    before, after = old.keyed(key), new.keyed(key)
    return before is not None and after is not None and not before.keys().isdisjoint(after.keys())


# --------------------------------------------------------------------------- rows


def _compared(old: _Side, new: _Side, key: Key, keys: tuple[Key, ...]) -> Changes:
    before, after = old.keyed(key) or {}, new.keyed(key) or {}
    shared = [name for name in new.columns if name not in key and _once(name, old) and _once(name, new)]
    places = [(name, old.place(name), new.place(name)) for name in shared]
    changes: list[Change] = []
    changed = same = 0
    for label, row in after.items():
        if label not in before:
            continue
        cells = tuple((name, before[label][a], row[b]) for name, a, b in places if before[label][a] != row[b])
        same += not cells
        changed += bool(cells)
        if cells and len(changes) < MOST_SHOWN:
            changes.append(Change("changed", label, cells))
    added = _alone(after, before) if old.whole else None
    removed = _alone(before, after) if new.whole else None
    changes += [Change("added", label) for label in (added or ())[: MOST_SHOWN - len(changes)]]
    changes += [Change("removed", label) for label in (removed or ())[: MOST_SHOWN - len(changes)]]
    return Changes(
        "column" if key else "index",
        key,
        keys,
        (len(old.rows), len(new.rows)),
        same,
        changed,
        None if added is None else len(added),
        None if removed is None else len(removed),
        tuple(changes),
    )


def _alone(rows: Mapping[Key, Row], others: Mapping[Key, Row]) -> list[Key]:
    return [label for label in rows if label not in others]
