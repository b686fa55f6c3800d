"""How often Cairn is right about out-of-order state, on real notebooks, judged by a real Restart & Run All.

    python benchmarks/accuracy.py [--notebooks 12] [--sessions 2] [--steps 14] [--seed 0]
    python benchmarks/accuracy.py --judge [--explain]      # the sessions that were recorded before, judged again

For each notebook a scripted session explores it as people do: run most of it in order, then re-run, skip, edit, delete,
insert and move cells, and change things in place. Then the document is checked from the trail, and the truth is found by
running the document top to bottom in a fresh kernel: a cell *differs* when what it shows, or what it leaves in the names
it binds or changes, is not what the session left. Beside Cairn stands a baseline that knows only edit flags and
execution counts.

Cells whose result differs between two runs of the untouched notebook (random, clocks) are left out.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import corpus
import driver
from exploration import Live, Session, Story, differs, run_all
from rich.console import Console
from rich.table import Table

from nbcairn.lineage.check import check
from nbcairn.model import CellVerdict, Verdict
from nbcairn.store import Trail

KEPT = corpus.CACHE / "accuracy"
"""Recorded sessions, so that a change of the replay can be judged again without running anything."""


@dataclass(slots=True)
class Score:
    """Counts over cells; ``right`` and ``sessions`` count whole sessions."""

    counts: Counter = field(default_factory=Counter)
    right: int = 0
    sessions: int = 0

    def add(self, pairs: list[tuple[str, bool]]) -> None:
        self.counts.update(pairs)
        self.sessions += 1
        self.right += all((verdict == "stale") == differs for verdict, differs in pairs if verdict != "unknown")

    def row(self, name: str) -> list[str]:
        hit, false = self.counts["stale", True], self.counts["stale", False]
        missed = self.counts["fresh", True]
        unknown = self.counts["unknown", True] + self.counts["unknown", False]
        total = sum(self.counts.values())
        precision, recall = hit / max(1, hit + false), hit / max(1, hit + missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return [
            name, str(total), f"{hit + missed}", f"{recall:.3f}", f"{precision:.3f}", f"{f1:.3f}",
            f"{unknown / max(1, total):.3f}", f"{self.right}/{self.sessions}",
        ]  # fmt: skip


# --------------------------------------------------------------------------- recording


def truth(example: corpus.Example, cells: list[Live], folder: Path) -> list[Live]:
    """Restart & Run All of the document, for real, without Cairn."""
    with driver.kernel(folder, tracked=False) as live:
        return run_all(cells, live)


def steady(example: corpus.Example, folder: Path) -> list[str] | None:
    """Ids of the cells that show the same in two runs of the untouched notebook; None if a cell fails."""
    cells = [Live(f"{example.name}-{i}", source) for i, source in enumerate(example.cells)]
    first, second = truth(example, cells, folder), truth(example, cells, folder)
    if any("Error: " in cell.shown for cell in first):
        return None
    return [a.id for a, b in zip(first, second, strict=True) if not differs(a, b)]


def record(example: corpus.Example, seed: int, sessions: int, steps: int) -> None:
    """Explore one notebook and keep what came of it; a notebook that fails untouched is left out."""
    home = KEPT / f"{example.package}-{example.name}"
    if (home / "failed").exists():
        return
    constant: list[str] | None = None
    for number in range(sessions):
        folder = home / f"{seed}-{number}"
        if (folder / "story.json").exists():
            continue
        shutil.rmtree(folder, ignore_errors=True)
        project = folder / "project"
        shutil.copytree(example.folder, project, ignore=shutil.ignore_patterns("*.ipynb"))
        constant = constant if constant is not None else steady(example, project)
        if constant is None:
            (home / "failed").touch()
            return
        dice = random.Random(f"{seed}-{example.name}-{number}")
        with driver.kernel(project, tracked=True, trail=project / ".cairn") as live:
            session = Session(example.name, example.cells, dice, live)
            session.explore(steps)
            live.run("%unload_ext nbcairn", silent=True)
        story = Story(session.cells, truth(example, session.cells, project), constant, session.moves)
        (folder / "story.json").write_text(story.dump())


# --------------------------------------------------------------------------- judging


def baseline(cells: list[Live]) -> Iterator[str]:
    """Edit flags and execution counts: stale when edited, never run, or run before a cell above it."""
    newest = 0
    for cell in cells:
        stale = cell.ran != cell.source or cell.count is None or cell.count < newest
        newest = max(newest, cell.count or 0)
        yield "stale" if stale else "fresh"


def judge(folder: Path, scores: dict[str, Score], console: Console | None) -> None:
    """Hold verdicts against the truth of one recorded session."""
    story = Story.load((folder / "story.json").read_text())
    with Trail.open(folder / "project" / ".cairn", read_only=True) as trail:
        told = {cell.cell_id: cell for cell in check(story.document(), trail).cells}
    pairs, simple = [], []
    for cell, again, guess in zip(story.cells, story.again, baseline(story.cells), strict=True):
        if cell.id not in story.constant and not cell.id.startswith("new-"):
            continue
        actual, verdict = differs(cell, again), told[cell.id]
        word = "stale" if verdict.verdict is Verdict.NEVER_RUN else str(verdict.verdict)
        pairs.append((word, actual))
        simple.append((guess, actual))
        if console and (word == "unknown" or (word == "stale") != actual):
            report(console, folder, cell, again, verdict)
    scores["Cairn"].add(pairs)
    scores["edit flags + counts"].add(simple)


def report(console: Console, folder: Path, cell: Live, again: Live, told: CellVerdict) -> None:
    changed = sorted(name for name in {*cell.left, *again.left} if cell.left.get(name) != again.left.get(name))
    shown = cell.shown != again.shown
    console.print(
        f"[bold]{folder.parent.name}/{folder.name} {cell.id}[/] told {told.verdict}; "
        f"{'differs' if differs(cell, again) else 'is the same'}: names {changed}, shown {shown}",
        highlight=False,
    )
    console.print(cell.source[:240], markup=False, highlight=False, style="dim")
    for finding in told.findings:
        console.print(f"   {finding.code} {finding.message}", markup=False, highlight=False)
    if shown:
        console.print("   was", cell.shown[:200], "\n   now", again.shown[:200], markup=False, highlight=False)


def table(scores: dict[str, Score]) -> Table:
    columns = ("method", "cells", "differ", "recall", "precision", "F1", "unknown", "sessions all right")
    made = Table(*columns)
    for name, score in scores.items():
        made.add_row(*score.row(name))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=12)
    parser.add_argument("--sessions", type=int, default=2)
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip", type=int, default=0, help="begin after this many notebooks (smallest first)")
    parser.add_argument("--judge", action="store_true", help="only judge the sessions that are kept in .bench/accuracy")
    parser.add_argument("--explain", action="store_true", help="print every cell that Cairn got wrong or does not know")
    options = parser.parse_args()
    console = Console(stderr=True, width=160)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(corpus.ORACLE), os.environ.get("PYTHONPATH", "")])
    if not options.judge:
        for example in corpus.examples()[options.skip : options.skip + options.notebooks]:
            console.print(example.name)
            try:
                record(example, options.seed, options.sessions, options.steps)
            except TimeoutError:
                console.print(f"{example.name}: a cell took too long, left out")
    scores = {"Cairn": Score(), "edit flags + counts": Score()}
    for story in sorted(KEPT.glob("*/*/story.json")):
        judge(story.parent, scores, console if options.explain else None)
    Console(width=110).print(table(scores))


if __name__ == "__main__":
    main()
