"""A verification in words."""

from __future__ import annotations

import pytest

from nbcairn.cli.present import print_verification
from nbcairn.cli.verb import Output
from nbcairn.model import Verdict
from nbcairn.testing import a_document
from nbcairn.verify.narrate import headline, told_agreement, told_differences, told_roots, told_stop
from nbcairn.verify.result import (
    Baseline,
    Cause,
    CauseKind,
    Difference,
    Outcome,
    Stop,
    StopReason,
    Verification,
    VerifiedCell,
    What,
)

SAME, DIFFERENT, NOT_RUN, NOTHING = Outcome.SAME, Outcome.DIFFERENT, Outcome.NOT_RUN, Outcome.NOTHING
DRAWS = Cause(CauseKind.RANDOM, "it draws random numbers", "Seed it.")


def found(*cells, stop=None):
    made = tuple(
        cell if isinstance(cell, VerifiedCell) else VerifiedCell(f"c{n + 1}", n, cell) for n, cell in enumerate(cells)
    )
    return Verification("a.ipynb", None, "2026-01-01T00:00:00Z", 1.0, "python3", "3.12.1", made, stop)


def differs(index, *causes, **more):
    return VerifiedCell(f"c{index + 1}", index, DIFFERENT, Baseline.TRAIL, causes=causes, **more)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([], "The notebook has no code cells; nothing was run."),
        ([SAME], "Verified: its one cell is the same after a real Restart & Run All."),
        ([SAME] * 3, "Verified: all 3 code cells are the same after a real Restart & Run All."),
        ([SAME, SAME, NOTHING], "Verified: all 2 code cells are the same after a real Restart & Run All; 1 had nothing to compare with."),
        ([NOTHING] * 2, "All 2 code cells ran, and none had been run before: there was nothing to compare with."),
        ([SAME, DIFFERENT], "After a real Restart & Run All 1 of 2 cells are the same, 1 differs."),
        ([SAME, DIFFERENT, DIFFERENT, NOT_RUN], "After a real Restart & Run All 1 of 4 cells are the same, 2 differ, 1 not run."),
    ],
)  # fmt: skip
def test_the_headline(cells, told):
    assert headline(found(*cells)) == told


def test_nothing_compared_and_not_finished_is_not_praised():
    assert "ran" not in headline(found(NOTHING, NOT_RUN, stop=Stop(1, StopReason.TIME_LIMIT, "")))


def test_causes_are_told_once_for_all_cells_that_have_them():
    up = Cause(CauseKind.UPSTREAM, "it follows", cell=0)
    lines = told_roots(found(differs(0, DRAWS), differs(1, DRAWS), differs(2, up), differs(3, up)))
    assert lines == ["cells 1 and 2: it draws random numbers. Cells 3 and 4 follow from them."]


def test_what_the_terminal_shows(capsys):
    difference = Difference(What.TEXT, "its printed text differs", before="1", after="2")
    cells = (
        VerifiedCell("c1", 0, SAME, Baseline.FILE, notes=("times in its text differ",)),
        VerifiedCell("c2", 1, DIFFERENT, Baseline.FILE, (difference,), (DRAWS,)),
        VerifiedCell("c3", 2, NOT_RUN),
    )
    document = a_document("x = 1", "[bold]print(x)\x1b[2J", "y")
    stopped = found(*cells, stop=Stop(1, StopReason.ERROR, "KeyError"))
    print_verification(Output(), stopped, document)
    shown = capsys.readouterr().out
    for part in (
        "1 of 3 cells are the same, 1 differs, 1 not run",
        "The run stopped at cell 2: KeyError.",
        "• cell 2: it draws random numbers.",
        "✓ same      cell 1   x = 1",
        "✗ differs   cell 2   [bold]print(x)\N{REPLACEMENT CHARACTER}[2J",
        "≠   its printed text differs: 1 → 2",
        "why It draws random numbers.",
        "→ Seed it.",
        "compared with the output saved in the file",
        "– not run   cell 3   y",
    ):
        assert part in shown
    print_verification(Output(), stopped, document, every_cell=False)
    shown = capsys.readouterr().out
    assert "cell 1 " not in shown
    assert "cell 3 " not in shown, "the headline counts those that were not run"


def test_the_differences_of_a_cell_are_few_lines():
    picture = Difference(What.FIGURE, "the figure plots other data", "Mass")
    names = (Difference(What.VALUE, "`ax` differs", "ax"), Difference(What.VALUE, "`fig` differs", "fig"))
    counted = Difference(What.VALUE, "`n` differs", "n", "3", "4")
    assert told_differences(differs(0, differences=(picture, *names, counted))) == [
        "the figure plots other data (“Mass”)",
        "`n` differs: 3 → 4",
        "`ax` and `fig` differ",
    ]
    error = Difference(What.ERROR, "it fails now", after="NameError: x")
    assert told_differences(differs(0, differences=(*names, error))) == ["it fails now: NameError: x"]


def test_where_it_stopped():
    assert told_stop(found(SAME)) == ""
    assert (
        told_stop(found(stop=Stop(2, StopReason.ERROR, "KeyError: 'a'"))) == "The run stopped at cell 3: KeyError: 'a'."
    )


def test_whether_the_check_was_right():
    right = VerifiedCell("c1", 0, SAME, predicted=Verdict.FRESH)
    missed = differs(1, predicted=Verdict.FRESH)
    alarm = VerifiedCell("c3", 2, SAME, predicted=Verdict.STALE)
    assert told_agreement(found(SAME)) == ""
    assert told_agreement(found(right)) == "`nbcairn check` had said so beforehand for the one cell that it judged."
    assert told_agreement(found(right, missed, alarm)) == (
        "`nbcairn check` was right about 1 of the 3 cells that it judged; it called cell 2 fresh; it called cell 3 stale."
    )
