"""An artifact's value over REST: its rows, what changed, how to have it again, its stages, its downloads."""

import ast
import io
import json
import zipfile
from importlib.util import find_spec

import nbformat
import pytest

from nbcairn.lineage.restore import restoring_record
from nbcairn.model import ArtifactKind
from nbcairn.server.exports import FORMATS
from nbcairn.store import Trail
from nbcairn.testing import a_run, an_artifact, memory_trail
from nbcairn.values import kept, pack

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")

FRAME = pd.DataFrame({"id": [1, 2], "mass": [3.0, 4.0]})


@pytest.fixture
def versions(project):
    """Two versions of a kept frame, and one of which nothing was kept."""
    made = []
    with Trail.open(project.folder) as trail:
        for value in (FRAME, FRAME.assign(mass=[3.0, 5.0])):
            packed = pack(value)
            run = a_run("df = read()", "c1", {}, {"df": value})
            artifact = an_artifact(run, "df", ArtifactKind.DATA, value, detail={"kept": kept(packed)})
            trail.record(run, [artifact], {kept(packed)["blob"]: packed.content})
            made.append(artifact)
    return [*made, project.frame]


async def test_rows_by_pages(versions, ask):
    rows = await ask(f"artifacts/{versions[0].id}/rows", "Rows", offset=1, limit=5)
    assert (rows["columns"], rows["labels"], rows["rows"]) == (["id", "mass"], ["1"], [["2", "4"]])
    assert (rows["total"], rows["available"], rows["note"]) == (2, 2, "")


async def test_what_has_no_rows_has_none(versions, ask):
    rows = await ask(f"artifacts/{versions[2].id}/rows", "Rows")
    assert (rows["rows"], rows["available"], rows["total"]) == ([], 0, None)


async def test_rows_that_changed(versions, ask):
    before, after, _ = versions
    found = await ask(f"artifacts/{after.id}/changes", "RowChanges", before=before.id)
    assert found["key"] == ["id"]
    assert found["rows"] == [
        {"change": "changed", "key": ["2"], "cells": [{"column": "mass", "before": "4.0", "after": "5.0"}]}
    ]


async def test_rows_matched_as_asked(versions, ask):
    before, after, _ = versions
    by_index = await ask(f"artifacts/{after.id}/changes", "RowChanges", before=before.id, key="")
    assert (by_index["matched"], by_index["key"]) == ("index", [])


async def test_where_no_rows_were_kept_nothing_is_compared(versions, ask):
    found = await ask(f"artifacts/{versions[1].id}/changes", "RowChanges", before=versions[2].id)
    assert (found["matched"], found["rows"]) == ("nothing", [])
    assert "no rows were kept" in found["note"]


async def test_a_kept_value_is_loaded_by_its_id(versions, ask):
    found = await ask(f"artifacts/{versions[0].id}/restore", "Restore", variable="old")
    assert found["kept"] is True
    assert f"old = nbcairn.load({versions[0].id!r})" in found["source"]


async def test_what_was_not_kept_is_made_again_by_code_that_is_to_be_read(versions, ask):
    found = await ask(f"artifacts/{versions[2].id}/restore", "Restore")
    assert found["kept"] is False
    assert "df2 = df + 1" in found["source"]


