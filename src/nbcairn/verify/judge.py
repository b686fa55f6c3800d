"""The verdict on a run that was made for real: each cell beside what was recorded of it, or saved in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbcairn.errors import RecordNotFound
from nbcairn.lineage.magics import is_inert
from nbcairn.lineage.source import same_code
from nbcairn.model import Artifact, Cell, CellVerdict, Check, Document, Effect, Run, Session
from nbcairn.store import Trail
from nbcairn.verify.causes import Case, Scene, by_hash_order, causes_of
from nbcairn.verify.measured import measured
from nbcairn.verify.names import compare_names, differing
from nbcairn.verify.outputs import Comparison, compare_outputs
from nbcairn.verify.result import (
    Baseline,
    Cause,
    CauseKind,
    Difference,
    Outcome,
    Stop,
    StopReason,
    Verification,
    VerifiedCell,
    What,
)
from nbcairn.verify.shown import Shown, of_outputs, of_run

__all__ = ["Executed", "Performance", "Saved", "judge"]

Outputs = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file says of a cell before anything ran: its outputs and the number in brackets."""

    outputs: Outputs = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Executed:
    """One cell as it ran: its outputs in the notebook's format; ``run`` is None where nothing was recorded."""

    outputs: Outputs = ()
    error: str = ""
    seconds: float = 0.0
    run: Run | None = None
    artifacts: tuple[Artifact, ...] = ()


@dataclass(slots=True)
class Performance:
    """A whole run in a clean kernel. ``trail`` is the scratch trail it was recorded in, None where nothing was."""

    made: str
    kernel: str
    saved: Mapping[str, Saved] = field(default_factory=dict)
    executed: dict[str, Executed] = field(default_factory=dict)
    seconds: float = 0.0
    stop: Stop | None = None
    notes: list[str] = field(default_factory=list)
    trail: Trail | None = None
    session: Session | None = None
    saved_python: str = ""


def judge(document: Document, performance: Performance, trail: Trail | None, check: Check | None) -> Verification:
    """Compare every code cell. ``check`` is the replay's prediction, made before the run."""
    judged = _Judge(document, performance, trail, check)
    cells = by_hash_order([judged.cell(cell) for cell in document.code])
    session = performance.session
    return Verification(
        document.path,
        str(trail.folder) if trail else None,
        performance.made,
        performance.seconds,
        performance.kernel,
        session.python if session else "",
        cells,
        performance.stop,
        tuple(performance.notes),
        session.packages if session else {},
    )


