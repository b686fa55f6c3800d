"""Nothing of ours reaches a cell, whatever the user's objects, threads, signals and disks do."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time

import pytest

from cases.hostile import ACTS, BASES, class_source
from kernels import kernel


def quiet(ran) -> bool:
    """True when nothing was shown that the user did not ask for."""
    return "HOSTILE" not in ran.text and "Cairn" not in ran.text and "nbcairn" not in ran.text


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("act", ACTS)
def test_objects_whose_methods_misbehave(clean, act, base):
    assert clean.run(class_source(act, base), look=False).status == "ok"
    ran = clean.run("thing = Hostile()\nheld = [thing, {'a': thing}]\ndef f(x=thing):\n    return x\nhits = len(HITS)")
    assert ran.status == "ok", ran.text
    assert quiet(ran), ran.text
    again = clean.run("other = held\nalso = f\nprint(len(HITS) - hits)")
    assert again.text == "0\n"
    assert {"thing", "held", "f", "hits"} <= ran.bound
    assert not ran.run.notes


@pytest.mark.parametrize("method", ["__reduce_ex__", "__reduce__", "__getstate__", "__len__", "__iter__"])
def test_objects_whose_methods_hang(clean, method):
    source = (
        "import time, random\n"
        f"class Slow(random.Random):\n    def {method}(self, *args):\n        time.sleep(600)\n"
        f"class Slower(dict):\n    def {method}(self, *args):\n        while True:\n            pass\n"
    )
    clean.run(source)
    clean.run("%config Cairn.look_seconds = 1")
    ran = clean.run("slow, slower = Slow(1), Slower(a=1)\nafter = 1", timeout=60)
    assert ran.status == "ok"
    assert {"slow", "slower", "after"} <= ran.bound
    clean.run("%config Cairn.look_seconds = 5")


@pytest.mark.nightly
def test_many_names(live_alone):
    live_alone.run("for i in range(100_000):\n    globals()[f'name_{i}'] = [i]\ndel i")
    live_alone.run("x = 1")
    ran = live_alone.run("x = 2\nname_5.append(1)\ny = x")
    assert ran.bound == {"x", "y"}
    assert ran.mutated == {"name_5"}


DEEP = {
    "list": "x = []\nfor _i in range(100_000):\n    x = [x]",
    "dict": "x = {}\nfor _i in range(100_000):\n    x = {'a': x}",
    "objects": "class N:\n    pass\nx = N()\nfor _i in range(50_000):\n    n = N()\n    n.next = x\n    x = n",
    "closures": "def wrap(f):\n    return lambda: f()\nx = print\nfor _i in range(3_000):\n    x = wrap(x)",
    "cycle": "x = []\nx.append(x)\ny = {'x': x}\nx.append(y)",
    "recursion limit": "import sys\nsys.setrecursionlimit(120)\nx = [[[[1]]]]",
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_and_cyclic_values(clean, kind):
    ran = clean.run(DEEP[kind])
    assert ran.status == "ok", ran.text
    assert "x" in ran.bound
    after = clean.run("z = 1")
    clean.run("import sys\nsys.setrecursionlimit(3000)", silent=True)
    assert after.bound == {"z"}
    assert quiet(ran)
    assert quiet(after)


# --------------------------------------------------------------------------- interrupts


def execute(live, source):
    live.client.session.metadata = {"cellId": "interrupted"}
    return live.client.execute(source, stop_on_error=False)


def test_an_interrupt_of_the_users_code_is_a_run_that_was_interrupted(live_alone):
    live_alone.run("x = 1")
    message = execute(live_alone, "y = 2\nimport time\ntime.sleep(60)")
    time.sleep(1.0)
    live_alone.manager.interrupt_kernel()
    live_alone.manager.interrupt_kernel()
    ran = live_alone.gather(message)
    assert ran.status == "error"
    run = live_alone.last("interrupted")
    assert str(run.status) == "interrupted"
    assert live_alone.run("z = y").status == "ok"


SLOW_LOOK = """
import time as _time
from nbcairn.kernel.extension import current as _current
_names = _current(get_ipython()).names
_original = _names._look
def _slow(name, *rest):
    if name == 'slow':
        _time.sleep(30)
    return _original(name, *rest)
