"""A slice of statements, run alone, gives the version again: invented sessions by the hundred, and cases one by one."""

from contextlib import chdir, suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbcairn.config import Cairn
from nbcairn.errors import RecordNotFound
from nbcairn.fingerprint import fingerprint
from nbcairn.kernel.recorder import Recorder
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.purity import FITTED, FITTED_KEEPS, FITTED_LEAVE
from nbcairn.model import RunStatus
from nbcairn.store import Trail
from nbcairn.testing import FakeShell, a_session

HELPERS = """
class Box:
    def __init__(self, item):
        self.item = item
    def grow(self):
        self.item.append(len(self.item))
        return self
"""


@pytest.fixture
def explored(tmp_path):
    """``explored(*cells)``: run the cells in one session with a real recorder; the trail."""
    opened = []

    def explored(*cells):
        folder = tmp_path / str(len(opened)) / ".cairn"
        trail = explore(folder, cells)
        opened.append(trail)
        return trail

    yield explored
    for trail in opened:
        trail.close()


def explore(folder, cells):
    shell = FakeShell()
    recorder = Recorder(shell, Cairn(trail=str(folder)))
    recorder._writer._session = a_session()
    recorder.install()
    try:
        for number, cell in enumerate(cells):
            shell.run_cell(cell, f"c{number}")
    finally:
        recorder.uninstall()
    assert not shell.events.errors
    return Trail.open(folder, read_only=True)


def again(found):
    """The namespace after the code of a slice alone."""
    shell = FakeShell()
    for part in found.parts:
        result = shell.run_cell(part.source)
        failed = result.error_before_exec or result.error_in_exec
        if failed and part.run.status is RunStatus.OK:
            raise failed
    return shell.user_ns


def sliced(trail, name, cell=None):
    """The slice of the newest version of a name (of this cell)."""
    runs = trail.runs(cell_id=cell)
    run = next(run for run in runs if any(write.name == name for write in run.writes))
    return minimal_slice(trail, run.id, name)


def code(found):
    return "\n".join(part.source for part in found.parts)


# --------------------------------------------------------------------------- the promise

STATEMENTS = (
    "a = [1]", "b = [2, 3]", "c = 4", "b = a", "a = b", "a = b + [c]", "c = len(a)", "c = c + 1", "c += 1", "a += [c]", "del c",
    "a.append(5)", "b.append(c)", "b.extend(a[:2])", "a[0] = c", "a.reverse()", "a.sort(key=str)", "b = sorted(a, key=str)",
    "d = {'a': a}", "d['a'].append(6)", "d = {'n': c}", "a.append(7); b = [8]", "a, b = b, a", "a.count(1)", "len(b)",
    "if c > 3:\n    b = [c]", "for i in range(2):\n    a.append(i)", "for x in b:\n    c = x", "while c > 5:\n    c -= 3",
    "try:\n    c = b[9]\nexcept IndexError:\n    c = 0", "with open('f.txt', 'w') as out:\n    out.write(str(c))",
    "def f():\n    return a[:1]", "def f():\n    return c", "b = f()", "def g(x):\n    x.append(c)", "g(a)", "g(b)",
    "def h():\n    global c\n    c = 11", "h()", "e = lambda: b", "a = e()", "e().append(1)", "k = (x for x in a)", "b = list(k)",
    HELPERS.strip(), "o = Box(a)", "o.grow()", "a = o.item", "import json", "b = json.loads('[1, 2]')", "a = [v for v in b]",
    "print(a)", "a", "(c := 3)", "b = [c := 9]", "a = b if c else a", "assert b", "d = dict(a=a, b=b)", "a = d['a']",
)  # fmt: skip

cells = st.lists(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4).map("\n".join), min_size=1, max_size=7)
START = "a, b, c, d = [1, 2], [3], 4, {'a': [0], 'b': [1]}"


