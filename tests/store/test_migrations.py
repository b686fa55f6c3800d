"""The schema: made once, described completely, brought up to date from what an older nbcairn left."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from nbcairn.errors import TrailReadOnly
from nbcairn.model import Coverage, Display, Fingerprint
from nbcairn.store import Trail
from nbcairn.store.migrations import MIGRATIONS, version_of
from nbcairn.store.tables import SCHEMA_VERSION, TABLES
from nbcairn.testing import a_run, temp_trail


def schema(file):
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    return found.fetchall()


def test_a_new_trail_has_every_table_column_and_index(tmp_path):
    with temp_trail(tmp_path) as trail:
        connection = trail._connections.get()
        for info in TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({info.name})")]
            assert columns == [column.name for column in info.columns]
            indexes = {row[1] for row in connection.execute(f"PRAGMA index_list({info.name})")}
            assert {f"idx_{info.name}_{'_'.join(index)}" for index in info.indexes} <= indexes
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_the_number_of_migrations_is_the_schema_version():
    assert len(MIGRATIONS) == SCHEMA_VERSION


def test_opening_again_changes_nothing(tmp_path):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
    file = tmp_path / ".cairn" / "trail.db"
    before = file.read_bytes()
    with temp_trail(tmp_path) as trail:
        assert trail.count_runs() == 1
    assert file.read_bytes() == before


def test_a_trail_whose_making_was_interrupted_is_finished(tmp_path):
    """A kernel killed inside its first migration leaves an empty file in WAL mode, or nothing at all."""
    (tmp_path / ".cairn").mkdir()
    connection = sqlite3.connect(tmp_path / ".cairn" / "trail.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    MIGRATIONS[0](connection)
    connection.execute("ROLLBACK")
    connection.close()
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
        assert trail.count_runs() == 1


def test_a_step_that_fails_leaves_the_trail_as_it_was(tmp_path, monkeypatch):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
    file = tmp_path / ".cairn" / "trail.db"
    before = schema(file)

    def fail(connection):
        connection.execute("CREATE TABLE half_done (x)")
        connection.execute("DELETE FROM runs")
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        for module in ("migrations", "database"):
            patch.setattr(f"nbcairn.store.{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
        patch.setattr("nbcairn.store.migrations.MIGRATIONS", (*MIGRATIONS, fail))
        with pytest.raises(TrailReadOnly):
            Trail.open(tmp_path / ".cairn")
        with pytest.raises(TrailReadOnly, match="older") as caught:
            Trail.open(tmp_path / ".cairn", read_only=True)
    assert caught.value.remedy
    assert schema(file) == before
    with Trail.open(tmp_path / ".cairn") as trail:
        assert trail.count_runs() == 1


def test_a_later_step_is_taken_once(tmp_path, monkeypatch):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
    taken = []
    for module in ("migrations", "database"):
        monkeypatch.setattr(f"nbcairn.store.{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr("nbcairn.store.migrations.MIGRATIONS", (*MIGRATIONS, taken.append))
    for _ in range(2):
        with Trail.open(tmp_path / ".cairn") as trail:
            assert trail.count_runs() == 1
            assert version_of(trail._connections.get()) == SCHEMA_VERSION + 1
    assert len(taken) == 1


def test_the_trail_can_be_queried_with_sqlite_utils(tmp_path):
    sqlite_utils = pytest.importorskip("sqlite_utils")
    with temp_trail(tmp_path) as trail:
        trail.record(a_run("x = 1", writes={"x": 1}))
    database = sqlite_utils.Database(tmp_path / ".cairn" / "trail.db")
    assert [row["name"] for row in database["writes"].rows] == ["x"]


def test_the_database_carries_its_own_description(tmp_path):
    with temp_trail(tmp_path) as trail:
        described = {(row[0], row[1]): row[2] for row in trail._rows("SELECT * FROM descriptions")}
    for info in TABLES:
        assert described[info.name, ""] == info.meaning
        for column in info.columns:
            assert described[info.name, column.name] == column.meaning


def test_every_table_and_column_says_what_it_means():
    for info in TABLES:
        assert info.meaning.endswith("."), info.name
        for column in info.columns:
            assert len(column.meaning.split()) >= 2, (info.name, column.name)


def test_a_trail_of_version_3_is_told_what_came_of_its_runs(tmp_path):
    shown = [Display("stdout", "a1", text="1"), Display("result", "b2", text="2")]
    held = Fingerprint("c3", Coverage.OPAQUE)
    with temp_trail(tmp_path) as trail:
        trail.record(a_run("x = 1", writes={"y": 2, "x": 1, "é": held}, deletes=["z"], displays=shown))
        trail.record(a_run("pass"))
        trail.record(a_run("x = 1 / 0", error=ZeroDivisionError("division by zero")))
        connection = trail._connections.get()
        made = connection.execute("SELECT * FROM outcomes").fetchall()
        connection.execute("DROP TABLE outcomes")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'outcomes'")
        connection.execute("PRAGMA user_version = 3")
    with temp_trail(tmp_path) as trail:
        assert trail._connections.get().execute("SELECT * FROM outcomes").fetchall() == made
        assert len(made) == 2


def older(folder):
    """A trail as an nbcairn of schema 3 left it, with two runs."""
    with temp_trail(folder) as trail:
        trail.record(a_run("x = 1", writes={"x": 1}))
        trail.record(a_run("print(x)", reads={"x": 1}))
        connection = trail._connections.get()
        connection.execute("DROP TABLE outcomes")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'outcomes'")
        connection.execute("PRAGMA user_version = 3")
    return folder / ".cairn" / "trail.db"


def test_an_older_trail_is_read_without_being_written(tmp_path):
    file = older(tmp_path)
    before = schema(file)
    with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
        assert trail.count_runs() == 2
        (run,) = trail.runs(limit=1)
        assert trail.traces(run.source_key, {read.name: read.fingerprint for read in run.reads})
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(trail.count_runs).result() == 2
        with pytest.raises(sqlite3.OperationalError):
            trail._connections.get().execute("DELETE FROM runs")
    assert schema(file) == before
    with sqlite3.connect(file) as connection:
        assert version_of(connection) == 3


def test_an_older_trail_that_is_written_to_while_it_is_read(tmp_path):
    older(tmp_path)
    with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
        assert trail.count_runs() == 2
        with temp_trail(tmp_path) as recording:
            recording.record(a_run("y = 2", writes={"y": 2}))
        assert trail.count_runs() == 3


def test_an_older_trail_that_is_too_large_to_be_copied_is_refused(tmp_path, monkeypatch):
    older(tmp_path)
    with pytest.raises(TrailReadOnly, match="older"):
        Trail.open(tmp_path / ".cairn", read_only=True, copy=False)
    monkeypatch.setattr("nbcairn.store.database._Copy.LARGEST", 1000)
    with pytest.raises(TrailReadOnly, match="older"):
        Trail.open(tmp_path / ".cairn", read_only=True)