_names._look = _slow
"""


def test_a_look_before_the_cell_is_bounded_too(live_alone):
    live_alone.run("x = 1")
    live_alone.run("%config Cairn.look_seconds = 1", silent=True)
    live_alone.run(SLOW_LOOK, silent=True)
    live_alone.run("slow = 2", silent=True)  # bound behind our back: looked at when a cell reads it
    ran = live_alone.run("y = slow + x", timeout=25)
    assert ran.status == "ok"
    assert {"slow", "x"} <= ran.reads
    seen = {read.name: read.fingerprint.coverage for read in ran.run.reads if read.name in {"slow", "x"}}
    assert seen["slow"] == "opaque"
    assert any("before the cell" in note for note in ran.run.notes)


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_of_our_own_work_ends_it_and_nothing_else(live_alone, times):
    live_alone.run("x = 1")
    live_alone.run("%config Cairn.look_seconds = 60", silent=True)
    live_alone.run(SLOW_LOOK, silent=True)
    message = execute(live_alone, "early = 1\nslow = 2\nzlate = 3")
    time.sleep(2.0)
    for _ in range(times):
        live_alone.manager.interrupt_kernel()
    ran = live_alone.gather(message)
    assert ran.status == "ok"
    assert quiet(ran), ran.text
    run = live_alone.last("interrupted")
    assert {write.name for write in run.writes} >= {"early", "slow", "zlate"}
    opaque = {write.name for write in run.writes if write.fingerprint and write.fingerprint.coverage == "opaque"}
    assert "slow" in opaque
    assert live_alone.run("print(early + zlate)").text == "4\n"


LATE_INTERRUPT = """
import os as _os, signal as _signal
_kernel = get_ipython().kernel
_finish = _kernel.finish_metadata
def _late(*args):
    if 'slow' in get_ipython().user_ns:
        _kernel.finish_metadata = _finish
        _os.kill(_os.getpid(), _signal.SIGINT)
    return _finish(*args)
