"""Order repair: the fewest cells to run, in order, that make every cell of a document fresh; and what no run makes fresh.

A cell becomes fresh by a run that starts from what the cells above would leave. Walking down the document with what the
kernel holds now, each cell of the plan is asked whether every name that it may look up holds that; where one does not, the cell
that makes it joins the plan, and the walk begins again. So the plan is closed, and holds no cell that nothing asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nbcairn.lineage.environment import Slot
from nbcairn.lineage.memory import Memory
from nbcairn.lineage.replay import CellReplay, Replay
from nbcairn.model import CellVerdict, Obstacle, Plan, Severity, Verdict, file_of

__all__ = ["plan_of"]

_TO_RUN = frozenset({Verdict.STALE, Verdict.NEVER_RUN})


def plan_of(played: Replay, cells: tuple[CellVerdict, ...], memory: Memory, target: str | None = None) -> Plan:
    """The plan for a replayed document, whose ``cells`` have their verdicts and findings.

    With a ``target``, the plan for the cell with this id alone: it runs in any case, with what it needs.
    """
    told = {cell.index: cell for cell in cells}
    wanted = {this.cell.index for this in played.cells if _is_wanted(this, target)}
    obstacles = [
        _obstacle(told[this.cell.index])
        for this in played.cells
        if this.verdict is Verdict.UNKNOWN and (target is None or this.cell.id == target)
    ]
    walk = _Walk(played, memory.get)
    steps = walk.close(wanted)
    restart = bool(walk.left_over)
    if restart:  # only a fresh kernel does not hold what stands in the way
        steps = _Walk(played, memory.fresh).close(wanted)
    by_index = {this.cell.index: this for this in played.cells}
    obstacles += [_obstacle(told[index]) for index in sorted(steps) if _fails(by_index[index])]
    obstacles += [*_read_before_written(played, steps)]
    run = tuple(by_index[index].cell.id for index in sorted(steps))
    return Plan(run, tuple(sorted(obstacles, key=lambda obstacle: obstacle.index)), restart)


def _is_wanted(this: CellReplay, target: str | None) -> bool:
    return this.verdict in _TO_RUN if target is None else this.cell.id == target


def _fails(this: CellReplay) -> bool:
    """True for a cell that would stop with a NameError: running it says so, mending it takes an edit."""
    return bool(this.undefined)


def _obstacle(cell: CellVerdict) -> Obstacle:
    """The finding that matters most, as what stands in the way."""
    order = list(Severity)
    findings = sorted(cell.findings, key=lambda finding: order.index(finding.severity))
    if not findings:
        return Obstacle(cell.cell_id, cell.index, "Its runs cannot be compared.", "Check the cell by hand.")
    return Obstacle(cell.cell_id, cell.index, findings[0].message, findings[0].remedy)


def _read_before_written(played: Replay, steps: set[int]) -> Iterator[Obstacle]:
    """Cells that read a file which a cell of the plan further down writes anew: each run finds what the one before left."""
    for this in played.cells:
        needs = played.needs.get(this.cell.index, {})
        for name in sorted(filter(file_of, needs)):
            path, slot = file_of(name), needs[name]
            if slot.cell is not None:
                continue
            writers = [
                index
                for index in sorted(steps)
                if index > this.cell.index
                and name in played.makes.get(index, {})
                and not slot.alike(played.makes[index][name])
            ]
            if writers:
                here, there = this.cell.index + 1, writers[0] + 1
                why = f"It reads {path}, which cell {there} further down writes: each run finds what the run before it left."
                edit = f"Move cell {there} above cell {here}, or let it write another file."
                yield Obstacle(this.cell.id, this.cell.index, why, edit)
                break


@dataclass(slots=True)
class _Walk:
    """Walks down the document with what the kernel holds; ``memory`` tells what that is at first.

    ``left_over`` are names that the kernel holds and that no cell above would have made.
    """

    played: Replay
    memory: Callable[[str], Slot]
    left_over: set[str] = field(default_factory=set)
    _now: dict[str, Slot] = field(default_factory=dict)

    def close(self, wanted: set[int]) -> set[int]:
        """The wanted cells with those that they need, by index."""
        steps = set(wanted)
        while missing := self._missing(steps):
            steps |= missing
        return steps

    def _missing(self, steps: set[int]) -> set[int]:
        """Cells that make what the first unsatisfied cell needs."""
        holds: dict[str, Slot] = {}
        above: dict[str, list[int]] = {}
        for this in self.played.cells:
            index = this.cell.index
            if index in steps:
                needed = self._makers(self.played.needs.get(index, {}), holds, above) - steps
                if needed:
                    return needed
                holds |= self.played.makes.get(index, {})
            for name in self.played.makes.get(index, {}):
                above.setdefault(name, []).append(index)
        return set()

    def _makers(self, needs: Mapping[str, Slot], holds: Mapping[str, Slot], above: Mapping[str, list[int]]) -> set[int]:
        found: set[int] = set()
        for name, slot in needs.items():
            if slot.alike(holds.get(name) or self._held(name)):
                continue
            if above.get(name):
                found.add(above[name][-1])
            elif slot.known and slot.fingerprint is None:
                self.left_over.add(name)
        return found

    def _held(self, name: str) -> Slot:
        if name not in self._now:
            self._now[name] = self.memory(name)
        return self._now[name]
