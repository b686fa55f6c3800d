"""A server of its own for a journey: its port, its environment, and the wait until it answers."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator
from http.client import HTTPException
from importlib import metadata
from pathlib import Path

from journey import Lab
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = Path(sysconfig.get_path("purelib"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def isolated_environment(home: Path) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON", "NBCAIRN"))}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        env[name] = str(home / name.lower())
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    return env


def wait_until_up(url: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (OSError, HTTPException):  # another program may answer on that port until the server has it
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-4000:]}")


def stop(process: subprocess.Popen) -> None:
    """Ask a server to end; one that waits for a kernel that never started is not waited for."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=30)


def start_lab(
    home: Path, base_url: str = "/", *options: str, token: str | None = None, python: str = sys.executable
) -> Iterator[Lab]:
    root = home / "project"
    root.mkdir(parents=True)
    news = home / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    config = home / "jupyter_server_config.py"
    config.write_text(
        "c.LabApp.news_url = None\n"
        "c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'\n"
        "c.LabApp.expose_app_in_browser = True\n"
        "c.JupyterNotebookApp.expose_app_in_browser = True\n"
    )
    port, log = free_port(), home / "server.log"
    token = secrets.token_hex(16) if token is None else token
    url = f"http://127.0.0.1:{port}{base_url}"
    env = isolated_environment(home)
    command = [
        python, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--config={config}",
        f"--ServerApp.root_dir={root}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}", f"--ServerApp.base_url={base_url}",
        *options,
    ]  # fmt: skip
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=root, env=env, stdout=stream, stderr=subprocess.STDOUT)
        try:
            wait_until_up(f"{url}api?token={token}", process, log)
            yield Lab(url, token, root, env)
        finally:
            stop(process)


def make_environment(folder: Path, *wanted: str, without: str = "") -> Path:
    """An environment with these distributions and what they need, linked from this one; its Python."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in needed_by(*wanted, without=without):
        for file in metadata.files(name) or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (packages / top).exists():
                (packages / top).symlink_to(PACKAGES / top)
    return folder / "bin" / "python"


def other_jupyterlab(folder: Path, version: str) -> Path:
    """An environment like this one, with this version of JupyterLab; its Python."""
    names = {canonicalize_name(found.name) for found in metadata.distributions()} - {"jupyterlab"}
    python = make_environment(folder, *names, without="jupyterlab")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, "--no-deps", f"jupyterlab=={version}"], check=True)
    for part in ("etc/jupyter/jupyter_server_config.d", "share/jupyter/labextensions", "share/jupyter/kernels"):
        shutil.copytree(Path(sys.prefix, part), folder / part, dirs_exist_ok=True)
    told = subprocess.run([python, "-m", "jupyterlab", "--version"], capture_output=True, text=True, check=True).stdout
    assert told.strip() == version
    return python


def needed_by(*wanted: str, without: str = "") -> set[str]:
    """Names of distributions, with all that they require without extras, but for what only one of them needs."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found and name != without:
            found.add(name)
            needs = [Requirement(line) for line in metadata.requires(name) or ()]
            waiting += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found
