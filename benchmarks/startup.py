"""What a kernel pays for Cairn at its start and in the smallest cell, against the same kernel without it.

    python benchmarks/startup.py [--rounds 7] [--cells 200]

Start: what ``import nbcairn`` and ``%load_ext nbcairn`` take in a fresh kernel. Cell: what a cell ``x = 1`` takes more than in
a kernel without Cairn; both live at once and take turns. Each is given as time of the kernel's main thread on the
processor, which a busy machine does not change, and as time that a person waits, which it does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import driver
from rich.console import Console
from rich.table import Table

TARGET_LOAD, TARGET_CELL = 0.150, 0.003
LOAD = """
import time as _t
_a = _t.thread_time(), _t.perf_counter()
get_ipython().run_line_magic('load_ext', 'nbcairn')
print(_t.thread_time() - _a[0], _t.perf_counter() - _a[1])
"""
CLOCK = "import time as _t; print(_t.thread_time())"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the processor, and seconds waited for."""

    cpu: float
    waited: float


def load(folder: Path) -> Spent:
    """``import nbcairn`` and ``%load_ext nbcairn`` in a kernel that has IPython and nothing else."""
    with driver.kernel(folder, tracked=False, trail=folder / ".cairn", enabled=True) as live:
        cpu, waited = live.run(LOAD, silent=True).outputs[0]["text"].split()
        return Spent(float(cpu), float(waited))


def cell(folder: Path, cells: int) -> tuple[Spent, Spent]:
    """``x = 1`` without and with Cairn, in turns: the mean on the processor, the median of what is waited."""
    with (
        driver.kernel(folder, tracked=False) as plain,
        driver.kernel(folder, tracked=True, trail=folder / ".cairn") as tracked,
    ):
        both = (plain, tracked)
        for _ in range(10):  # both are warm after that
            [live.run("x = 1", "c1") for live in both]
        before = [clock(live) for live in both]
        waited = [[live.run("x = 1", "c1").seconds for live in both] for _ in range(cells)]
        spent = [(clock(live) - was) / cells for live, was in zip(both, before, strict=True)]
        medians = [statistics.median(pair[n] for pair in waited) for n in (0, 1)]
        return Spent(spent[0], medians[0]), Spent(spent[1], medians[1])


def clock(live: driver.Kernel) -> float:
    """Seconds that the kernel's main thread has spent."""
    return float(live.run(CLOCK, silent=True).outputs[0]["text"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cells", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once
        os.environ["PYTHONPYCACHEPREFIX"] = scratch
        loads = [load(Path(scratch)) for _ in range(options.rounds + 1)][1:]
        plain, tracked = cell(Path(scratch), options.cells)
    table = Table("what", "processor", "target", "waited", "least")
    cpu = statistics.median(spent.cpu for spent in loads)
    waited = [spent.waited for spent in loads]
    table.add_row(
        "import nbcairn, %load_ext nbcairn", told(cpu, TARGET_LOAD), f"{TARGET_LOAD * 1000:.0f} ms",
        f"{statistics.median(waited) * 1000:.0f} ms", f"{min(waited) * 1000:.0f} ms",
    )  # fmt: skip
    table.add_row(
        "a cell `x = 1`, added", told(tracked.cpu - plain.cpu, TARGET_CELL), f"{TARGET_CELL * 1000:.0f} ms",
        f"{(tracked.waited - plain.waited) * 1000:.1f} ms", "",
    )  # fmt: skip
    Console(width=110).print(
        table, f"Without Cairn the cell takes {plain.cpu * 1000:.1f} ms, waited {plain.waited * 1000:.1f} ms."
    )


def told(seconds: float, target: float) -> str:
    return f"{seconds * 1000:.1f} ms {'[green]✓[/]' if seconds <= target else '[red]✗[/]'}"


if __name__ == "__main__":
    main()
