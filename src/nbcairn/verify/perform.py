"""Run a notebook for real in a clean kernel, recorded into a scratch trail that is gone afterwards.

The user's trail is not written to: what a verification runs is nothing that the user ran. Names of files are recorded
relative to the user's project all the same, so that both records can be compared.
"""

from __future__ import annotations

import copy
import math
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbcairn.errors import CellTimeout, KernelDied, TrailError
from nbcairn.headless import HeadlessNotebook, Progress, live
from nbcairn.lineage.magics import is_inert
from nbcairn.model import Cell, Document, now
from nbcairn.store import Trail
from nbcairn.verify.judge import Executed, Performance, Saved
from nbcairn.verify.result import Stop, StopReason

__all__ = ["Limits", "Performed", "perform"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run may take, and whether it goes on after an error.

    In seconds; ``overall`` counts from the first cell, None is as long as it takes.
    """

    cell: float = 600
    overall: float | None = None
    allow_errors: bool = False


@dataclass(frozen=True, slots=True)
class Performed:
    """A run, and the notebook with the outputs it now has, for whoever wants it written."""

    performance: Performance
    notebook: HeadlessNotebook


@contextmanager
def perform(
    path: Path,
    document: Document,
    *,
    project: Path,
    limits: Limits,
    kernel: str | None = None,
    progress: Progress = lambda *_: None,
) -> Iterator[Performed]:
    """Run every cell from the top. The scratch trail is open until the block ends.

    Raises ExecutionError when the kernel does not start, NotebookInvalid when the file cannot be executed.
    """
    with tempfile.TemporaryDirectory(prefix="nbcairn-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / ".cairn"
        runner, began = _Runner(document, limits, progress), time.monotonic()
        try:
            with live(path, trail=folder, project=project, kernel=kernel) as notebook:
                runner.run(notebook)
        except _Stopped as stopped:
            runner.performance.stop = stopped.stop
        runner.performance.seconds = time.monotonic() - began
        trail = _recorded(folder, runner.performance)
        try:
            yield Performed(runner.performance, notebook)
        finally:
            if trail is not None:
                trail.close()


class _Stopped(Exception):  # noqa: N818 - a signal, caught in this module
    """Leaves the block of the kernel, so that a kernel that hangs or is dead is not asked to close its record."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.message)
        self.stop = stop


class _Runner:
    """Runs the cells of a document, one after the other, within limits."""

    def __init__(self, document: Document, limits: Limits, progress: Progress) -> None:
        self.document = document
        self.limits = limits
        self.progress = progress
        self.started = 0.0
        self.performance = Performance(now(), "")

    def run(self, notebook: HeadlessNotebook) -> None:
        """Every cell from the top; stops at an error that is neither meant nor allowed. Raises _Stopped."""
        performance, self.started = self.performance, time.monotonic()
        performance.kernel = notebook.kernel_name
        performance.saved = {cell.id: _saved(cell) for cell in notebook.notebook.cells if cell.cell_type == "code"}
        performance.saved_python = _python_of(notebook.notebook)
        _note_kernel(notebook, performance)
        cells = [cell for cell in self.document.code if cell.source.strip()]
        for number, cell in enumerate(cells, 1):
            self.progress(number, len(cells), cell.source)
            began = time.monotonic()
            error = self._one(notebook, cell)
            shown = [copy.deepcopy(dict(output)) for output in notebook.cell(cell.id).get("outputs", [])]
            performance.executed[cell.id] = Executed(shown, error, time.monotonic() - began)
            if error and not self.limits.allow_errors:
                performance.stop = Stop(cell.index, StopReason.ERROR, error)
                return

    def _one(self, notebook: HeadlessNotebook, cell: Cell) -> str:
        """Run one cell; the error it ended with, or an empty text when it did well or was meant to fail."""
        seconds = self._seconds(cell)
        try:
            return notebook.run(cell.id, timeout=math.ceil(seconds)).error
        except CellTimeout:
            message = f"it had not ended after {math.ceil(seconds)} s"
            raise _Stopped(Stop(cell.index, StopReason.TIME_LIMIT, message)) from None
        except KernelDied:
            raise _Stopped(Stop(cell.index, StopReason.KERNEL_DIED, "the kernel died while it ran")) from None

    def _seconds(self, cell: Cell) -> float:
        """How long a cell may take now."""
        overall = self.limits.overall
        if overall is None:
            return self.limits.cell
        left = overall - (time.monotonic() - self.started)
        if left <= 0:
            message = f"the whole run had taken {overall:g} s before this cell began"
            raise _Stopped(Stop(cell.index, StopReason.TIME_LIMIT, message))
        return min(self.limits.cell, left)


def _saved(cell: Any) -> Saved:
    return Saved([copy.deepcopy(dict(output)) for output in cell.get("outputs", [])], cell.get("execution_count"))


def _python_of(notebook: Any) -> str:
    language = notebook.metadata.get("language_info", {})
    return str(language.get("version", "")) if language.get("name") == "python" else ""


def _note_kernel(notebook: HeadlessNotebook, performance: Performance) -> None:
    wanted = notebook.notebook.metadata.get("kernelspec", {}).get("name")
    if wanted and wanted != notebook.kernel_name:
        performance.notes.append(
            f"The notebook names the kernel {wanted!r}; it was run in {notebook.kernel_name!r}, so packages may be others."
        )


def _recorded(folder: Path, performance: Performance) -> Trail | None:
    """The scratch trail, whose runs are put beside what the kernel showed; None when the kernel recorded nothing."""
    try:
        trail = Trail.open(folder)
    except TrailError:
        performance.notes.append(
            "The kernel's environment has no nbcairn, so only what cells show was compared: install it there to compare "
            "the values and to learn the causes."
        )
        return None
    performance.trail = trail
    sessions = trail.sessions()
    performance.session = sessions[-1] if sessions else None
    for run in trail.runs(newest_first=False):
        done = performance.executed.get(run.cell_id)
        if done is not None and not is_inert(run.source):
            artifacts = tuple(trail.artifacts(run_id=run.id, limit=None))
            performance.executed[run.cell_id] = Executed(done.outputs, done.error, done.seconds, run, artifacts)
    return trail
