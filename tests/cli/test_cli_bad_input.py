"""Notebooks and trails as they should not be: one clear sentence with the remedy, exit 2, and every byte as it was."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3

import pytest
from cli_samples import write_notebook

from nbcairn.store.tables import SCHEMA_VERSION


def snapshot(folder):
    """Every file with its bytes; SQLite's shared memory, which readers make and drop, aside."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder): file.read_bytes()
        for file in files
        if not (file.name.endswith("-shm") or (file.name.endswith("-wal") and file.stat().st_size == 0))
    }


# --------------------------------------------------------------------------- notebooks

BROKEN_NOTEBOOKS = {
    "missing": (None, "There is no notebook at a.ipynb.", "spelling"),
    "a folder": ("folder", "a.ipynb is a folder.", "Name a notebook in it"),
    "empty": (b"", "not valid JSON", "half-written"),
    "not JSON": (b"{", "not valid JSON", "half-written"),
    "a merge conflict": (b"<<<<<<< HEAD\n{}\n", "not valid JSON", "merge conflict"),
    "not UTF-8": (b"\xff\xfe\x00", "cannot be read", "UTF-8"),
    "JSON of another kind": (b"[1]", "not a notebook", "Jupyter wrote"),
    "an object of another kind": (b'{"name": 1}', "not a notebook", "Jupyter wrote"),
    "cells that are no list": (b'{"cells": 1, "nbformat": 4}', "its cells are no list", "Jupyter wrote"),
    "a cell that is none": (
        b'{"cells": [1], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "Cell 1",
        "Open and save",
    ),
    "too deep": (b"[" * 100_000, "not valid JSON", "text editor"),
}
VERBS = ("check {}", "run {}", "export --html out.html {}", "lab {}")


@pytest.mark.parametrize("line", VERBS)
@pytest.mark.parametrize("case", BROKEN_NOTEBOOKS)
def test_a_broken_notebook_is_told_and_left_alone(nbcairn, tmp_path, monkeypatch, case, line):
    content, fact, remedy = BROKEN_NOTEBOOKS[case]
    monkeypatch.chdir(tmp_path)
    if content == "folder":
        if line.startswith("lab"):
            pytest.skip("a folder is what lab opens")
        (tmp_path / "a.ipynb").mkdir()
    elif content is not None:
        (tmp_path / "a.ipynb").write_bytes(content)
    before = snapshot(tmp_path)
    answer = nbcairn(line.format("a.ipynb"))
    assert answer.code == 2
    assert fact in answer.err
    assert remedy in answer.err
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert snapshot(tmp_path) == before


V3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "code", "input": ["raw = read()"], "outputs": [], "language": "python", "metadata": {},
                 "collapsed": False, "prompt_number": 1},
                {"cell_type": "markdown", "metadata": {}, "source": ["# Old"]},
            ],
        }
    ],
}  # fmt: skip


def without_ids(*sources):
    cells = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None} for s in sources
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


