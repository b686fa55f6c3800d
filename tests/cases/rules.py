"""Explorations in steps (see ``books.Book.play``), and what each cell is then told: its verdict and the codes of its findings.

Cells that are not named are fresh without a finding. ``unsure`` are cells whose verdict may be stricter than the truth of one
re-run: they rest on something that no re-run settles, on a cell that was edited and not run, or come out the same by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """Steps, and what cells are told afterwards."""

    id: str
    steps: tuple[str, ...]
    told: dict[str, str] = field(default_factory=dict)
    unsure: str = ""


FRAME = "a> import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})"

CELLS = (
    Case("from the top, once", ("a> x = 1", "b> y = x + 1", "c> print(x, y)")),
    Case("never run", ("a> x = 1", "b: print(x)"), {"b": "never-run CN103"}),
    Case("only comments: nothing to run", ("a> x = 1", "b: # a note")),
    Case("edited", ("a> x = 1", "a: x = 2"), {"a": "stale CN102"}),
    Case("edited back", ("a> x = 1", "a: x = 2", "a: x = 1")),
    Case("a comment is no edit", ("a> x = 1", "a: x = 1  # one")),
    Case("spacing is no edit", ("a> x = [1,2]", "a: x = [1, 2]\n\n")),
    Case(
        "edited below what it imports",
        ("a> import math\nx = 1", "b> print(math.pi)", "c> print(x)", "a: import math\nx = 2"),
        {"a": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "edited below what it makes: that stays",
        (
            "k> k = 2",
            f"{FRAME}\nn = k * 2\nprint(n)",
            "b> print(df, n)",
            "a: import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})\nn = k * 2\nprint(n + 1)",
        ),
        {"a": "stale CN102"},
    ),
    Case(
        "edited below what it makes, of an input that is another now",
        ("k> k = 2", "a> n = k * 2\nprint(n)", "b> print(n)", "a: n = k * 2\nprint(n + 1)", "k> k = 3"),
        {"a": "stale CN102", "b": "stale CN109"},
    ),
    Case(
        "edited below what it makes, which it then changes",
        ("a> xs = [1]\nys = xs\nprint(1)", "b> print(xs)", "c> print(ys)", "a: xs = [1]\nys = xs\nxs.append(2)"),
        {"a": "stale CN102", "b": "stale CN109", "c": "stale CN109"},
    ),
    Case(
        "edited below what it makes, which its last run changed",
        ("a> xs = [1]\nys = xs\nxs.append(2)", "b> print(xs)", "c> print(ys)", "a: xs = [1]\nys = xs\nprint(1)"),
        {"a": "stale CN102", "b": "stale CN109", "c": "stale CN109"},
    ),
    Case(
        "edited below what it makes, which it then deletes",
        ("a> x = 1\nprint(1)", "b> print(x)", "a: x = 1\ndel x"),
        {"a": "stale CN102", "b": "stale CN109"},
    ),
    Case(
        "edited below what it makes with a function, of an input of the function that is another now",
        (
            "k> k = 2",
            "f> def double():\n    return 2 * k",
            "a> n = double()\nprint(n)",
            "b> print(n)",
            "a: n = double()\nprint(-n)",
            "k> k = 3",
        ),
        {"a": "stale CN102", "b": "stale CN109"},
    ),
    Case(
        "edited below a draw that follows other draws",
        (
            "s> import random\nrandom.seed(1)",
            "a> n = random.random()\nprint(1)",
            "b> print(n)",
            "d> random.random();",
            "a: n = random.random()\nprint(2)",
            "move d below s",
        ),
        {"a": "stale CN102", "b": "stale CN109", "d": "stale CN302"},
        "d",
    ),
    Case("edited to what another cell ran", ("a> x = 1", "b> x = 2", "b: x = 1"), {"b": "stale CN102"}),
    Case("failed, and would again", ("a> x = 1", "b> x.nothing"), {"b": "fresh CN110"}),
    Case(
        "failed, and would not any more",
        ("a> x = 1", "b> print(x.imag + 1 / x)", "a> x = 0", "run b", "a> x = 1"),
        {"b": "stale CN101 CN110"},
    ),
    Case(
        "failed for a name that is not there: it would again",
        ("a> x = 1", "b> y = x + nobody", "c> print(y)", "a> x = 2"),
        {"b": "fresh CN106 CN110", "c": "fresh CN110"},
    ),
    Case(
        "failed for a name that is not there: what it does before is as it was, what it would do below is not",
        ("a> x = [1]", "k> k = 1", "b> y = len(x)\nz = y + nobody + k", "k> k = 2"),
        {"b": "fresh CN106 CN110"},
    ),
    Case(
        "failed for a name that is not there: what it does before is done with something else",
        ("a> x = [1]", "b> y = x[0]\nz = y + nobody", "a> x = [2]"),
        {"b": "unknown CN101 CN106 CN110"},
        "b",
    ),
    Case(
        "failed for a name that is not there: what it shows before is something else",
        ("a> x = [1]", "b> print(x)\nnobody", "a> x = [2]"),
        {"b": "stale CN101 CN106 CN110"},
    ),
    Case(
        "failed for a name that is not there: a function that is called before would stop for another one",
        ("a> x = 1", "f> def get():\n    return x", "b> print(get(), nobody)", "delete a"),
        {"b": "stale CN105 CN106 CN110"},
    ),
    Case(
        "what a cell that stops had bound before does not change",
        ("a> x = 1", "b> y = nobody", "c> print(x)", "b: x = nobody"),
        {"b": "fresh CN106"},
    ),
    Case(
        "failed for a name that is there now", ("b> print(x)", "a> x = 1", "move a first"), {"b": "stale CN101 CN110"}
    ),
)

ORDER = (
    Case("an input was made anew", ("a> x = 1", "b> print(x)", "a> x = 2"), {"b": "stale CN101"}),
    Case("made anew with the same content", ("a> x = 2", "b> print(x)", "a> x = 1 + 1")),
    Case("re-run with the same result", ("a> x = 1", "b> y = x + 1", "run a b a")),
    Case(
        "early cutoff: what is between gives the same",
        ("a> x = 1", "b> y = x > 0", "c> print(y)", "a> x = 2", "run b"),
    ),
    Case(
        "what comes after a stale cell depends on it",
        ("a> x = 1", "b> y = x + 1", "c> print(y)", "a> x = 2"),
        {"b": "stale CN101", "c": "stale CN109"},
    ),
    Case(
        "an edited cell spoils what it may write, no more",
        ("a> x = 1", "b> z = 1", "c> print(x)", "d> print(z)", "a: x = 2"),
        {"a": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "an edited cell spoils what it may write through a function",
        ("f> def add(v):\n    xs.append(v)", "a> xs = []", "b> add(1)", "c> print(xs)", "b: add(2)"),
        {"b": "stale CN102", "c": "stale CN109"},
        unsure="b",
    ),
    Case(
        "an edited cell spoils what a function binds",
        ("f> def put(v):\n    global k\n    k = v", "b> put(1)", "c> print(k)", "b: put(2)"),
        {"b": "stale CN102", "c": "stale CN109"},
        unsure="b",
    ),
    Case(
        "a new cell above that was not run",
        ("a> x = 1", "b> print(x)", "n: x = 2", "move n below a"),
        {"n": "never-run CN103", "b": "stale CN109"},
    ),
    Case("made further down", ("b> x = 1", "a: print(x)", "move a first", "run a"), {"a": "stale CN104"}),
    Case(
        "bound again further down",
        ("a> x = 1", "b> print(x)", "c> x = 2", "run b"),
        {"b": "stale CN104"},
    ),
    Case("bound again further down to the same", ("a> x = 1", "b> print(x)", "c> x = 1", "run b")),
    Case("made by a cell that is gone", ("a> x = 1", "b> print(x)", "delete a"), {"b": "stale CN105"}),
    Case(
        "changed through another name by a cell above, made by a cell that is gone",
        ("a> xs = [1]", "b> ys = xs", "c> xs.append(2)", "d> ys.append(3)", "delete b"),
        {"d": "stale CN105"},
    ),
    Case(
        "code that was not run changes a part of a tuple",
        ("a> xs = [1]", "b> t = (xs, 1)", "c> 0", "d> print(xs)", "c: t[0].append(8)"),
        {"c": "stale CN102", "d": "stale CN109"},
    ),
    Case("made by code that is gone", ("a> x = 1", "b> print(x)", "a> z = 1"), {"b": "stale CN105"}),
    Case("made by a cell that came back", ("a> x = 1", "b> print(x)", "delete a", "c> x = 1", "move c first")),
    Case(
        "overwritten by a cell that is gone",
        ("a> x = 1", "b> print(x)", "c> x = 2", "run b", "delete c"),
        {"b": "stale CN105"},
    ),
    Case("a name that nobody defined", ("z> x = 1", "a: print(nobody)"), {"a": "never-run CN103 CN106"}),
    Case(
        "an edit to a name that nobody defines",
        ("a> x = 1", "a: x = nobody"),
        {"a": "stale CN102 CN106"},
    ),
    Case(
        "changed in place further down",
        ("a> xs = [1]", "b> print(xs)", "c> xs.append(2)", "run b"),
        {"b": "stale CN107"},
    ),
    Case("changed in place further down, and not looked at since", ("a> xs = [1]", "b> print(xs)", "c> xs.append(2)")),
    Case(
        "changed in place through an alias",
        ("a> xs = [1]\nys = xs", "b> print(xs)", "c> ys.append(2)", "run b"),
        {"b": "stale CN107"},
    ),
    Case(
        "run twice, it accumulates",
        ("a> n = 0", "b> n = n + 1", "c> print(n)", "run b c"),
        {"b": "stale CN108", "c": "stale CN101"},
    ),
    Case("changed in place to what it is already", ("a> d = {'j': 0}", "b> d['k'] = 1", "c> print(d)", "run b c")),
    Case(
        "changed in place to what it is already, by a cell that then stands above",
        ("a> d = {'j': 0}", "b> d['k'] = 1", "c> d['k'] = 2", "run b c b", "d> print(d)"),
        {"d": "stale CN101"},
    ),
    Case(
        "what only the body of a decorated function mentions, which is kept for later",
        ("k> k = 1", "a> import functools\n@functools.cache\ndef f(v):\n    return v + k", "b> print(1)", "k> k = 2"),
        {"a": "unknown CN101"},
        unsure="a",
    ),
    Case(
        "what the body of a decorated function mentions, which the decorator calls",
        (
            "d> def at_once(f):\n    return f()",
            "k> k = 1",
            "a> @at_once\ndef n():\n    return k",
            "b> print(n)",
            "k> k = 2",
        ),
        {"a": "unknown CN101", "b": "unknown CN109"},
    ),
    Case(
        "what a decorated function and the cell itself look up",
        ("k> k = 1", "a> import functools\n@functools.cache\ndef f(v):\n    return v + k\nprint(f(1))", "k> k = 2"),
        {"a": "stale CN101"},
    ),
    Case(
        "an item that may come into a series makes it longer",
        ("a> import pandas as pd\ns = pd.Series([1, 2])", "b: s['z'] = 9", "c> print(len(s))"),
        {"b": "never-run CN103", "c": "stale CN109"},
    ),
    Case(
        "a column that may come into a table without rows brings some",
        ("a> import pandas as pd\ndf = pd.DataFrame({'a': []})", "b: df['z'] = [1, 2]", "c> print(len(df))"),
        {"b": "never-run CN103", "c": "stale CN109"},
    ),
    Case(
        "an item of a dict that may come makes it longer",
        ("a> d = {'k': 1}", "b: d['z'] = 9", "c> print(len(d))", "e> print('z' in d)"),
        {"b": "never-run CN103", "c": "stale CN109", "e": "stale CN109"},
    ),
    Case(
        "only the keys of a dict are looked at",
        ("a> d = {'k': 1, 'j': 2}", "b> print(sorted(d), len(d), 'k' in d)", "c> print(d)", "a> d = {'k': 1, 'j': 3}"),
        {"c": "stale CN101"},
    ),
    Case(
        "the keys of a dict in another order",
        ("a> d = {'k': 1, 'j': 2}", "b> print(list(d))", "a> d = {'j': 2, 'k': 1}"),
        {"b": "stale CN101"},
    ),
    Case(
        "keys that are looked at, and an item that is changed",
        ("a> d = {'k': 1}", "b> d['k'] = len(d) + d['k']", "c> print(d)", "a> d = {'k': 5}"),
        {"b": "stale CN101", "c": "stale CN109"},
    ),
    Case(
        "the labels of a table are no keys alone",
        (
            "a> import pandas as pd\ndf = pd.DataFrame({'a': [1]})",
            "b> print(list(df))",
            "c> print('b' in df)",
            "a> import pandas as pd\ndf = pd.DataFrame({'a': [1], 'b': [2]})",
        ),
        {"b": "stale CN101", "c": "stale CN101"},
    ),
    Case(
        "the values of a series are no keys",
        (
            "a> import pandas as pd\ns = pd.Series([1, 2])",
            "b> print(sorted(s))",
            "a> import pandas as pd\ns = pd.Series([1, 3])",
        ),
        {"b": "stale CN101"},
    ),
    Case("an attribute set to what it is already", ("a> class Box:\n    n = 0\nbox = Box()", "b> box.n = 5", "run b")),
    Case("sorted in place twice", ("a> xs = [2, 1]", "b> xs.sort()", "c> print(xs)", "run b")),
    Case("run twice, it does not accumulate", ("a> n = 0", "b> m = n + 1", "c> print(m)", "run b c")),
    Case(
        "run twice in place",
        ("a> xs = []", "b> xs.append(1)", "run b", "c> print(xs)"),
        {"b": "stale CN108", "c": "stale CN101"},
    ),
    Case("moved past cells it does not touch", ("a> x = 1", "b> y = 2", "c> print(x)", "move c below a")),
    Case("moved above what it reads", ("a> x = 1", "b> print(x)", "move b first"), {"b": "stale CN104"}),
    Case(
        "a definition moved below its use",
        ("a> def f():\n    return 1", "b> f()", "move b first"),
        {"b": "stale CN104"},
    ),  # fmt: skip
    Case(
        "a function reads a global when it is called",
        ("a> k = 1", "f> def f():\n    return k", "b> print(f())", "a> k = 2"),
        {"b": "stale CN101"},
    ),  # fmt: skip
    Case("twice the same code", ("a> n = 0", "b> n += 1", "c> n += 1", "d> print(n)")),
    Case(
        "twice the same code, one deleted",
        ("a> n = 0", "b> n += 1", "c> n += 1", "d> print(n)", "delete b"),
        {"c": "stale CN105", "d": "stale CN101"},
    ),  # fmt: skip
    Case(
        "a branch that was not taken binds nothing",
        ("a> x = 1", "n> b = 2", "b> if x > 1:\n    b = 10", "c> print(b)", "delete n"),
        {"c": "stale CN105"},
    ),  # fmt: skip
    Case(
        "a branch that was taken binds again",
        ("a> x = 2", "n> b = 2", "b> if x > 1:\n    b = 10", "run b", "c> print(b)", "delete n"),
    ),  # fmt: skip
    Case(
        "a change in place that changed nothing when it was made last",
        ("a> d = {'z': 0}", "b: d['k'] = 1", "c> print(d)", "a> d = {'z': 0, 'k': 1}", "run b", "a> d = {'z': 0}"),
        {"b": "stale CN101", "c": "stale CN109"},
        unsure="b",
    ),  # fmt: skip
    Case(
        "a branch that was not taken may change something now",
        ("a> x = 1", "n> xs = []", "b> if x > 1:\n    xs.append(x)", "c> print(xs)", "a> x = 2"),
        {"b": "stale CN101", "c": "stale CN109"},
    ),  # fmt: skip
    Case(
        "a cell that failed may change something now",
        ("n> xs = []", "b> xs.append(x)", "c> print(xs)", "a> x = 2", "move a first"),
        {"b": "stale CN101 CN110", "c": "stale CN109"},
    ),  # fmt: skip
    Case("shows only", ("a> print(1)", "b> print(2)", "move b first")),
    Case("deleted name", ("a> x = 1", "b> del x", "c> y = 1")),
    Case(
        "deleted name used before by mistake",
        ("a> x = 1", "c> print(x)", "b> del x", "move b below a"),
        {"c": "stale CN101"},
    ),  # fmt: skip
    Case(
        "stops at a NameError: what it makes above that stays",
        ("w> w = 5", "b> y = [1]\nz = y + [w]", "c> print(y)", "move b first"),
        {"b": "stale CN104"},
    ),
    Case(
        "stops at a NameError: what it makes above that, of an input that is another now",
        ("k> k = 1", "w> w = 5", "b> y = k + 1\nz = w", "c> print(y)", "k> k = 2", "move b below k"),
        {"b": "stale CN101 CN104", "c": "stale CN109"},
    ),
    Case(
        "stops at a NameError: what its last run changed below that",
        ("w> w = 5", "b> xs = [1]\nxs.append(w)", "c> print(xs)", "move b first"),
        {"b": "stale CN104", "c": "stale CN109"},
    ),
    Case(
        "failed: what it makes is another thing, what that holds is not",
        (
            "a> xs = [1]\nk = 0",
            "c> print(xs)",
            "d> from types import SimpleNamespace as Box",
            "e> box = Box(held=xs)",
            "b> box = Box(held=xs)\nn = 1 / k",
            "f> print(xs)",
            "a> xs = [1]\nk = 2",
        ),
        {"b": "stale CN101 CN110"},
    ),
    Case(
        "failed: what it does to what it holds it has shown in another run",
        (
            "a> xs = [1]\nk = 1",
            "d> class Box:\n    def __init__(self, held):\n        self.held = held\n    def fit(self):\n        self.n = 1",
            "b> n = 1 / k\nbox = Box(xs)\nbox.fit()",
            "c> print(xs)",
            "a> xs = [1]\nk = 0",
            "run b",
            "a> xs = [1]\nk = 2",
        ),
        {"b": "stale CN101 CN110"},
    ),
    Case(
        "failed: what it does to what it shares it has shown in another run",
        (
            "a> xs = [1]\nk = 1",
            "b> n = 1 / k\nys = xs\nys.append(2)",
            "a> xs = [1]\nk = 0",
            "run b",
            "c> print(xs)",
            "a> xs = [1]\nk = 2",
        ),
        {"b": "stale CN101 CN110", "c": "stale CN109"},
    ),
    Case(
        "failed: below that it changes what it shares",
        ("a> xs = [1]\nk = 0", "b> ys = xs\nn = 1 / k\nys.append(2)", "c> print(xs)", "a> xs = [1]\nk = 2"),
        {"b": "stale CN101 CN110", "c": "stale CN109"},
    ),
    Case(
        "edited: it changes what it took out",
        ("a> xs = [[1], 2]", "b> ys, z = xs", "c> print(xs)", "b: ys, z = xs\nys.append(2)"),
        {"b": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "edited: it changes each of several",
        ("a> xs = [1]\nys = [2]", "b> 1", "c> print(xs)", "d> print(ys)", "b: for zs in (xs, ys):\n    zs.append(2)"),
        {"b": "stale CN102", "c": "stale CN109", "d": "stale CN109"},
    ),
    Case(
        "edited: it changes what it put in",
        ("a> xs = [1]", "b> box = {}", "c> print(xs)", "b: box = {}\nbox['k'] = xs\nbox['k'].append(2)"),
        {"b": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "edited: it changes a copy, and what it put things into",
        (
            "a> xs = [1]",
            "b> ys = list(xs)\nbox = {}",
            "c> print(xs)",
            "b: ys = list(xs)\nbox = {}\nbox['k'] = xs\nys.append(2)\nbox['l'] = 3",
        ),
        {"b": "stale CN102"},
    ),
    Case(
        "a branch that was not taken changes what it shares",
        ("k> k = 0", "a> xs = [1]", "b> ys = xs\nif k:\n    ys.append(2)", "c> print(xs)", "k> k = 1"),
        {"b": "stale CN101", "c": "stale CN109"},
    ),
    Case(
        "edited: it changes what it shares",
        ("a> xs = [1]", "b> ys = xs", "c> print(xs)", "b: ys = xs\nys.append(2)"),
        {"b": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "edited: it sets an attribute of a class, a function, a module",
        (
            "a> import types\nclass A:\n    n = 0\ndef f():\n    return 1\nf.n = 0\nm = types.ModuleType('m')\nm.n = 0",
            "b> 1",
            "c> print(A.n)",
            "d> print(f.n)",
            "e> print(m.n)",
            "b: A.n = 1\nf.n += 1\nsetattr(m, 'n', 2)",
        ),
        {"b": "stale CN102", "c": "stale CN109", "d": "stale CN109", "e": "stale CN109"},
    ),
    Case(
        "edited: it changes what a class holds, which its objects see",
        ("a> class A:\n    n = []\nx = A()", "b> 1", "c> print(A.n)", "d> print(x.n)", "b: A.n.append(2)"),
        {"b": "stale CN102", "c": "stale CN109", "d": "stale CN109"},
    ),
    Case(
        "edited: a method of what a class makes leaves the class as it was",
        ("a> class A:\n    n = 0\n    def add(self, k):\n        return k", "b> 1", "c> print(A.n)", "b: A().add(2)"),
        {"b": "stale CN102"},
        "b",
    ),
    Case(
        "stops below an import: what it imports is there",
        (
            "n> n = 1",
            "a> from collections import OrderedDict\nd = OrderedDict(k=n).update(j=1)",
            "b> print(OrderedDict(k=2))",
            "move n below b",
        ),
        {"a": "stale CN104"},
    ),
    Case(
        "edited: it draws, and so the draws below give other numbers",
        ("a> import random\nrandom.seed(1)", "b> 1", "c> print(random.random())", "b: x = random.random()"),
        {"b": "stale CN102", "c": "stale CN109"},
    ),
    Case(
        "edited: it draws by a function of the notebook, or seeds",
        (
            "a> import random\nrandom.seed(1)\ndef roll():\n    return random.random()",
            "b> 1",
            "c> print(random.random())",
            "b: x = roll()",
            "s> 1",
            "t> print(random.random())",
            "s: random.seed(5)",
        ),
        {"b": "stale CN102", "c": "stale CN109", "s": "stale CN102", "t": "stale CN109"},
        "s",
    ),
    Case(
        "edited: it defines what draws",
        ("a> import random\nrandom.seed(1)", "b> 1", "c> print(random.random())", "b: def f():\n    random.random()"),
        {"b": "stale CN102"},
    ),
    Case(
        "an object may share something that the cell may change, and its last run changed nothing",
        (
            "a> class Box:\n    def __init__(self, xs):\n        self.xs = xs\n    def fit(self, k):\n        return k",
            "x> xs = [1]",
            "k> k = 1",
            "b> box = Box(xs)\nbox.n = k",
            "c> r = box.fit(1)",
            "d> print(xs)",
            "k> k = 2",
        ),
        {"b": "stale CN101", "c": "stale CN109", "d": "unknown CN109"},
        "c d",
    ),
    Case(
        "failed for want of a method, of what is made anew",
        ("k> k = 1", "b> y = [k]", "c> y.tail()", "k> k = 2"),
        {"b": "stale CN101", "c": "unknown CN109 CN110"},
        "c",
    ),
    Case(
        "some attributes of what is made anew, and all of it",
        (
            "k> k = 1",
            "b> from types import SimpleNamespace\nres = SimpleNamespace(n=k, kind='x')",
            "c> kind = res.kind",
            "d> print(res)",
            "e> print(kind)",
            "k> k = 2",
        ),
        {"b": "stale CN101", "c": "unknown CN109", "d": "stale CN109", "e": "unknown CN109"},
        "c e",
    ),
    Case(
        "some attributes of what is made of a name that is gone",
        (
            "k> k = 1",
            "b> from types import SimpleNamespace\nres = SimpleNamespace()\nfor _ in range(2):\n    res.n = k",
            "c> n = res.n",
            "delete k",
        ),
        {"b": "stale CN105", "c": "stale CN109"},
    ),
    Case(
        "some attributes of what is made anew by code that was edited, or depends on such",
        (
            "k> k = 1",
            "b> from types import SimpleNamespace\nres = SimpleNamespace(n=k, kind='x')",
            "c> print(res.kind)",
            "k: k = 2",
        ),
        {"k": "stale CN102", "b": "stale CN109", "c": "stale CN109"},
        "c",
    ),
    Case(
        "a method of what is made anew",
        ("k> k = 1", "b> n = [k, 2].copy()", "c> print(n.index(2))", "k> k = 2"),
        {"b": "stale CN101", "c": "stale CN109"},
    ),
    Case("interrupted", ("a> raise KeyboardInterrupt",), {"a": "stale CN110"}, unsure="a"),
    Case("after a restart verdicts stand", ("a> x = 1", "b> print(x)", "restart")),
    Case(
        "after a restart, a part run again", ("a> x = 1", "b> print(x)", "restart", "a> x = 2"), {"b": "stale CN101"}
    ),  # fmt: skip
)

OUTSIDE = (
    Case("a file is as it was", ("file data.txt 1", "a> print(open('data.txt').read())")),
    Case(
        "a file has changed",
        ("file data.txt 1", "a> print(open('data.txt').read())", "file data.txt 2"),
        {"a": "stale CN201"},
    ),  # fmt: skip
    Case(
        "a file was written again with the same bytes",
        ("file data.txt 1", "a> print(open('data.txt').read())", "file data.txt 1"),
    ),  # fmt: skip
    Case(
        "a file is gone",
        ("file data.txt 1", "a> print(open('data.txt').read())", "remove data.txt"),
        {"a": "stale CN202"},
    ),  # fmt: skip
    Case(
        "a file that a cell above writes",
        (
            "a> with open('out.txt', 'w') as f:\n    print('1', file=f)\ndel f",
            "b> print(open('out.txt').read())",
            "remove out.txt",
        ),
    ),  # fmt: skip
    Case(
        "a project module has changed, which is imported with a package",
        (
            "file helper_six.py size=1",
            "a> import math, helper_six\nfrom math import pi",
            "b> print(math.e, pi)",
            "c> print(helper_six.size)",
            "file helper_six.py size=2",
        ),
        {"a": "stale CN203", "c": "stale CN109"},
        "c",
    ),
    Case(
        "a project module has changed, which another one imports",
        (
            "file helper_seven.py size=1",
            "file helper_eight.py from helper_seven import size",
            "a> from helper_eight import size\nimport helper_seven",
            "b> print(size)",
            "file helper_seven.py size=2",
        ),
        {"a": "stale CN203", "b": "stale CN109"},
        "a b",
    ),
    Case(
        "a project module has changed",
        ("file helper_one.py size=1", "a> import helper_one", "b> print(helper_one.size)", "file helper_one.py size=2"),
        {"a": "stale CN203", "b": "stale CN109"},
        unsure="a b",
    ),  # fmt: skip
)

CHANCE = (
    Case("seeded", ("a> import random\nrandom.seed(1)", "b> print(random.random())")),
    Case(
        "unseeded, from the state into which the cell itself puts the generator",
        ("a> import random", "b> n = random.random()\nrandom.seed(1)", "run b"),
        {"b": "unknown CN301"},
        unsure="b",
    ),
    Case("unseeded", ("a> import random", "b> print(random.random())"), {"b": "unknown CN301"}, unsure="b"),
    Case(
        "unseeded, and used below",
        ("a> import random", "b> x = random.random()", "c> print(x)"),
        {"b": "unknown CN301", "c": "unknown CN301"},
        unsure="b c",
    ),  # fmt: skip
    Case(
        "seeded draws in another order",
        ("a> import random\nrandom.seed(1)", "b> print(random.random())", "c> print(random.random())", "run b"),
        {"b": "stale CN302"},
    ),  # fmt: skip
    Case(
        "a draw was skipped",
        ("a> import random\nrandom.seed(1)", "b> print(random.random())", "c> print(random.random())", "delete b"),
        {"c": "stale CN302"},
    ),  # fmt: skip
    Case(
        "the clock",
        ("a> import time", "b> t = time.time()", "c> print(t)"),
        {"b": "unknown CN303", "c": "unknown CN303"},
        unsure="b c",
    ),  # fmt: skip
    Case(
        "another program",
        ("a> import subprocess", "b> print(subprocess.run(['echo', 'hi'], capture_output=True).stdout)"),
        {"b": "unknown CN305"},
        unsure="b",
    ),  # fmt: skip
    Case("the system's entropy", ("a> import os", "b> print(os.urandom(4))"), {"b": "unknown CN308"}, unsure="b"),
    Case("a generator of one's own, seeded", ("a> import random\ndice = random.Random(1)", "b> print(dice.random())")),
    Case(
        "a generator of one's own, used twice",
        ("a> import random\ndice = random.Random(1)", "b> print(dice.random())", "run b"),
        {"b": "stale CN108"},
    ),  # fmt: skip
)

COVERAGE = (
    Case(
        "an opaque value", ("a> g = (n for n in range(9))", "b> print(next(g))"), {"b": "unknown CN401"}, unsure="a b"
    ),
    Case("an opaque value that nobody reads", ("a> g = (n for n in range(9))", "b> print(1)"), unsure="a"),
)

TABLES = (
    Case(
        "a column that the cell does not read was added further down",
        (FRAME, "b> print(df['a'].sum(), df.b.max(), len(df))", "c> df['extra'] = 0", "run b"),
    ),
    Case(
        "a column that the cell reads was changed further down",
        (FRAME, "b> print(df['a'].sum())", "c> df['a'] = 0", "run b"),
        {"b": "stale CN107"},
    ),
    Case(
        "a column that the cell does not read was made anew, with another type",
        (
            FRAME,
            "b> print(df[df['a'] > 1]['a'])",
            "c> print(df['b'])",
            "a> import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
        ),
        {"c": "stale CN101"},
    ),
    Case(
        "the order of columns does not count for who reads one",
        (
            FRAME,
            "b> print(df[['a']])",
            "c> print(df)",
            "a> import pandas as pd\ndf = pd.DataFrame({'b': [3, 4], 'a': [1, 2]})",
        ),
        {"c": "stale CN101"},
    ),
    Case(
        "the index counts for who reads a column",
        (
            FRAME,
            "b> print(df['a'])",
            "a> import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]}, index=[7, 8])",
        ),
        {"b": "stale CN101"},
    ),
    Case(
        "a column through a function of another cell",
        (FRAME, "f> def total():\n    return df['a'].sum()", "b> print(total())", "c> df['extra'] = 0", "run b"),
    ),
    Case(
        "all of it through a function of another cell",
        (
            FRAME,
            "f> def wide():\n    return df.shape",
            "b> print(wide(), df['a'].sum())",
            "c> df['extra'] = 0",
            "run b",
        ),
        {"b": "stale CN107"},
    ),
    Case(
        "what is changed is read as a whole",
        (FRAME, "b> df['c'] = df['a'] * 2", "c> df['extra'] = 0", "run b"),
        {"b": "stale CN107"},
    ),
    Case(
        "what a cell makes of some columns stays as it is for the cells below",
        (FRAME, "b> part = df[['a', 'b']]", "c> print(part)", "d> df['extra'] = 0", "run b c"),
    ),
    Case(
        "a column that is made anew as it was, beside one that is gone",
        (FRAME, "b> df['c'] = df['a'] * 2", "c> print(df['c'].sum())", "d> df['extra'] = 0", "run b c"),
        {"b": "stale CN107"},
    ),
    Case(
        "two columns that are made anew as they were, one of the other, and what is found on the way",
        (
            FRAME,
            "b> n = df['a'].sum()\ndf['c'] = df['a'] * n",
            "c> df['d'] = df['c'] + 1",
            "e> print(df['d'].sum(), n)",
            "f> df['extra'] = 0",
            "run b c e",
        ),
        {"b": "stale CN107", "c": "stale CN107"},
    ),
    Case(
        "columns that are made anew as they were, of a table that no run has seen so",
        (
            FRAME,
            "z> df['extra'] = 0",
            "b> n = df['a'].sum()\ndf['c'] = df['a'] * n",
            "c> df['d'] = df['c'] + 1",
            "d> print(df['d'].sum(), n)",
            "e> print(df)",
            "move z below e",
        ),
        {"b": "stale CN107", "c": "stale CN109", "e": "stale CN109", "z": "stale CN109"},
    ),
    Case(
        "another name for a table that no run has seen so",
        (
            FRAME,
            "o> other = df",
            "z> df['extra'] = 0",
            "b> df['c'] = df['a'] * 2",
            "c> print(other)",
            "d> print(df['c'])",
            "move z below d",
        ),
        {"b": "stale CN107", "c": "stale CN109", "d": "stale CN109", "z": "stale CN109"},
        unsure="d",
    ),
    Case(
        "a column that is made anew of one that has changed",
        (FRAME, "b> df['c'] = df['a'] * 2", "c> print(df['c'].sum(), df['b'].sum())", "d> df['a'] = 0", "run b c"),
        {"b": "stale CN107", "c": "stale CN101"},
    ),
    Case(
        "another name for the table is spoiled all the same",
        (FRAME, "o> other = df", "b> df['c'] = df['a'] * 2", "c> print(other)", "d> df['extra'] = 0", "run b c"),
        {"b": "stale CN107", "c": "stale CN107"},
    ),
    Case(
        "a cell that makes a column anew was edited: those that it does not look at stay as they are",
        (FRAME, "b> df['c'] = df['a'] * 2", "c> print(df['b'].sum())", "d> print(df['c'])", "b: df['c'] = df['a'] * 3"),
        {"b": "stale CN102", "d": "stale CN109"},
    ),
    Case(
        "how long a series is, and what it holds",
        (
            "a> import pandas as pd\ns = pd.Series([1, 2])",
            "b> print(len(s))",
            "c> print(s.sum())",
            "d> s.iloc[0] = 9",
            "run b c",
        ),
        {"c": "stale CN107"},
    ),
    Case(
        "a column that an attribute of every table hides",
        (FRAME, "b> df['size'] = 0", "c> print(df.size)", "d> df['extra'] = 0", "run c"),
        {"c": "stale CN107"},
    ),
    Case(
        "a column made anew as it was, in a table of which others differ",
        (FRAME, "b> df['c'] = range(len(df))", "c> df['c'] = range(len(df))", FRAME.replace("[3, 4]", "[5, 4]")),
        {"b": "stale CN101"},
    ),
    Case(
        "a column made anew as it was, in a table of which it looks at one that differs",
        (FRAME, "b> df['c'] = df['b'] * 2", "c> df['c'] = df['b'] * 2", FRAME.replace("[3, 4]", "[5, 4]")),
        {"b": "stale CN101", "c": "stale CN109"},
        "c",
    ),
    Case(
        "a column made anew as it was, where it would not be there yet",
        (
            FRAME,
            "b> df['c'] = range(len(df))",
            "c> df['c'] = range(len(df))",
            "delete b",
            FRAME.replace("[3, 4]", "[5, 4]"),
        ),
        {"c": "stale CN105"},
    ),
)

RULES = {
    "cells": CELLS, "order": ORDER, "outside": OUTSIDE, "chance": CHANCE, "coverage": COVERAGE, "tables": TABLES,
}  # fmt: skip
