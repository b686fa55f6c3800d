"""Every route answers what the description promises."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from nbcairn.model import Artifact, ArtifactKind
from nbcairn.server.description import api
from nbcairn.server.handlers import ROUTES
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact

FRAME = Fraction(22, 7)
"""A content that is not everybody's."""


async def test_status_counts_what_the_notebook_has(project, ask):
    status = await ask("status", "Status")
    assert (status["runs"], status["sessions"], status["artifacts"]) == (3, 1, 2)
    assert status["trail"] == str(project.folder)
    assert status["last_run"] == project.plot.id
    assert status["contract"] == int(api()["info"]["version"])


async def test_status_grows_when_something_is_told_of_an_artifact(project, ask):
    before = (await ask("status", "Status"))["told"]
    with Trail.open(project.folder) as trail:
        trail.enrich(trail.artifacts(limit=1)[0].id, {"rows": 3})
    assert (await ask("status", "Status"))["told"] > before


async def test_a_session_whose_kernel_is_gone_is_not_recording(project, ask):
    status = await ask("status", "Status")
    assert status["recording"] is False
    assert "load_ext" in status["message"]


async def test_runs_come_newest_first_and_by_pages(project, ask):
    first = await ask("runs", "RunPage", limit=2)
    assert [run["id"] for run in first["items"]] == [project.plot.id, project.clean.id]
    assert first["total"] == 3
    rest = await ask("runs", "RunPage", limit=2, before=first["next"])
    assert [run["id"] for run in rest["items"]] == [project.load.id]
    assert rest["next"] is None


async def test_runs_of_one_cell_and_since_a_run(project, ask):
    assert [run["cell_id"] for run in (await ask("runs", "RunPage", cell="c2"))["items"]] == ["c2"]
    later = await ask("runs", "RunPage", since=project.load.id)
    assert [run["id"] for run in later["items"]] == [project.plot.id, project.clean.id]


async def test_what_was_made_on_a_day(project, ask):
    with Trail.open(project.folder) as trail:
        old = a_run("df0 = read()", "c0", {}, {"df0": 7}, started="2026-01-05T22:30:00Z")
        trail.record(old, [an_artifact(old, "df0", ArtifactKind.DATA, 7)])
    berlin = {"from": "2026-01-05T00:00:00+01:00", "to": "2026-01-06T00:00:00+01:00"}
    runs = await ask("runs", "RunPage", **berlin)
    assert ([run["id"] for run in runs["items"]], runs["total"]) == ([old.id], 1)
    artifacts = await ask("artifacts", "ArtifactPage", **berlin)
    assert ([item["name"] for item in artifacts["items"]], artifacts["total"]) == (["df0"], 1)
    tokyo = {"from": "2026-01-05T00:00:00+09:00", "to": "2026-01-06T00:00:00+09:00"}
    assert (await ask("runs", "RunPage", **tokyo))["items"] == []
    later = {"from": "2026-01-06T00:00:00Z"}
    assert (await ask("runs", "RunPage", **later))["total"] == 3
    assert (await ask("artifacts", "ArtifactPage", **later))["total"] == 2


@pytest.mark.parametrize("route", ["runs", "artifacts"])
@pytest.mark.parametrize(
    "text", ["tuesday", "2026-01-05", "2026-01-05T00:00:00", "0001-01-01T00:00:00+09:00", "9" * 99]
)
async def test_a_moment_that_is_none_is_refused(project, refusal, route, text):
    await refusal(route, 400, params={"path": "analysis.ipynb", "from": text})


async def test_a_run_comes_whole_with_its_artifacts(project, ask):
    run = await ask(f"runs/{project.plot.id}", "Run")
    assert run["source"] == "df2.plot()"
    assert run["reads"][0]["run_id"] == project.clean.id
    assert [artifact["name"] for artifact in run["artifacts"]] == ["Mass"]


async def test_a_session_brings_its_packages(project, ask):
    assert (await ask("sessions/s1", "Session"))["packages"] == {"pandas": "2.2.0"}


