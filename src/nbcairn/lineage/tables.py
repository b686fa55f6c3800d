"""Whether a table that differs is the same for the code that looked it up: in the columns that it can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from nbcairn.lineage.columns import Columns, Tables
from nbcairn.lineage.environment import Slot
from nbcairn.model import Layout, Read, Run
from nbcairn.store import Trail

__all__ = ["TablesOnRecord"]


class TablesOnRecord:
    """The tables of a trail as the cells of a document see them."""

    def __init__(self, trail: Trail, sources: Iterable[str]) -> None:
        self._trail = trail
        self._sources = tuple(sources)
        self._layouts: dict[str, Layout | None] = {}
        self._read_by: dict[str, Mapping[str, Columns]] = {}

    @cached_property
    def _tables(self) -> Tables:
        return Tables(self._sources)

    def among(self, source: str, get: Callable[[str], Slot]) -> bool:
        """True when this source sees columns of some table; ``get`` tells what a name would hold."""
        return any(self._layout(get(name)) is not None for name in self._columns(source))

    def same(self, run: Run, read: Read, slot: Slot) -> bool:
        """True when what the run looked up, and did not change, is a table that equals the slot's in the columns it could see."""
        columns = self._columns(run.source).get(read.name)
        if columns is None or any(write.name == read.name for write in run.writes):
            return False
        was, now = self._layout(Slot(read.fingerprint)), self._layout(slot)
        return was is not None and now is not None and columns.alike(was, now)

    def _columns(self, source: str) -> Mapping[str, Columns]:
        if source not in self._read_by:
            self._read_by[source] = self._tables.read_by(source)
        return self._read_by[source]

    def _layout(self, slot: Slot) -> Layout | None:
        if not slot.known or slot.fingerprint is None:
            return None
        digest = slot.fingerprint.digest
        if digest not in self._layouts:
            self._layouts[digest] = self._trail.layouts([digest]).get(digest)
        return self._layouts[digest]
