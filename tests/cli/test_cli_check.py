"""``nbcairn check``: text, JSON of the contract, exit codes."""

import jsonschema
import pytest
from cli_samples import write_notebook

from nbcairn.server.description import api
from nbcairn.store import Trail


def test_an_edited_cell_is_found_and_exit_is_1(nbcairn, project):
    write_notebook(project.notebook, "raw = read()", "clean = raw + [4]", "plot(clean)")
    answer = nbcairn("check analysis.ipynb")
    assert answer.code == 1
    assert "✗ stale" in answer.out
    assert "CN102" in answer.out
    assert "→ " in answer.out


def test_the_json_is_the_contract(nbcairn, project):
    write_notebook(project.notebook, "raw = read()", "clean = raw + [4]", "plot(clean)")
    found = nbcairn("check analysis.ipynb --json").json
    shapes = api()["$defs"]
    jsonschema.Draft202012Validator({"$ref": "#/$defs/Check", "$defs": shapes}).validate(found)
    assert {"document", "trail", "cells", "findings", "summary"} <= set(found)
    assert found["document"] == "analysis.ipynb"
    assert [cell["index"] for cell in found["cells"]] == [0, 1, 2]
    finding = found["cells"][1]["findings"][0]
    assert {"code", "message", "names", "because", "remedy"} <= set(finding)
    assert sum(found["summary"].values()) == 3


def test_fresh_cells_are_exit_0_and_quiet_leaves_them_out(nbcairn, project):
    write_notebook(project.notebook, "# nothing yet", executed=False)
    empty = nbcairn("check --quiet analysis.ipynb")
    assert "cell" in empty.out
    assert nbcairn("check analysis.ipynb").out.count("\n") >= 1


def test_quiet_leaves_out_what_is_no_fault_of_the_notebook(nbcairn, project):
    """That the kernel has ended is told to a person who looks, not to a commit."""
    with Trail.open(project.root / ".cairn") as trail:
        trail.end("s1", "2026-01-02T04:00:00.000000Z")
    assert "CN404" in nbcairn("check analysis.ipynb").out
    assert "CN404" not in nbcairn("check --quiet analysis.ipynb").out
    assert nbcairn("check --quiet --json analysis.ipynb").json["findings"][0]["code"] == "CN404"


def test_several_notebooks(nbcairn, project):
    other = write_notebook(project.root / "other.ipynb", "x = 1", executed=False)
    answer = nbcairn("check analysis.ipynb other.ipynb")
    assert f"\n{other.name}\n" in answer.out
    assert [item["document"] for item in nbcairn("check analysis.ipynb other.ipynb --json").json] == [
        "analysis.ipynb",
        "other.ipynb",
    ]


@pytest.mark.parametrize("order", ["missing.ipynb analysis.ipynb", "analysis.ipynb missing.ipynb"])
def test_one_that_is_missing_is_exit_2(nbcairn, project, order):
    assert nbcairn(f"check {order}").code == 2


def test_nothing_is_written(nbcairn, project):
    before = {file: file.read_bytes() for file in project.root.rglob("*") if file.is_file()}
    nbcairn("check analysis.ipynb")
    after = {file: file.read_bytes() for file in project.root.rglob("*") if file.is_file()}
    assert {file: raw for file, raw in after.items() if not file.name.endswith(("-shm", "-wal"))} == {
        file: raw for file, raw in before.items() if not file.name.endswith(("-shm", "-wal"))
    }
