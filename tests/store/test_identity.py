"""Which runs belong to a document: by cell id and notebook, through renames, moves and restarts."""

from __future__ import annotations

import dataclasses

import pytest

from nbcairn.model import Document
from nbcairn.store.locate import locate, place
from nbcairn.testing import a_document, a_run, a_session, temp_trail

T = "2026-01-01T00:0{}:00.000000Z"


@pytest.fixture
def trail(tmp_path):
    with temp_trail(tmp_path) as trail:
        yield trail


def run_in(trail, session, cell="c1", source="x = 1"):
    run = a_run(source, cell, session_id=session.id, notebook=session.notebook)
    trail.record(run)
    return run


def begin(trail, number, notebook, kernel="k1"):
    session = a_session(f"s{number}", notebook, kernel_id=kernel, started=T.format(number))
    trail.begin(session)
    return session


def follow(trail, monkeypatch, number, kernel, path):
    monkeypatch.setattr("nbcairn.store.trail.now", lambda: T.format(number))
    trail.follow(kernel, path)


def last(trail, path, *sources):
    return {cell: run.id for cell, run in trail.last_runs(a_document(*(sources or ("x", "y")), path=path)).items()}


def test_the_newest_run_of_each_cell_counts(trail):
    session = begin(trail, 1, "a.ipynb")
    run_in(trail, session)
    newest = run_in(trail, session)
    other = run_in(trail, session, "c2", "y = 2")
    run_in(trail, session, "deleted", "z = 3")
    assert last(trail, "a.ipynb") == {"c1": newest.id, "c2": other.id}


def test_the_trail_of_yesterdays_kernel_counts(trail):
    old = run_in(trail, begin(trail, 1, "a.ipynb", "k1"))
    new = run_in(trail, begin(trail, 2, "a.ipynb", "k2"), "c2")
    assert last(trail, "a.ipynb") == {"c1": old.id, "c2": new.id}


def test_a_copy_of_a_notebook_starts_without_runs(trail, tmp_path):
    (tmp_path / "a.ipynb").touch()
    (tmp_path / "copy.ipynb").touch()
    run_in(trail, begin(trail, 1, "a.ipynb"))
    assert last(trail, "copy.ipynb") == {}
    mine = run_in(trail, begin(trail, 2, "copy.ipynb", "k2"), "c2")
    assert last(trail, "copy.ipynb") == {"c2": mine.id}


def test_a_renamed_notebook_keeps_its_runs(trail, tmp_path, monkeypatch):
    session = begin(trail, 1, "a.ipynb")
    before = run_in(trail, session)
    follow(trail, monkeypatch, 2, "k1", "b.ipynb")
    after = run_in(trail, session, "c2")
    (tmp_path / "a.ipynb").touch()
    (tmp_path / "b.ipynb").touch()
    assert last(trail, "b.ipynb") == {"c1": before.id, "c2": after.id}
    assert last(trail, "a.ipynb") == {}
    assert [run.id for run in trail.runs(notebook="b.ipynb")] == [after.id, before.id]
    assert trail.count_runs(notebook="a.ipynb") == 0


def test_a_rename_holds_for_the_sessions_before_it(trail, tmp_path, monkeypatch):
    (tmp_path / "a.ipynb").touch()
    old = run_in(trail, begin(trail, 1, "a.ipynb", "k1"))
    begin(trail, 2, "a.ipynb", "k2")
    follow(trail, monkeypatch, 3, "k2", "b.ipynb")
    follow(trail, monkeypatch, 4, "k2", "c.ipynb")
    assert last(trail, "c.ipynb") == {"c1": old.id}


def test_a_new_notebook_under_an_old_name_is_another_one(trail, tmp_path, monkeypatch):
    (tmp_path / "Untitled.ipynb").touch()
    first = run_in(trail, begin(trail, 1, "Untitled.ipynb", "k1"))
    follow(trail, monkeypatch, 2, "k1", "analysis.ipynb")
    second = run_in(trail, begin(trail, 3, "Untitled.ipynb", "k2"))
    assert last(trail, "analysis.ipynb") == {"c1": first.id}
    assert last(trail, "Untitled.ipynb") == {"c1": second.id}


def test_a_rename_is_seen_when_the_kernel_restarts_under_the_new_name(trail, tmp_path):
    (tmp_path / "a.ipynb").touch()
    old = run_in(trail, begin(trail, 1, "a.ipynb", "k1"))
    begin(trail, 2, "b.ipynb", "k1")
    assert last(trail, "b.ipynb") == {"c1": old.id}


