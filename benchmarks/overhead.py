"""What recording costs over whole real notebooks: time, per-cell time and memory, against the same run without Cairn.

    python benchmarks/overhead.py [--notebooks 15] [--rounds 3] [--gigabytes 1]

Each notebook is run once without Cairn to see whether it runs here, and for at most ``SHORT`` seconds; then alternately with
and without, and the ratio is taken inside each pair. Beside the time that a front end waits, the processor time of the
kernel is taken, which other programs on the machine hardly change. Per cell the difference is that of the medians over the
rounds. Then cells that do much in Python, and cells that touch a large frame: unchanged, with one column changed, and unchanged
where the system cannot prove memory unwritten.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import corpus
import driver
from rich.console import Console
from rich.table import Table

import nbcairn
from nbcairn.store import Trail

SHORT = 12.0
CELL = 60.0
LARGE = 10 << 20
"""A cell whose names hold more than this is not one that touches little."""

TOUCHED = """
def _touched(_names):
    import sys
    def size(value):
        try:
            kind = type(value)
            if hasattr(kind, 'memory_usage'):
                used = value.memory_usage()
                return int(used.sum() if hasattr(used, 'sum') else used)
            return int(getattr(value, 'nbytes', 0) or sys.getsizeof(value))
        except Exception:
            return 0
    space = get_ipython().user_ns
    return sum(size(space[name]) for name in _names if name in space)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One execution of one notebook: seconds of each cell, processor seconds of each, peak resident memory in KiB."""

    cells: tuple[float, ...]
    busy: tuple[float, ...]
    memory: int
    touched: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of executions of one notebook, without and with Cairn."""

    example: corpus.Example
    pairs: tuple[tuple[Measured, Measured], ...]

    def added(self, *, busy: bool = False) -> list[float]:
        """Seconds that each cell took more: of the processor, or that a front end waits."""

        def middle(side: int, cell: int) -> float:
            return statistics.median((pair[side].busy if busy else pair[side].cells)[cell] for pair in self.pairs)

        return [middle(1, cell) - middle(0, cell) for cell in range(len(self.example.cells))]

    def total(self, side: int, *, busy: bool = False) -> float:
        """Median seconds of the whole notebook, without (0) or with Cairn (1)."""
        return statistics.median(sum(pair[side].busy if busy else pair[side].cells) for pair in self.pairs)

    def ratio(self, *, busy: bool = False) -> float:
        """Median over the pairs."""
        parts = [[sum(run.busy if busy else run.cells) for run in pair] for pair in self.pairs]
        return statistics.median(tracked / plain for plain, tracked in parts)

    def memory(self) -> float:
        """Median over the pairs of the ratio of peak memory."""
        return statistics.median(tracked.memory / plain.memory for plain, tracked in self.pairs)

    def small(self) -> list[bool]:
        """Of each cell, whether the names in its text hold little."""
        return [size < LARGE for size in self.pairs[0][0].touched]


def execute(example: corpus.Example, tracked: bool) -> Measured | None:
    """Run all cells in a fresh kernel; None if one of them fails or takes too long."""
    with tempfile.TemporaryDirectory() as scratch:
        trail = Path(scratch) / ".cairn"
        Trail.open(trail, create=True).close()  # a project has one from its first kernel on
        with driver.kernel(example.folder, tracked=tracked, trail=trail) as live:
            live.run(TOUCHED, silent=True)
            seconds, busy, touched = [], [], []
            for index, source in enumerate(example.cells):
                before = processor_seconds(live)
                try:
                    outcome = live.run(source, f"cell-{index}", timeout=CELL)
                except TimeoutError:
                    return None
                if outcome.status != "ok" or sum(seconds) > 5 * SHORT:
                    return None
                seconds.append(outcome.seconds)
                busy.append(processor_seconds(live) - before)
                touched.append(0 if tracked else size_of_names(live, source))
            return Measured(tuple(seconds), tuple(busy), peak_memory(live), tuple(touched))


def size_of_names(live: driver.Kernel, source: str) -> int:
    """Bytes of what the names in a cell's text hold."""
    return int(live.evaluate(f"_touched({sorted(corpus.words(source))!r})"))