@settings(max_examples=30, deadline=None)
@given(cells)
@example(["a = [1]\nb = a\nb.append(2)"])
@example(["def f():\n    return c", "c = 8\nb = f()\nc = 9"])
@example(["k = (x for x in a)", "a = [5]\nb = list(k)"])
@example(["for x in b:\n    c = x", "(c := 3)"])
@example(["b = [2, 3]\ne = lambda: b\ne().append(1)"])
@example(["e = lambda: b", "b = [2, 3]\ne().append(1)"])
@example(["def f():\n    return b", "b = [2, 3]\nf().append(1)"])
@example(["o = 1\nif c > 99:\n    c = 0", "if c > 99:\n    c = 0", "d = c"])
def test_a_slice_run_alone_gives_the_version_again(tmp_path_factory, program):
    folder = tmp_path_factory.mktemp("session")
    with chdir(folder), explore(folder / ".cairn", [START, HELPERS, *program]) as trail:
        for run in trail.runs(newest_first=False):
            for write in run.writes:
                if write.fingerprint is None or write.fingerprint.coverage != "full" or write.name.startswith("<"):
                    continue
                found = minimal_slice(trail, run.id, write.name)
                if any(part.run.status is not RunStatus.OK for part in found.parts):
                    continue
                space = again(found)
                told = f"{write.name} of\n{run.source}\n--- slice\n{code(found)}"
                assert write.name in space, told
                assert fingerprint(space[write.name]).digest == write.fingerprint.digest, told


def test_a_value_that_cannot_be_compared_stays_its_cells_own_while_a_thread_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("nbcairn.kernel.names.is_busy", lambda namespace: True)
    with chdir(tmp_path), explore(tmp_path / ".cairn", ["a = [1]", "k = (x for x in a)", "b = list(k)"]) as trail:
        made = trail.runs(newest_first=False)[-1]
        assert again(minimal_slice(trail, made.id, "b"))["b"] == [1]


# --------------------------------------------------------------------------- small as well


