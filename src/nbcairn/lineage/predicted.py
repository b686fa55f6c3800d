"""What a replay found: for the document, for each cell of it, and for each name that would hold something else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nbcairn.lineage.environment import SOFT, Cause, Slot
from nbcairn.model import Cell, Coverage, Document, Read, Run, Verdict

__all__ = ["HISTORY", "CellReplay", "Difference", "Replay"]

HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|In|Out|_ih|_oh|_dh")
"""Names of what earlier cells showed and of their code."""


class Difference(NamedTuple):
    """A name that a cell's last run looked up, and that would hold something else now.

    ``deferred`` where only bodies of decorated functions mention it: nothing tells whether the decorator called them.
    ``in_part`` where it is not known what it would hold, and the cell saw only some attributes of it.
    """

    read: Read
    slot: Slot
    deferred: bool = False
    in_part: bool = False

    @property
    def name(self) -> str:
        """The name that was looked up."""
        return self.read.name

    @property
    def doubt(self) -> bool:
        """True where nothing tells whether what the cell saw of it differs."""
        return self.deferred or self.in_part

    @property
    def soft(self) -> bool:
        """True when no re-run can settle it, or nothing tells whether it counts."""
        slot, print_ = self.slot, self.read.fingerprint
        return (
            self.deferred
            or self.in_part
            or slot.perhaps
            or (slot.cause is not Cause.UPSTREAM and slot.cause in SOFT)
            or (slot.fingerprint is not None and print_ is not None and print_.coverage is Coverage.OPAQUE)
            or self.is_history
        )

    @property
    def opaque(self) -> bool:
        """True when what was looked up cannot be compared with anything."""
        print_ = self.read.fingerprint
        return print_ is not None and print_.coverage is Coverage.OPAQUE

    @property
    def is_gone(self) -> bool:
        """True when there was something, and surely nothing would be there: what is made of it is not made, or otherwise."""
        return self.read.fingerprint is not None and self.slot.cause is None and self.slot.fingerprint is None

    @property
    def is_history(self) -> bool:
        """True for ``_``, ``Out[3]`` and their like, which depend on the order of execution."""
        return self.read.name[:1] in "_IO" and HISTORY.fullmatch(self.read.name) is not None


@dataclass(frozen=True, slots=True)
class CellReplay:
    """What the replay found for one cell.

    ``last`` is the cell's last run, ``match`` the run that shows what it would do. ``undefined`` are names that nothing
    would define. ``varies`` are names (and ``"output"``) that differed among runs with equal inputs.
    """

    cell: Cell
    verdict: Verdict
    last: Run | None = None
    match: Run | None = None
    differences: tuple[Difference, ...] = ()
    undefined: tuple[str, ...] = ()
    varies: tuple[str, ...] = ()
    upstream: tuple[tuple[str, Slot], ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """The replay of a whole document.

    By cell index: ``needs`` is what each name that the cell may look up would hold before it, ``makes`` what each name that it
    may change would hold after it.
    """

    document: Document
    cells: tuple[CellReplay, ...]
    last: Mapping[str, Run]
    needs: Mapping[int, Mapping[str, Slot]] = field(default_factory=dict)
    makes: Mapping[int, Mapping[str, Slot]] = field(default_factory=dict)
    at: Mapping[int, Cell] = field(init=False)
    found: Mapping[int, CellReplay] = field(init=False)
    by_id: Mapping[str, Cell] = field(init=False)
    writers: Mapping[str, Sequence[int]] = field(init=False)
    """Cells, and what was found for them, by index; cells by id; by name, the indexes of the cells whose last run wrote it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", {cell.index: cell for cell in self.document.cells})
        object.__setattr__(self, "found", {this.cell.index: this for this in self.cells})
        object.__setattr__(self, "by_id", {cell.id: cell for cell in self.document.cells})
        writers: dict[str, list[int]] = {}
        for this in self.cells:
            for write in this.last.writes if this.last else ():
                writers.setdefault(write.name, []).append(this.cell.index)
        object.__setattr__(self, "writers", writers)