_kernel.finish_metadata = _late
"""


def test_a_second_interrupt_that_comes_when_our_work_has_ended_does_not_cost_the_cell_its_answer(live_alone):
    live_alone.run("%config Cairn.look_seconds = 60", silent=True)
    live_alone.run(SLOW_LOOK, silent=True)
    live_alone.run(LATE_INTERRUPT, silent=True)
    message = execute(live_alone, "slow = 2")
    time.sleep(2.0)
    live_alone.manager.interrupt_kernel()
    assert live_alone.gather(message).status == "ok"
    message = execute(live_alone, "import time\ntime.sleep(30)")
    time.sleep(2.0)
    live_alone.manager.interrupt_kernel()
    assert live_alone.gather(message).status == "error"  # heard again, by the next cell


def test_an_interrupt_while_we_look_before_a_cell_stops_the_cell(live_alone):
    live_alone.run("x = 1")
    live_alone.run(
        "from nbcairn.kernel.extension import current as _current\nimport time as _time\n"
        "_files = _current(get_ipython())._observers[3]\n_before = _files.before\n"
        "def _slow(observation):\n    if 'marker' in observation.source:\n        _time.sleep(30)\n    _before(observation)\n"
        "_files.before = _slow",
        silent=True,
    )
    message = execute(live_alone, "marker = 1\nimport time\ntime.sleep(30)")
    time.sleep(2.0)
    live_alone.manager.interrupt_kernel()
    started = time.monotonic()
    ran = live_alone.gather(message)
    assert ran.status == "error"
    assert time.monotonic() - started < 20
    assert live_alone.run("y = 1").bound == {"y"}


# --------------------------------------------------------------------------- processes and threads


def test_a_killed_kernel_loses_the_run_in_flight_at_most(tmp_path):
    with kernel(tmp_path) as live:
        for n in range(5):
            live.run(f"x{n} = {n}")
        execute(live, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
        time.sleep(1.0)
    with sqlite3.connect(tmp_path / ".cairn" / "trail.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == 5


def test_os_exit_in_a_cell_loses_that_run_at_most(tmp_path):
    with kernel(tmp_path) as live:
        for n in range(3):
            live.run(f"x{n} = {n}")
        execute(live, "import os\nos._exit(3)")
        time.sleep(1.0)
    with sqlite3.connect(tmp_path / ".cairn" / "trail.db") as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == 3


def test_forked_processes_record_nothing_and_end_as_they_should(live_alone):
    live_alone.run("x = 1")
    ran = live_alone.run(
        "import os\npid = os.fork()\nif pid == 0:\n    y = open('child.txt', 'w').write('x')\n    os._exit(7)\n"
        "status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\nprint(status)"
    )
    assert ran.text == "7\n"
    assert "subprocess" in ran.effects
    assert live_alone.run("z = 1").bound == {"z"}
    with live_alone.trail as trail:
        assert trail.count_runs() == 3


def test_a_forked_process_that_leaves_by_exit(live_alone):
    live_alone.run("x = 1")
    ran = live_alone.run(
        "import os, sys\npid = os.fork()\nif pid == 0:\n    try:\n        sys.exit(0)\n    finally:\n        os._exit(5)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    assert ran.text == "5\n"
    with live_alone.trail as trail:
        assert trail.count_runs() == 2


def test_multiprocessing(live_alone):
    live_alone.run("x = 1")
    ran = live_alone.run(
        "import multiprocessing as mp\ndef square(n):\n    return n * n\n"
        "with mp.get_context('fork').Pool(2) as pool:\n    squares = pool.map(square, range(5))\nprint(squares)",
        timeout=90,
    )
    assert ran.text == "[0, 1, 4, 9, 16]\n"
    assert {"square", "squares", "mp"} <= ran.bound
    assert live_alone.run("y = squares").reads == {"squares"}


def test_what_a_thread_changes_after_its_cell_is_seen_by_the_next_reader(live_alone):
    live_alone.run("import threading, time\nxs = [1]")
    live_alone.run("def later():\n    time.sleep(0.7)\n    xs.append(2)\nt = threading.Thread(target=later)\nt.start()")
    time.sleep(1.5)
    ran = live_alone.run("n = len(xs)")
    made = live_alone.run("ys = [1, 2]")
    seen = next(read.fingerprint for read in ran.run.reads if read.name == "xs")
    assert seen.digest == made.digest("ys")
    assert "xs" not in ran.mutated


def test_a_task_that_goes_on_after_its_cell(live_alone):
    live_alone.run("import asyncio\nxs = [1]")
    live_alone.run(
        "async def later():\n    await asyncio.sleep(0.5)\n    xs.append(2)\ntask = asyncio.ensure_future(later())"
    )
    time.sleep(1.2)
    ran = live_alone.run("n = len(xs)")
    made = live_alone.run("ys = [1, 2]")
    assert next(read.fingerprint for read in ran.run.reads if read.name == "xs").digest == made.digest("ys")


def test_cells_in_subshells_have_runs_of_their_own(live_alone):
    client = live_alone.client
    live_alone.run("import time\nx = 1")
    message = client.session.msg("create_subshell_request", {})
    client.control_channel.send(message)
    reply = client.control_channel.get_msg(timeout=10)
    subshell = reply["content"].get("subshell_id")
    if not subshell:
        pytest.skip("this kernel has no subshells")
    client.session.metadata = {"cellId": "main"}
    main = client.execute("a = 1\ntime.sleep(2)\nprint('main')")
    client.session.metadata = {"cellId": "sub"}
    sub = client.session.msg("execute_request", {"code": "b = 2\nprint('sub')", "silent": False, "store_history": True,
                                                 "user_expressions": {}, "allow_stdin": False, "stop_on_error": False})  # fmt: skip
    sub["header"]["subshell_id"] = subshell
    client.shell_channel.send(sub)
    deadline = time.monotonic() + 30
    done = set()
    while len(done) < 2 and time.monotonic() < deadline:
        part = client.get_iopub_msg(timeout=30)
        if part["msg_type"] == "status" and part["content"]["execution_state"] == "idle":
            done.add(part["parent_header"].get("msg_id"))
            done &= {main, sub["header"]["msg_id"]}
    runs = {cell: live_alone.last(cell) for cell in ("main", "sub")}
    assert {write.name for write in runs["main"].writes} == {"a"}
    assert {write.name for write in runs["sub"].writes} == {"b"}
    assert [shown.text for shown in runs["main"].displays] == ["main\n"]
    assert [shown.text for shown in runs["sub"].displays] == ["sub\n"]


# --------------------------------------------------------------------------- the trail


def test_a_trail_that_cannot_be_written_is_told_once_and_kept(tmp_path):
    with kernel(tmp_path) as live:
        live.run("x = 1")
        holder = sqlite3.connect(tmp_path / ".cairn" / "trail.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        first = live.run("y = 2", timeout=90)
        assert first.status == "ok"
        assert "will try again" in first.text
        second = live.run("z = 3", timeout=90)
        assert second.status == "ok"
        assert "Cairn" not in second.text
        holder.execute("ROLLBACK")
        holder.close()
        live.run("w = 4")
        with live.trail as trail:
            assert [run.source for run in trail.runs(newest_first=False)] == ["x = 1", "y = 2", "z = 3", "w = 4"]


def test_a_full_disk_costs_no_cell(live_alone):
    live_alone.run("x = 1")
    live_alone.run(
        "import errno\nfrom nbcairn.store.trail import Trail as _Trail\n_record = _Trail.record\n"
        "def _full(*args, **kwargs):\n    from nbcairn.store.database import translated\n"
        "    with translated(args[0]._connections.file):\n        raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "_Trail.record = _full",
        silent=True,
    )
    ran = live_alone.run("y = 2")
    assert ran.status == "ok"
    assert "No space left" in ran.text
    live_alone.run("_Trail.record = _record", silent=True)
    live_alone.run("z = 3")
    with live_alone.trail as trail:
        assert [run.source for run in trail.runs(newest_first=False)] == ["x = 1", "y = 2", "z = 3"]


def test_a_trail_that_is_deleted_under_a_kernel_is_told_and_a_new_one_goes_on(live_alone):
    live_alone.run("x = 1")
    shutil.rmtree(live_alone.folder / ".cairn")
    ran = live_alone.run("y = x + 1")
    assert ran.status == "ok"
    assert ran.text.count("was deleted, moved or replaced") == 1
    assert quiet(live_alone.run("import random\nz = [y, random.random()]"))
    with live_alone.trail as trail:
        assert [run.source for run in trail.runs(newest_first=False)] == [
            "y = x + 1",
            "import random\nz = [y, random.random()]",
        ]
        assert len(trail.sessions()) == 1


def test_a_trail_that_is_replaced_under_a_kernel_gets_what_runs_from_then_on(live_alone):
    live_alone.run("x = 1")
    folder = live_alone.folder / ".cairn"
    with live_alone.trail as trail:
        before = trail.runs()
    sqlite3.connect(folder / "trail.db").execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    shutil.copy(folder / "trail.db", folder / "copy.db")
    (folder / "copy.db").replace(folder / "trail.db")
    ran = live_alone.run("y = x + 1")
    assert (ran.status, ran.run.source) == ("ok", "y = x + 1")
    assert "was deleted, moved or replaced" in ran.text
    with live_alone.trail as trail:
        assert trail.runs()[1:] == before
        assert [session.ended for session in trail.sessions()] == [None]


def test_a_project_folder_that_is_moved_under_a_kernel_takes_its_trail_along(live_alone, tmp_path):
    live_alone.run("x = 1")
    moved = tmp_path.parent / f"{tmp_path.name}-moved"
    tmp_path.rename(moved)
    try:
        ran = live_alone.run("y = 2", look=False)
        assert not tmp_path.exists()
    finally:
        moved.rename(tmp_path)
    assert ran.status == "ok"
    with live_alone.trail as trail:
        assert [run.source for run in trail.runs(newest_first=False)] == ["x = 1", "y = 2"]


OBSERVERS = range(6)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", OBSERVERS)
def test_an_observer_that_fails_costs_what_it_would_have_seen_and_no_more(live, number, moment):
    live.run("%reset -f", silent=True)
    live.run(
        "from nbcairn.kernel.extension import current as _current\n"
        f"_observer = _current(get_ipython())._observers[{number}]\n_kept = _observer.{moment}\n"
        f"def _fails(observation):\n    raise RuntimeError('injected')\n_observer.{moment} = _fails",
        silent=True,
    )
    ran = live.run("x = 1\nprint(x)")
    live.run(f"_observer.{moment} = _kept", silent=True)
    assert ran.status == "ok"
    assert "1\n" in ran.text
    assert "Traceback" not in ran.text
    assert ran.run is not None
    assert [note for note in ran.run.notes if "RuntimeError" in note] == list(ran.run.notes)
    healed = live.run("y = 2")
    assert healed.bound == {"y"}
    assert not healed.run.notes


def test_unloading_leaves_everything_as_it_was(live_alone):
    look = (
        "import builtins, os, random, sys, subprocess\n"
        "def state():\n    ip = get_ipython()\n    return (len(ip.events.callbacks['pre_run_cell']), len(ip.events.callbacks['post_run_cell']),"
        " os.urandom.__name__, random.seed.__qualname__, type(sys.stdout.write).__name__, len(sys.meta_path), sorted(ip.magics_manager.magics['line']).count('cairn'))"
    )
    live_alone.run("%unload_ext nbcairn", silent=True)
    live_alone.run(look, silent=True)
    before = live_alone.run("print(state())", silent=True).text or live_alone.run("state()").text
    live_alone.run("%load_ext nbcairn", silent=True)
    live_alone.run("x = 1")
    live_alone.run("%unload_ext nbcairn", silent=True)
    after = live_alone.run("print(state())", silent=True).text or live_alone.run("state()").text
    assert before == after


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm signals here")
def test_an_alarm_of_the_users_own_is_left_alone(live_alone):
    live_alone.run("import signal, time\nrang = []\nsignal.signal(signal.SIGALRM, lambda *_: rang.append(1))")
    live_alone.run("signal.setitimer(signal.ITIMER_REAL, 0.5)\nx = [1]")
    live_alone.run("x.append(2)")
    assert live_alone.run("time.sleep(1)\nprint(rang)").text == "[1]\n"
    assert os.path.exists(live_alone.folder)
