"""A scripted exploration of a notebook, and what is kept of it: the cells as left, the trail, and the truth."""

from __future__ import annotations

import json
import random
import re
from dataclasses import asdict, dataclass, field

import driver

import oracle
from nbcairn.model import Cell, Document


@dataclass(slots=True)
class Live:
    """A cell of the document while a session goes on; ``left`` is what it left in the names that it bound or changed."""

    id: str
    source: str
    ran: str | None = None
    count: int | None = None
    shown: str = ""
    left: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """A finished session: the document as it stood, and the same cells after a real Restart & Run All.

    ``constant`` are the ids of cells that show the same in two runs of the untouched notebook.
    """

    cells: list[Live]
    again: list[Live]
    constant: list[str]
    moves: list[str]

    def document(self) -> Document:
        cells = (Cell(c.id, i, c.source, executed=c.count is not None) for i, c in enumerate(self.cells))
        return Document(None, tuple(cells))

    def dump(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def load(cls, text: str) -> Story:
        raw = json.loads(text)
        return cls(
            [Live(**c) for c in raw["cells"]], [Live(**c) for c in raw["again"]], raw["constant"], raw["moves"]
        )  # fmt: skip


def differs(before: Live, after: Live) -> bool:
    """The judge: a cell differs when what it shows, binds or changes is not what the session left."""
    return before.shown != after.shown or not oracle.alike(before.source, before.left, after.left)


# --------------------------------------------------------------------------- looking


def shown(outputs: list[dict]) -> str:
    """Outputs as text that can be compared: addresses and times removed, sets of texts in order, pictures kept whole."""
    streams: dict[str, str] = {}
    rest = []
    for part in outputs:
        if part["kind"] == "stream":
            streams[part["name"]] = streams.get(part["name"], "") + part["text"]
        elif part["kind"] == "error":
            rest.append(f"{part['ename']}: {part['evalue']}")
        else:
            rest.append(json.dumps({k: v for k, v in part["data"].items() if k != "application/json"}, sort_keys=True))
    text = _SET.sub(_sorted, json.dumps([sorted(streams.items()), rest]))
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    text = re.sub(r"ipykernel_\d+/\d+\.py", "ipykernel/", text)
    return re.sub(r"\b\d\d:\d\d:\d\d\b|\b\w{3}, \d\d \w{3} \d{4}\b|\w{3} \w{3} \d\d \d\d:\d\d:\d\d \d{4}", "", text)


_SET = re.compile(r"\{'[^'{}:]*'(?:,(?: |\\+n)+'[^'{}:]*')+\}")
"""A set of texts, which each process prints in another order, in the text of a JSON list."""


def _sorted(found: re.Match[str]) -> str:
    return "{" + ", ".join(sorted(re.findall(r"'[^']*'", found[0]))) + "}"


def observe(live: driver.Kernel, cell: Live) -> None:
    """Run a cell as it stands and note what it shows and leaves."""
    live.run("__import__('oracle').look()", silent=True)
    outcome = live.run(cell.source, cell.id)
    cell.ran, cell.count, cell.shown = cell.source, outcome.count, shown(outcome.outputs)
    told = f"__import__('oracle').tell({cell.source!r}, {outcome.status != 'ok'})"
    answer = live.run(told, silent=True)
    text = "".join(part.get("text", "") for part in answer.outputs if part["kind"] == "stream")
    cell.left = json.loads(text or "{}")


def run_all(cells: list[Live], live: driver.Kernel) -> list[Live]:
    """Restart & Run All of the cells, for real, in a kernel that is fresh and without Cairn."""
    again = [Live(cell.id, cell.source) for cell in cells]
    for cell in again:
        observe(live, cell)
    return again


# --------------------------------------------------------------------------- exploring


LOOKS = {
    "list": "{0}[:5]", "dict": "sorted({0})[:5]", "DataFrame": "{0}.head()", "Series": "{0}.describe()", "ndarray": "{0}[:5]",
    "int": "{0}", "float": "round({0}, 3)", "str": "{0}", "tuple": "{0}",
}  # fmt: skip
"""How people look at a value, by its type."""
WAYS = {
    "list": "{0}.append(0)", "dict": "{0}['extra'] = 0", "DataFrame": "{0}['extra'] = range(len({0}))",
    "Series": "{0}.iloc[0] = {0}.iloc[-1]", "ndarray": "{0}[0] = {0}[-1]",
}  # fmt: skip
"""How people change one in place."""


def edited(source: str, dice: random.Random) -> str:
    """Another number in it; or a comment, which changes nothing."""
    numbers = list(re.finditer(r"(?<![\w.\"'])(\d+)(?![\w.\"'])", source))
    if numbers:
        match = dice.choice(numbers)
        return source[: match.start()] + str(int(match.group()) + 1) + source[match.end() :]
    return source + "\n# looked at again"


class Session:
    """One scripted exploration: the notebook from the top, then moves as people make them."""

    def __init__(self, name: str, sources: tuple[str, ...], dice: random.Random, live: driver.Kernel) -> None:
        self.dice, self.live = dice, live
        self.cells = [Live(f"{name}-{i}", source) for i, source in enumerate(sources)]
        self.moves: list[str] = []
        self.fresh_ids = iter(range(10_000))

    def explore(self, steps: int) -> None:
        for cell in self.cells:
            if self.dice.random() > 0.05:
                self._run(cell)
        moves = [self.rerun, self.rerun, self.edit, self.edit_and_run, self.edit_and_run,
                 self.delete, self.insert, self.move, self.alter]  # fmt: skip
        for _ in range(steps):
            self.dice.choice(moves)()

    def _pick(self) -> Live:
        return self.dice.choice(self.cells)

    def _run(self, cell: Live) -> None:
        self.moves.append(f"run {cell.id}: {cell.source[:60]!r}")
        observe(self.live, cell)

    def rerun(self) -> None:
        self._run(self._pick())

    def edit(self) -> Live:
        cell = self._pick()
        cell.source = edited(cell.source, self.dice)
        self.moves.append(f"edit {cell.id}")
        return cell

    def edit_and_run(self) -> None:
        self._run(self.edit())

    def delete(self) -> None:
        if len(self.cells) > 6 and self.dice.random() < 0.5:
            cell = self._pick()
            self.cells.remove(cell)
            self.moves.append(f"delete {cell.id}")

    def move(self) -> None:
        if self.dice.random() < 0.5:
            cell = self._pick()
            self.cells.remove(cell)
            self.cells.insert(self.dice.randrange(len(self.cells) + 1), cell)
            self.moves.append(f"move {cell.id} to {self.cells.index(cell)}")

    def insert(self) -> None:
        """A new cell that looks at something an earlier cell bound."""
        where = self.dice.randrange(len(self.cells))
        looks = {name: look for name in oracle.bound(self.cells[where].source) if (look := LOOKS.get(self._kind(name)))}
        if looks:
            name = self.dice.choice(sorted(looks))
            cell = Live(f"new-{next(self.fresh_ids)}", looks[name].format(name))
            self.cells.insert(where + 1, cell)
            self._run(cell)

    def alter(self) -> None:
        """A new cell at the end that changes something in place, as its type allows."""
        names = [name for cell in self.cells for name in oracle.bound(cell.source)]
        ways = {name: way.format(name) for name in names if (way := WAYS.get(self._kind(name)))}
        if ways:
            name = self.dice.choice(sorted(ways))
            cell = Live(f"new-{next(self.fresh_ids)}", ways[name])
            self.cells.append(cell)
            self._run(cell)

    def _kind(self, name: str) -> str:
        answer = self.live.run(f"print(type(globals().get({name!r})).__name__)", silent=True)
        return "".join(part.get("text", "") for part in answer.outputs if part["kind"] == "stream").strip()