class _Judge:
    """Goes down the document, and keeps what the cells above were found to do."""

    def __init__(self, document: Document, performance: Performance, trail: Trail | None, check: Check | None) -> None:
        self.performance = performance
        self.trail = trail
        self.verdicts = {cell.cell_id: cell for cell in check.cells} if check else {}
        self.scene = Scene(
            {cell.index: cell for cell in document.code},
            performance.session,
            {session.id: session for session in trail.sessions()} if trail else {},
            counts={cell.index: performance.saved.get(cell.id, Saved()).count for cell in document.code},
            saved_python=performance.saved_python,
        )

    def cell(self, cell: Cell) -> VerifiedCell:
        """The result for one cell."""
        verdict = self.verdicts.get(cell.id)
        predicted = verdict.verdict if verdict else None
        executed = self.performance.executed.get(cell.id)
        stop = self.performance.stop
        if is_inert(cell.source):
            return VerifiedCell(cell.id, cell.index, Outcome.SAME, predicted=predicted)
        if executed is None:
            here = stop if stop is not None and stop.index == cell.index else None
            outcome = Outcome.DIFFERENT if here and here.reason is StopReason.KERNEL_DIED else Outcome.NOT_RUN
            return VerifiedCell(
                cell.id, cell.index, outcome, causes=(_stopped(here),) if here else (), predicted=predicted
            )
        before = self._last_run(verdict)
        if executed.run is not None:
            self.scene.runs.append(executed.run)
            self.scene.made_by[executed.run.id] = cell.index
        return self._compared(cell, verdict, before, executed)

    def _last_run(self, verdict: CellVerdict | None) -> Run | None:
        if verdict is None or verdict.run_id is None or self.trail is None:
            return None
        try:
            return self.trail.run(verdict.run_id)
        except RecordNotFound:
            return None

    def _compared(
        self, cell: Cell, verdict: CellVerdict | None, before: Run | None, executed: Executed
    ) -> VerifiedCell:
        saved = self.performance.saved.get(cell.id, Saved())
        baseline = Baseline.TRAIL if before else Baseline.FILE if saved.outputs or saved.count else Baseline.NONE
        found = Comparison()
        if baseline is not Baseline.NONE:
            found = self._outputs(before, saved, executed)
        if before is not None and executed.run is not None:
            self._names(before, executed.run, found)
        found.differences += _failure(executed, baseline)
        outcome = Outcome.DIFFERENT if found.differences else Outcome.SAME
        if baseline is Baseline.NONE and not found.differences:
            outcome = Outcome.NOTHING
        causes: tuple[Cause, ...] = ()
        if outcome is Outcome.DIFFERENT:
            case = Case(cell, before, executed.run, tuple(found.differences), verdict.findings if verdict else ())
            causes = causes_of(case, self.scene)
            self._remember(cell, before, executed.run)
        if executed.run is not None:
            written = frozenset(write.name for write in executed.run.writes)
            times = measured(cell.source, self.scene.measured)
            self.scene.measured = (self.scene.measured - written) | (times & written)
        return VerifiedCell(
            cell.id, cell.index, outcome, baseline, tuple(found.differences), causes, tuple(found.notes),
            verdict.verdict if verdict else None, executed.seconds,
        )  # fmt: skip

    def _outputs(self, before: Run | None, saved: Saved, executed: Executed) -> Comparison:
        run, scratch = executed.run, self.performance.trail
        timed = any(Effect.CLOCK in one.effects for one in (before, run) if one is not None) or bool(
            run and self.scene.measured & {read.name for read in run.reads}
        )
        old: tuple[Shown, ...] = of_outputs(saved.outputs)
        new: tuple[Shown, ...] = of_outputs(executed.outputs)
        if before is not None and self.trail is not None:
            old = of_run(before, self.trail.artifacts(run_id=before.id, limit=None), self.trail, saved.outputs)
            if run is not None and scratch is not None:
                new = of_run(run, executed.artifacts, scratch, executed.outputs)
        found = compare_outputs(old, new, timed=timed)
        if found.differences and before is not None and saved.outputs and self._is_saved(saved, executed, timed=timed):
            found.note("the output saved in the file is the same as now: the trail's last run of it was another one")
        return found

    def _is_saved(self, saved: Saved, executed: Executed, *, timed: bool) -> bool:
        outputs = (of_outputs(side) for side in (saved.outputs, executed.outputs))
        return not compare_outputs(*outputs, timed=timed).differences

    def _names(self, before: Run, after: Run, found: Comparison) -> None:
        differences, unsure = compare_names(before, after)
        times = self._times(before, after)
        found.differences += [difference for difference in differences if difference.name not in times]
        if any(difference.name in times for difference in differences):
            found.note("times that it measured differ")
        if unsure:
            found.note(f"not compared, because no hash says enough: {', '.join(unsure)}")

    def _times(self, before: Run, after: Run) -> frozenset[str]:
        """Names that hold a time and nothing else, whichever time it is."""
        return measured(after.source, self.scene.measured) if same_code(before, after) else frozenset()

    def _remember(self, cell: Cell, before: Run | None, after: Run | None) -> None:
        """What differs from here on. Without an earlier run it may be anything that the cell wrote."""
        if after is not None:
            names = differing(before, after) if before else frozenset(write.name for write in after.writes)
            self.scene.different[cell.index] = names - measured(after.source, self.scene.measured)


def _failure(executed: Executed, baseline: Baseline) -> list[Difference]:
    """A cell that fails where there is nothing to compare with: a run from the top would stop there."""
    if baseline is not Baseline.NONE or not executed.error:
        return []
    return [Difference(What.ERROR, "it fails", after=executed.error[:200])]


def _stopped(stop: Stop) -> Cause:
    if stop.reason is StopReason.TIME_LIMIT:
        return Cause(CauseKind.TIME_LIMIT, stop.message, "Raise --timeout or --limit.")
    return Cause(CauseKind.KERNEL_DIED, stop.message, "It may have run out of memory; see the kernel's log.")
