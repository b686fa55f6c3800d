"""What ``nbcairn doctor`` asks of Jupyter: the panel, the server extension, the servers that run, the kernels there are."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Look", "look_at_kernels", "look_at_panel", "look_at_server_extension", "look_at_servers"]

SECONDS = 10.0
"""How long a server or a kernel's Python may take to answer."""

INSTALL_AGAIN = "pip install --force-reinstall nbcairn"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at; ``remedy`` is empty where nothing needs mending."""

    what: str
    state: str
    good: bool = True
    remedy: str = ""


def look_at_panel() -> Look:
    """The prebuilt extension, where JupyterLab looks for it, and whether it was switched off."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    places = [Path(folder) / "nbcairn" / "package.json" for folder in jupyter_path("labextensions")]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        return Look("JupyterLab panel", "not found", good=False, remedy=INSTALL_AGAIN)
    try:
        number = _object(found).get("version", "?")
    except ValueError as error:
        return Look("JupyterLab panel", f"{found} cannot be read ({error})", good=False, remedy=INSTALL_AGAIN)
    for folder in jupyter_config_path():
        disabled = _object_or_nothing(Path(folder) / "labconfig" / "page_config.json").get("disabledExtensions", {})
        if isinstance(disabled, dict) and disabled.get("nbcairn"):
            remedy = "jupyter labextension enable nbcairn"
            return Look("JupyterLab panel", f"switched off in {folder}/labconfig", good=False, remedy=remedy)
    return Look("JupyterLab panel", f"{number} in {found.parent}")


def look_at_server_extension() -> Look:
    """Whether Jupyter Server loads us: the first configuration folder that speaks of it decides."""
    from jupyter_core.paths import jupyter_config_path

    remedy = "jupyter server extension enable nbcairn"
    for folder in jupyter_config_path():
        file = Path(folder) / "jupyter_server_config.d" / "nbcairn.json"
        extensions = _object_or_nothing(file).get("ServerApp", {}).get("jpserver_extensions", {})
        if "nbcairn" in extensions:
            if extensions["nbcairn"]:
                return Look("server extension", f"enabled in {file}")
            return Look("server extension", f"switched off in {file}", good=False, remedy=remedy)
    return Look("server extension", "not enabled", good=False, remedy=remedy)


def look_at_servers() -> Iterator[Look]:
    """The Jupyter servers of this user that run now, and whether they answer with our extension."""
    try:
        from jupyter_server.serverapp import list_running_servers
    except ImportError:
        return
    for server in list_running_servers():
        yield _server(server)


def _server(server: dict[str, Any]) -> Look:
    request = urllib.request.Request(  # noqa: S310 - the address is of a server of this user
        f"{server['url']}nbcairn/api/status", headers={"Authorization": f"token {server.get('token', '')}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            number = json.load(answer).get("nbcairn", "?")
    except Exception as error:  # noqa: BLE001 - a server may answer anything
        remedy = "restart the server, so that it loads the extension"
        return Look(f"server {server['url']}", f"does not answer for nbcairn ({error})", good=False, remedy=remedy)
    return Look(f"server {server['url']}", f"reachable, nbcairn {number}")


def look_at_kernels() -> Iterator[Look]:
    """The kernels that notebooks can choose, and whether each of them could record."""
    from jupyter_client.kernelspec import KernelSpecManager

    specs = KernelSpecManager().get_all_specs() if KernelSpecManager().find_kernel_specs() else {}
    pythons = {name: spec["spec"] for name, spec in specs.items() if spec["spec"].get("language") == "python"}
    if not pythons:
        yield Look("kernels", "none for Python", good=False, remedy="python -m ipykernel install --user")
    for name, spec in sorted(pythons.items()):
        program = str(spec["argv"][0])
        # A bare "python" is that of the server, as jupyter_client reads it.
        yield _kernel(name, sys.executable if program in {"python", "python3"} else program)


def _kernel(name: str, python: str) -> Look:
    code = "import importlib.util as u; print(u.find_spec('nbcairn') is not None)"
    try:
        done = subprocess.run(  # noqa: S603 - the kernel's own Python
            [python, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        remedy = f"jupyter kernelspec remove {name}, or install its Python again"
        return Look(f"kernel {name}", f"{python} does not start", remedy=remedy)
    if done.stdout.strip() == "True":
        return Look(f"kernel {name}", f"can record ({python})")
    return Look(f"kernel {name}", f"{python} has no nbcairn", remedy=f"{python} -m pip install nbcairn")


def _object(file: Path) -> dict[str, Any]:
    """A JSON object. Raises ValueError for anything else."""
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file.name} is no JSON object")  # noqa: TRY004 - as for text that is no JSON
    return found


def _object_or_nothing(file: Path) -> dict[str, Any]:
    try:
        return _object(file)
    except (OSError, ValueError):
        return {}