async def test_artifacts_know_their_place_among_versions(project, ask):
    with Trail.open(project.folder) as trail:
        again = a_run("df2 = df + 1", "c2", {}, {"df2": 5})
        trail.record(again, [an_artifact(again, "df2", ArtifactKind.DATA, 5)])
    page = await ask("artifacts", "ArtifactPage", name="df2")
    assert [(item["version"], item["versions"]) for item in page["items"]] == [(2, 2), (1, 2)]
    assert page["items"][0]["made"] == again.ended
    one = await ask(f"artifacts/{project.frame.id}", "Artifact")
    assert (one["version"], one["versions"], one["cell_id"]) == (1, 2, "c2")


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, ["Mass", "df2"]),
        ({"kind": "figure"}, ["Mass"]),
        ({"q": "mass"}, ["Mass"]),
        ({"q": 'quo"te OR ( * NEAR'}, []),
        ({"limit": 1, "offset": 1}, ["df2"]),
        ({"offset": 10}, []),
        ({"session": "s1"}, ["Mass", "df2"]),
        ({"session": "s2"}, []),
        ({"user": "ada", "kind": "data"}, ["df2"]),
        ({"user": "bob"}, []),
        ({"tag": "report"}, []),
        ({"notebook": "other.ipynb"}, []),
        ({"notebook": "analysis.ipynb", "path": "other.ipynb"}, ["Mass", "df2"]),
    ],
    ids=[
        "all",
        "kind",
        "search",
        "search with odd signs",
        "second page",
        "past the end",
        "session",
        "another session",
        "person and kind",
        "another person",
        "tag",
        "another notebook",
        "a notebook by name",
    ],
)
async def test_artifacts_can_be_filtered(project, ask, params, names):
    page = await ask("artifacts", "ArtifactPage", **params)
    assert [item["name"] for item in page["items"]] == names


async def test_the_filters_are_what_made_something(project, ask):
    with Trail.open(project.folder) as trail:
        trail.begin(a_session("s2", "other.ipynb", kernel_id="k2"))
        trail.begin(a_session("s3", "empty.ipynb", kernel_id="k3"))
        tagged = a_run("y = 1", "c1", {}, {"y": 1}, session_id="s2", notebook="other.ipynb", tags=["report", "wip"])
        trail.record(tagged, [an_artifact(tagged, "y", ArtifactKind.METRIC, 1)])
    found = await ask("filters", "Filters")
    assert found["notebooks"] == [{"name": "analysis.ipynb", "artifacts": 2}, {"name": "other.ipynb", "artifacts": 1}]
    assert found["people"] == [{"name": "ada", "artifacts": 3}]
    assert [(session["id"], session["artifacts"]) for session in found["sessions"]] == [("s2", 1), ("s1", 2)]
    assert [choice["name"] for choice in found["tags"]] == ["report", "wip"]


async def test_artifacts_of_other_notebooks_only_when_asked(project, ask):
    assert (await ask("artifacts", "ArtifactPage", path="other.ipynb"))["total"] == 0
    assert (await ask("artifacts", "ArtifactPage", path="other.ipynb", all="true"))["total"] == 2


async def test_lineage_of_the_notebook_and_of_an_artifact(project, ask):
    whole = await ask("lineage", "Lineage")
    assert [node["kind"] for node in whole["nodes"]] == ["run", "run", "artifact", "run", "artifact"]
    around = await ask("lineage", "Lineage", artifact=project.figure.id)
    assert [node["id"] for node in around["nodes"] if node["focus"]] == [project.figure.id]
    pairs = {(edge["source"], edge["target"]) for edge in around["edges"]}
    assert {
        (project.load.id, project.clean.id),
        (project.clean.id, project.plot.id),
        (project.plot.id, project.figure.id),
    } <= pairs
    assert (await ask("lineage", "Lineage", limit=2))["truncated"] is True


