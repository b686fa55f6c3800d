"""How often Cairn is right about out-of-order state, on real notebooks, judged by a real Restart & Run All.

    python benchmarks/accuracy.py [--notebooks 12] [--sessions 2] [--steps 14] [--seed 0]

For each notebook a scripted session explores it as people do: run most of it in order, then re-run, skip, edit, delete,
insert and move cells. Then the document is checked from the trail, and the truth is found by running the document
top to bottom in a fresh kernel: a cell *differs* when what it shows, or what it leaves in the names it binds, is not
what the session left. Beside Cairn stands a baseline that knows only edit flags and execution counts.

Cells whose result differs between two runs of the untouched notebook (random, clocks) are left out.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import corpus
import driver
from rich.console import Console
from rich.progress import track
from rich.table import Table

from nbcairn.lineage.check import check
from nbcairn.model import Cell, Document, Verdict
from nbcairn.store import Trail

# Runs in the kernel under study, without Cairn's recorder: what a cell left in the names it binds.
ORACLE = """
def __oracle(names):
    import json
    from nbcairn.fingerprint import fingerprint
    space = get_ipython().user_ns
    found = {}
    for name in names:
        if name in space:
            value = fingerprint(space[name])
            found[name] = value.digest if str(value.coverage) != "opaque" else "opaque:" + type(space[name]).__name__
    print(json.dumps(found))
__oracle(%r)
del __oracle
"""


@dataclass(slots=True)
class Live:
    """A cell of the document while a session goes on."""

    id: str
    source: str
    ran: str | None = None
    count: int | None = None
    shown: str = ""
    left: dict[str, str] = field(default_factory=dict)


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


def bound(source: str) -> list[str]:
    """Names that a cell binds at its top level, by reading it."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return []
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return sorted(names)


def shown(outputs: list[dict]) -> str:
    """Outputs as text that can be compared: addresses and times removed, pictures kept whole."""
    streams: dict[str, str] = {}
    rest = []
    for part in outputs:
        if part["kind"] == "stream":
            streams[part["name"]] = streams.get(part["name"], "") + part["text"]
        elif part["kind"] == "error":
            rest.append(f"{part['ename']}: {part['evalue']}")
        else:
            rest.append(json.dumps({k: v for k, v in part["data"].items() if k != "application/json"}, sort_keys=True))
    text = json.dumps([sorted(streams.items()), rest])
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    return re.sub(r"\b\d\d:\d\d:\d\d\b|\b\w{3}, \d\d \w{3} \d{4}\b|\w{3} \w{3} \d\d \d\d:\d\d:\d\d \d{4}", "", text)


def observe(live: driver.Kernel, cell: Live) -> None:
    """Run a cell as it stands and note what it shows and leaves."""
    outcome = live.run(cell.source, cell.id)
    cell.ran, cell.count, cell.shown = cell.source, outcome.count, shown(outcome.outputs)
    cell.left = left_by(live, cell.source)


def left_by(live: driver.Kernel, source: str) -> dict[str, str]:
    answer = live.run(ORACLE % (bound(source),), silent=True)
    return json.loads("".join(part.get("text", "") for part in answer.outputs if part["kind"] == "stream") or "{}")


def edited(source: str, dice: random.Random) -> str:
    """A small change of meaning: another number, or a second statement on a name it binds."""
    numbers = list(re.finditer(r"(?<![\w.\"'])(\d+)(?![\w.\"'])", source))
    if numbers:
        match = dice.choice(numbers)
        return source[: match.start()] + str(int(match.group()) + 1) + source[match.end() :]
    return source + "\n# looked at again"


class Session:
    """One scripted exploration of one notebook."""

    def __init__(self, example: corpus.Example, dice: random.Random, live: driver.Kernel) -> None:
        self.dice, self.live = dice, live
        self.cells = [Live(f"{example.name}-{i}", source) for i, source in enumerate(example.cells)]
        self.fresh_ids = iter(range(10_000))

    def explore(self, steps: int) -> None:
        for cell in self.cells:
            if self.dice.random() > 0.05:
                observe(self.live, cell)
        moves = [
            self.rerun,
            self.rerun,
            self.edit,
            self.edit_and_run,
            self.edit_and_run,
            self.delete,
            self.insert,
            self.move,
            self.alter,
        ]
        for _ in range(steps):
            self.dice.choice(moves)()

    def pick(self) -> Live:
        return self.dice.choice(self.cells)

    def rerun(self) -> None:
        observe(self.live, self.pick())

    def edit(self) -> None:
        cell = self.pick()
        cell.source = edited(cell.source, self.dice)

    def edit_and_run(self) -> None:
        cell = self.pick()
        cell.source = edited(cell.source, self.dice)
        observe(self.live, cell)

    def delete(self) -> None:
        if len(self.cells) > 6 and self.dice.random() < 0.5:
            self.cells.remove(self.pick())

    def move(self) -> None:
        if self.dice.random() < 0.5:
            cell = self.pick()
            self.cells.remove(cell)
            self.cells.insert(self.dice.randrange(len(self.cells) + 1), cell)

    def insert(self) -> None:
        """A new cell that looks at something an earlier cell bound."""
        where = self.dice.randrange(len(self.cells))
        names = bound(self.cells[where].source)
        if names:
            cell = Live(f"new-{next(self.fresh_ids)}", f"type({self.dice.choice(names)}).__name__")
            self.cells.insert(where + 1, cell)
            observe(self.live, cell)

    def alter(self) -> None:
        """A new cell at the end that changes something in place."""
        names = [name for cell in self.cells for name in bound(cell.source)]
        if names:
            name = self.dice.choice(names)
            cell = Live(
                f"new-{next(self.fresh_ids)}",
                f"if isinstance({name}, list): {name}.append(0)\nelif hasattr({name}, 'iloc') and len({name}) > 3: {name}.iloc[0] = {name}.iloc[1]",
            )
            self.cells.append(cell)
            observe(self.live, cell)

    def document(self, path: str | None) -> Document:
        cells = (Cell(c.id, i, c.source, executed=c.count is not None) for i, c in enumerate(self.cells))
        return Document(path, tuple(cells))


