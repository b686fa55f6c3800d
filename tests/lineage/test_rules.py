"""Every table of explorations: verdicts and codes, and that the verdicts are true."""

from __future__ import annotations

import pytest

from books import Book, InProcess
from cases.rules import RULES, Case
from nbcairn.model import Verdict

CASES = [case for table in RULES.values() for case in table]


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", str(tmp_path / "analysis.ipynb"))
    monkeypatch.setattr("nbcairn.kernel.session._packages", dict)
    desk = InProcess(tmp_path)
    yield Book(desk)
    desk.close()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_each_cell_is_told_what_the_table_says_and_that_is_true(book, case: Case):
    book.play(*case.steps)
    messages = [finding.message for cell in book.check().cells for finding in cell.findings]
    assert book.told() == {page.id: case.told.get(page.id, "fresh") for page in book.pages}, messages
    told, unsure = book.verdicts(), set(case.unsure.split())
    assert {name for name in told if told[name] is not Verdict.FRESH} - unsure == book.truth() - unsure
