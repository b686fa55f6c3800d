"""Finding artifacts, versions and runs: filters, pages, and whatever people type into a search box."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.model import ArtifactKind
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail


@pytest.fixture
def trail():
    with memory_trail() as trail:
        trail.begin(a_session("s1", "a.ipynb"))
        trail.begin(a_session("s2", "b.ipynb", kernel_id="k2"))
        load = a_run("penguins = load('penguins.csv')", session_id="s1", writes={"penguins": 1})
        fit = a_run("model = fit(penguins)", session_id="s1", writes={"model": 2})
        plot = a_run("plot(bill_length)", session_id="s2", writes={"model": 3}, tags=["report"])
        trail.record(load, [an_artifact(load, "penguins", detail={"columns": ["bill_length", "species"]})])
        trail.record(fit, [an_artifact(fit, "model", ArtifactKind.MODEL), an_artifact(fit, "auc", ArtifactKind.METRIC)])
        trail.record(plot, [an_artifact(plot, "figure 1", ArtifactKind.FIGURE, detail={"title": "Größe by species"})])
        trail.note(trail.artifacts(name="auc")[0].id, "The one for the 50%_talk", "ada")
        trail.note(load.id, "From the museum", "ada")
        yield trail


def names(trail, **asked):
    found = [artifact.name for artifact in trail.artifacts(**asked)]
    assert trail.count_artifacts(**asked) == len(found)
    page, total = trail.artifact_page(1, 2, **asked)
    assert ([artifact.name for artifact in page], total) == (found[1:3], len(found))
    return sorted(found)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["auc", "figure 1", "model", "penguins"]),
        ({"kind": "model"}, ["model"]),
        ({"kind": ArtifactKind.FIGURE}, ["figure 1"]),
        ({"name": "auc"}, ["auc"]),
        ({"name": "nothing"}, []),
        ({"notebook": "a.ipynb"}, ["auc", "model", "penguins"]),
        ({"notebook": "a.ipynb", "kind": "metric"}, ["auc"]),
        ({"notebook": "c.ipynb"}, []),
        ({"query": "penguins"}, ["auc", "model", "penguins"]),
        ({"query": "peng"}, ["auc", "model", "penguins"]),
        ({"query": "species"}, ["figure 1", "penguins"]),
        ({"query": "GRÖSSE"}, []),
        ({"query": "größe"}, ["figure 1"]),
        ({"query": "bill_len"}, ["figure 1", "penguins"]),
        ({"query": "penguins.csv"}, ["penguins"]),
        ({"query": "fit auc"}, ["auc"]),
        ({"query": "  "}, ["auc", "figure 1", "model", "penguins"]),
        ({"query": "model", "notebook": "b.ipynb"}, []),
        ({"query": "talk"}, ["auc"]),
        ({"query": "fit talk"}, ["auc"]),
        ({"query": "50%_t"}, ["auc"]),
        ({"query": "5%_"}, []),
        ({"query": "museum"}, ["penguins"]),
        ({"session_id": "s2"}, ["figure 1"]),
        ({"user": "ada"}, ["auc", "figure 1", "model", "penguins"]),
        ({"user": "bob"}, []),
        ({"tag": "report"}, ["figure 1"]),
        ({"tag": "report", "session_id": "s1"}, []),
        ({"tag": "repor"}, []),
    ],
)
def test_artifacts_by_what_is_asked(trail, asked, expected):
    assert names(trail, **asked) == expected


def test_runs_and_artifacts_by_when_they_were():
    monday, tuesday = "2026-11-23T23:50:00.5Z", "2026-11-24T03:00:00Z"
    with memory_trail() as trail:
        trail.begin(a_session("s1", "a.ipynb"))
        for source, started, ended in (("a", monday, monday), ("b", monday, tuesday), ("c", tuesday, tuesday)):
            run = replace(a_run(source, started=started), ended=ended)
            trail.record(run, [an_artifact(run, source)])

        def started(begin, end):
            found = [run.source for run in trail.runs(started_from=begin, started_to=end, newest_first=False)]
            assert trail.count_runs(started_from=begin, started_to=end) == len(found)
            return found

        assert started("2026-11-23T00:00:00.000000Z", "2026-11-24T00:00:00.000000Z") == ["a", "b"]
        assert started("2026-11-24T00:00:00.000000Z", None) == ["c"]
        assert started(None, "2026-11-23T00:00:00.000000Z") == []
        # A cell that ran past midnight started on Monday, and its plot is of Tuesday: as each is shown.
        assert names(trail, made_from="2026-11-24T00:00:00.000000Z") == ["b", "c"]
        assert names(trail, made_to="2026-11-24T00:00:00.000000Z") == ["a"]
        assert names(trail, made_from="2026-11-24T03:00:00.000000Z") == ["b", "c"]
        assert names(trail, made_to="2026-11-24T03:00:00.000000Z") == ["a"]


HOSTILE = [
    '"', '""', "'", "*", "a*b", "(", ")", "NEAR(", "a OR", "AND", "NOT", "name:x", "-x", "^x", "{a b}:c", "a AND (b", "\\",
    "'; DROP TABLE runs; --", "%", "_", "\0", "a\0b", "\ud800", "é" * 300, "🪨", "x " * 200, "\u202e", "+", "fts5(", ";",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_typed_is_only_searched_for(trail, query):
    found = trail.artifacts(query=query)
    assert trail.count_artifacts(query=query) == len(found)
    assert trail.count_runs() == 3


@given(st.text(max_size=30))
def test_no_query_is_an_error(query):
    with memory_trail() as trail:
        assert trail.artifacts(query=query) == []


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12))
def test_a_name_is_found_by_itself(name):
    with memory_trail() as trail:
        run = a_run("pass")
        trail.record(run, [an_artifact(run, name)])
        assert [artifact.name for artifact in trail.artifacts(query=name)] == [name]


def test_columns_that_are_learnt_later_can_be_searched_for(trail):
    artifact = trail.artifacts(name="model")[0]
    trail.enrich(artifact.id, {"columns": [{"name": "flipper_length"}], "title": "best one"})
    assert names(trail, query="flipper") == ["model"]
    assert names(trail, query="model best") == ["model"]


def test_pages_are_newest_first_and_do_not_overlap(trail):
    everything = trail.artifacts(limit=None)
    pages = [artifact for offset in range(0, 6, 2) for artifact in trail.artifacts(offset=offset, limit=2)]
    assert pages == everything
    assert [a.run_id for a in everything] == sorted((a.run_id for a in everything), reverse=True)


def test_the_versions_of_a_name_are_newest_first(trail):
    found = trail.versions("model")
    assert [version.write.name for version in found] == ["model", "model"]
    assert [version.run_id for version in found] == sorted((v.run_id for v in found), reverse=True)
    assert len(trail.versions("model", notebook="a.ipynb")) == 1
    assert len(trail.versions("model", limit=1)) == 1
    assert trail.versions("nothing") == []
    assert trail.names() == ["model", "penguins"]
    assert trail.names("b.ipynb") == ["model"]


def test_runs_by_what_is_asked(trail):
    load, fit, plot = trail.runs(newest_first=False)
    assert trail.runs() == [plot, fit, load]
    assert trail.runs(limit=1) == [plot]
    assert trail.runs(since=load.id, newest_first=False) == [fit, plot]
    assert trail.runs(before=plot.id) == [fit, load]
    assert trail.runs(notebook="a.ipynb") == [fit, load]
    assert trail.runs(session_id="s2") == [plot]
    assert trail.runs(cell_id="c1", notebook="b.ipynb") == [plot]
    assert trail.runs(cell_id="unknown") == []
    assert trail.count_runs(notebook="a.ipynb") == 2


def test_more_runs_than_are_kept_in_memory_come_back(monkeypatch):
    monkeypatch.setattr("nbcairn.store.load.CACHED_RUNS", 10)
    with memory_trail() as trail:
        written = [a_run(f"x = {n}") for n in range(45)]
        for run in written:
            trail.record(run)
        assert trail.runs(newest_first=False) == written
        assert trail.runs() == written[::-1]