def peak_memory(live: driver.Kernel) -> int:
    """Peak resident memory of the kernel, in KiB."""
    status = Path(f"/proc/{live.manager.provisioner.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def processor_seconds(live: driver.Kernel) -> float:
    """Processor time of the kernel's threads, to the nanosecond where Linux tells."""
    pid = live.manager.provisioner.pid
    found = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += int((task / "schedstat").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            continue
    return found / 1e9


def compared(wanted: int, rounds: int) -> Iterator[Compared]:
    """The first notebooks that run here in a short time."""
    done, seen = 0, set()
    for example in corpus.examples():
        if done == wanted:
            return
        if example.cells in seen:
            continue
        seen.add(example.cells)
        first = execute(example, False)
        if first is None or sum(first.cells) > SHORT:
            continue
        pairs = [(execute(example, False), execute(example, True)) for _ in range(rounds)]
        complete = tuple((plain, tracked) for plain, tracked in pairs if plain is not None and tracked is not None)
        if len(complete) == rounds:
            done += 1
            yield Compared(example, complete)


# --------------------------------------------------------------------------- single cells

BUSY_CELLS = (
    ("a loop of 10^7 steps over globals", "", "total = 0\nstep = 1\nfor i in range(10_000_000):\n    total += step"),
    (
        "copy.deepcopy of 10^5 lists in dictionaries",
        "import copy\ndef copied():\n    return len(copy.deepcopy([{'a': [i, 'x'], 'b': {'c': i}} for i in range(100_000)]))",
        "n = copied()",
    ),
)


def busy_cell(rounds: int, before: str, source: str) -> tuple[float, float]:
    """A cell that does much in Python: the ratio of processor time, and of time; medians of pairs."""
    pairs = []
    for _ in range(rounds):
        pair = []
        for tracked in (False, True):
            with tempfile.TemporaryDirectory() as scratch, driver.kernel(Path(scratch), tracked=tracked) as live:
                live.run(before or "x = 1")
                begun = processor_seconds(live)
                seconds = live.run(source).seconds
                pair.append((processor_seconds(live) - begun, seconds))
        pairs.append(pair)
    return tuple(statistics.median(tracked[i] / plain[i] for plain, tracked in pairs) for i in (0, 1))


FALL_BACK = """
from nbcairn.kernel.extension import current as _current
_memory = _current(get_ipython()).names._memory
_memory.close()
_memory._refused = True
"""
FRAME_CELLS = (
    ("unchanged", "n = len(df)", ""),
    ("one column changed", "df['c3'] = df['c3'] + 1", ""),
    ("unchanged, where nothing is proven", "n = len(df)", FALL_BACK),
)


def large_frame(gigabytes: float, times: int = 7) -> Iterator[tuple[str, float, float]]:
    """What cells that touch a large frame take more: milliseconds waited, and of the processor."""
    rows = int(gigabytes * 1e9 / 80)
    make = (
        f"import numpy as np, pandas as pd\ndf = pd.DataFrame({{f'c{{i}}': np.random.rand({rows}) for i in range(10)}})"
    )
    with (
        tempfile.TemporaryDirectory() as scratch,
        driver.kernel(Path(scratch), tracked=False) as plain,
        driver.kernel(Path(scratch), tracked=True, trail=Path(scratch) / ".cairn") as tracked,
    ):
        both = (plain, tracked)
        for live in both:
            live.run("x = 1")
            live.run(make)
        for told, cell, before in FRAME_CELLS:
            tracked.run(before or "0", silent=True)
            found: list[list[tuple[float, float]]] = [[], []]
            for _ in range(times):
                for side, live in enumerate(both):
                    busy = processor_seconds(live)
                    waited = live.run(cell).seconds
                    found[side].append((waited, processor_seconds(live) - busy))
            medians = [[statistics.median(run[n] for run in side[1:]) for n in (0, 1)] for side in found]
            yield told, *((medians[1][n] - medians[0][n]) * 1000 for n in (0, 1))


# --------------------------------------------------------------------------- what is printed


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(label: str, all_of: list[Compared]) -> tuple[str, ...]:
    """One row of the table, over one notebook or all."""
    small = [keep for one in all_of for keep in one.small()]
    added, busy = ([s for one in all_of for s in one.added(busy=cpu)] for cpu in (False, True))
    few, few_busy = ([s for s, keep in zip(part, small, strict=True) if keep] for part in (added, busy))
    totals = [sum(one.total(side) for one in all_of) for side in (0, 1)]
    totals_busy = [sum(one.total(side, busy=True) for one in all_of) for side in (0, 1)]
    single = len(all_of) == 1
    ratio = all_of[0].ratio() if single else totals[1] / totals[0]
    busy_ratio = all_of[0].ratio(busy=True) if single else totals_busy[1] / totals_busy[0]
    return (
        label, str(len(added)), str(len(few)), f"{totals[0]:.2f}", f"{totals[1]:.2f}", f"{ratio:.3f}", f"{busy_ratio:.3f}",
        *(f"{percentile(few or [0.0], share) * 1000:.1f}" for share in (0.5, 0.95)),
        *(f"{percentile(few_busy or [0.0], share) * 1000:.1f}" for share in (0.5, 0.95)),
        f"{statistics.median(one.memory() for one in all_of):.3f}",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--gigabytes", type=float, default=1.0, help="size of the large frame; 0: none")
    parser.add_argument("--verbose", action="store_true", help="name the cells that cost most")
    options = parser.parse_args()
    table = Table(
        "notebook", "cells", "small", "plain s", "tracked s", "ratio", "cpu ratio", "added p50 ms", "p95 ms", "cpu p50 ms",
        "cpu p95 ms", "memory",
    )  # fmt: skip
    compileall.compile_dir(str(Path(nbcairn.__file__).parent), quiet=1)  # as installed
    done: list[Compared] = []
    for one in compared(options.notebooks, options.rounds):
        done.append(one)
        table.add_row(*row(f"{one.example.package}: {one.example.name}"[:40], [one]))
        Console(stderr=True).print(f"{len(done)} of {options.notebooks}: {one.example.package}, {one.example.name}")
        for cost, source in sorted(zip(one.added(busy=True), one.example.cells, strict=True), reverse=True)[:2]:
            if options.verbose:
                print(f"{one.example.name}: {cost * 1000:.1f} ms\n    {source[:300]!r}")
    if done:
        table.add_section()
        table.add_row(*row(f"all {len(done)}", done))
        Console(width=160).print(table, f"p50 and p95: added in cells whose names hold under {LARGE >> 20} MB.")
    for told, before, source in BUSY_CELLS:
        busy, waited = busy_cell(options.rounds, before, source)
        print(f"{told}: {busy:.3f}x processor time, {waited:.3f}x time")
    for told, more, cpu in large_frame(options.gigabytes) if options.gigabytes else ():
        print(f"a frame of {options.gigabytes:g} GB, {told}: {more:.1f} ms more, {cpu:.1f} ms of the processor")


if __name__ == "__main__":
    main()
