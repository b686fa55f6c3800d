"""The index that replay stands on: which runs of this source had exactly these inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.fingerprint import fingerprint
from nbcairn.model import PRISTINE, Cell, Coverage, Display, Document, Fingerprint, RunStatus
from nbcairn.store.replaying import SHAPES, TRACES
from nbcairn.store.traces import inputs_key, shape_key
from nbcairn.testing import a_run, a_session, memory_trail

ONE, TWO = fingerprint(1), fingerprint(2)
OPAQUE = Fingerprint("ab" * 16, Coverage.OPAQUE)


@pytest.fixture
def trail():
    with memory_trail() as trail:
        trail.begin(a_session())
        yield trail


def record(trail, reads, source="y = x", **more):
    run = a_run(source, reads=reads, **more)
    trail.record(run)
    return run


def ids(traces):
    return [trace.run_id for trace in traces]


def test_runs_with_exactly_these_inputs_are_found_newest_first(trail):
    first, second = record(trail, {"x": 1}), record(trail, {"x": 1}, cell_id="elsewhere", session_id="s2")
    record(trail, {"x": 2})
    record(trail, {"x": 1}, source="z = x")
    assert ids(trail.traces(first.source_key, {"x": ONE})) == [second.id, first.id]
    assert ids(trail.traces(first.source_key, {"x": ONE}, limit=1)) == [second.id]


DIFFERENT = {
    "another value": {"x": TWO},
    "a name less": {},
    "a name more": {"x": ONE, "z": TWO},
    "absent": {"x": None},
    "another method": {"x": Fingerprint(ONE.digest, method="md5")},
    "an opaque value": {"x": Fingerprint(ONE.digest, Coverage.OPAQUE)},
    "another name": {"X": ONE},
}


@pytest.mark.parametrize("inputs", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_runs_with_other_inputs_are_not(trail, inputs):
    run = record(trail, {"x": 1})
    assert trail.traces(run.source_key, inputs) == []


def test_the_note_and_bound_of_a_sample_do_not_matter(trail):
    run = record(trail, {"x": Fingerprint("cd" * 16, Coverage.SAMPLED, note="every 2nd row of 10")})
    assert ids(trail.traces(run.source_key, {"x": Fingerprint("cd" * 16, Coverage.SAMPLED)})) == [run.id]


def test_an_absent_name_and_a_pristine_one_are_inputs_too(trail):
    run = record(trail, {"x": None, "<rcParams>": PRISTINE})
    assert ids(trail.traces(run.source_key, {"x": None, "<rcParams>": PRISTINE})) == [run.id]
    assert trail.traces(run.source_key, {"x": None}) == []


@pytest.mark.parametrize("status", [RunStatus.ERROR, RunStatus.INTERRUPTED])
def test_a_run_that_failed_is_no_trace(trail, status):
    run = record(trail, {"x": 1}, status=status)
    assert trail.traces(run.source_key, {"x": ONE}) == []
    assert trail.shapes([run.source_key]) == {}


def test_a_run_with_an_opaque_input_never_matches_but_its_shape_is_known(trail):
    run = record(trail, {"x": OPAQUE})
    assert trail.traces(run.source_key, {"x": OPAQUE}) == []
    assert trail.shapes([run.source_key]) == {run.source_key: [frozenset({"x"})]}


def test_the_shapes_of_a_source_are_the_different_sets_of_names(trail):
    run = record(trail, {"x": 1})
    record(trail, {"x": 2})
    record(trail, {"x": 1, "flag": True})
    other = record(trail, {}, source="other = 1")
    found = trail.shapes([run.source_key, other.source_key, "unknown"])
    assert {key: set(shapes) for key, shapes in found.items()} == {
        run.source_key: {frozenset({"x"}), frozenset({"x", "flag"})},
        other.source_key: {frozenset()},
    }
    assert trail.shapes([run.source_key]) == {run.source_key: found[run.source_key]}


QUERIES = {
    "traces": (TRACES, 4),
    "shapes": (SHAPES.format("(?), (?)"), 2),
    "last runs": (
        "WITH cells(id) AS (VALUES (?), (?)) SELECT r.cell_id, r.id, r.session_id FROM cells "
        "JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE cell_id = cells.id)",
        2,
    ),
    "last run": ("SELECT id, session_id FROM runs WHERE cell_id = ? ORDER BY id DESC", 1),
    "versions": ("SELECT w.* FROM writes w JOIN runs r ON r.id = w.run_id WHERE w.name = ? ORDER BY w.run_id DESC", 1),
    "one run": ("SELECT * FROM reads WHERE run_id IN (?, ?) ORDER BY run_id, name", 2),
}


@pytest.mark.parametrize(("sql", "values"), QUERIES.values(), ids=QUERIES.keys())
def test_what_replay_asks_is_answered_by_index(trail, sql, values):
    plan = [row[-1] for row in trail._connections.get().execute(f"EXPLAIN QUERY PLAN {sql}", ["?"] * values)]
    assert any(step.startswith("SEARCH") for step in plan), plan
    given = ("cells", "keys", "found", "CONSTANT", "(subquery")
    assert all(any(word in step for word in given) for step in plan if step.startswith("SCAN")), plan


def test_the_queries_above_are_those_that_are_asked(trail):
    asked = []
    trail._connections.get().set_trace_callback(asked.append)
    run = record(trail, {"x": 1})
    trail._loader._known.clear()
    trail.traces(run.source_key, {"x": ONE})
    trail.shapes([run.source_key])
    trail.last_runs(Document("analysis.ipynb", (Cell(run.cell_id, 0, run.source),)))
    trail._connections.get().set_trace_callback(None)
    plain = [" ".join(sql.split()) for sql in asked]
    for name in ("traces", "shapes", "last runs"):
        head = " ".join(QUERIES[name][0].partition("?")[0].split())
        assert any(sql.startswith(head) for sql in plain), plain


names = st.text(max_size=5)
inputs = st.dictionaries(names, st.none() | st.builds(Fingerprint, st.sampled_from(["0" * 32, "1" * 32])), max_size=4)


@given(inputs, inputs)
def test_keys_are_equal_exactly_when_the_inputs_are(one, other):
    assert (inputs_key(one) == inputs_key(other)) == (one == other)
    assert inputs_key(dict(reversed(one.items()))) == inputs_key(one)
    assert (shape_key(one) == shape_key(other)) == (set(one) == set(other))


SAME = {"displays": [Display("stdout", "1" * 32)], "writes": {"y": 1}}
OTHERWISE = {
    "shown otherwise": {**SAME, "displays": [Display("stdout", "2" * 32)]},
    "shown elsewhere": {**SAME, "displays": [Display("stderr", "1" * 32)]},
    "shown twice": {**SAME, "displays": [Display("stdout", "1" * 32)] * 2},
    "other content": {**SAME, "writes": {"y": 2}},
    "another name": {**SAME, "writes": {"z": 1}},
    "deleted": {**SAME, "writes": {"y": None}},
    "one more": {**SAME, "writes": {"y": 1, "z": 1}},
}


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_runs_that_came_out_otherwise_are_told_from_those_that_did_not(trail, other):
    run = record(trail, {"x": 1}, **SAME)
    record(trail, {"x": 1}, session_id="s2", **SAME)
    record(trail, {"x": 1}, **other)
    odd, same, first = (trace.outcome for trace in trail.traces(run.source_key, {"x": ONE}))
    assert odd != same == first
