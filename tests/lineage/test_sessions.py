"""Notebooks and sessions that nobody wrote: every cell that a real Restart & Run All changes was flagged beforehand.

Hypothesis invents the cells and what is done with them: run, re-run, edit, delete, insert, move, change through aliases, draw
random numbers, write and read files, restart. The judge runs the document as it then stands, in a fresh namespace, and
compares what each cell shows and leaves. A missed cell fails at once and is shrunk; false alarms are counted over all sessions.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from books import Book, InKernel, InProcess
from kernels import kernel
from nbcairn.model import Verdict

CODE = (
    "a = 1", "a = 2", "b = a + 1", "b = a * 0", "a += 1", "a = b", "del a", "c = 7",
    "xs = [1, 2]", "xs = [a]", "ys = xs", "ys = list(xs)", "ys = xs[:1]", "box = {'k': xs}", "ys = box['k']",
    "xs.append(a)", "ys.append(3)", "box['k'].append(4)", "xs = xs + [5]", "xs.sort(reverse=True)",
    "def f(v):\n    return v + a", "def g(v):\n    xs.append(v)\n    return len(xs)", "def h():\n    global c\n    c = a",
    "b = f(2)", "b = g(1)", "h()", "print(f(1))",
    "class Box:\n    def __init__(self, held):\n        self.held = held", "it = Box(xs)", "it.held.append(6)",
    "print(a)", "print(a, b)", "print(xs)", "print(ys)", "print(box)", "print(len(xs) > 1)", "print(c)", "print(it.held)",
    "if a > 1:\n    b = 10", "for i in range(2):\n    xs.append(i)", "try:\n    b = c\nexcept NameError:\n    b = 0",
    "import random\nrandom.seed(5)", "b = random.randint(0, 99)", "print(random.randint(0, 99))",
    "with open('data.txt', 'w') as out:\n    n = out.write(str(a))\ndel out", "c = open('data.txt').read()",
    "print(open('data.txt').read())", "sq = [x * a for x in xs]", "print(sq)", "t = (xs, a)", "t[0].append(8)",
)  # fmt: skip
TABLES = (
    "df = pd.DataFrame({'a': [1, 2, 3], 'b': [4, 5, 6]})", "df = pd.DataFrame({'a': [1, 2, 3], 'b': ['x', 'y', 'x']})",
    "df['c'] = df['a'] * 2", "df['b'] = 0", "df['a'] = df['a'] + 1", "df.insert(0, 'z', 1)", "df = df[['b', 'a']]", "del df['b']",
    "df['a'] = df['a'].astype(float)", "df.index = [5, 6, 7]", "df = df.rename(columns={'b': 'c'})", "part = df[['a']]",
    "def total():\n    return df['a'].sum()", "n = total()", "print(total(), n)", "other = df", "other['d'] = 1", "print(other.a)",
    "print(df['a'].sum())", "print(df.b.max(), len(df))", "print(df[df['a'] > 1]['b'])", "print(df.groupby('b')['a'].sum())",
    "print(part)", "print(df)", "print(df.shape[0], df.index)", "print(df.sort_values('b')['a'])", "print(df.loc[:, 'a'])",
    "s = df['a']", "s.iloc[0] = 9", "print(s)", "print(list(df))", "df['size'] = 3", "print(df.size)", "df.attrs['k'] = 1",
)  # fmt: skip
"""Code that reads some columns of a table, or all, and code that changes it."""
EDITS = (
    "a = 1\nprint(a)", "a = 1\nprint(-a)", "a = 1\na += 1", "a = 1\ndel a", "a = 1\nh()", "a = 1\nb = a", "a = 2\nprint(a)",
    "xs = [1]\nys = xs\nprint(xs)", "xs = [1]\nys = xs\nxs.append(2)", "xs = [1]\nys = xs\nys.append(3)", "xs = [1]\nys = xs\ng(2)",
    "xs = [1]\nys = xs\nys = list(ys)\nys.append(1)", "zs = xs\nprint(1)", "zs = xs\nzs.append(5)", "zs = [xs, a]\nzs[0].pop()",
    "b = f(2)\nprint(b)", "b = f(2)\nprint(b, c)", "b = f(2)\nxs.append(b)", "b = f(2)\nif b > 3:\n    b = 3",
    "n = random.randint(0, 9)\nprint(n)", "n = random.randint(0, 9)\nrandom.seed(1)", "random.seed(5)\nc = 1", "random.seed(5)\nc = 2",
    "t = open('data.txt').read()\nprint(t)", "t = open('data.txt').read()\nprint(len(t))", "import random, math\nprint(1)",
    "with open('data.txt', 'w') as out:\n    m = out.write(str(a))\nprint(m)", "import random, math\nmath = 3",
    "with open('data.txt', 'w') as out:\n    m = out.write(str(a))\nprint(-m)", "for i in xs:\n    b = i\nprint(b)",
    "for i in xs:\n    b = i\nprint(-b)", "def f(v):\n    return v + a", "def f(v):\n    return v * a",
    "def g(v):\n    xs.append(v)\n    return len(xs)", "def h():\n    global c\n    c = a", "it = iter(xs)\nprint(1)", "it = iter(xs)\nnext(it)",
    "print(list(it))", "print(a)", "print(b)", "print(c)", "print(n)", "print(m, t)", "print(xs)", "print(ys)", "print(zs)", "print(math)",
)  # fmt: skip
"""Cells that begin alike and go on otherwise: one is edited into the other."""
STATES = (
    "random.seed(1)", "random.seed(2)", "x = random.random()", "print(random.random())", "y = roll()", "print(roll())",
    "def roll():\n    return random.random()", "def roll():\n    return 4", "random.seed(1)\nx = 1", "random.seed(1)\nx = 2", "x = 1\nprint(x)", "x = 1\nrandom.seed(3)",
    "class Box:\n    size = 1\n    held = []", "class Box:\n    size = 1\n    held = [0]", "Box.size = 2", "Box.size += 1", "Box.held = [1]",
    "Box.held.append(2)", "it = Box()", "it.size = 5", "setattr(Box, 'size', 7)", "it.held.append(3)", "roll.n = 1", "roll.n = 2",
    "print(Box.size)", "print(Box.held)", "print(it.size)", "print(it.held)", "print(x)", "print(y)", "print(getattr(roll, 'n', 0))", "x = Box.size", "print(1)",
)  # fmt: skip
"""Code that changes what no name shows: generators, and attributes of classes and functions."""
FIRST = ("a = 1", "b = 2", "xs = [3]", "ys = xs", "import random")
COUNTS: Counter[str] = Counter()
STALE = {Verdict.STALE, Verdict.NEVER_RUN}

code = st.runner().flatmap(lambda session: st.sampled_from(session.codes))
place = st.integers(0, 30)


class Sessions(RuleBasedStateMachine):
    """One exploration; judged when it is over."""

    desk = None
    codes = CODE
    first = FIRST

    @initialize(sources=st.lists(code, min_size=2, max_size=7), plain=st.booleans())
    def begin(self, sources, plain):
        self.scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # a session may still be noted
        folder = Path(self.scratch.name).resolve()
        os.environ["NBCAIRN_NOTEBOOK"] = str(folder / "analysis.ipynb")
        self.desk = type(self).make_desk(folder)
        self.book = Book(self.desk)
        self.names = (f"c{n}" for n in range(1000))
        for source in (*(self.first if plain else self.first[:2]), *sources):
            name = next(self.names)
            self.book.write(name, source)
            self.book.run(name)

    def at(self, where):
        return self.book.pages[where % len(self.book.pages)].id

    @rule(where=place)
    def run_one(self, where):
        self.book.run(self.at(where))

    @rule(where=place, source=code)
    def edit_and_run(self, where, source):
        self.book.write(self.at(where), source)
        self.book.run(self.at(where))

    @rule(where=place, source=code)
    def edit(self, where, source):
        self.book.write(self.at(where), source)

    @rule(where=place, source=code)
    def insert_and_run(self, where, source):
        name = next(self.names)
        self.book.write(name, source, below=self.at(where))
        self.book.run(name)

    @rule(where=place)
    def delete(self, where):
        if len(self.book.pages) > 3:
            self.book.delete(self.at(where))

    @rule(where=place, to=place)
    def move(self, where, to):
        name, below = self.at(where), self.at(to)
        self.book.move(name, None if name == below else below)

    @rule()
    def restart(self):
        self.book.restart()

    @rule(text=st.sampled_from("123"))
    def change_file(self, text):
        self.book.play(f"file data.txt {text}")

    def teardown(self):
        if self.desk is None:
            return
        try:
            self.judge()
        finally:
            self.desk.close()
            self.scratch.cleanup()

    def judge(self):
        self.repair()
        self.compare()

    def repair(self):
        """Half of the sessions are repaired first, as the plan says; what no obstacle names is fresh then."""
        if len(self.book.pages) % 2:
            return
        for _ in range(3):  # a run may show that a cell does more than its source told
            plan = self.book.check().plan
            if not plan.run:
                break
            if plan.restart:
                self.book.restart()
            for name in plan.run:
                self.book.run(name)
        stands = {obstacle.cell_id for obstacle in plan.obstacles}
        wrong = {name for name, verdict in self.book.verdicts().items() if verdict in STALE} - stands
        assert not wrong, "\n".join(["not repaired: " + " ".join(sorted(wrong)), *self.book.log])

    def compare(self):
        told = self.book.verdicts()
        truth = self.book.truth()
        COUNTS["sessions"] += 1
        for name, verdict in told.items():
            alarm = verdict in STALE
            COUNTS["unknown" if verdict is Verdict.UNKNOWN else f"{alarm}-{name in truth}"] += 1
        missed = {name for name in truth if told[name] is Verdict.FRESH}
        assert not missed, "\n".join(["missed: " + " ".join(sorted(missed)), *self.book.log, str(told)])


class TableSessions(Sessions):
    """One exploration of a table."""

    codes = TABLES
    first = ("import pandas as pd", TABLES[0], "part = df[['a']]", "n = 0")


class EditSessions(Sessions):
    """One exploration in which many edits leave the beginning of a cell as it was."""

    codes = EDITS
    first = ("import random\nc = 0", "xs = [3]\nys = xs", "a = 2\nb = 1", "def f(v):\n    return v + a")


class StateSessions(Sessions):
    """One exploration of generators, and of classes and functions that carry attributes."""

    codes = STATES
    first = ("import random", STATES[12], STATES[6], "it = Box()\nrandom.seed(1)")


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def explore(make_desk, sessions, steps=14, kind=Sessions):
    machine = type(kind.__name__, (kind,), {"make_desk": staticmethod(make_desk)})
    case = machine.TestCase()
    case.settings = settings(
        max_examples=sessions, stateful_step_count=steps, deadline=None, suppress_health_check=SLOW
    )
    COUNTS.clear()
    case.runTest()
    hits, false = COUNTS["True-True"], COUNTS["True-False"]
    print(dict(COUNTS), f"precision {hits / max(1, hits + false):.3f}")
    assert hits / max(1, hits + false) > 0.8, COUNTS


@pytest.fixture(autouse=True)
def _light(monkeypatch):
    monkeypatch.setattr("nbcairn.kernel.session._packages", dict)
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", "")


@pytest.mark.timeout(900)
def test_sessions_in_this_process():
    explore(InProcess, 150)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_many_sessions_in_this_process():
    explore(InProcess, 1000)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", [TableSessions, EditSessions, StateSessions])
def test_sessions_with_tables_and_with_edits_in_this_process(kind):
    explore(InProcess, 20, kind=kind)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", [TableSessions, EditSessions, StateSessions])
def test_many_sessions_with_tables_and_with_edits_in_this_process(kind):
    explore(InProcess, 400, kind=kind)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("desk"), environment={"PYTHONPATH": str(Path(__file__).parents[1])}) as running:
        yield running


@pytest.mark.timeout(900)
def test_sessions_in_a_kernel(live):
    explore(lambda folder: InKernel(live, folder), 24, steps=9)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_many_sessions_in_a_kernel(live):
    explore(lambda folder: InKernel(live, folder), 200)
