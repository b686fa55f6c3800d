"""What recording costs over whole real notebooks: time, per-cell time and memory, against the same run without Cairn.

    python benchmarks/overhead.py [--notebooks 15] [--rounds 3]

Each notebook is run alternately with and without Cairn; the ratio is taken inside each pair. Beside the time that a front
end waits, the processor time of the kernel is taken, which other programs on the machine hardly change. Per cell the
difference is that of the medians over the rounds; the last table is a loop over globals and what recording costs a cell
that does nothing.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import corpus
import driver
from rich.console import Console
from rich.progress import track
from rich.table import Table

MEMORY = "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"


@dataclass(frozen=True, slots=True)
class Measured:
    """One execution of one notebook: seconds of each cell, processor seconds of each, peak resident memory in KiB."""

    cells: tuple[float, ...]
    busy: tuple[float, ...]
    memory: int


def execute(example: corpus.Example, tracked: bool) -> Measured | None:
    """Run all cells in a fresh kernel; None if one of them fails."""
    with tempfile.TemporaryDirectory() as scratch:
        trail = Path(scratch) / ".cairn"
        with driver.kernel(example.folder, tracked=tracked, trail=trail) as live:
            seconds, busy = [], []
            for index, source in enumerate(example.cells):
                before = processor_seconds(live)
                outcome = live.run(source, f"cell-{index}")
                if outcome.status != "ok":
                    return None
                seconds.append(outcome.seconds)
                busy.append(processor_seconds(live) - before)
            peak = live.run(MEMORY, silent=True).outputs[0]["text"]
    return Measured(tuple(seconds), tuple(busy), int(peak))


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


LOOP = "total = 0\nstep = 1\nfor i in range(10_000_000):\n    total += step"


def loop(rounds: int) -> tuple[float, float]:
    """A loop of 10^7 steps over globals: the ratio of processor time, and of time; medians of pairs."""
    pairs = []
    for _ in range(rounds):
        pair = []
        for tracked in (False, True):
            with tempfile.TemporaryDirectory() as scratch, driver.kernel(Path(scratch), tracked=tracked) as live:
                live.run("x = 1")
                before = processor_seconds(live)
                seconds = live.run(LOOP).seconds
                pair.append((processor_seconds(live) - before, seconds))
        pairs.append(pair)
    return tuple(statistics.median(tracked[i] / plain[i] for plain, tracked in pairs) for i in (0, 1))


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebooks", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--verbose", action="store_true", help="name the cells that cost most")
    options = parser.parse_args()
    table = Table(
        "notebook",
        "cells",
        "plain s",
        "tracked s",
        "ratio",
        "cpu ratio",
        "added p50 ms",
        "p95 ms",
        "cpu p95 ms",
        "memory",
    )
    ratios, added, added_busy, memories, plain_total, tracked_total = [], [], [], [], 0.0, 0.0
    plain_busy = tracked_busy = 0.0
    chosen = corpus.examples()
    done = 0
    for example in track(chosen, "notebooks", console=Console(stderr=True)):
        if done == options.notebooks:
            break
        pairs = []
        for _ in range(options.rounds):
            plain, tracked = execute(example, False), execute(example, True)
            if plain is None or tracked is None:
                break
            pairs.append((plain, tracked))
        if len(pairs) < options.rounds:
            continue
        done += 1
        plain_s = statistics.median(sum(p.cells) for p, _ in pairs)
        tracked_s = statistics.median(sum(t.cells) for _, t in pairs)
        per_cell = [
            statistics.median(t.cells[i] for _, t in pairs) - statistics.median(p.cells[i] for p, _ in pairs)
            for i in range(len(example.cells))
        ]
        per_cell_busy = [
            statistics.median(t.busy[i] for _, t in pairs) - statistics.median(p.busy[i] for p, _ in pairs)
            for i in range(len(example.cells))
        ]
        busy_ratio = statistics.median(sum(t.busy) / sum(p.busy) for p, t in pairs)
        plain_busy += statistics.median(sum(p.busy) for p, _ in pairs)
        tracked_busy += statistics.median(sum(t.busy) for _, t in pairs)
        added_busy += per_cell_busy
        memory = statistics.median(t.memory / p.memory for p, t in pairs)
        ratios.append(statistics.median(sum(t.cells) / sum(p.cells) for p, t in pairs))
        added += per_cell
        memories.append(memory)
        plain_total += plain_s
        tracked_total += tracked_s
        table.add_row(
            example.name, str(len(example.cells)), f"{plain_s:.2f}", f"{tracked_s:.2f}", f"{ratios[-1]:.3f}",
            f"{busy_ratio:.3f}", f"{percentile(per_cell, 0.5) * 1000:.1f}", f"{percentile(per_cell, 0.95) * 1000:.1f}",
            f"{percentile(per_cell_busy, 0.95) * 1000:.1f}", f"{memory:.3f}",
        )  # fmt: skip
        if options.verbose:
            dear = sorted(zip(per_cell_busy, example.cells, strict=True), reverse=True)[:2]
            for cost, source in dear:
                print(f"{example.name}: {cost * 1000:.1f} ms\n    {source[:300]!r}")
    table.add_section()
    table.add_row(
        f"all {done}", str(len(added)), f"{plain_total:.2f}", f"{tracked_total:.2f}", f"{tracked_total / plain_total:.3f}",
        f"{tracked_busy / plain_busy:.3f}", f"{percentile(added, 0.5) * 1000:.1f}", f"{percentile(added, 0.95) * 1000:.1f}",
        f"{percentile(added_busy, 0.95) * 1000:.1f}", f"{statistics.median(memories):.3f}",
    )  # fmt: skip
    Console(width=140).print(table)
    busy, waited = loop(options.rounds)
    print(f"a loop of 10^7 steps over globals: {busy:.3f}x processor time, {waited:.3f}x time")


if __name__ == "__main__":
    main()
