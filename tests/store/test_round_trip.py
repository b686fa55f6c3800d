"""Every record comes back as it was written."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.errors import RecordNotFound
from nbcairn.model import (
    AccessMode,
    ArtifactKind,
    Coverage,
    Display,
    Effect,
    FileAccess,
    Fingerprint,
    How,
    Read,
    Run,
    RunStatus,
    Session,
    Write,
    new_id,
)
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail, temp_trail

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
digests = st.text("0123456789abcdef", min_size=32, max_size=32)
fingerprints = st.builds(Fingerprint, digests, st.sampled_from(Coverage), st.just("g1"), texts)
maybe = st.one_of(st.none(), fingerprints)
counts = st.integers(0, 2**62)
runs = st.builds(
    Run,
    id=st.builds(new_id),
    session_id=texts,
    seq=counts,
    notebook=st.none() | texts,
    cell_id=texts,
    source=texts,
    source_key=texts,
    started=texts,
    ended=texts,
    seconds=st.floats(0, 1e9),
    status=st.sampled_from(RunStatus),
    execution_count=st.none() | counts,
    error_type=texts,
    error_message=texts,
    reads=st.lists(st.builds(Read, texts, maybe, st.none() | digests), unique_by=lambda r: r.name, max_size=4).map(
        tuple
    ),
    writes=st.lists(
        st.builds(Write, texts, maybe, st.sampled_from(How), texts, texts), unique_by=lambda w: w.name, max_size=4
    ).map(tuple),
    files=st.lists(
        st.builds(
            FileAccess,
            texts,
            st.sampled_from(AccessMode),
            st.none() | digests,
            st.none() | counts,
            st.none() | counts,
            texts,
        ),
        max_size=3,
    ).map(tuple),
    displays=st.lists(
        st.builds(Display, texts, digests, st.lists(texts, max_size=2).map(tuple), st.none() | digests, texts),
        max_size=3,
    ).map(tuple),
    effects=st.lists(st.sampled_from(Effect), max_size=3).map(tuple),
    tags=st.lists(texts, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
)


@given(runs)
def test_a_run_comes_back_as_it_was(run):
    with memory_trail() as trail:
        trail.record(run)
        trail._loader._known.clear()
        assert trail.run(run.id) == run


def test_a_run_comes_back_from_disk(tmp_path):
    run = a_run("y = x", reads={"x": 1, "gone": None}, writes={"y": [1, 2]}, deletes=["z"])
    with temp_trail(tmp_path) as trail:
        trail.record(run)
    with temp_trail(tmp_path) as trail:
        assert trail.run(run.id) == run


@pytest.mark.parametrize("dirty", [None, True, False])
def test_a_session_comes_back_with_its_end(tmp_path, dirty):
    session = a_session(packages={"pandas": "3.1.1"}, git_commit="ab" * 20, git_dirty=dirty)
    with temp_trail(tmp_path) as trail:
        trail.begin(session)
        assert trail.session(session.id) == session
        trail.end(session.id, "2026-01-02T03:04:05.000000Z")
        ended = dataclasses.replace(session, ended="2026-01-02T03:04:05.000000Z")
        assert trail.session(session.id) == ended
        assert trail.sessions() == [ended]
    assert set(Session.__slots__) == {field.name for field in dataclasses.fields(session)}


def test_an_artifact_comes_back_with_what_was_learnt_later():
    with memory_trail() as trail:
        run = a_run("df = 1")
        artifact = an_artifact(run, "df", value=3, media_type="image/png", blob="ab" * 16, detail={"rows": 2, "a": [1]})
        trail.record(run, [artifact])
        assert trail.artifact(artifact.id) == artifact
        trail.enrich(artifact.id, {"rows": 3, "mean": 1.5})
        trail.enrich(artifact.id, {"mean": 2.5})
        assert trail.artifact(artifact.id).detail == {"rows": 3, "a": [1], "mean": 2.5}
        assert trail.artifacts(enriched=False) == [artifact]


def test_notes_come_back_in_order():
    with memory_trail() as trail:
        first = trail.note("run-1", "why this filter?", "ada")
        second = trail.note("run-2", "é 🪨", "bob")
        assert trail.notes() == [first, second]
        assert trail.notes("run-2") == [second]


def test_details_that_json_has_no_word_for_become_null():
    with memory_trail() as trail:
        run = a_run()
        artifact = an_artifact(run, "auc", ArtifactKind.METRIC, detail={"value": math.nan, "all": [math.inf, 1.0]})
        trail.record(run, [artifact])
        stored = trail._rows("SELECT detail FROM artifacts")[0][0]
        assert json.loads(stored, parse_constant=pytest.fail) == {"value": None, "all": [None, 1.0]}


def test_a_text_that_utf8_cannot_hold_costs_no_record():
    with memory_trail() as trail:
        run = a_run("s = '\ud800'", writes={"s": Write("s", None, summary="\udcff")})
        trail.record(run, [an_artifact(run, "s\ud800")])
        trail._loader._known.clear()
        assert trail.run(run.id).source == "s = '\\ud800'"
        assert trail.run(run.id).writes[0].summary == "\\udcff"
        assert trail.count_artifacts(query="s") == 1


def test_to_record_twice_is_as_good_as_once():
    with memory_trail() as trail:
        run = a_run("x = 1", writes={"x": 1})
        artifact = an_artifact(run)
        for _ in range(3):
            trail.record(run, [artifact], {"": b"picture"})
            trail.begin(a_session())
        sizes = trail.sizes()
        assert (sizes["runs"], sizes["writes"], sizes["artifacts"], sizes["traces"], sizes["sessions"]) == (1,) * 5
        assert len(list(trail.blobs.keys())) == 1
        assert trail.count_artifacts(query="df") == 1


@pytest.mark.parametrize("ask", ["run", "session", "artifact"])
def test_an_unknown_id_is_not_found(ask):
    with memory_trail() as trail, pytest.raises(RecordNotFound) as caught:
        getattr(trail, ask)("nothing")
    assert isinstance(caught.value, LookupError)
    assert "nothing" in caught.value.fact
