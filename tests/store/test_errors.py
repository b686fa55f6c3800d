"""A trail that cannot be used: the right error, a remedy, and not one byte changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from nbcairn import errors
from nbcairn.store import Trail, database
from nbcairn.store.tables import SCHEMA_VERSION
from nbcairn.testing import a_run, a_session, an_artifact, temp_trail


@pytest.fixture
def folder(tmp_path):
    """The folder of a trail with some runs, closed."""
    with temp_trail(tmp_path) as trail:
        trail.begin(a_session())
        for n in range(50):
            run = a_run(f"x = {n}", writes={"x": n})
            trail.record(run, [an_artifact(run)])
    return tmp_path / ".cairn"


def ask_everything(trail):
    trail.runs()
    trail.artifacts()
    trail.sessions()
    trail.names()
    trail.count_artifacts(query="df")


def expect(folder, error, *, create=True, read_only=False):
    """Opening and asking raises this error, with a remedy, and leaves the database as it is."""
    file = folder / "trail.db"
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(error) as caught, Trail.open(folder, create=create, read_only=read_only) as trail:
        ask_everything(trail)
    assert (file.read_bytes() if file.exists() else None) == before
    assert caught.value.remedy
    assert str(caught.value) == f"{caught.value.fact} {caught.value.remedy}"
    return caught.value


@pytest.mark.parametrize("read_only", [False, True])
def test_no_trail_is_not_found_and_not_made(tmp_path, read_only):
    error = expect(tmp_path / ".cairn", errors.TrailNotFound, create=False, read_only=read_only)
    assert isinstance(error, FileNotFoundError)
    assert not (tmp_path / ".cairn").exists()


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_trail_of_a_later_version_is_left_alone(folder, create, read_only):
    connection = sqlite3.connect(folder / "trail.db")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    error = expect(folder, errors.TrailTooNew, create=create, read_only=read_only)
    assert "pip install" in error.remedy


DAMAGE = {
    "not a database": lambda raw: b"my notes, not a database " * 400,
    "a damaged header": lambda raw: b"\0" * 16 + raw[16:],
    "cut in the middle": lambda raw: raw[: len(raw) // 2],
    "overwritten pages": lambda raw: raw[:4096] + b"\xff" * (len(raw) - 4096),
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_trail_is_corrupt_and_left_for_recovery(folder, damage, read_only):
    file = folder / "trail.db"
    file.write_bytes(damage(file.read_bytes()))
    error = expect(folder, errors.TrailCorrupt, read_only=read_only)
    assert "aside" in error.remedy


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION])
def test_another_programs_database_is_no_trail(tmp_path, version):
    (tmp_path / ".cairn").mkdir()
    connection = sqlite3.connect(tmp_path / ".cairn" / "trail.db")
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
    expect(tmp_path / ".cairn", errors.TrailCorrupt)


PLANTED = {
    "a trigger on a table": "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM notes; END",
    "a trigger on a view": "CREATE VIEW mine AS SELECT 1 AS a;"
    "CREATE TRIGGER t INSTEAD OF INSERT ON mine BEGIN DELETE FROM notes; END",
    "a view in a table's place": "DROP TABLE layouts; CREATE VIEW layouts AS"
    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS notebook FROM n",
    "a virtual table in a table's place": "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5(id, subject)",
    "a name in capitals": "DROP TABLE notes; CREATE VIEW NOTES AS SELECT 1",
    "a schema written over": "PRAGMA writable_schema = ON;"
    "UPDATE sqlite_master SET type = 'view', sql = 'CREATE VIEW notes AS SELECT 1', rootpage = 0 WHERE name = 'notes'",
    "a schema that cannot be read": "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'x' WHERE name = 'notes'",
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("sql", PLANTED.values(), ids=PLANTED.keys())
def test_what_would_act_by_itself_is_refused(folder, sql, read_only):
    connection = sqlite3.connect(folder / "trail.db")
    connection.executescript(sql)
    connection.close()
    assert expect(folder, errors.TrailCorrupt, read_only=read_only)


def test_views_that_people_add_are_their_own(folder):
    connection = sqlite3.connect(folder / "trail.db")
    connection.execute("CREATE VIEW slow AS SELECT id FROM runs WHERE seconds > 1")
    connection.close()
    with Trail.open(folder) as trail:
        assert trail.query("SELECT * FROM slow") == []
        assert trail.runs()


NONSENSE = {
    "a status that is none": "UPDATE runs SET status = 'great'",
    "tags that are no JSON": "UPDATE runs SET tags = '['",
    "a coverage that is none": "UPDATE writes SET coverage = 'some'",
    "an artifact of no kind": "UPDATE artifacts SET kind = 'thing'",
    "packages that are no JSON": "UPDATE sessions SET packages = x'ff'",
}


@pytest.mark.parametrize("sql", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_row_that_makes_no_sense_is_corrupt(folder, sql):
    connection = sqlite3.connect(folder / "trail.db")
    connection.execute(sql)
    connection.commit()
    connection.close()
    expect(folder, errors.TrailCorrupt)


def test_a_locked_trail_is_told_after_the_wait(folder, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    other = sqlite3.connect(folder / "trail.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Trail.open(folder) as trail:
        with pytest.raises(errors.TrailLocked) as caught:
            trail.record(a_run("y = 1"))
        assert isinstance(caught.value, TimeoutError)
        assert trail.count_runs() == 50, "readers are not in the way of a writer"
        other.execute("ROLLBACK")
        trail.record(a_run("y = 1"))
        assert trail.count_runs() == 51
    other.close()


def test_a_trail_opened_for_reading_refuses_records(folder):
    with Trail.open(folder, read_only=True) as trail:
        assert trail.count_runs() == 50
        with pytest.raises(errors.TrailReadOnly) as caught:
            trail.record(a_run("y = 1"))
        assert isinstance(caught.value, PermissionError)
        assert caught.value.remedy


def test_a_folder_that_refuses_writes_can_still_be_read(folder, monkeypatch):
    """Without a place for the -shm file SQLite cannot open in WAL mode: as on a read-only disk."""
    opened = database._opened

    def refuse(uri):
        if uri.endswith("mode=ro"):
            raise sqlite3.OperationalError("unable to open database file")
        return opened(uri)

    monkeypatch.setattr(database, "_opened", refuse)
    monkeypatch.setattr(database.os, "access", lambda *_: False)
    before = sorted(os.listdir(folder))
    with Trail.open(folder, read_only=True) as trail:
        assert trail.count_runs() == 50
    assert sorted(os.listdir(folder)) == before


def test_a_folder_that_cannot_be_made_is_read_only(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(errors.TrailReadOnly) as caught:
        Trail.open(tmp_path / ".cairn", create=True)
    assert "NBCAIRN_TRAIL" in caught.value.remedy


@pytest.mark.skipif(os.geteuid() == 0, reason="the super-user may write everywhere; the case above covers it")
def test_a_folder_without_write_permission_is_read_only(tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(errors.TrailReadOnly):
            Trail.open(tmp_path / ".cairn", create=True)
    finally:
        tmp_path.chmod(0o755)


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    (tmp_path / ".cairn").write_text("hello")
    with pytest.raises(errors.TrailReadOnly):
        Trail.open(tmp_path / ".cairn", create=True)
    assert (tmp_path / ".cairn").read_text() == "hello"


def test_an_empty_database_file_is_made_a_trail_only_by_a_writer(tmp_path):
    (tmp_path / ".cairn").mkdir()
    (tmp_path / ".cairn" / "trail.db").touch()
    expect(tmp_path / ".cairn", errors.TrailNotFound, create=False, read_only=True)
    with temp_trail(tmp_path) as trail:
        assert trail.runs() == []


def test_a_new_trail_starts_when_the_damaged_one_is_moved_aside(folder):
    (folder / "trail.db").write_bytes(b"damaged" * 1000)
    expect(folder, errors.TrailCorrupt)
    shutil.move(folder / "trail.db", folder / "trail.db.damaged")
    with Trail.open(folder, create=True) as trail:
        trail.record(a_run())
        assert trail.count_runs() == 1