def truth(example: corpus.Example, cells: list[Live]) -> list[Live]:
    """Restart & Run All of the document, for real, without Cairn."""
    again = [Live(cell.id, cell.source) for cell in cells]
    with driver.kernel(example.folder, tracked=False) as live:
        for cell in again:
            observe(live, cell)
    return again


def differs(before: Live, after: Live) -> bool:
    return before.shown != after.shown or before.left != after.left


def baseline(cells: list[Live]) -> Iterator[str]:
    """Edit flags and execution counts: stale when edited, never run, or run before a cell above it."""
    newest = 0
    for cell in cells:
        stale = cell.ran != cell.source or cell.count is None or cell.count < newest
        newest = max(newest, cell.count or 0)
        yield "stale" if stale else "fresh"


def steady(example: corpus.Example) -> set[str] | None:
    """Ids of the cells that show the same in two runs of the untouched notebook; None if a cell fails."""
    cells = [Live(f"{example.name}-{i}", source) for i, source in enumerate(example.cells)]
    first, second = truth(example, cells), truth(example, cells)
    if any('"ename"' in cell.shown or "Error:" in cell.shown for cell in first):
        return None
    return {a.id for a, b in zip(first, second, strict=True) if not differs(a, b)}


def verdicts(session: Session, folder: Path) -> dict[str, str]:
    with Trail.open(folder, read_only=True) as trail:
        result = check(session.document(None), trail)
    names = {Verdict.FRESH: "fresh", Verdict.STALE: "stale", Verdict.NEVER_RUN: "stale", Verdict.UNKNOWN: "unknown"}
    return {cell.cell_id: names[cell.verdict] for cell in result.cells}


def play(
    example: corpus.Example,
    dice: random.Random,
    steps: int,
    constant: set[str],
    scores: dict[str, Score],
    verbose: Console | None,
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        trail = Path(scratch) / ".cairn"
        with driver.kernel(example.folder, tracked=True, trail=trail) as live:
            session = Session(example, dice, live)
            session.explore(steps)
        told = verdicts(session, trail)
        after = truth(example, session.cells)
        pairs, simple = [], []
        for cell, again, guess in zip(session.cells, after, baseline(session.cells), strict=True):
            if cell.id not in constant and not cell.id.startswith("new-"):
                continue
            actual = differs(cell, again)
            pairs.append((told[cell.id], actual))
            simple.append((guess, actual))
            if verbose and told[cell.id] != "unknown" and (told[cell.id] == "stale") != actual:
                report(verbose, cell, again, told[cell.id])
        scores["Cairn"].add(pairs)
        scores["edit flags + counts"].add(simple)


def report(console: Console, cell: Live, again: Live, told: str) -> None:
    changed = sorted(name for name in {*cell.left, *again.left} if cell.left.get(name) != again.left.get(name))
    console.print(
        f"[bold]{cell.id}[/] told {told}; names that differ: {changed}; shown differs: {cell.shown != again.shown}"
    )
    console.print(cell.source[:300], markup=False, highlight=False)
    if cell.shown != again.shown:
        console.print("   was", cell.shown[:300], "\n   now", again.shown[:300], markup=False, highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebooks", type=int, default=12)
    parser.add_argument("--sessions", type=int, default=2)
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--explain", action="store_true", help="print every cell that Cairn got wrong")
    options = parser.parse_args()
    console = Console(stderr=True)
    scores = {"Cairn": Score(), "edit flags + counts": Score()}
    played = 0
    for example in track(corpus.examples(), "notebooks", console=console):
        if played == options.notebooks:
            break
        try:
            constant = steady(example)
            if constant is None:
                continue
            for number in range(options.sessions):
                dice = random.Random(f"{options.seed}-{example.name}-{number}")
                play(example, dice, options.steps, constant, scores, console if options.explain else None)
        except TimeoutError:
            console.print(f"{example.name}: a cell took too long, left out")
            continue
        played += 1
    table = Table("method", "cells", "differ", "recall", "precision", "F1", "unknown", "sessions all right")
    for name, score in scores.items():
        table.add_row(*score.row(name))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
