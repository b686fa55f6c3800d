"""Whether a table that differs is the same for the code that looked it up: in the columns that it can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from nbcairn.lineage.columns import Columns, Tables, changes_an_index
from nbcairn.lineage.environment import Slot
from nbcairn.model import Layout, Read, Run
from nbcairn.store import Trail

__all__ = ["TablesOnRecord"]


class TablesOnRecord:
    """The tables of a trail as the cells of a document see them."""

    def __init__(self, trail: Trail, sources: Iterable[str]) -> None:
        self._trail = trail
        self._tables = Tables(sources)
        self._layouts: dict[str, Layout | None] = {}

    def read_by(self, source: str) -> Mapping[str, Columns]:
        """By name: the parts through which alone this source reaches what the name holds."""
        return self._tables.read_by(source)

    def among(self, source: str, get: Callable[[str], Slot]) -> bool:
        """True when this source sees columns of some table; ``get`` tells what a name would hold."""
        parts = self._tables.read_by(source)
        return bool(parts) and any(self.layout(get(name)) is not None for name in parts)

    def same(self, run: Run, read: Read, slot: Slot) -> bool:
        """True when what the run looked up, and did not change, is a table that equals the slot's in the columns it could see."""
        columns = self._tables.read_by(run.source).get(read.name)
        if columns is None or any(write.name == read.name for write in run.writes):
            return False
        return self._alike(columns, read, slot)

    def in_part(self, run: Run, read: Read) -> bool:
        """True when the run saw some attributes of what it looked up, which is no table, and nothing else of it."""
        columns = self._tables.read_by(run.source).get(read.name)
        changed = any(write.name == read.name for write in run.writes)
        in_part = columns is not None and (columns.in_part or _stopped_at(run, columns))
        return in_part and not changed and self.layout(Slot(read.fingerprint)) is None

    def unchanged(self, run: Run, remade: Mapping[str, Layout], get: Callable[[str], Slot]) -> bool:
        """True when the run changed none of these tables, and would change none of them as they are now."""
        return not any(write.name in remade for write in run.writes) and all(
            made == self.layout(get(name)) for name, made in remade.items()
        )

    def remade(self, run: Run, differing: Mapping[str, tuple[Read, Slot]]) -> dict[str, Layout]:
        """What tables would be after this run, by name, where all that differs are other columns than it sees of them.

        Only columns that it makes anew are otherwise then, and those as they were. Empty where anything else differs.
        """
        changed = self._tables.changed_by(run.source)
        found: dict[str, Layout] = {}
        for name, (read, slot) in differing.items():
            columns, now = changed.get(name), self.layout(slot)
            if columns is None or now is None or not self._alike(columns, read, slot):
                return {}
            written = next((write.fingerprint for write in run.writes if write.name == name), read.fingerprint)
            was, made = self.layout(Slot(read.fingerprint)), self.layout(Slot(written))
            if was is None or made is None or not _differ_in(columns.written, was, made):
                return {}
            new = {label: made.columns[label] for label in columns.written}
            found[name] = replace(now, columns={**now.columns, **new}, hidden=_all(now.hidden, made.hidden))
        return found

    def kept(self, source: str, name: str, slot: Slot) -> Layout | None:
        """What stays of a table when this source has run, whatever came of it: the columns that it does not look at.

        Nothing of a dict or a series: an item that comes into one makes it longer.
        """
        now = self.layout(slot)
        columns = self._tables.changed_by(source).get(name) if now is not None else None
        if columns is None or now is None or not now.columns or changes_an_index(source):
            return None
        gone = columns.items | columns.attributes | columns.written  # what is looked at may be changed in place
        left = {label: digest for label, digest in now.columns.items() if label not in gone}
        return replace(now, columns=left, hidden=_all(now.hidden, columns.written))

    def layout(self, slot: Slot) -> Layout | None:
        """The table that a slot holds, column by column, as far as it is known."""
        if slot.layout is not None or not slot.known or slot.fingerprint is None:
            return slot.layout
        digest = slot.fingerprint.digest
        if digest not in self._layouts:
            self._layouts[digest] = self._trail.layouts([digest]).get(digest)
        return self._layouts[digest]

    def _alike(self, columns: Columns, read: Read, slot: Slot) -> bool:
        was, now = self.layout(Slot(read.fingerprint)), self.layout(slot)
        return was is not None and now is not None and columns.alike(was, now)


def _stopped_at(run: Run, columns: Columns) -> bool:
    """True when all that the run saw was that there is no such attribute: it is looked up before it is called."""
    missing = run.error_type == "AttributeError" and run.error_message.rpartition(" has no attribute ")[2].strip("'")
    return (
        missing in columns.called and columns.attributes == {missing} and replace(columns, called=frozenset()).in_part
    )


def _differ_in(labels: frozenset[str], one: Layout, two: Layout) -> bool:
    """True when the second has these columns, and is otherwise as the first."""
    rest = ({label: digest for label, digest in table.columns.items() if label not in labels} for table in (one, two))
    return one.rows == two.rows and labels <= two.columns.keys() and next(rest) == next(rest)


def _all(one: Iterable[str], two: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*one, *two}))
