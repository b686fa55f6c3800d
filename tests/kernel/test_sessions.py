"""When the trail learns of a session: as soon as the extension is loaded where there is a trail, else with the first run."""

from __future__ import annotations

import json
import time

from kernels import kernel
from nbcairn.cli import main
from nbcairn.store import Trail


def made_by_a_run(folder) -> None:
    with kernel(folder) as live:
        live.run("x = 1")


def sessions(folder, least: int = 0, seconds: float = 30):
    """The sessions of the trail, waiting until there are so many."""
    deadline = time.monotonic() + seconds
    while True:
        with Trail.open(folder / ".cairn", read_only=True) as trail:
            found = trail.sessions()
        if len(found) >= least or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def test_loading_tells_an_existing_trail_of_the_session(tmp_path):
    made_by_a_run(tmp_path)
    with kernel(tmp_path) as live:
        first, second = sessions(tmp_path, least=2)
        assert second.ended is None
        assert second.id != first.id
        assert live.run("y = 2").run.session_id == second.id
    assert len(sessions(tmp_path)) == 2


def test_loading_makes_no_trail(tmp_path):
    with kernel(tmp_path) as live:
        live.run("print('nothing recorded')", silent=True)
        time.sleep(1.0)
        assert list((tmp_path / ".cairn").iterdir()) == []
        live.run("x = 1")
        assert len(sessions(tmp_path)) == 1


def test_a_session_in_which_nothing_ran_ends_and_is_not_listed(tmp_path, capsys):
    made_by_a_run(tmp_path)
    with kernel(tmp_path) as live:
        (first, empty) = sessions(tmp_path, least=2)
        live.run("%unload_ext nbcairn", silent=True)
    with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
        assert trail.session(empty.id).ended is not None
        assert [session.id for session in trail.sessions(used=True)] == [first.id]
    assert main(["ls", "--sessions", "--json", str(tmp_path)]) == 0
    assert [listed["id"] for listed in json.loads(capsys.readouterr().out)] == [first.id]


def test_a_kernel_that_does_not_record_is_no_session(tmp_path):
    made_by_a_run(tmp_path)
    profile = tmp_path / ".ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.Cairn.enabled = False\n")
    with kernel(tmp_path) as live:
        live.run("x = 1", look=False)
        time.sleep(1.0)
        assert len(sessions(tmp_path)) == 1
        live.run("%config Cairn.enabled = True")
        live.run("y = 1")
        assert len(sessions(tmp_path)) == 2
