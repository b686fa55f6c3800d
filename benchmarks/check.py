"""How long a check takes: a document of 200 cells over a trail of 10,000 runs.

    python benchmarks/check.py [--runs 10000] [--cells 200] [--rounds 15]

Each cell binds a name, reads four that cells above bind, one file and two ambient names, and shows something. The document
was run over and over in 50 sessions; then one in the middle was run again with another result. It is checked as it stands and
with a cell near the top edited, so that nearly all below depends on that.
Measured is ``check`` with its plan, on a trail that was opened before (as the server and the kernel have it), and on one that is
opened for it (as the command line does).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nbcairn.lineage.check import check
from nbcairn.model import PRISTINE, Cell, Display, Document
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session

TARGET = 0.050


def source(number: int) -> str:
    """The code of a cell: some lines that read what four cells above bind."""
    above = [f"x{max(0, number - step)}" for step in (1, 2, 5, 9)] if number else ["0"]
    lines = [f"part{n} = [value * {n} for value in range(10)]" for n in range(4)]
    return "\n".join([*lines, f"x{number} = sum([{', '.join(above)}, *part0])", f"print(x{number})"])


def fill(folder: Path, runs: int, cells: int) -> None:
    """A trail in which every cell has been run many times."""
    with Trail.open(folder / ".cairn", create=True) as trail:
        for session in range(50):
            trail.begin(a_session(f"s{session:03}", kernel_id=f"k{session}"))
        for number in range(runs):
            trail.record(run_of(number % cells, f"s{number * 50 // runs:03}", 0))
        trail.record(run_of(cells // 2, "s049", 1))


def run_of(cell: int, session: str, change: int):
    reads: dict[str, object] = {f"x{max(0, cell - step)}": max(0, cell - step) for step in (1, 2, 5, 9)} if cell else {}
    reads |= {"sum": None, "print": None, "<cwd>": PRISTINE, "<warnings>": PRISTINE}
    writes: dict[str, object] = {f"part{n}": [value * n for value in range(10)] for n in range(4)}
    writes |= {f"x{cell}": cell + change}
    shown = [Display("stdout", f"{cell + change:032x}", text=str(cell))]
    return a_run(source(cell), f"c{cell}", reads, writes, session_id=session, displays=shown)


def document(cells: int, *, edited: bool = True) -> Document:
    """The cells as they stand: one near the top was edited, or none."""
    sources = [source(number) + ("\nx3 = 0" if number == 3 and edited else "") for number in range(cells)]
    return Document("analysis.ipynb", tuple(Cell(f"c{n}", n, text, executed=True) for n, text in enumerate(sources)))


def measured(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and worst, in seconds on the processor."""
    taken = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return statistics.median(taken), max(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fill(folder, options.runs, options.cells)
        rows = [
            row
            for edited in (True, False)
            for row in compared(folder, document(options.cells, edited=edited), options.rounds)
        ]
    table = Table(
        "document", "check", "median", "worst", "target", title=f"{options.cells} cells, {options.runs:,} runs"
    )
    for *names, median, worst in rows:
        table.add_row(*names, f"{median * 1000:.1f} ms", f"{worst * 1000:.1f} ms", f"{TARGET * 1000:.0f} ms")
    Console(width=110).print(table)


def compared(folder: Path, asked: Document, rounds: int) -> Iterator[tuple[str, str, float, float]]:
    """The check of a document on a trail at hand, then on one that is opened for it."""

    def anew() -> None:
        with Trail.open(folder / ".cairn", read_only=True) as own:
            check(asked, own)

    with Trail.open(folder / ".cairn", read_only=True) as trail:
        summary = ", ".join(f"{count} {verdict}" for verdict, count in check(asked, trail).summary.items() if count)
        yield summary, "trail at hand", *measured(lambda: check(asked, trail), rounds)
    yield summary, "trail opened for it", *measured(anew, rounds)


if __name__ == "__main__":
    main()