async def test_check_of_an_unsaved_document(project, jp_fetch, valid):
    pytest.importorskip("nbcairn.lineage.check")
    cells = [
        {"id": "c1", "source": "df = read()", "executed": True},
        {"id": "text", "source": "# Title", "kind": "markdown"},
        {"id": "new", "source": "x = 1", "tags": ["a"]},
    ]
    check = await post(jp_fetch, valid, {"path": "analysis.ipynb", "kernel_id": None, "cells": cells})
    assert check["trail"] == str(project.folder)
    assert check["document"] == "analysis.ipynb"
    verdicts = {cell["cell_id"]: cell["verdict"] for cell in check["cells"]}
    assert verdicts["new"] == "never-run"
    assert check["summary"]["never-run"] == 1


async def test_check_without_a_trail(jp_fetch, valid):
    pytest.importorskip("nbcairn.lineage.check")
    cells = [{"id": "a", "source": "x = 1"}]
    check = await post(jp_fetch, valid, {"path": "deep/er/new.ipynb", "cells": cells})
    assert check["trail"] is None
    assert [cell["verdict"] for cell in check["cells"]] == ["never-run"]


async def post(jp_fetch, valid, body):
    response = await jp_fetch("nbcairn", "api", "check", method="POST", body=json.dumps(body))
    return valid("Check", json.loads(response.body))


@pytest.mark.parametrize(
    ("address", "shape", "empty"),
    [
        ("status", "Status", {"trail": None, "runs": 0, "recording": False}),
        ("runs", "RunPage", {"items": [], "total": 0, "next": None}),
        ("artifacts", "ArtifactPage", {"items": [], "total": 0, "next": None}),
        ("filters", "Filters", {"notebooks": [], "people": [], "sessions": [], "tags": []}),
        ("lineage", "Lineage", {"nodes": [], "edges": [], "truncated": False}),
        ("known", "KnownPage", {"items": []}),
    ],
)
async def test_no_trail_is_an_answer(ask, address, shape, empty):
    answer = await ask(address, shape, path="not/yet/there.ipynb")
    assert {key: answer[key] for key in empty} == empty


async def test_an_unchanged_answer_costs_no_body(project, jp_fetch):
    params = {"path": "analysis.ipynb"}
    first = await jp_fetch("nbcairn", "api", "runs", params=params)
    headers = {"If-None-Match": first.headers["Etag"]}
    again = await jp_fetch("nbcairn", "api", "runs", params=params, headers=headers, raise_error=False)
    assert again.code == 304
    assert not again.body


async def test_figures_that_are_no_numbers_do_not_break_the_json(project, ask):
    with Trail.open(project.folder) as trail:
        run = a_run("metric", "c9")
        odd = an_artifact(run, "score", ArtifactKind.METRIC, 1.0, detail={"value": float("nan")})
        assert isinstance(odd, Artifact)
        trail.record(run, [odd])
    assert (await ask(f"artifacts/{odd.id}", "Artifact"))["detail"] == {"value": None}


def test_every_described_route_has_a_handler():
    described = {address.split("{")[0].rstrip("/") for address in api()["paths"]}
    served = {address.split("(")[0].rstrip("/") for address, _ in ROUTES[:-1]}
    assert described == served


async def test_versions_of_one_name_can_be_stacked(project, ask):
    with Trail.open(project.folder) as trail:
        again = a_run("df2 = df + 1", "c2", {}, {"df2": 5})
        trail.record(again, [an_artifact(again, "df2", ArtifactKind.DATA, 5)])
    page = await ask("artifacts", "ArtifactPage", stacked="true")
    assert [(item["name"], item["version"]) for item in page["items"]] == [("df2", 2), ("Mass", 1)]
    assert page["total"] == 2
    models = await ask("artifacts", "ArtifactPage", stacked="true", kind="figure")
    assert [item["name"] for item in models["items"]] == ["Mass"]


