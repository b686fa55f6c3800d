"""What a kernel would hold at one point of Restart & Run All, as far as the trail can tell."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from nbcairn.lineage.aliases import Aliases
from nbcairn.lineage.dependence import FROZEN
from nbcairn.lineage.disk import Disk
from nbcairn.model import PRISTINE, Effect, Fingerprint, How, Layout, Write, file_of, is_ambient

__all__ = ["Cause", "Environment", "Slot"]


class Cause(StrEnum):
    """Why it is not known what a name would hold."""

    UPSTREAM = "upstream"
    RANDOM = "random"
    EFFECT = "effect"
    VARIES = "varies"
    OPAQUE = "opaque"


SOFT = frozenset({Cause.RANDOM, Cause.EFFECT, Cause.VARIES, Cause.OPAQUE})
"""Causes that no re-run mends: what rests on them is unknown, not stale."""


class Slot(NamedTuple):  # a check makes thousands of them, and a tuple is made in a third of the time
    """What a name would hold: a content, nothing (None), or something unknown for a cause.

    ``cell`` is the index of the cell that would make it, ``run_id`` the run that shows what it makes. ``layout`` is what is
    known of a table whose content is not known all in all: columns that are not in it may be there. ``perhaps`` where nothing
    tells whether the cell would make anything else than it did.
    """

    fingerprint: Fingerprint | None = None
    cell: int | None = None
    run_id: str | None = None
    cause: Cause | None = None
    effects: tuple[Effect, ...] = ()
    type_name: str = ""
    layout: Layout | None = None
    perhaps: bool = False

    @property
    def known(self) -> bool:
        """True when content, or absence, is known."""
        return self.cause is None

    def alike(self, other: Slot) -> bool:
        """True when both hold the same content, or what the same cell makes, whatever that is."""
        if self.cause is None and other.cause is None:
            return self.equals(other.fingerprint)
        unknown = self.cause is not None and other.cause is not None
        return unknown and self.cell is not None and self.cell == other.cell

    def equals(self, fingerprint: Fingerprint | None) -> bool:
        """True when the name would surely hold this content (None: nothing)."""
        own = self.fingerprint
        if self.cause is not None:
            return False
        if own is None or fingerprint is None:
            return own is fingerprint
        return own.same(fingerprint)


ABSENT = Slot()


class Environment:
    """Names and what they would hold, updated cell by cell.

    ``touched`` are those that changed since it was last emptied, with what they held before, where that is known.
    """

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._slots: dict[str, Slot] = {}
        self.star: Slot | None = None
        self.aliases = Aliases()
        self.touched: dict[str, Slot | None] = {}

    def get(self, name: str) -> Slot:
        """What a name would hold now."""
        found = self._slots.get(name)
        if found is not None:
            return found
        if not is_ambient(name):
            return self.star or ABSENT
        found = self._slots[name] = self._fresh(name)
        return found

    def contents(self, names: Iterable[str]) -> dict[str, Fingerprint | None] | None:
        """What each of these names would hold; None where that is not known of one of them."""
        found: dict[str, Fingerprint | None] = {}
        for name in names:
            slot = self.get(name)
            if slot.cause is not None:
                return None
            found[name] = slot.fingerprint
        return found

    def _fresh(self, name: str) -> Slot:
        path = file_of(name)
        if path is not None:
            return Slot(self.disk.file(path))
        if name.startswith("<module:"):
            return Slot(self.disk.module(name[len("<module:") : -1]))
        if name.startswith("<rng:"):
            return Slot(cause=Cause.RANDOM)
        return Slot(PRISTINE)

    def holds(self, name: str) -> bool:
        """True when some cell above defines, or may define, the name."""
        slot = self._slots.get(name)
        return slot is not None and (slot.fingerprint is not None or not slot.known)

    def lacks(self, name: str) -> bool:
        """True when surely nothing above defines the name."""
        slot = self._slots.get(name) or self.get(name)
        return slot.fingerprint is None and slot.cause is None

    def write(self, write: Write, cell: int, run_id: str) -> None:
        """A run's write, as it would happen again: what nothing defines cannot be changed in place."""
        if write.how is How.MUTATED and self.lacks(write.name):
            return
        self.touched.setdefault(write.name, self._slots.get(write.name))
        if write.fingerprint is not None and write.fingerprint.coverage == "opaque":
            self._slots[write.name] = Slot(write.fingerprint, cell, run_id, Cause.OPAQUE, type_name=write.type_name)
        else:
            self._slots[write.name] = Slot(write.fingerprint, cell, run_id, type_name=write.type_name)

    def spoil(
        self,
        name: str,
        cell: int,
        cause: Cause,
        effects: tuple[Effect, ...] = (),
        layout: Layout | None = None,
        *,
        perhaps: bool = False,
    ) -> None:
        """From here on it is not known what the name holds, because of this cell; of a table only what ``layout`` says."""
        before = self._slots.get(name)
        self.touched.setdefault(name, before)
        type_name = before.type_name if before else ""
        self._slots[name] = Slot(None, cell, None, cause, effects, type_name, layout, perhaps)

    def ran(self, source: str) -> None:
        """A cell has run, with its writes: note which names may share something from here on."""
        self.aliases.cell(source, lambda name: self.type_of(name) not in FROZEN)

    def sharing(self, name: str) -> list[str]:
        """Other names that may share something with this one, and hold something."""
        return sorted(other for other in self.aliases.of(name) if self.holds(other))

    def of_type(self, type_name: str) -> list[str]:
        """Names that hold an object of a type with this name."""
        return sorted(name for name, slot in self._slots.items() if slot.type_name == type_name and self.holds(name))

    def type_of(self, name: str) -> str:
        """The type that the name's last known value had; empty when never seen."""
        slot = self._slots.get(name)
        return slot.type_name if slot else ""