HOSTILE = ["x\nimport os; os.system('harm')", "x\rimport os", "x\x0bimport os", "x\u2028import os", "'''\nimport os"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("asked", [False, True])
def test_code_that_restores_holds_nothing_of_a_strangers(text, asked):
    run = a_run("df = 1", "c1", {}, {"df": 1})
    value = {"blob": "a" * 32, "format": "pickle"}
    made = an_artifact(run, text, ArtifactKind.DATA, 1, summary=text, detail={"kept": value})
    with memory_trail() as trail:
        found = restoring_record(trail, made, text if asked else None)
    assert ast.unparse(ast.parse(found.source)) == f"import nbcairn\nrestored = nbcairn.load({made.id!r})"


async def test_a_variable_is_a_plain_name(versions, ask):
    for name in ("class", "__builtins__", "a.b", "1x", "x; y", ""):
        found = await ask(f"artifacts/{versions[0].id}/restore", "Restore", variable=name)
        assert found["variable"] == ("restored" if name else "df")


# --------------------------------------------------------------------------- stages

CELLS = (("c1", "df = read()"), ("c2", "df2 = df + 1"), ("c3", "df2.plot()"))


async def stages(jp_fetch, valid, artifact, tags=None):
    cells = [{"id": name, "source": source, "tags": (tags or {}).get(name, [])} for name, source in CELLS]
    body = json.dumps({"path": "analysis.ipynb", "cells": cells})
    response = await jp_fetch("nbcairn", "api", "artifacts", artifact.id, "stages", method="POST", body=body)
    return valid("Stages", json.loads(response.body))


async def test_stages_with_the_cells_that_are_in_them(project, jp_fetch, valid):
    found = await stages(jp_fetch, valid, project.frame)
    assert found["problem"] == ""
    assert found["names"] == ["prepare"]
    assert [(cell["cell_id"], cell["stages"]) for cell in found["cells"]] == [("c1", ["prepare"]), ("c2", ["prepare"])]


async def test_a_tag_names_a_stage(project, jp_fetch, valid):
    found = await stages(jp_fetch, valid, project.frame, {"c2": ["stage:cleaning"]})
    assert found["names"] == ["prepare", "cleaning"]
    assert [cell["tagged"] for cell in found["cells"]] == ["", "cleaning"]


async def test_code_that_cannot_be_divided_is_told(project, jp_fetch, valid):
    with Trail.open(project.folder) as trail:
        run = a_run("exec(code)", "c9", {}, {"y": 1})
        made = an_artifact(run, "y", ArtifactKind.DATA, 1)
        trail.record(run, [made])
        magic = a_run("%run other.py\nz = 2", "c8", {}, {"z": 2})
        other = an_artifact(magic, "z", ArtifactKind.DATA, 2)
        trail.record(magic, [other])
    problems = [(await stages(jp_fetch, valid, artifact))["problem"] for artifact in (made, other)]
    assert any("cannot become a function" in problem for problem in problems)


# --------------------------------------------------------------------------- downloads


async def download(jp_fetch, name, artifact=None):
    params = {"path": "analysis.ipynb", **({"artifact": artifact.id} if artifact else {})}
    response = await jp_fetch("nbcairn", "api", "export", name, params=params)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    return response.headers["Content-Disposition"].split('"')[1], response.body


async def test_the_code_of_an_artifact_as_script_and_notebook(project, jp_fetch):
    name, script = await download(jp_fetch, "script", project.frame)
    assert name == "df2.py"
    assert b"df2 = df + 1" in script
    assert b"plot" not in script
    name, notebook = await download(jp_fetch, "notebook", project.frame)
    assert name == "df2.ipynb"
    nbformat.validate(nbformat.reads(notebook.decode(), as_version=4))


async def test_the_record_of_the_notebook_in_every_format(project, jp_fetch):
    (project.root / "analysis.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()))
    missing = set() if find_spec("prov") else {"prov"}
    for name, known in FORMATS.items():
        if not known.of_artifact and name not in missing:
            file, content = await download(jp_fetch, name)
            assert file.startswith("analysis"), name
            assert content, name


async def test_a_folder_comes_as_an_archive(project, jp_fetch):
    name, content = await download(jp_fetch, "ro-crate")
    assert name == "analysis-ro-crate.zip"
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "analysis/ro-crate-metadata.json" in names


async def test_a_notebook_that_is_gone_still_has_its_record(project, jp_fetch):
    assert (await download(jp_fetch, "html"))[1].startswith(b"<!")


async def test_what_would_hold_a_secret_is_not_sent(project, refusal):
    with Trail.open(project.folder) as trail:
        run = a_run("password = 'correct-horse-battery'", "c1", {}, {"password": 1})
        made = an_artifact(run, "password", ArtifactKind.DATA, 1)
        trail.record(run, [made])
    error = await refusal("export/script", 422, params={"path": "analysis.ipynb", "artifact": made.id})
    assert "secret" in error["message"]
    assert "correct-horse" not in json.dumps(error)


TOKEN = "ghp_" + "a1B2" * 9
ALLOWED = ("secrets", "paths")


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        (f"x = ask('{TOKEN}')", ["SecretFound"]),
        (f"x = read('/home/ada-private/in.csv', '{TOKEN}')", ["SecretFound", "PersonalPathFound"]),
    ],
    ids=["a secret", "a secret and a home folder"],
)
async def test_what_is_held_back_says_why_and_is_sent_when_it_is_allowed(project, jp_fetch, refusal, source, kinds):
    with Trail.open(project.folder) as trail:
        run = a_run(source, "c1", {}, {"x": 1})
        made = an_artifact(run, "x", ArtifactKind.DATA, 1)
        trail.record(run, [made])

    def asked(allowed):
        return [("path", "analysis.ipynb"), ("artifact", made.id), *(("allow", what) for what in allowed)]

    for number, kind in enumerate(kinds):
        error = await refusal("export/script", 422, params=asked(ALLOWED[:number]))
        assert error["type"] == kind
    response = await jp_fetch("nbcairn", "api", "export", "script", params=asked(ALLOWED[: len(kinds)]))
    assert source in response.body.decode()


REFUSALS = [
    ("export/nonsense", {}, 400),
    ("export/script", {}, 400),
    ("export/script", {"artifact": "nope"}, 404),
    ("export/..", {}, 404),
    ("artifacts/nope/rows", {}, 404),
    ("artifacts/nope/restore", {}, 404),
    ("artifacts/nope/changes", {"before": "nope"}, 404),
]


async def test_what_cannot_be_answered(project, refusal):
    for address, params, status in REFUSALS:
        await refusal(address, status, params={"path": "analysis.ipynb", **params})


async def test_the_name_of_a_download_is_plain(project, jp_fetch):
    with Trail.open(project.folder) as trail:
        run = a_run("x = 1", "c1", {}, {"x": 1})
        made = an_artifact(run, '../x"\r\nSet-Cookie: a=b', ArtifactKind.DATA, 1)
        trail.record(run, [made])
    name, _ = await download(jp_fetch, "script", made)
    assert name == "x-Set-Cookie-a-b.py"
