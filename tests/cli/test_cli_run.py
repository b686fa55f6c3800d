"""``nbcairn run`` with a real kernel."""

import json

import pytest
from cli_samples import write_notebook

from nbcairn.store import Trail


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".cairn").mkdir()

    def write(*sources):
        return write_notebook(tmp_path / "a.ipynb", *sources, executed=False)

    return write


def test_a_notebook_is_run_and_recorded_and_its_file_left_alone(nbcairn, notebook):
    path = notebook("x = 1", "print(x + 1)")
    raw = path.read_bytes()
    answer = nbcairn("run a.ipynb")
    assert answer.code == 0
    assert "all 2 code cells are fresh" in answer.out
    assert path.read_bytes() == raw
    with Trail.open(path.parent / ".cairn", read_only=True) as trail:
        runs = trail.runs(notebook="a.ipynb", newest_first=False)
        assert [(run.cell_id, run.source) for run in runs] == [("c1", "x = 1"), ("c2", "print(x + 1)")]
        (session,) = trail.sessions("a.ipynb")
        assert session.ended is not None


def test_a_cell_that_fails_is_exit_1_and_stops_the_rest_and_save_keeps_outputs(nbcairn, notebook):
    path = notebook("print('before')", "1 / 0", "print('after')")
    answer = nbcairn("run --save --json a.ipynb")
    assert answer.code == 1
    assert answer.json["failed"] == [{"cell_id": "c2", "error": "ZeroDivisionError: division by zero"}]
    assert [cell["verdict"] for cell in answer.json["cells"]][2] == "never-run"
    saved = json.loads(path.read_text())
    assert saved["cells"][0]["outputs"][0]["text"] in ("before\n", ["before\n"])
    assert [cell["id"] for cell in saved["cells"]] == ["c1", "c2", "c3"]
    assert saved["cells"][2]["outputs"] == []


def test_allow_errors_goes_on_and_a_cell_that_takes_too_long_is_told(nbcairn, notebook):
    notebook("1 / 0", "x = 2")
    answer = nbcairn("run --allow-errors a.ipynb")
    assert answer.code == 1
    assert "cell c1: ZeroDivisionError" in answer.out
    notebook("import time; time.sleep(60)")
    slow = nbcairn("run --timeout 1 a.ipynb")
    assert slow.code == 2
    assert "took too long. Raise the limit with --timeout." in slow.err