CASES = [
    ("looking is left out", ["x = [1]\nx.count(1)\nprint(x)\nx"], "x", "x = [1]"),
    ("other names are left out", ["a = 1\nb = 2\nc = a + b\nd = a"], "d", "a = 1\nd = a"),
    ("what was overwritten", ["a = 1\na = 2\nb = a"], "b", "a = 2\nb = a"),
    ("comments above stay", ["# why\na = 1\n\n# other\nb = 2"], "a", "# why\na = 1"),
    ("a change in place", ["a = []\na.append(1)\nb = []\nb.append(2)"], "a", "a = []\na.append(1)"),
    ("a change through an alias", ["a = []\nb = a\nb.append(1)\nc = 3"], "a", "a = []\nb = a\nb.append(1)"),
    ("one line, two statements", ["a = 1; b = 2\nc = 3"], "a", "a = 1; b = 2"),
    ("only the imports in use", ["import json\nimport re\nx = json.dumps(1)"], "x", "import json\nx = json.dumps(1)"),
    ("a binding in an expression", ["x = [1]\nx\n(c := 3)"], "c", "(c := 3)"),
    ("a loop is one statement", ["n = 0\nfor i in [1, 2]:\n    n += i\nm = 1"], "n", "n = 0\nfor i in [1, 2]:\n    n += i"),
    ("a function's own look-ups", ["k = 2\nj = 3", "def f(x):\n    return x * k", "y = f(4)"], "y",
     "k = 2\ndef f(x):\n    return x * k\ny = f(4)"),
    ("a name bound for a function", ["def f():\n    return k", "k = 2\ny = f()\nz = 1"], "y", "def f():\n    return k\nk = 2\ny = f()"),
    ("an edited cell, as it ran", ["a = 1", "b = a", "a = 5"], "b", "a = 1\nb = a"),
    ("an import for its effect", ["import xml.dom\nimport xml.sax\ny = xml.dom.Node.TEXT_NODE"], "y",
     "import xml.dom\nimport xml.sax\ny = xml.dom.Node.TEXT_NODE"),
    ("an import for its effect, in a cell above", ["from xml import sax\nz = 1", "from xml.dom import Node\ny = Node.TEXT_NODE"],
     "y", "from xml import sax\nfrom xml.dom import Node\ny = Node.TEXT_NODE"),
    ("no import of a cell below, nor of another package", ["import json", "from xml.dom import Node\ny = Node.TEXT_NODE", "from xml import sax"],
     "y", "from xml.dom import Node\ny = Node.TEXT_NODE"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "name", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_stays(explored, sources, name, expected):
    assert code(sliced(explored(*sources), name)) == expected


FIT = """import numpy as np
import statsmodels.api as sm
x = sm.add_constant(np.arange(9.0))
fit = sm.OLS(np.arange(9.0) ** 2, x).fit()
"""


def test_looking_at_what_statsmodels_found_is_left_out(explored):
    pytest.importorskip("statsmodels")
    trail = explored(FIT + "print(fit.tvalues[1])\nfit.summary()\nprint(fit.conf_int())\nbest = fit.params[1]")
    assert code(sliced(trail, "best")) == FIT + "best = fit.params[1]"
    trail = explored(FIT + "print(fit.HC0_se)\nfit.remove_data()\nbest = fit.params[1]")
    assert "HC0_se" in code(sliced(trail, "best")), "it is kept in the results"
    assert "remove_data" in code(sliced(trail, "best"))


@pytest.mark.parametrize("kind", ["OLS", "Logit", "GLM", "RLM", "ARIMA"])
def test_what_statsmodels_found_is_the_same_after_a_look(kind):
    sm = pytest.importorskip("statsmodels.api")
    import numpy as np

    x = sm.add_constant(np.random.default_rng(0).normal(size=(60, 2)))
    y = x @ [1, 2, 3] + np.random.default_rng(1).normal(size=60)
    models = {
        "Logit": lambda: sm.Logit((y > 1).astype(int), x),
        "ARIMA": lambda: sm.tsa.ARIMA(y, order=(1, 0, 0)),
    }
    found = models.get(kind, lambda: getattr(sm, kind)(y, x))().fit()
    assert type(found).__name__.endswith(FITTED)
    before = fingerprint(found).digest
    for name in dir(found):
        if not name.startswith("__") and name not in FITTED_KEEPS:
            with suppress(Exception):
                getattr(found, name)
    for name in FITTED_LEAVE:
        with suppress(Exception):
            getattr(found, name)(*([np.eye(3)] if name.endswith("_test") else []))
    assert fingerprint(found).digest == before


def test_a_cell_run_again_is_taken_once(explored):
    trail = explored("for i in [1]:\n    x = i", "for i in [1]:\n    x = i", "y = x")
    assert len(sliced(trail, "y").parts) == 2


def test_a_branch_that_did_not_bind_needs_what_was_there(explored):
    trail = explored("c = 4", "if c > 99:\n    c = 0", "d = c")
    assert "c = 4" in code(sliced(trail, "d"))


def test_two_imports_into_one_package(explored):
    trail = explored("import xml.dom", "import xml.sax", "y = xml.dom.Node.TEXT_NODE")
    assert code(sliced(trail, "y")).startswith("import xml.dom\nimport xml.sax")


@pytest.mark.parametrize(
    "cell",
    ["x = 1\nglobals()['y'] = 2", "from math import *\nx = pi", "x = 1\n%run other.py"],
    ids=["asks for the namespace", "import *", "a magic that acts"],
)
def test_what_cannot_be_told_keeps_the_cell(explored, cell):
    trail = explored("z = 0", cell.replace("%run other.py", "pass"))
    run = trail.runs(limit=1)[0]
    from nbcairn.lineage.units import units_of

    assert units_of(cell) is None
    if "%" not in cell:
        assert minimal_slice(trail, run.id, "x").parts[-1].source == cell


def test_files_are_inputs_and_steps(explored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "in.txt").write_text("7")
    trail = explored(
        "p = '0/in.txt'\nraw = open(p).read()\nother = 1",
        "n = int(raw)\nopen('0/out.txt', 'w').write(str(n))",
        "back = open('0/out.txt').read()",
    )
    found = sliced(trail, "back")
    assert code(found).splitlines() == [
        "p = '0/in.txt'", "raw = open(p).read()", "n = int(raw)", "open('0/out.txt', 'w').write(str(n))",
        "back = open('0/out.txt').read()",
    ]  # fmt: skip
    assert [access.path for access in found.inputs] == ["in.txt"]


def test_what_is_older_than_the_trail_is_missing(explored, tmp_path):
    shell = FakeShell()
    shell.push({"old": [1]})
    recorder = Recorder(shell, Cairn(trail=str(tmp_path / ".cairn")))
    recorder._writer._session = a_session()
    recorder.install()
    shell.run_cell("new = old + [2]", "c1")
    recorder.uninstall()
    with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
        assert sliced(trail, "new").missing == ("old",)


def test_a_version_that_is_not_there_is_an_error(explored):
    trail = explored("a = 1")
    with pytest.raises(RecordNotFound, match="did not write 'b'"):
        minimal_slice(trail, trail.runs()[0].id, "b")
