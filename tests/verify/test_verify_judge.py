"""Each cell beside what is known of it, from a run that is only told of."""

from __future__ import annotations

import pytest

from nbcairn.lineage.check import check
from nbcairn.lineage.normal import text_digest
from nbcairn.model import Display, Read
from nbcairn.testing import a_document, a_run, a_session, memory_trail
from nbcairn.verify.judge import Executed, Performance, Saved, judge
from nbcairn.verify.result import Baseline, CauseKind, Outcome, Stop, StopReason

MADE = "2026-01-01T00:00:00Z"


def printed(text):
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def shown(text):
    return [Display("stdout", text_digest(text), text=text)]


def performance(executed, saved=None, **more):
    made = Performance(MADE, "python3", **more)
    made.executed = executed
    made.saved = saved or {}
    return made


def outcomes(found):
    return [cell.outcome for cell in found.cells]


def test_a_cell_is_compared_with_its_last_recorded_run():
    document = a_document("print(x)")
    with memory_trail() as trail:
        trail.begin(a_session())
        trail.record(a_run("print(x)", "c1", displays=shown("1\n")))
        predicted = check(document, trail)
        for text, outcome in (("1\n", Outcome.SAME), ("2\n", Outcome.DIFFERENT)):
            run = a_run("print(x)", "c1", displays=shown(text))
            (cell,) = judge(document, performance({"c1": Executed(printed(text), run=run)}), trail, predicted).cells
            assert (cell.outcome, cell.baseline) == (outcome, Baseline.TRAIL)


def test_where_the_kernel_records_nothing_what_it_shows_is_compared():
    document = a_document("print(x)")
    with memory_trail() as trail:
        trail.begin(a_session())
        trail.record(a_run("print(x)", "c1", writes={"y": 1}, displays=shown("1\n")))
        found = judge(document, performance({"c1": Executed(printed("1\n"))}), trail, check(document, trail))
    assert outcomes(found) == [Outcome.SAME]


def test_a_cell_that_the_trail_does_not_know_is_compared_with_the_file():
    document = a_document("print(1)", "x = 1", "y = 1")
    executed = {"c1": Executed(printed("2\n")), "c2": Executed(), "c3": Executed()}
    saved = {"c1": Saved(printed("1\n"), 1), "c2": Saved((), 2)}
    found = judge(document, performance(executed, saved), None, None)
    assert outcomes(found) == [Outcome.DIFFERENT, Outcome.SAME, Outcome.NOTHING]
    assert [cell.baseline for cell in found.cells] == [Baseline.FILE, Baseline.FILE, Baseline.NONE]


def test_what_the_file_shows_is_told_where_the_trail_knows_another_run():
    """A teammate's notebook was pulled: its outputs are the teammate's, the trail is one's own."""
    document = a_document("print(x)")
    with memory_trail() as trail:
        trail.begin(a_session())
        trail.record(a_run("print(x)", "c1", displays=shown("1\n")))
        run = a_run("print(x)", "c1", displays=shown("2\n"))
        done = performance({"c1": Executed(printed("2\n"), run=run)}, {"c1": Saved(printed("2\n"), 1)})
        (cell,) = judge(document, done, trail, check(document, trail)).cells
    assert cell.outcome is Outcome.DIFFERENT
    assert "the output saved in the file is the same as now" in cell.notes[0]


def test_cairns_own_magics_and_empty_cells_are_not_judged():
    document = a_document("%load_ext nbcairn", "# a comment", "")
    executed = {"c1": Executed(printed("hello")), "c2": Executed()}
    assert outcomes(judge(document, performance(executed), None, None)) == [Outcome.SAME] * 3


@pytest.mark.parametrize(
    ("reason", "outcome", "kind"),
    [
        (StopReason.TIME_LIMIT, Outcome.NOT_RUN, CauseKind.TIME_LIMIT),
        (StopReason.KERNEL_DIED, Outcome.DIFFERENT, CauseKind.KERNEL_DIED),
    ],
)
def test_a_cell_that_did_not_end(reason, outcome, kind):
    found = judge(a_document("a", "b"), performance({}, stop=Stop(0, reason, "so")), None, None)
    assert outcomes(found) == [outcome, Outcome.NOT_RUN]
    assert [cause.kind for cause in found.cells[0].causes] == [kind]


def test_a_cell_that_was_never_run_must_not_fail():
    found = judge(a_document("1 / 0"), performance({"c1": Executed(error="ZeroDivisionError: x")}), None, None)
    assert outcomes(found) == [Outcome.DIFFERENT]
    assert found.cells[0].causes[0].kind is CauseKind.ERROR


def test_a_difference_is_followed_down_the_document():
    document = a_document("x = draw()", "y = x", "print(y)")
    with memory_trail() as trail:
        trail.begin(a_session())
        first = [a_run("x = draw()", "c1", writes={"x": 1})]
        first.append(a_run("y = x", "c2", {"x": Read("x", first[0].writes[0].fingerprint, first[0].id)}, {"y": 1}))
        first.append(a_run("print(y)", "c3", {"y": 1}, displays=shown("1")))
        for run in first:
            trail.record(run)
        one = a_run("x = draw()", "c1", writes={"x": 2}, effects=["entropy"])
        two = a_run("y = x", "c2", {"x": Read("x", one.writes[0].fingerprint, one.id)}, {"y": 2})
        three = a_run("print(y)", "c3", {"y": Read("y", two.writes[0].fingerprint, two.id)}, displays=shown("2"))
        executed = {run.cell_id: Executed(run=run) for run in (one, two, three)}
        found = judge(document, performance(executed), trail, check(document, trail))
    assert [[cause.kind for cause in cell.causes] for cell in found.cells] == [
        [CauseKind.RANDOM],
        [CauseKind.UPSTREAM],
        [CauseKind.UPSTREAM],
    ]
    assert [(root.cell, root.follows) for root in found.roots] == [(0, (1, 2))]


def test_a_time_that_a_cell_measured_is_no_difference_wherever_it_is_shown():
    document = a_document("t = time.time()", "print(t)")
    with memory_trail() as trail:
        trail.begin(a_session())
        old = a_run("t = time.time()", "c1", writes={"t": 1.0}, effects=["clock"])
        trail.record(old)
        trail.record(a_run("print(t)", "c2", {"t": 1.0}, displays=shown("1795514642.1")))
        new = a_run("t = time.time()", "c1", writes={"t": 2.0}, effects=["clock"])
        show = a_run(
            "print(t)", "c2", {"t": Read("t", new.writes[0].fingerprint, new.id)}, displays=shown("1795514999.2")
        )
        executed = {run.cell_id: Executed(run=run) for run in (new, show)}
        found = judge(document, performance(executed, trail=trail), trail, check(document, trail))
    assert outcomes(found) == [Outcome.SAME, Outcome.SAME]
