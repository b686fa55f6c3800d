"""``nbcairn lab``: JupyterLab on a notebook, with the Cairn panel open and every kernel recording."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import REMAINDER, ArgumentParser, Namespace
from importlib.util import find_spec
from pathlib import Path

from nbcairn.cli.verb import Output, Verb
from nbcairn.document import read_document
from nbcairn.errors import ConfigError

__all__ = ["Lab", "open_lab", "write_startup"]

WORKSPACE = "nbcairn"
PANEL = "nbcairn"


class Lab(Verb):
    """Opens the browser and serves until interrupted."""

    name = "lab"
    help = "open JupyterLab on a notebook or folder, recording, with the Cairn panel open"
    examples = ("nbcairn lab analysis.ipynb", "nbcairn lab analysis.ipynb -- --no-browser --port 8899")

    def configure(self, parser: ArgumentParser) -> None:
        """The notebook, and what is handed on to JupyterLab."""
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")
        parser.add_argument("rest", nargs=REMAINDER, metavar="-- OPTION…", help="options for jupyter lab")

    def run(self, options: Namespace, out: Output) -> int:
        """JupyterLab's own exit code."""
        rest = [word for word in options.rest if word != "--"]
        return open_lab(options.place, rest, out)


def open_lab(place: Path, rest: list[str], out: Output) -> int:
    """Serve the folder of ``place`` and open it in the browser. Raises ConfigError without JupyterLab."""
    if find_spec("jupyterlab") is None:
        raise ConfigError("JupyterLab is not installed here.", "pip install 'nbcairn[lab]'")
    if place.suffix == ".ipynb":
        read_document(place)
    folder = place if place.is_dir() else place.parent
    tree = "" if place.is_dir() else f"/tree/{place.name}"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.absolute()}"]
    if out.json:
        out.data({"command": [*command, *rest], "folder": str(folder.absolute())})
        return 0
    workspaces = Path(tempfile.mkdtemp(prefix="nbcairn-lab-"))
    environment = {
        **os.environ,
        "JUPYTERLAB_WORKSPACES_DIR": str(workspaces),
        "PYTHONSTARTUP": str(write_startup(workspaces, os.environ.get("PYTHONSTARTUP"))),
    }
    try:
        _import_workspace(workspaces, environment)
        url = f"/lab/workspaces/{WORKSPACE}{tree}"
        root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        return subprocess.call([*command, *root, f"--LabApp.default_url={url}", *rest], env=environment)  # noqa: S603
    except KeyboardInterrupt:
        return 0
    finally:
        shutil.rmtree(workspaces, ignore_errors=True)


def write_startup(folder: Path, before: str | None) -> Path:
    """A file that IPython runs as a kernel starts: it begins to record, then runs the one that was set ``before``."""
    lines = ["get_ipython().run_line_magic('load_ext', 'nbcairn')"]
    if before:
        lines.append(f"get_ipython().safe_execfile({before!r}, get_ipython().user_ns)")
    file = folder / "startup.py"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _import_workspace(folder: Path, environment: dict[str, str]) -> None:
    """A workspace whose left sidebar shows our panel."""
    layout = {
        "left": {"collapsed": False, "visible": True, "current": PANEL, "widgets": ["filebrowser", PANEL]},
        "right": {"collapsed": True, "visible": True, "widgets": []},
        "relativeSizes": [0.28, 0.72, 0],
    }
    workspace = {"data": {"layout-restorer:data": layout}, "metadata": {"id": WORKSPACE}}
    file = folder / "nbcairn.json"
    file.write_text(json.dumps(workspace), encoding="utf-8")
    subprocess.run(  # noqa: S603 - fixed arguments
        [sys.executable, "-m", "jupyterlab", "workspaces", "import", str(file), f"--name={WORKSPACE}"],
        env=environment, check=False, capture_output=True, timeout=120,
    )  # fmt: skip