async def test_the_same_content_is_found_whatever_its_name(project, ask):
    with Trail.open(project.folder) as trail:
        copy = a_run("other = df2", "c9", {}, {"other": 2})
        trail.record(copy, [an_artifact(copy, "other", ArtifactKind.DATA, 2)])
    digest = (await ask(f"artifacts/{project.frame.id}", "Artifact"))["fingerprint"]["digest"]
    page = await ask("artifacts", "ArtifactPage", digest=digest)
    assert {item["name"] for item in page["items"]} == {"df2", "other"}


async def test_runs_can_be_skipped(project, ask):
    page = await ask("runs", "RunPage", offset=2)
    assert [run["id"] for run in page["items"]] == [project.load.id]
    assert page["total"] == 3


async def test_the_code_behind_an_artifact(project, ask):
    found = await ask(f"artifacts/{project.frame.id}/slice", "Slice")
    assert [part["source"] for part in found["parts"]] == ["df = read()", "df2 = df + 1"]
    assert [part["run_id"] for part in found["parts"]] == [project.load.id, project.clean.id]


async def test_what_somebody_else_has_already(project, ask, refusal):
    assert (await ask("known", "KnownPage"))["items"] == []
    with Trail.open(project.folder) as trail:
        trail.begin(replace(a_session("s2", "theirs.ipynb", kernel_id="k2"), user="bob", host="far"))
        theirs = a_run("raw = load()", "t1", {}, {"raw": FRAME}, session_id="s2", notebook="theirs.ipynb")
        artifact = an_artifact(theirs, "raw", ArtifactKind.DATA, FRAME)
        trail.record(theirs, [artifact])
        mine = a_run("df = load()", "c1", {}, {"df": FRAME})
        trail.record(mine)
    (known,) = (await ask("known", "KnownPage"))["items"]
    assert (known["name"], known["elsewhere"], known["user"], known["host"]) == ("df", "raw", "bob", "far")
    assert (known["run_id"], known["cell_id"], known["other_run_id"]) == (mine.id, "c1", theirs.id)
    assert (known["artifact_id"], known["notebook"], known["since"]) == (artifact.id, "theirs.ipynb", theirs.started)
    assert "bob has had it as raw since" in known["told"]
    assert (await ask("known", "KnownPage", run=mine.id))["items"] == [known]
    assert (await ask("known", "KnownPage", run=project.load.id))["items"] == []
    await refusal("known", 404, params={"path": "analysis.ipynb", "run": "nothing"})


async def test_notes_are_written_and_read(project, ask, jp_fetch, valid):
    body = {"path": "analysis.ipynb", "subject": project.frame.id, "text": "  The good one.  "}
    response = await jp_fetch("nbcairn", "api", "notes", method="POST", body=json.dumps(body))
    note = valid("Note", json.loads(response.body))
    assert (note["text"], note["subject"]) == ("The good one.", project.frame.id)
    assert note["author"]
    assert (await ask("notes", "NotePage", subject=project.frame.id))["items"] == [note]
    assert (await ask("notes", "NotePage", subject=project.figure.id))["items"] == []


@pytest.mark.parametrize(
    "change", [{"text": "  "}, {"text": 5}, {"subject": ""}, {"subject": None}, {"path": 3}, {"text": "x" * 30_000}]
)
async def test_a_note_that_is_none_is_refused(project, refusal, change):
    body = {"path": "analysis.ipynb", "subject": project.frame.id, "text": "x"} | change
    await refusal("notes", 400, method="POST", body=json.dumps(body), params={})


async def test_no_note_makes_a_trail(jp_root_dir, refusal):
    body = json.dumps({"path": "new.ipynb", "subject": "x", "text": "x"})
    await refusal("notes", 404, method="POST", body=body, params={})
    assert not (jp_root_dir / ".cairn").exists()


async def test_every_code_has_a_page(project, ask):
    from nbcairn.lineage.rules import RULES

    for rule in RULES:
        page = await ask(f"findings/{rule.code}", "FindingPage")
        assert page["title"] == rule.title
        assert page["text"].strip()


async def test_a_code_that_no_rule_has(project, refusal):
    await refusal("findings/CN999", 404)