OLD_NOTEBOOKS = {
    "format 3": (V3, 1),
    "without cell ids": (without_ids("x = 1", "x = 1", "y"), 3),
    "no code": ({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, 0),
}


@pytest.mark.parametrize("case", OLD_NOTEBOOKS)
def test_an_old_notebook_is_read_with_the_same_ids_each_time_and_never_rewritten(nbcairn, project, case):
    content, code = OLD_NOTEBOOKS[case]
    path = project.root / "old.ipynb"
    path.write_text(json.dumps(content))
    raw = path.read_bytes()
    first, second = nbcairn("check old.ipynb --json"), nbcairn("check old.ipynb --json")
    assert first.code == second.code == (1 if code else 0)
    assert first.json == second.json
    ids = [cell["cell_id"] for cell in first.json["cells"]]
    assert len(set(ids)) == len(ids) == code
    assert path.read_bytes() == raw


def test_a_notebook_without_code_is_said_so(nbcairn, project):
    (project.root / "empty.ipynb").write_text(json.dumps(OLD_NOTEBOOKS["no code"][0]))
    assert nbcairn("check empty.ipynb").out.strip() == "The notebook has no code cells."
    run = nbcairn("run empty.ipynb")
    assert run.code == 0
    assert "nothing was run" in run.out
    assert set(nbcairn("run empty.ipynb --json").json) >= {"failed", "cells", "summary"}


# --------------------------------------------------------------------------- trails


def newer(folder):
    with sqlite3.connect(folder / "trail.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()


def corrupt(folder):
    (folder / "trail.db").write_bytes(b"SQLite format 3\0" + b"\xab" * 8000)


def truncated(folder):
    file = folder / "trail.db"
    file.write_bytes(file.read_bytes()[:5000])


def not_a_database(folder):
    (folder / "trail.db").write_bytes(b"just some text, long enough to be looked at" * 100)


def another_database(folder):
    (folder / "trail.db").unlink()
    with sqlite3.connect(folder / "trail.db") as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def empty(folder):
    (folder / "trail.db").write_bytes(b"")


def folder_only(folder):
    (folder / "trail.db").unlink()


def a_folder(folder):
    (folder / "trail.db").unlink()
    (folder / "trail.db").mkdir()


BROKEN_TRAILS = {
    newer: ("written by a later nbcairn", "pip install --upgrade nbcairn"),
    corrupt: ("cannot be read as a database", "Move the file aside"),
    truncated: ("cannot be read as a database", "Move the file aside"),
    not_a_database: ("cannot be read as a database", "Move the file aside"),
    another_database: ("but not a trail", "Move it aside"),
    empty: ("empty or unfinished", "%load_ext nbcairn"),
    folder_only: ("There is no trail", "%load_ext nbcairn"),
    a_folder: ("is a folder", "Move the folder aside"),
}
READING = ("check analysis.ipynb", "ls", "show clean", "search clean", "diff clean", "restore clean", "gc", "export --html o.html analysis.ipynb")  # fmt: skip


@pytest.mark.parametrize("line", READING)
@pytest.mark.parametrize("damage", BROKEN_TRAILS, ids=lambda damage: damage.__name__)
def test_a_broken_trail_is_told_and_left_alone(nbcairn, project, damage, line):
    folder = project.root / ".cairn"
    for file in (folder / "trail.db-wal", folder / "trail.db-shm"):
        file.unlink(missing_ok=True)
    damage(folder)
    fact, remedy = BROKEN_TRAILS[damage]
    before = snapshot(project.root)
    answer = nbcairn(line)
    assert answer.code == 2
    assert fact in answer.err
    assert remedy in answer.err
    assert answer.err.count("\n") == 1
    assert snapshot(project.root) == before


def test_a_trail_that_is_held_can_still_be_read(nbcairn, project, monkeypatch):
    connection = sqlite3.connect(project.root / ".cairn" / "trail.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert nbcairn("ls").code == 0
    connection.execute("ROLLBACK")
    connection.close()


def test_a_trail_that_is_locked_is_told(nbcairn, project, monkeypatch):
    monkeypatch.setattr("nbcairn.store.database.WAIT_SECONDS", 0.2)
    file = project.root / ".cairn" / "trail.db"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN EXCLUSIVE")
    before = file.read_bytes()
    for line in READING:
        answer = nbcairn(line)
        assert answer.code == 2, line
        assert "has held the trail" in answer.err
        assert "Close the program" in answer.err
    assert file.read_bytes() == before
    connection.execute("ROLLBACK")
    connection.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the super-user may write everywhere")
def test_a_read_only_trail_can_be_read_and_is_told_when_it_must_be_written(nbcairn, project):
    folder = project.root / ".cairn"
    modes = {path: path.stat().st_mode for path in [folder, *folder.rglob("*")]}
    for path in modes:
        path.chmod(path.stat().st_mode & 0o555)
    try:
        before = snapshot(project.root)
        for line in ("ls", "show clean", "check analysis.ipynb"):
            assert nbcairn(line).code in {0, 1}
        assert snapshot(project.root) == before
        assert "not writable" in nbcairn("doctor").out
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_read_only_trail_for_any_account(nbcairn, project, monkeypatch):
    """The same for the super-user, whom the file system lets write: the file system is asked to say no."""
    from nbcairn.store import database

    def refuse(uri):
        if "immutable" in uri:
            return real(uri)
        raise sqlite3.OperationalError("attempt to write a readonly database")

    real = database._opened
    monkeypatch.setattr(database, "_opened", refuse)
    monkeypatch.setattr(database.os, "access", lambda *_: False)
    before = snapshot(project.root)
    assert nbcairn("ls").code == 0
    assert snapshot(project.root) == before


def test_a_blob_that_cannot_be_removed_is_told(nbcairn, project, monkeypatch):
    from nbcairn.store.blobs import LocalBlobs

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    file = project.root / ".cairn" / "blobs" / "files" / "md5" / "ab" / ("c" * 30)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    os.utime(file, (1, 1))
    monkeypatch.setattr(LocalBlobs, "_remove", refuse)
    answer = nbcairn("gc")
    assert answer.code == 2
    assert "cannot be written" in answer.err
    assert file.exists()


@pytest.mark.parametrize("damage", [newer, corrupt, not_a_database, another_database], ids=lambda d: d.__name__)
def test_running_a_notebook_over_a_broken_trail_says_so_before_anything_runs(nbcairn, project, damage):
    damage(project.root / ".cairn")
    write_notebook(project.notebook, "open('ran', 'w').close()")
    before = snapshot(project.root)
    answer = nbcairn("run analysis.ipynb")
    assert answer.code == 2
    assert BROKEN_TRAILS[damage][0] in answer.err
    assert snapshot(project.root) == before


def test_a_copy_of_a_trail_is_as_good(nbcairn, project, tmp_path_factory):
    other = tmp_path_factory.mktemp("copy")
    shutil.copytree(project.root, other, dirs_exist_ok=True)
    assert nbcairn("ls --json", other).json[0]["name"] == nbcairn("ls --json").json[0]["name"]
