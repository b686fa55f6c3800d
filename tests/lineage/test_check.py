"""What a check says beyond single cells: restarts, cells without ids, shared trails, displays that are updated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from books import Book, InKernel, InProcess
from kernels import kernel
from nbcairn.document import anonymous_id
from nbcairn.lineage.check import check
from nbcairn.model import Cell, Document, Verdict, new_id, now
from nbcairn.store import Trail


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", str(tmp_path / "analysis.ipynb"))
    monkeypatch.setattr("nbcairn.kernel.session._packages", dict)
    desk = InProcess(tmp_path)
    yield Book(desk)
    desk.close()


def verdicts(document: Document, book: Book) -> list[str]:
    with Trail.open(book.folder, read_only=True) as trail:
        return [str(cell.verdict) for cell in check(document, trail).cells]


def test_after_a_restart_verdicts_stand_and_values_are_said_to_be_gone(book):
    book.play("a> x = 1", "b> y = x + 1", "c> print(y)")
    assert book.check().findings == ()
    book.play("restart", "d> z = 3")
    found = book.check()
    assert [f.message for cell in found.cells for f in cell.findings] == []
    assert {cell.verdict for cell in found.cells} == {Verdict.FRESH}
    (gone,) = found.findings
    assert (gone.code, gone.names) == ("CN404", ("x", "y"))


def test_values_are_gone_when_the_kernel_was_killed_and_started_again(tmp_path, monkeypatch):
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", str(tmp_path / "analysis.ipynb"))
    monkeypatch.setattr("nbcairn.kernel.session.kernel_id", lambda: "k1")
    book = Book(InProcess(tmp_path))
    try:
        book.play("a> x = 1", "b> print(x)")
        assert book.check().findings == ()
        with Trail.open(book.folder) as trail:
            (before,) = trail.sessions()
            trail.begin(replace(before, id=new_id(), started=now()))
        (gone,) = book.check().findings
        assert (gone.code, gone.names) == ("CN404", ("x",))
    finally:
        book.desk.close()


def test_what_was_made_again_after_a_restart_is_not_gone(book):
    book.play("a> x = 1", "b> y = x + 1", "restart", "run a")
    (gone,) = book.check().findings
    assert gone.names == ("y",)


def test_cells_without_ids_are_known_by_their_source(book):
    sources = ["x = 1", "print(x)", "x = 2"]
    for source in sources:
        book.desk.run(source, None)
    cells = tuple(Cell(anonymous_id(source, 1), n, source) for n, source in enumerate(sources))
    assert verdicts(Document("analysis.ipynb", cells), book) == ["fresh", "fresh", "fresh"]
    edited = (replace(cells[0], source="x = 5", id=anonymous_id("x = 5", 1)), *cells[1:])
    assert verdicts(Document("analysis.ipynb", edited), book) == ["never-run", "stale", "fresh"]


def test_cells_whose_ids_changed_are_known_by_their_source_again(book):
    book.play("a> x = 1", "b> print(x)")
    book.desk.run("y = 2", None)
    cells = (Cell("a", 0, "x = 1"), Cell("b", 1, "print(x)"), Cell("fresh-id", 2, "y = 2"))
    assert verdicts(Document("analysis.ipynb", cells), book) == ["fresh", "fresh", "fresh"]


LOST = {
    "none are left": (("anon-1", "anon-2", "anon-3", "anon-4"), False, "fresh fresh fresh fresh"),
    "others in their place, beside what was shown": (("w", "x", "y", "z"), True, "fresh fresh fresh fresh"),
    "one of them": (("a", "b", "y", "d"), True, "fresh fresh fresh fresh"),
    "new cells that show nothing": (("a", "x", "y", "d"), False, "fresh never-run never-run fresh"),
}


@pytest.mark.parametrize(("ids", "executed", "told"), LOST.values(), ids=LOST.keys())
def test_cells_whose_ids_were_lost_outside_are_known_by_their_source(book, ids, executed, told):
    sources = ("n = 1", "n += 1", "n += 1", "print(n)")
    book.play(*(f"{name}> {source}" for name, source in zip("abcd", sources, strict=True)))
    book.desk.run("n = 1", "deleted")  # ran last, under an id that no cell has
    cells = (
        Cell(name, n, source, executed=executed) for n, (name, source) in enumerate(zip(ids, sources, strict=True))
    )
    assert " ".join(verdicts(Document("analysis.ipynb", tuple(cells)), book)) == told


def test_a_cell_whose_id_was_lost_and_whose_code_was_edited_was_never_run(book):
    book.play("a> x = 1", "a> x = 2")
    assert verdicts(Document("analysis.ipynb", (Cell("anon-1", 0, "x = 1"),)), book) == ["never-run"]


def test_another_notebook_with_the_same_code_tells_what_a_cell_would_make(book):
    book.play("a> x = 1", "b> y = x + 1", "c> print(y)")
    other = (Cell("k", 0, "x = 1"), Cell("l", 1, "y = x + 1"), Cell("c", 2, "print(y)"))
    with Trail.open(book.folder, read_only=True) as trail:
        found = check(Document("other.ipynb", other), trail)
    assert [str(cell.verdict) for cell in found.cells[:2]] == ["never-run", "never-run"]
    assert not [finding for finding in found.cells[2].findings if finding.code == "CN109"]


def test_a_document_that_was_edited_outside_is_checked_as_it_stands(book):
    book.play("a> x = 1", "b> print(x)")
    outside = Document("analysis.ipynb", (Cell("a", 0, "x = 2"), Cell("b", 1, "print(x)")))
    assert verdicts(outside, book) == ["stale", "stale"]


def test_an_empty_document_is_fresh(book):
    book.play("a> x = 1")
    assert verdicts(Document("analysis.ipynb", ()), book) == []


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    from pathlib import Path

    with kernel(tmp_path_factory.mktemp("desk"), environment={"PYTHONPATH": str(Path(__file__).parents[1])}) as running:
        yield running


KERNEL = [
    ("a display that a later cell updates",
     ("a> from IPython.display import display\nshown = display('one', display_id='k')", "b> display('two', display_id='k', update=True)"),
     {"a": "fresh", "b": "fresh"}),
    ("a figure that is shown", ("a> import matplotlib.pyplot as plt", "b> plt.plot([1, 2])", "run b"), {"b": "fresh"}),
    ("a figure after the style was changed below",
     ("a> import matplotlib.pyplot as plt", "b> plt.plot([1, 2]);", "c> plt.rcParams['lines.linewidth'] = 9", "run b"), {"b": "stale"}),
    ("a set-up cell that is run again",
     ("a> import matplotlib.pyplot as plt\nplt.rc('lines', linewidth=3)", "b> plt.plot([1, 2]);", "run a b"), {"a": "fresh", "b": "fresh"}),
    ("a set-up cell that is run again, and a figure from before",
     ("a> import matplotlib.pyplot as plt\nplt.rc('lines', linewidth=3)", "b> plt.plot([1, 2]);", "run a"), {"a": "fresh", "b": "fresh"}),
    ("a table after the options were changed below",
     ("a> import pandas as pd\ndf = pd.DataFrame({'x': [1.23456]})", "b> df", "c> pd.set_option('display.precision', 1)", "run b"),
     {"b": "stale"}),
    ("numpy draws in order", ("a> import numpy as np\nnp.random.seed(0)", "b> np.random.rand()", "c> np.random.rand()"),
     {"b": "fresh", "c": "fresh"}),
    ("numpy draws, one twice",
     ("a> import numpy as np\nnp.random.seed(0)", "b> np.random.rand()", "c> np.random.rand()", "run b"), {"b": "stale", "c": "fresh"}),
    ("a generator without a seed", ("a> import numpy as np\nrng = np.random.default_rng()", "b> rng.random()"), {"b": "unknown"}),
    ("a magic that times", ("a> x = 1", "b> %time y = x + 1"), {"a": "fresh", "b": "fresh"}),
    ("the last value", ("a> 40 + 2", "b> z = _ + 1"), {"b": "unknown"}),
    ("a shell command", ("a> !echo hello",), {"a": "unknown"}),
]  # fmt: skip


@pytest.mark.parametrize("steps, told", [case[1:] for case in KERNEL], ids=[case[0] for case in KERNEL])
def test_in_a_real_kernel(live, tmp_path, steps, told):
    book = Book(InKernel(live, tmp_path.resolve())).play(*steps)
    found = {name: str(verdict) for name, verdict in book.verdicts().items()}
    assert {name: found[name] for name in told} == told


def test_the_state_of_a_generator_is_told_in_words(book):
    book.play("a> import random\nrandom.seed(1)", "b> x = random.random()", "c> y = random.random()", "move c below a")
    told = [finding for cell in book.check().cells for finding in cell.findings if finding.code == "CN109"]
    assert told[0].message.startswith("The state of Python's random generator depends on cell 2")
    assert "the same state of Python's random generator" in told[0].remedy


def told_to_depend(book):
    return [finding for cell in book.check().cells for finding in cell.findings if finding.code == "CN109"]


def test_inputs_of_one_cell_that_is_not_up_to_date_are_told_together(book):
    book.play("a> n = 1", "b> x = n + 1\ny = n + 2", "c> print(x, y)", "a: n = 5")
    alone, together = told_to_depend(book)
    assert alone.message == "`n` depends on cell 1 (`n = 5`), which was edited."
    assert together.message == "`x` and `y` depend on cell 2 (`x = n + 1`), which is stale."
    assert (together.names, together.because["made_anew_by_cells"]) == (("x", "y"), ["b"])


def test_inputs_of_several_cells_that_are_not_up_to_date_are_told_together(book):
    book.play("a> n = 1", "b> x = n + 1", "c> y = n + 2", "d> print(x, y)", "a: n = 5")
    told = told_to_depend(book)[-1]
    assert told.message == "`x` and `y` depend on cells 2 and 3, which are not up to date."
    assert told.remedy == "Run cells 2 and 3 first; if they give the same, this cell is fresh again."
    assert (told.because["would_be_made_by_cell"], told.because["made_anew_by_cells"]) == ("b", ["b", "c"])
