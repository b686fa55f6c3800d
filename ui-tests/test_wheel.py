"""What people install: a wheel, into an environment where there is no Node.js."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from journey import command, make_project, open_state, run_cell, start_recording, until, write_notebook
from playwright.sync_api import expect
from servers import make_environment, needed_by, start_lab

ROOT = Path(__file__).parents[1]


def without_node() -> str:
    """The PATH without the folders that hold Node.js or npm."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if not any(shutil.which(name, path=f) for name in ("node", "npm")))


def link(source: str, target: str) -> None:
    """The same file twice, or a copy where the folders are on two disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def as_cloned(folder: Path) -> Path:
    """What git keeps of this checkout: the front end has to be built from it as it is for a release."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / "clone" / name)
    if (ROOT / "node_modules").is_dir():  # what the lock file says; fetched once
        shutil.copytree(ROOT / "node_modules", folder / "clone" / "node_modules", symlinks=True, copy_function=link)
    return folder / "clone"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment into which the wheel alone was installed, beside what it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, as_cloned(folder)], check=True
    )
    python = make_environment(folder / "env", "jupyterlab", "pip", *needed_by("nbcairn") - {"nbcairn"})
    lab = Path(sys.prefix, "share", "jupyter", "lab")  # the application; its wheel puts it beside the packages
    (folder / "env" / "share" / "jupyter").mkdir(parents=True)
    (folder / "env" / "share" / "jupyter" / "lab").symlink_to(lab)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", wheel], check=True)
    return python


@pytest.mark.nightly
@pytest.mark.own_page
def test_the_wheel_alone_brings_all_parts(installed, tmp_path, page, open_notebook, page_errors, monkeypatch):
    monkeypatch.setenv("PATH", without_node())
    assert shutil.which("node") is None
    share = installed.parents[1] / "share" / "jupyter" / "labextensions" / "nbcairn"
    assert {"install.json", "package.json", "schemas", "static"} <= {file.name for file in share.iterdir()}
    assert (share / "static" / "third-party-licenses.json").is_file()
    assert not list(share.parents[3].glob("lib/python*/site-packages/nbcairn/labextension"))  # it is there once only
    for module in (
        "jupyterlab.labextensions",
        "jupyter_server.extension.serverextension",
    ):  # what `jupyter … list` runs
        ran = subprocess.run([installed, "-m", module, "list"], capture_output=True, text=True, timeout=120, check=True)
        (line,) = (line for line in (ran.stdout + ran.stderr).splitlines() if "nbcairn" in line and "enabled" in line)
        assert "OK" in ran.stdout + ran.stderr, line
    servers = start_lab(tmp_path / "lab", python=str(installed))
    server = next(servers)
    try:
        page = open_notebook(write_notebook(make_project(server, "fresh"), "x = 1"), server=server)
        state = start_recording(page)
        run_cell(page, 0)
        expect(state).to_contain_text("would show the same")
        expect(open_state(page)).to_be_visible()
        command(page, "docmanager:save")
        until(lambda: '"execution_count": 1' in (server.root / "fresh" / "analysis.ipynb").read_text())
    finally:
        servers.close()
    assert page_errors == []
    subprocess.run([installed, "-m", "pip", "uninstall", "-q", "-y", "nbcairn"], check=True)
    environment = installed.parents[1]
    left = [file for file in environment.glob("[!b]*/**/*") if "nbcairn" in file.name and not file.is_symlink()]
    assert left == []  # of a project one folder stays: .cairn
    assert "cairn" not in (server.root / "fresh" / "analysis.ipynb").read_text()
    assert {file.name for file in (server.root / "fresh").iterdir()} - {".ipynb_checkpoints"} == {
        ".cairn",
        "analysis.ipynb",
        "pyproject.toml",
    }
