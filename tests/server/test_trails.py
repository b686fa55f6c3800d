"""Trails are shared, opened again when replaced, and follow renamed notebooks."""

import json
import shutil
import sqlite3

import pytest

from nbcairn.errors import TrailNotFound, TrailReadOnly
from nbcairn.server.renames import Renames
from nbcairn.server.trails import KEPT, Trails
from nbcairn.store import Trail
from nbcairn.store.migrations import MIGRATIONS
from nbcairn.store.tables import SCHEMA_VERSION
from nbcairn.testing import a_run, a_session, temp_trail


def test_two_requests_share_a_trail(tmp_path):
    temp_trail(tmp_path).close()
    trails = Trails()
    with trails.borrow(tmp_path / ".cairn") as one, trails.borrow(tmp_path / ".cairn") as two:
        assert one is two


def test_a_replaced_trail_is_opened_again_and_the_old_one_stays_usable(tmp_path):
    for name, runs in (("a", 1), ("b", 2)):
        with temp_trail(tmp_path / name) as trail:
            trail.begin(a_session())
            for _ in range(runs):
                trail.record(a_run())
    folder, trails = tmp_path / "a" / ".cairn", Trails()
    with trails.borrow(folder) as old:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "b" / ".cairn", folder)
        with trails.borrow(folder) as new:
            assert new.count_runs() == 2
        assert old.count_runs() == 1
    with pytest.raises(Exception, match="closed"):
        old.count_runs()


def test_a_deleted_trail_is_not_found(tmp_path):
    temp_trail(tmp_path).close()
    trails = Trails()
    with trails.borrow(tmp_path / ".cairn"):
        pass
    shutil.rmtree(tmp_path / ".cairn")
    with pytest.raises(TrailNotFound), trails.borrow(tmp_path / ".cairn"):
        pass


def test_trails_that_nobody_asks_for_are_closed(tmp_path):
    trails = Trails()
    for number in range(KEPT + 3):
        temp_trail(tmp_path / str(number)).close()
        with trails.borrow(tmp_path / str(number) / ".cairn"):
            pass
    assert len(trails._held) == KEPT
    trails.close()
    assert not trails._held


@pytest.fixture
def renamed(tmp_path):
    """A kernel ``k1`` was started for Untitled.ipynb, which is called analysis.ipynb now."""
    with temp_trail(tmp_path) as trail:
        trail.begin(a_session(notebook="Untitled.ipynb", kernel_id="k1"))
        trail.record(a_run(notebook="Untitled.ipynb"))
    return tmp_path


def test_a_renamed_notebook_keeps_its_runs(renamed):
    renames = Renames(Trails())
    assert renames.notebook(renamed / ".cairn", renamed / "analysis.ipynb", ["k1"]) == "analysis.ipynb"
    with Trail.open(renamed / ".cairn", read_only=True) as trail:
        assert trail.count_runs("analysis.ipynb") == 1


def test_a_rename_is_told_once(renamed, monkeypatch):
    renames = Renames(Trails())
    told = []
    monkeypatch.setattr(Trail, "follow", lambda self, kernel, path: told.append((kernel, path)))
    for _ in range(3):
        renames.notebook(renamed / ".cairn", renamed / "analysis.ipynb", ["k1", "stranger"])
    assert told == [("k1", "analysis.ipynb")]


def test_where_the_trail_cannot_be_written_the_old_name_is_used(renamed, monkeypatch):
    def refuse(*_):
        raise TrailReadOnly("The disk is read-only.", "Nothing.")

    monkeypatch.setattr(Trail, "follow", refuse)
    renames = Renames(Trails())
    assert renames.notebook(renamed / ".cairn", renamed / "analysis.ipynb", ["k1"]) == "Untitled.ipynb"


async def test_the_server_knows_which_kernel_serves_which_notebook(project, ask, jp_serverapp, monkeypatch):
    async def sessions():
        return [{"path": "renamed.ipynb", "kernel": {"id": "k1"}}, {"path": "x", "kernel": None}]

    with monkeypatch.context() as patch:
        patch.setattr(jp_serverapp.session_manager, "list_sessions", sessions)
        patch.setattr(jp_serverapp.kernel_manager, "list_kernel_ids", lambda: ["k1"])
        status = await ask("status", "Status", path="renamed.ipynb")
    assert status["runs"] == 3
    assert status["recording"] is True


async def test_check_takes_the_kernel_that_the_front_end_names(project, jp_fetch, jp_serverapp, monkeypatch):
    pytest.importorskip("nbcairn.lineage.check")
    body = {"path": "other.ipynb", "kernel_id": "k1", "cells": [{"id": "c1", "source": "df = read()"}]}
    with monkeypatch.context() as patch:
        patch.setattr(jp_serverapp.kernel_manager, "list_kernel_ids", lambda: ["k1"])
        response = await jp_fetch("nbcairn", "api", "check", method="POST", body=json.dumps(body))
    assert json.loads(response.body)["cells"][0]["run_id"] == project.load.id


def test_a_trail_of_an_older_nbcairn_is_brought_up_to_date(tmp_path, monkeypatch):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
    taken = []
    for module in ("migrations", "database"):
        monkeypatch.setattr(f"nbcairn.store.{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr("nbcairn.store.migrations.MIGRATIONS", (*MIGRATIONS, taken.append))
    with Trails().borrow(tmp_path / ".cairn") as found:
        assert found.count_runs() == 1
    assert len(taken) == 1


def test_a_trail_of_an_older_nbcairn_that_cannot_be_written_is_read(tmp_path, monkeypatch):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run())
    for module in ("migrations", "database"):
        monkeypatch.setattr(f"nbcairn.store.{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr("nbcairn.store.migrations.MIGRATIONS", (*MIGRATIONS, lambda _: None))
    monkeypatch.setattr("nbcairn.store.database._use_wal", refuse)
    with Trails().borrow(tmp_path / ".cairn") as found:
        assert found.count_runs() == 1


def refuse(connection):
    raise sqlite3.OperationalError("attempt to write a readonly database")
