"""``./dev`` on machines that lack something: it says what, and how to get it, before it spends anybody's time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ["bash", "basename", "cat", "cksum", "dirname", "env", "find", "grep", "rm", "sed", "sort", "tr", "xargs"]


@pytest.fixture
def machine(tmp_path):
    """A machine with a shell and little else, where the account is not root; runs ``./dev`` in an empty checkout."""
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (tools / tool).symlink_to(found)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(ROOT / "dev", checkout / "dev")

    def add(name, script):
        (tools / name).write_text(f"#!{tools / 'bash'}\n{script}\n")
        (tools / name).chmod(0o755)

    def run(*arguments, **more):
        environment = {"PATH": str(tools), "HOME": str(tmp_path), **more}
        return subprocess.run(
            [str(tools / "bash"), "dev", *arguments], cwd=checkout, env=environment, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip

    add("id", "echo 1000")
    run.add = add
    return run


@pytest.mark.parametrize("arguments", [(), ("fly",)])
def test_the_tasks_are_listed(machine, arguments):
    done = machine(*arguments)
    assert done.returncode == 2
    for task in ("demo", "lab", "test", "lint", "bench", "docs"):
        assert f"\n  {task} " in done.stdout


def test_without_python_it_names_what_it_needs(machine):
    done = machine("demo")
    assert done.returncode == 3
    assert "needs Python 3.11 or newer" in done.stderr
    assert "PYTHON=" in done.stderr


def test_an_old_python_is_none(machine):
    machine.add("python3", "exit 1")
    assert "needs Python 3.11 or newer" in machine("demo").stderr


def test_without_venv_it_names_the_package(machine):
    machine.add("python3", 'case "$*" in *venv*) exit 1;; *--version*) echo Python 3.12;; esac')
    done = machine("demo")
    assert done.returncode == 3
    assert "apt-get install python3-venv" in done.stderr


def test_without_chromium_and_root_it_names_the_ways_out(machine):
    machine.add("apt-get", "echo must not be called >&2; exit 9")
    done = machine("test")
    assert done.returncode == 3
    for way in ("sudo apt-get install chromium", "CHROMIUM=/path/to/chromium", "./dev test --no-browser"):
        assert way in done.stderr
    assert "must not be called" not in done.stderr


def test_root_gets_chromium_installed(machine):
    machine.add("id", "echo 0")
    machine.add("apt-get", 'echo "apt-get $*" >&2; exit 1')
    assert "apt-get update" in machine("test").stderr


def test_every_task_has_an_alias_in_make():
    tasks = [
        line.split("_", 1)[1].split("(")[0].replace("_", "-")
        for line in (ROOT / "dev").read_text().splitlines()
        if line.startswith("task_")
    ]
    aliases = (ROOT / "Makefile").read_text().partition(".PHONY:")[2].partition("\n")[0].split()
    assert tasks
    assert set(tasks) <= set(aliases)


def test_ci_runs_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make lint" in script
    assert "make test" in script
