"""What a real kernel's cells read and write, by tables."""

from __future__ import annotations

import builtins

import pytest

from cases.names import FIGURES, IN_PLACE, MAGICS, PLAIN, SCOPES, Case


def words(text: str) -> set[str]:
    return set(text.split())


def check(live, case: Case) -> None:
    for source in case.before:
        ran = live.run(source, look=False)
        assert ran.status == "ok", ran.text
    ran = live.run(case.cell)
    assert ran.status == case.status, ran.text
    assert ran.run is not None, "nothing was recorded"
    found = {
        "reads": ran.reads,
        "bound": ran.bound,
        "mutated": ran.mutated,
        "deleted": ran.deleted,
        "missed": ran.missed - set(dir(builtins)) - {"get_ipython"},
    }
    expected = {kind: words(getattr(case, kind)) for kind in found}
    if case.bound == "*":
        assert {"floor", "y"} <= found.pop("bound")
        expected.pop("bound")
    if case.mutated == "*":  # whether the object can be compared at all is not what the case is about
        del found["mutated"], expected["mutated"]
    assert found == expected
    assert not ran.run.notes


def table(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.id for case in cases])


@table(PLAIN)
def test_plain_cells(clean, case):
    check(clean, case)


@table(SCOPES)
def test_functions_classes_and_other_scopes(clean, case):
    check(clean, case)


@table(MAGICS)
def test_cells_with_magics(clean, case):
    check(clean, case)


@table(FIGURES)
def test_figures_changed_without_their_names(clean, case):
    pytest.importorskip("matplotlib")
    check(clean, case)
    clean.run("plt.close('all')\n%config InlineBackend.close_figures = True", look=False)


@table(IN_PLACE)
def test_changes_in_place(clean, case):
    check(clean, case)
