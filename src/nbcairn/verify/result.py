"""What a verification finds: one result a cell, each difference with its causes, and where the prediction was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nbcairn.model import Verdict

__all__ = [
    "Baseline",
    "Cause",
    "CauseKind",
    "Difference",
    "Outcome",
    "Root",
    "Stop",
    "StopReason",
    "Verification",
    "VerifiedCell",
    "What",
]


class Outcome(StrEnum):
    """How a cell came out of the verification."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_RUN = "not-run"
    NOTHING = "nothing-to-compare"


class Baseline(StrEnum):
    """What a cell was compared with: its last recorded run, the output saved in the file, or nothing."""

    TRAIL = "trail"
    FILE = "file"
    NONE = "none"


class What(StrEnum):
    """In what two executions of a cell differ."""

    TEXT = "text"
    TABLE = "table"
    FIGURE = "figure"
    OUTPUT = "output"
    ERROR = "error"
    VALUE = "value"
    FILE = "file"


class CauseKind(StrEnum):
    """Why a cell is not the same, in the order in which causes are told: the cell's own, other cells', the possible."""

    EDITED = "edited"
    INTERRUPTED = "interrupted"
    TIME_LIMIT = "time-limit"
    KERNEL_DIED = "kernel-died"
    FILE = "file"
    MODULE = "module"
    RANDOM = "random"
    ORDER = "order"
    STATE = "state"
    UPSTREAM = "upstream"
    INPUT = "input"
    CLOCK = "clock"
    NETWORK = "network"
    SUBPROCESS = "subprocess"
    PACKAGE = "package"
    ERROR = "error"
    NOT_REPEATABLE = "not-repeatable"
    NOT_RECORDED = "not-recorded"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. ``before`` and ``after`` are short texts for looking at, empty where there is none."""

    what: What
    message: str
    name: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for a difference; ``cell`` is the index of another cell that it lies in."""

    kind: CauseKind
    message: str
    remedy: str = ""
    cell: int | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifiedCell:
    """The result for one code cell.

    ``predicted`` is what the replay said before anything ran (None without a trail); ``notes`` say what was
    tolerated or could not be compared.
    """

    cell_id: str
    index: int
    outcome: Outcome
    baseline: Baseline = Baseline.NONE
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()
    predicted: Verdict | None = None
    seconds: float | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether the prediction was right; None where it made no claim or the run did not settle it."""
        if self.outcome not in {Outcome.SAME, Outcome.DIFFERENT}:
            return None
        claims = {Verdict.FRESH: Outcome.SAME, Verdict.STALE: Outcome.DIFFERENT}
        return None if self.predicted not in claims else claims[self.predicted] is self.outcome


class StopReason(StrEnum):
    """Why a run did not reach the last cell."""

    ERROR = "error"
    TIME_LIMIT = "time-limit"
    KERNEL_DIED = "kernel-died"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the run stopped before its end."""

    index: int
    reason: StopReason
    message: str


@dataclass(frozen=True, slots=True)
class Root:
    """One cause with the cell it lies in, and the cells that differ only because that one does."""

    cell: int
    cause: Cause
    follows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """A whole document, run for real and compared."""

    document: str | None
    trail: str | None
    made: str
    seconds: float
    kernel: str
    python: str
    cells: tuple[VerifiedCell, ...]
    stop: Stop | None = None
    notes: tuple[str, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """Number of cells by outcome, every outcome present."""
        counts = Counter(str(cell.outcome) for cell in self.cells)
        return {str(outcome): counts[str(outcome)] for outcome in Outcome}

    @property
    def compared(self) -> int:
        """How many cells had something to be compared with."""
        return len(self.cells) - self.summary[Outcome.NOTHING]

    @property
    def same(self) -> bool:
        """True when the run reached the last cell and no cell is known to differ."""
        return self.stop is None and not self.summary[Outcome.DIFFERENT] and not self.summary[Outcome.NOT_RUN]

    @property
    def settled(self) -> bool:
        """False when a time limit ended the run before any difference was found: nobody knows."""
        out_of_time = self.stop is not None and self.stop.reason is StopReason.TIME_LIMIT
        return not out_of_time or bool(self.summary[Outcome.DIFFERENT])

    @property
    def roots(self) -> tuple[Root, ...]:
        """The causes that are not another cell's, each with the cells that follow from it."""
        by_index = {cell.index: cell for cell in self.cells if cell.outcome is Outcome.DIFFERENT}
        follows: dict[int, list[int]] = {}
        for cell in by_index.values():
            root = _root(cell, by_index)
            if root != cell.index:
                follows.setdefault(root, []).append(cell.index)
        roots = [cell for cell in by_index.values() if _root(cell, by_index) == cell.index and cell.causes]
        return tuple(Root(cell.index, cell.causes[0], tuple(follows.get(cell.index, ()))) for cell in roots)

    @property
    def missed(self) -> tuple[VerifiedCell, ...]:
        """Cells that the prediction called fresh and that differ."""
        return tuple(c for c in self.cells if c.agrees is False and c.predicted is Verdict.FRESH)

    @property
    def false_alarms(self) -> tuple[VerifiedCell, ...]:
        """Cells that the prediction called stale and that are the same."""
        return tuple(c for c in self.cells if c.agrees is False and c.predicted is Verdict.STALE)


def _root(cell: VerifiedCell, by_index: Mapping[int, VerifiedCell]) -> int:
    """The index of the cell where a difference begins: upstream causes lead to cells further up only."""
    here = cell
    while here.causes and here.causes[0].kind is CauseKind.UPSTREAM:
        above = by_index.get(-1 if here.causes[0].cell is None else here.causes[0].cell)
        if above is None or above.index >= here.index:
            break
        here = above
    return here.index
