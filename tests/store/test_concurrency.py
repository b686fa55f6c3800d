"""Several processes and threads at one trail; a writer that is killed; a disk that is full."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from nbcairn.errors import TrailError, TrailReadOnly
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, temp_trail

WRITER = """
import sys
from pathlib import Path
from nbcairn.store import Trail
from nbcairn.testing import a_run
trail = Trail.open(Path(sys.argv[1]) / ".cairn", create=True)
for n in range(int(sys.argv[2])):
    run = a_run(f"x = {n}", writes={"x": n}, session_id=sys.argv[3])
    trail.record(run, blobs={"": f"{sys.argv[3]} {n}".encode() * 100})
    print(run.id, flush=True)
"""


def start_writer(folder, count, session):
    command = [sys.executable, "-c", WRITER, str(folder), str(count), session]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_that_begin_a_trail_at_once_lose_nothing(tmp_path):
    writers = [start_writer(tmp_path, 60, f"s{n}") for n in range(3)]
    written = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with temp_trail(tmp_path) as trail:
        assert sorted(run.id for run in trail.runs()) == sorted(sum(written, []))
        assert len(list(trail.blobs.keys())) == 180
        for n in range(3):
            assert [run.id for run in trail.runs(session_id=f"s{n}", newest_first=False)] == written[n]


def test_a_killed_writer_loses_at_most_the_run_in_flight(tmp_path):
    writer = start_writer(tmp_path, 1_000_000, "s1")
    acknowledged = [writer.stdout.readline().strip() for _ in range(40)]
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += writer.communicate(timeout=20)[0].split()
    with temp_trail(tmp_path) as trail:
        kept = [run.id for run in trail.runs(newest_first=False)]
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1
        assert trail._rows("PRAGMA integrity_check") == [("ok",)]
        assert all(len(run.writes) == 1 for run in trail.runs())
        later = a_run("x = 0")
        trail.record(later)
        assert trail.runs(limit=1) == [later]


def test_a_reader_sees_new_runs_while_another_process_writes(tmp_path):
    with temp_trail(tmp_path):
        pass
    writer = start_writer(tmp_path, 1_000_000, "s1")
    try:
        with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
            for _ in range(20):
                newest = writer.stdout.readline().strip()
                assert trail.run(newest).id == newest
    finally:
        writer.kill()
        writer.communicate(timeout=20)


def test_threads_share_a_trail(tmp_path):
    with temp_trail(tmp_path) as trail:
        errors = []

        def work(name):
            try:
                for n in range(20):
                    run = a_run(f"{name} = {n}", session_id=name)
                    trail.record(run)
                    assert trail.run(run.id) == run
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b", "c")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert trail.count_runs() == 60


def test_connections_of_ended_threads_are_closed(tmp_path):
    with temp_trail(tmp_path) as trail:
        for _ in range(10):
            thread = threading.Thread(target=trail.count_runs)
            thread.start()
            thread.join()
        assert len(trail._connections._all) <= 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_child_writes_through_its_own_connection(tmp_path):
    with temp_trail(tmp_path) as trail:
        trail.record(a_run("x = 1"))
        child = os.fork()
        if child == 0:
            try:
                trail.record(a_run("x = 2"))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert [run.source for run in trail.runs()] == ["x = 2", "x = 1"]


def test_a_full_disk_is_told_and_costs_only_the_run_in_flight(tmp_path):
    with temp_trail(tmp_path) as trail:
        kept = a_run("x = 1")
        trail.record(kept)
        connection = trail._connections.get()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(TrailReadOnly, match="disk") as caught:
            trail.record(a_run("s = '" + "x" * 100_000 + "'"))
        assert isinstance(caught.value.__cause__, sqlite3.Error)
        assert trail.runs() == [kept]
        connection.execute("PRAGMA max_page_count = 1000000")
        trail.record(a_run("x = 2"))
        assert trail.count_runs() == 2


def test_a_closed_trail_says_so(tmp_path):
    trail = temp_trail(tmp_path)
    trail.begin(a_session())
    trail.close()
    with pytest.raises(TrailError, match="closed"):
        trail.sessions()