def test_a_rename_before_a_restart_is_kept(trail, tmp_path, monkeypatch):
    (tmp_path / "a.ipynb").touch()
    old = run_in(trail, begin(trail, 1, "a.ipynb", "k1"))
    follow(trail, monkeypatch, 2, "k1", "b.ipynb")
    new = run_in(trail, begin(trail, 3, "b.ipynb", "k1"), "c2")
    assert last(trail, "b.ipynb") == {"c1": old.id, "c2": new.id}


def test_a_session_that_did_not_know_its_notebook_belongs_to_the_one_seen_later(trail, tmp_path, monkeypatch):
    (tmp_path / "a.ipynb").touch()
    run = run_in(trail, begin(trail, 1, None))
    follow(trail, monkeypatch, 2, "k1", "a.ipynb")
    assert last(trail, "a.ipynb") == {"c1": run.id}
    assert [session.id for session in trail.sessions("a.ipynb")] == ["s1"]


def test_a_notebook_moved_by_hand_takes_its_runs_along(trail, tmp_path):
    """Nobody saw the move: the notebook of the old runs is gone, the cell ids are the same."""
    first, second = run_in(trail, begin(trail, 1, "old.ipynb")), run_in(trail, begin(trail, 2, "old.ipynb", "k2"), "c2")
    assert last(trail, "moved/new.ipynb") == {"c1": first.id, "c2": second.id}
    again = run_in(trail, begin(trail, 3, "moved/new.ipynb", "k3"))
    assert last(trail, "moved/new.ipynb") == {"c1": again.id, "c2": second.id}


def test_to_follow_the_same_path_is_no_news(trail):
    begin(trail, 1, "a.ipynb")
    for _ in range(3):
        trail.follow("k1", "a.ipynb")
    trail.follow("k1", "b.ipynb")
    trail.follow("k1", "b.ipynb")
    trail.follow("unknown kernel", "c.ipynb")
    assert trail.sizes()["session_paths"] == 1


def test_a_document_without_a_path_or_cells_has_runs_of_its_own(trail):
    run_in(trail, begin(trail, 1, None))
    assert trail.last_runs(Document(None, ())) == {}
    assert trail.last_runs(dataclasses.replace(a_document("x"), path=None)) != {}


# --------------------------------------------------------------------------- where a trail is


def test_the_nearest_trail_upwards_is_found(tmp_path):
    (tmp_path / ".cairn").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    notebook = tmp_path / "a" / "b" / "n.ipynb"
    notebook.touch()
    assert locate(notebook) == tmp_path / ".cairn"
    assert locate(tmp_path / "a") == tmp_path / ".cairn"
    (tmp_path / "a" / ".cairn").mkdir()
    assert locate(notebook) == tmp_path / "a" / ".cairn"


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "dvc.yaml"])
def test_a_trail_outside_of_the_project_is_not_its_own(tmp_path, mark):
    (tmp_path / ".cairn").mkdir()
    (tmp_path / "p" / "sub").mkdir(parents=True)
    (tmp_path / "p" / mark).touch()
    assert locate(tmp_path / "p" / "sub" / "n.ipynb") is None
    assert place(tmp_path / "p" / "sub" / "n.ipynb") == tmp_path / "p" / ".cairn"


@pytest.mark.parametrize("mark", ["pyproject.toml", "dvc.yaml"])
def test_the_trail_of_a_repository_is_that_of_each_package_in_it(tmp_path, mark):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".cairn").mkdir()
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / mark).touch()
    assert locate(tmp_path / "p" / "n.ipynb") == tmp_path / ".cairn"


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "dvc.yaml"])
def test_a_new_trail_belongs_beside_the_root_of_the_project(tmp_path, mark):
    (tmp_path / "p" / "sub").mkdir(parents=True)
    (tmp_path / "p" / mark).touch()
    assert place(tmp_path / "p" / "sub" / "n.ipynb") == tmp_path / "p" / ".cairn"
    assert locate(tmp_path / "p" / "sub") is None


def test_without_a_project_it_belongs_beside_the_notebook(tmp_path):
    (tmp_path / "sub").mkdir()
    assert place(tmp_path / "sub" / "n.ipynb").name == ".cairn"
    assert place(tmp_path / "sub" / "n.ipynb").parent == tmp_path / "sub"


def test_the_environment_names_the_trail(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBCAIRN_TRAIL", "elsewhere/.cairn")
    assert place(tmp_path / "n.ipynb") == tmp_path / "elsewhere" / ".cairn"
    assert locate(tmp_path / "n.ipynb") is None
    temp_trail(tmp_path / "elsewhere").close()
    assert locate(tmp_path / "n.ipynb") == tmp_path / "elsewhere" / ".cairn"


def test_the_home_folder_is_never_searched_or_used_for_its_projects(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".cairn").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "work").mkdir()
    assert locate(tmp_path / "work" / "n.ipynb") is None
    assert place(tmp_path / "work" / "n.ipynb") == tmp_path / "work" / ".cairn"
