"""Which cells to run: as few as will do, in order, and what stands in the way."""

from __future__ import annotations

import pytest

from books import Book, InProcess
from nbcairn.lineage.narrate import told_plan
from nbcairn.model import Verdict

CASES = [
    ("all is fresh", ("a> x = 1", "b> print(x)"), "", ""),
    ("one stale cell", ("a> x = 1", "b> print(x)", "a> x = 2"), "b", ""),
    ("what is between gives the same", ("a> x = 1", "b> y = x > 0", "c> print(y)", "a> x = 2"), "b c", ""),
    ("what the kernel still holds is not made again", ("a> x = 1", "b> y = x + 1", "b: y = x + 2"), "b", ""),
    ("what was changed in place is made again", ("a> xs = [1]", "b> print(xs)", "c> xs.append(2)", "run b"), "a b", ""),
    ("what it needs of what it needs", ("a> xs = [1]", "b> xs.append(2)", "c> print(xs)", "run b c"), "a b c", ""),
    ("after a restart only what is needed", ("a> x = 1", "b> z = 2", "c> print(x)", "restart", "c: print(x + 1)"), "a c", ""),
    ("a cell that was never run", ("a> x = 1", "b: print(x)"), "b", ""),
    ("unseeded", ("a> import random", "b> print(random.random())"), "", "b"),
    ("a name that nothing defines", ("a> x = 1", "b> print(x)", "delete a"), "restart b", "b"),
    ("seeded draws in another order",
     ("a> import random\nrandom.seed(1)", "b> print(random.random())", "c> print(random.random())", "run b"), "a b", ""),
]  # fmt: skip


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", str(tmp_path / "analysis.ipynb"))
    monkeypatch.setattr("nbcairn.kernel.session._packages", dict)
    desk = InProcess(tmp_path)
    yield Book(desk)
    desk.close()


@pytest.mark.parametrize("steps, run, obstacles", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_plan_is_short_and_does_it(book, steps, run, obstacles):
    plan = book.play(*steps).check().plan
    assert [*(["restart"] if plan.restart else []), *plan.run] == run.split()
    assert [one.cell_id for one in plan.obstacles] == obstacles.split()
    if plan.restart:
        book.restart()
    book.play(*(f"run {name}" for name in plan.run))
    sure = {name: verdict for name, verdict in book.verdicts().items() if name not in obstacles.split()}
    assert set(sure.values()) <= {Verdict.FRESH}


TARGETS = [
    ("alone", ("a> x = 1", "b> print(x)", "a: x = 2"), "a", "a", ""),
    ("with what it needs", ("a> x = 1", "b> y = x", "c> print(y)", "d> print(x)", "a: x = 2"), "c", "a b c", ""),
    ("also when it is fresh", ("a> x = 1", "b> print(x)"), "b", "b", ""),
    (
        "what others lack is none of its business",
        ("a> x = 1", "b> import random", "c> print(random.random())"),
        "a",
        "a",
        "",
    ),
    ("what stands in its own way", ("a> import random", "b> print(random.random())"), "b", "b", "b"),
    ("a cell that is gone", ("a> x = 1",), "z", "", ""),
]


@pytest.mark.parametrize(
    "steps, target, run, obstacles", [case[1:] for case in TARGETS], ids=[case[0] for case in TARGETS]
)
def test_the_plan_for_one_cell(book, steps, target, run, obstacles):
    book.play(*steps)
    plan = book.check(target).plan
    assert list(plan.run) == run.split()
    assert [one.cell_id for one in plan.obstacles] == obstacles.split()


def test_an_obstacle_says_which_edit_would_help(book):
    book.play("a> import random", "b> x = random.random()")
    (obstacle,) = book.check().plan.obstacles
    assert "random.seed(0)" in obstacle.edit


@pytest.mark.parametrize("edit", ["c: open('data.txt', 'w').write('3')", "a: x = 3"])
def test_a_file_that_is_read_above_where_it_is_written_needs_a_move(book, edit):
    book.play(
        "file data.txt 1",
        "a> x = 2",
        "b> print(open('data.txt').read())",
        "c> open('data.txt', 'w').write(str(x))",
        "run b",
    )
    assert book.check().plan.run == ()
    plan = book.play(edit).check().plan
    assert "c" in plan.run
    (obstacle,) = plan.obstacles
    assert (obstacle.cell_id, obstacle.edit) == ("b", "Move cell 3 above cell 2, or let it write another file.")
    assert "It reads data.txt, which cell 3 further down writes" in obstacle.why
    book.play(*(f"run {name}" for name in plan.run), "move c below a", "run b")
    assert set(book.verdicts().values()) == {Verdict.FRESH}
    assert book.truth() == set()


def test_a_plan_in_words(book):
    book.play("a> x = 1", "b> print(x)", "a> x = 2")
    assert told_plan(book.check().plan, book.document()) == "Run 1 cell, in this order:\n  cell 2   print(x)"
    book.play("run b")
    assert told_plan(book.check().plan, book.document()) == "Nothing to run: every cell is fresh."
