"""What recording costs over whole real notebooks: time, per-cell time and memory, against the same run without Cairn.

    python benchmarks/overhead.py [--notebooks 15] [--rounds 3]

Each notebook is run alternately with and without Cairn; the ratio is taken inside each pair.
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
    """One execution of one notebook: seconds of each cell, peak resident memory in KiB."""

    cells: tuple[float, ...]
    memory: int


def execute(example: corpus.Example, tracked: bool) -> Measured | None:
    """Run all cells in a fresh kernel; None if one of them fails."""
    with tempfile.TemporaryDirectory() as scratch:
        trail = Path(scratch) / ".cairn"
        with driver.kernel(example.folder, tracked=tracked, trail=trail) as live:
            seconds = []
            for index, source in enumerate(example.cells):
                outcome = live.run(source, f"cell-{index}")
                if outcome.status != "ok":
                    return None
                seconds.append(outcome.seconds)
            peak = live.run(MEMORY, silent=True).outputs[0]["text"]
    return Measured(tuple(seconds), int(peak))


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebooks", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    table = Table("notebook", "cells", "plain s", "tracked s", "ratio", "added p50 ms", "added p95 ms", "memory ratio")
    ratios, added, memories, plain_total, tracked_total = [], [], [], 0.0, 0.0
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
        memory = statistics.median(t.memory / p.memory for p, t in pairs)
        ratios.append(statistics.median(sum(t.cells) / sum(p.cells) for p, t in pairs))
        added += per_cell
        memories.append(memory)
        plain_total += plain_s
        tracked_total += tracked_s
        table.add_row(
            example.name, str(len(example.cells)), f"{plain_s:.2f}", f"{tracked_s:.2f}", f"{ratios[-1]:.3f}",
            f"{percentile(per_cell, 0.5) * 1000:.1f}", f"{percentile(per_cell, 0.95) * 1000:.1f}", f"{memory:.3f}",
        )  # fmt: skip
    table.add_section()
    table.add_row(
        f"all {done}", str(len(added)), f"{plain_total:.2f}", f"{tracked_total:.2f}", f"{tracked_total / plain_total:.3f}",
        f"{percentile(added, 0.5) * 1000:.1f}", f"{percentile(added, 0.95) * 1000:.1f}", f"{statistics.median(memories):.3f}",
    )  # fmt: skip
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
