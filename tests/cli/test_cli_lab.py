"""``nbcairn lab``: the command it starts, and the workspace with the panel open."""

import json
import sys

import pytest
from cli_samples import write_notebook


@pytest.fixture
def started(monkeypatch):
    """What would be started, instead of a server."""
    calls = []

    def call(command, env):
        calls.append((command, env))
        return 0

    monkeypatch.setattr("nbcairn.cli.lab.subprocess.call", call)
    monkeypatch.setattr("nbcairn.cli.lab._import_workspace", lambda *_: None)
    return calls


def test_the_folder_is_served_and_the_notebook_opened_with_the_panel(nbcairn, tmp_path, started):
    notebook = write_notebook(tmp_path / "a.ipynb", "x = 1")
    assert nbcairn("lab", notebook).code == 0
    ((command, environment),) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--LabApp.default_url=/lab/workspaces/nbcairn/tree/a.ipynb" in command
    assert "JUPYTERLAB_WORKSPACES_DIR" in environment


def test_a_folder_and_options_for_jupyterlab(nbcairn, tmp_path, started):
    assert nbcairn("lab", tmp_path, "--", "--no-browser", "--port", "8899").code == 0
    assert started[0][0][-3:] == ["--no-browser", "--port", "8899"]


def test_json_says_what_would_be_started_and_starts_nothing(nbcairn, tmp_path, started):
    assert nbcairn("lab --json", tmp_path).json["folder"] == str(tmp_path)
    assert started == []


def test_without_jupyterlab_it_says_how_to_get_it(nbcairn, tmp_path, monkeypatch):
    monkeypatch.setattr("nbcairn.cli.lab.find_spec", lambda _: None)
    answer = nbcairn("lab", tmp_path)
    assert answer.code == 2
    assert "pip install 'nbcairn[lab]'" in answer.err


def test_the_workspace_is_one_that_jupyterlab_takes(tmp_path):
    import os

    from nbcairn.cli.lab import _import_workspace

    _import_workspace(tmp_path, {**os.environ, "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path)})
    (file,) = tmp_path.glob("*.jupyterlab-workspace")
    layout = json.loads(file.read_text())["data"]["layout-restorer:data"]
    assert layout["left"]["current"] == "nbcairn"


def test_a_kernel_that_it_starts_records_and_runs_the_users_own_startup(tmp_path):
    from kernels import kernel
    from nbcairn.cli.lab import write_startup

    (tmp_path / "own.py").write_text("own = 1\n")
    startup = write_startup(tmp_path, str(tmp_path / "own.py"))
    with kernel(tmp_path, load=False, environment={"PYTHONSTARTUP": str(startup)}) as live:
        ran = live.run("own + 1")
        assert ran.text == "2"
        assert ran.run is not None
