"""Which statements surely draw no random numbers, and what that spares the cells below."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import Book, InKernel
from kernels import kernel
from nbcairn.lineage.draws import Draws, bound_once, imports_of

TYPES = {
    "xs": "list",
    "d": "dict",
    "a": "ndarray",
    "df": "DataFrame",
    "n": "int",
    "f": "function",
    "model": "OLS",
    "it": "generator",
}
IMPORTS = imports_of(
    ["import numpy as np", "import pandas as pd", "from math import sqrt", "import helpers", "import seaborn as sns"]
)
AROUND = Draws(IMPORTS, lambda name: TYPES.get(name, ""), frozenset({"helpers"}))

QUIET = (
    "x = 1", "x = n + 1", "x = a[0] * n", "x = np.dot(a, a).sum()", "x = np.r_[1, -a]", "x = sqrt(n)", "x = [v * n for v in xs]",
    "x = df['a'].mean()", "x = df.groupby('a')['b'].sum()", "a[0] = a[-1]", "d['k'] = n", "print(n, xs)", "n += 1",
    "for v in range(3):\n    xs.append(v)", "x = pd.DataFrame({'a': xs})", "def g(v):\n    return np.random.rand()", "import json",
)  # fmt: skip
MAY_DRAW = (
    "x = np.random.rand()", "x = f(1)", "x = model.fit()", "x = df.sample(2)", "x = xs[0](1)", "x = d['rng'].normal()",
    "x = next(it)", "x = list(it)", "x = sorted(xs, key=f)", "x = df.apply(f)", "x = unknown(1)", "x = (lambda: 1)()",
    "with n as m:\n    pass", "import helpers", "x = helpers.load()", "sns.lineplot(x=xs, y=xs)", "df.plot()",
    "x = [v.normal() for v in xs]", "x = np.random", "x = np.vectorize(f)(a)", "class A:\n    b = f()",
)  # fmt: skip


@pytest.mark.parametrize("statement", QUIET)
def test_it_surely_draws_nothing(statement):
    assert not AROUND.may(statement)


@pytest.mark.parametrize("statement", MAY_DRAW)
def test_it_may_draw(statement):
    assert AROUND.may(statement)


def test_an_imported_name_that_is_bound_otherwise_too_is_not_trusted():
    assert imports_of(["import numpy as np", "np = 3"]) == {}
    assert imports_of(["import numpy as np", "import nothing as np"]) == {}


def test_names_that_are_bound_in_one_place():
    assert bound_once("x = 1\ny = 2\ny = 3\nfor z in []:\n    w = 1\na, b = 1, 2") == {"x", "a", "b"}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("desk"), environment={"PYTHONPATH": str(Path(__file__).parents[1])}) as running:
        yield running


SEEDED = "import numpy as np\nnp.random.seed(%d)\na = np.arange(3.0)"


def test_what_a_cell_binds_before_it_draws_is_as_it_was_after_another_seed(live, tmp_path):
    book = Book(InKernel(live, tmp_path.resolve()))
    book.play(
        f"s> {SEEDED % 1}",
        "m> b = np.r_[1, a]\nc = b + np.random.rand()",
        "x> print(b)",
        "y> print(c)",
        f"s> {SEEDED % 2}",
    )
    told = {name: str(verdict) for name, verdict in book.verdicts().items()}
    assert told == {"s": "fresh", "m": "stale", "x": "fresh", "y": "stale"}
    assert book.truth() == {"m", "y"}
