"""Cells and the names they read and write: (id, cells before, cell, what is expected of the run of the last one)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """``before`` runs first, each text a cell; then ``cell``, whose run is looked at.

    ``reads``: variables looked up that held something; ``missed``: looked up, held nothing (builtins left out).
    """

    id: str
    before: tuple[str, ...]
    cell: str
    reads: str = ""
    bound: str = ""
    mutated: str = ""
    deleted: str = ""
    missed: str = ""
    status: str = "ok"


PLAIN = (
    Case("a name is bound", (), "x = 1", bound="x"),
    Case("a name is read", ("x = 1",), "y = x + 1", reads="x", bound="y"),
    Case("what the cell binds itself is no read", (), "a = 1\nb = a + 1", bound="a b"),
    Case("bound on one branch only is a read", ("x = 1",), "if len('a') > 3:\n    x = 2\nx", reads="x", bound="x"),
    Case("rebinding to equal content is a write", ("x = 1",), "x = 1", bound="x"),
    Case("augmented assignment reads and binds", ("n = 1",), "n += 1", reads="n", bound="n"),
    Case("augmented assignment of a list", ("items = [1]",), "items += [2]", reads="items", bound="items"),
    Case("del", ("x = 1",), "del x", reads="x", deleted="x"),
    Case("only shown", ("x = 1",), "x", reads="x"),
    Case("a name that nothing holds", (), "nothing_here", missed="nothing_here", status="error"),
    Case("walrus", ("x = [1, 2]",), "if (n := len(x)) > 1:\n    pass", reads="x", bound="n"),
    Case("loop variable", ("xs = [1, 2]",), "for x in xs:\n    pass", reads="xs", bound="x"),
    Case(
        "with",
        ("import io",),
        "with io.StringIO('a') as stream:\n    text = stream.read()",
        reads="io",
        bound="stream text",
    ),
    Case("try", ("x = 1",), "try:\n    y = x / 0\nexcept ZeroDivisionError as error:\n    y = 0", reads="x", bound="y"),
    Case("match", ("point = (1, 2)",), "match point:\n    case (a, b):\n        pass", reads="point", bound="a b"),
    Case("unpacking", ("pair = (1, [2, 3])",), "a, (b, *c) = pair", reads="pair", bound="a b c"),
    Case("f-string", ("x = 1",), "s = f'{x:>{5}}'", reads="x", bound="s"),
    Case("import", (), "import json, os.path as path", bound="json path"),
    Case("star import", (), "from math import *\ny = floor(2.5)", bound="*", missed="floor"),
    Case("chained comparison and attribute", ("x = 3",), "ok = 1 < x.real < 5", reads="x", bound="ok"),
    Case("dunder names are not ours", (), "__version__ = '1'", bound=""),
    Case("underscore is history", ("40 + 2",), "z = _ + 1", reads="_", bound="z"),
)

SCOPES = (
    Case(
        "comprehension reads outside, keeps its variable",
        ("xs = [1]", "k = 2"),
        "ys = [x * k for x in xs]",
        reads="xs k",
        bound="ys",
    ),
    Case("lambda", ("k = 2",), "double = lambda x: x * k", reads="k", bound="double"),
    Case("definition alone reads nothing", ("k = 2",), "def scaled(x):\n    return x * k", bound="scaled"),
    Case(
        "a call reads what the function looks up",
        ("k = 2", "def scaled(x):\n    return x * k"),
        "y = scaled(3)",
        reads="scaled k",
        bound="y",
    ),
    Case(
        "through two functions",
        ("k = 2", "def inner():\n    return k", "def outer():\n    return inner()"),
        "y = outer()",
        reads="outer inner k",
        bound="y",
    ),
    Case(
        "recursion",
        ("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)",),
        "f = fact(5)",
        reads="fact",
        bound="f",
    ),
    Case(
        "a method reads a global",
        ("rate = 2", "class Tax:\n    def of(self, x):\n        return x * rate"),
        "t = Tax().of(3)",
        reads="Tax rate",
        bound="t",
    ),
    Case(
        "an instance reads by its class",
        ("rate = 2", "class Tax:\n    def of(self, x):\n        return x * rate", "tax = Tax()"),
        "t = tax.of(3)",
        reads="tax rate",
        bound="t",
    ),
    Case(
        "closure",
        ("k = 3", "def make():\n    def inner():\n        return k\n    return inner", "f = make()"),
        "y = f()",
        reads="f k",
        bound="y",
    ),
    Case(
        "closure over a list changes it",
        (
            "def counter():\n    seen = []\n    def add(x):\n        seen.append(x)\n        return len(seen)\n    return add\nadd = counter()",
        ),
        "n = add(1)",
        reads="add",
        bound="n",
        mutated="add",
    ),
    Case(
        "decorator",
        ("def twice(f):\n    return lambda x: f(f(x))",),
        "@twice\ndef inc(x):\n    return x + 1",
        reads="twice",
        bound="inc",
    ),
    Case("default argument reads at definition", ("k = 2",), "def f(x=k):\n    return x", reads="k", bound="f"),
    Case(
        "global statement binds",
        ("count = 0\ndef step():\n    global count\n    count += 1",),
        "step()",
        reads="step count",
        bound="count",
    ),
    Case("a list of functions", ("k = 2", "fs = [lambda x: x * k]"), "y = fs[0](2)", reads="fs k", bound="y"),
    Case(
        "partial",
        ("from functools import partial", "k = 2", "def f(a, b):\n    return a * b * k", "g = partial(f, 2)"),
        "y = g(3)",
        reads="g k",
        bound="y",
    ),
    Case(
        "function passed to map",
        ("k = 2", "def f(x):\n    return x * k"),
        "ys = list(map(f, [1, 2]))",
        reads="f k",
        bound="ys",
    ),
    Case("class body reads", ("k = 2",), "class A:\n    size = k", reads="k", bound="A"),
    Case("generator expression", ("xs = [1, 2]", "k = 1"), "s = sum(x + k for x in xs)", reads="xs k", bound="s"),
    Case(
        "await",
        ("import asyncio", "delay = 0"),
        "await asyncio.sleep(delay)\ndone = True",
        reads="asyncio delay",
        bound="done",
    ),
    Case("async def", ("k = 1", "async def get():\n    return k"), "v = await get()", reads="get k", bound="v"),
    Case("exec reads and binds", ("x = 2", "code = 'y = x * 2'"), "exec(code)", reads="code x", bound="y"),
    Case("exec of a constant", ("x = 2", "z = 3"), "exec('y = x * 2')", reads="x", bound="y"),
    Case(
        "a function that evaluates text may look up anything",
        ("x = 2", "def of(text):\n    return eval(text)"),
        "y = of('x')",
        reads="of x",
        bound="y",
    ),
    Case("eval of a constant", ("x = 2",), "y = eval('x + 1')", reads="x", bound="y"),
    Case("globals()", ("x = 2",), "names = sorted(n for n in globals() if n == 'x')", reads="x", bound="names"),
)

MAGICS = (
    Case("%%time", ("x = 1",), "%%time\ny = x + 1", reads="x", bound="y"),
    Case("%%capture", ("x = 1",), "%%capture out\ny = x + 1\nprint(y)", reads="x", bound="y out"),
    Case("%time", ("x = 1",), "%time y = x + 1", reads="x", bound="y"),
    Case("%timeit binds nothing", ("x = 1",), "%timeit -n1 -r1 x + 1", reads="x"),
    Case("!command", (), "!echo hello"),
    Case("assigned !command", (), "lines = !echo hello", bound="lines"),
    Case("a magic beside code", ("x = 1",), "%matplotlib inline\ny = x", reads="x", bound="y"),
)

IN_PLACE = (
    Case("append", ("xs = [1]",), "xs.append(2)", reads="xs", mutated="xs"),
    Case("item of a dict", ("d = {}",), "d['a'] = 1", reads="d", mutated="d"),
    Case("through an alias", ("xs = [1]", "ys = xs"), "ys.append(2)", reads="ys", mutated="xs ys"),
    Case(
        "through an element",
        ("inner = [1]", "outer = [inner]"),
        "outer[0].append(2)",
        reads="outer",
        mutated="inner outer",
    ),
    Case(
        "through an attribute",
        ("class Box:\n    pass\nbox = Box()\nbox.items = []",),
        "box.items.append(1)",
        reads="box",
        mutated="box",
    ),
    Case(
        "through a default argument",
        ("def add(x, seen=[]):\n    seen.append(x)\n    return len(seen)",),
        "n = add(1)",
        reads="add",
        bound="n",
        mutated="add",
    ),
    Case(
        "through a function's global",
        ("log = []", "def note(x):\n    log.append(x)"),
        "note(1)",
        reads="note log",
        mutated="log",
    ),
    Case("numpy item", ("import numpy as np", "a = np.zeros(3)"), "a[0] = 1", reads="a", mutated="a"),
    Case("numpy view", ("import numpy as np", "a = np.zeros(3)", "v = a[1:]"), "v[0] = 1", reads="v", mutated="a v"),
    Case(
        "numpy augmented",
        ("import numpy as np", "a = np.zeros(3)", "b = a"),
        "a += 1",
        reads="a",
        bound="a",
        mutated="b",
    ),
    Case(
        "frame column",
        ("import pandas as pd", "df = pd.DataFrame({'a': [1]})"),
        "df['b'] = 2",
        reads="df",
        mutated="df",
    ),
    Case(
        "frame inplace",
        ("import pandas as pd", "df = pd.DataFrame({'a': [2, 1]})"),
        "df.sort_values('a', inplace=True)",
        reads="df",
        mutated="df",
    ),
    Case(
        "frame through loc",
        ("import pandas as pd", "df = pd.DataFrame({'a': [2, 1]})"),
        "df.loc[0, 'a'] = 5",
        reads="df",
        mutated="df",
    ),
    Case(
        "frame in a list",
        ("import pandas as pd", "df = pd.DataFrame({'a': [2, 1]})", "frames = [df]"),
        "frames[0]['c'] = 0",
        reads="frames",
        mutated="df frames",
    ),
    Case("class attribute", ("class A:\n    n = 0",), "A.n = 1", reads="A", mutated="A"),
    Case("deque", ("from collections import deque", "q = deque([1])"), "q.append(2)", reads="q", mutated="q"),
    Case("sorting a copy changes nothing", ("xs = [2, 1]",), "ys = sorted(xs)", reads="xs", bound="ys"),
    Case(
        "looking changes nothing",
        ("import pandas as pd", "df = pd.DataFrame({'a': [2, 1]})"),
        "df.describe()",
        reads="df",
    ),
    Case(
        "append then pop leaves equal content", ("xs = [1]",), "xs.append(2)\nlast = xs.pop()", reads="xs", bound="last"
    ),
)
