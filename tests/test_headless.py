"""Notebooks run and explored without a browser."""

import json

import pytest

from nbcairn.errors import ExecutionError, NotebookNotFound
from nbcairn.headless import live, play, run_all
from nbcairn.store import Trail


@pytest.fixture
def notebook(tmp_path):
    (tmp_path / ".cairn").mkdir()

    def write(*sources, **metadata):
        cells = [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
            for n, s in enumerate(sources, 1)
        ]
        path = tmp_path / "a.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return write


def runs(path):
    with Trail.open(path.parent / ".cairn", read_only=True) as trail:
        return [(run.cell_id, run.source) for run in trail.runs(newest_first=False)]


def test_an_exploration_is_played_step_by_step_and_saved(notebook):
    path = notebook("x = 1", "x + 1")
    seen = []
    steps = [
        {"run": "all"},
        {"edit": "c1", "replace": ["1", "5"]},
        {"insert": "new", "after": "c2", "source": "y = x"},
        {"run": "new"},
        {"delete": "c2"},
    ]
    play(path, steps, progress=lambda number, total, source: seen.append((number, total, source)))
    assert runs(path) == [("c1", "x = 1"), ("c2", "x + 1"), ("new", "y = x")]
    saved = json.loads(path.read_text())["cells"]
    assert [(cell["id"], "".join(cell["source"])) for cell in saved] == [("c1", "x = 5"), ("new", "y = x")]
    assert [number for number, _, _ in seen] == [1, 2, 3, 4, 5, 6]
    assert {total for _, total, _ in seen} == {6}


def test_without_tracking_nothing_is_recorded(notebook):
    path = notebook("x = 1")
    with live(path, tracking=False) as book:
        assert book.run("c1").error == ""
    assert not (path.parent / ".cairn" / "trail.db").exists()


def test_a_trail_elsewhere(notebook, tmp_path):
    path = notebook("x = 1")
    run_all(path, trail=tmp_path / "elsewhere" / ".cairn")
    with Trail.open(tmp_path / "elsewhere" / ".cairn", read_only=True) as trail:
        assert trail.count_runs() == 1
    assert not (path.parent / ".cairn" / "trail.db").exists()


def test_a_kernel_that_dies_is_told(notebook):
    path = notebook("import os; os._exit(1)")
    with pytest.raises(ExecutionError, match="The kernel died"):
        run_all(path)


def test_a_kernel_that_is_not_here_is_replaced_by_ours(notebook):
    path = notebook("import sys; sys.version", kernelspec={"name": "conda-env-gone-py", "display_name": "gone"})
    assert [outcome.error for outcome in run_all(path)] == [""]


def test_a_cell_that_is_not_there_is_told(notebook):
    path = notebook("x = 1")
    with pytest.raises(ExecutionError, match="no cell 'c9'"):
        play(path, [{"run": "c9"}])


def test_a_cell_that_is_meant_to_fail_does_not_stop_the_run(notebook):
    path = notebook("1 / 0", "x = 2")
    content = json.loads(path.read_text())
    content["cells"][0]["metadata"]["tags"] = ["raises-exception"]
    path.write_text(json.dumps(content))
    assert [outcome.error for outcome in run_all(path)] == ["", ""]
    with Trail.open(path.parent / ".cairn", read_only=True) as trail:
        assert [str(run.status) for run in trail.runs(newest_first=False)] == ["error", "ok"]


def test_a_missing_notebook_starts_no_kernel(tmp_path):
    with pytest.raises(NotebookNotFound):
        run_all(tmp_path / "none.ipynb")


def test_a_place_that_cannot_be_written_is_told(notebook, tmp_path):
    path = notebook("x = 1")
    with pytest.raises(ExecutionError, match="cannot be written"):
        run_all(path, save_to=tmp_path / "none" / "b.ipynb")
