"""``nbcairn doctor``: what is installed, enabled and reachable, and how to mend what is not."""

from __future__ import annotations

import json
import os
import platform
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from nbcairn.cli.verb import Output, Verb
from nbcairn.config import disabled_by_environment
from nbcairn.errors import CairnError
from nbcairn.kernel.enable import configuration_file, is_enabled
from nbcairn.store import Trail

__all__ = ["Doctor", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` is empty where nothing needs mending."""

    what: str
    state: str
    good: bool = True
    remedy: str = ""


class Doctor(Verb):
    """Looks and never changes anything."""

    name = "doctor"
    help = "say what is installed, enabled and reachable, and how to mend what is not"
    examples = ("nbcairn doctor", "nbcairn doctor analysis.ipynb", "nbcairn doctor --json")

    def configure(self, parser: ArgumentParser) -> None:
        """Which trail to look at."""
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")

    def run(self, options: Namespace, out: Output) -> int:
        """1 when something needs mending."""
        found = [finding for look in _LOOKS for finding in look(options.place)]
        if out.json:
            out.data([{"what": f.what, "state": f.state, "good": f.good, "remedy": f.remedy} for f in found])
        else:
            rows = ([("✓" if f.good else "✗"), f.what, f.state, f.remedy] for f in found)
            out.table(("", "what", "state", "how to mend it"), rows)
        return 0 if all(f.good for f in found) else 1


def _packages(_: Path) -> Iterator[Finding]:
    from nbcairn import __version__

    yield Finding("nbcairn", f"{__version__} on Python {platform.python_version()}")
    needed = {"ipykernel": "", "jupyter-server": "", "jupyterlab": "pip install 'nbcairn[lab]'"}
    for name, remedy in needed.items():
        try:
            yield Finding(name, version(name))
        except PackageNotFoundError:
            yield Finding(name, "not installed", good=name == "jupyterlab", remedy=remedy or f"pip install {name}")


def _lab_extension(_: Path) -> Iterator[Finding]:
    from jupyter_core.paths import jupyter_path

    places = [Path(folder) / "nbcairn" / "package.json" for folder in jupyter_path("labextensions")]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        yield Finding("JupyterLab panel", "not found", good=False, remedy="pip install --force-reinstall nbcairn")
        return
    number = json.loads(found.read_text(encoding="utf-8")).get("version", "?")
    yield Finding("JupyterLab panel", f"{number} in {found.parent}")


def _server_extension(_: Path) -> Iterator[Finding]:
    from jupyter_core.paths import jupyter_config_path

    folders = [Path(folder) / "jupyter_server_config.d" for folder in jupyter_config_path()]
    found = next((folder / "nbcairn.json" for folder in folders if (folder / "nbcairn.json").exists()), None)
    if found is None:
        yield Finding("server extension", "not enabled", good=False, remedy="jupyter server extension enable nbcairn")
    else:
        yield Finding("server extension", f"enabled in {found}")


def _kernels(_: Path) -> Iterator[Finding]:
    from jupyter_client.kernelspec import KernelSpecManager

    found = KernelSpecManager().find_kernel_specs()
    yield Finding(
        "kernels",
        ", ".join(sorted(found)) or "none",
        good=bool(found),
        remedy="" if found else "python -m ipykernel install --user",
    )


def _recording(_: Path) -> Iterator[Finding]:
    if disabled_by_environment():
        yield Finding("recording", "switched off by NBCAIRN_DISABLE", good=False, remedy="unset NBCAIRN_DISABLE")
    elif is_enabled():
        yield Finding("recording", f"in every notebook (by {configuration_file()})")
    else:
        yield Finding("recording", "where a notebook says %load_ext nbcairn; `nbcairn enable` for every notebook")


def _unwritten(_: Path) -> Iterator[Finding]:
    from nbcairn.fingerprint.pages import unwritten_support

    works, reason = unwritten_support()
    state = "free: the system proves memory unwritten" if works else f"hashed again each time: {reason}"
    yield Finding("unchanged data", state)


def _trail(place: Path) -> Iterator[Finding]:
    folder = Trail.locate(place)
    if folder is None:
        yield Finding("trail", f"none yet; one would begin in {Trail.place(place)}")
        return
    try:
        with Trail.open(folder, read_only=True) as trail:
            state = f"{folder}: {trail.count_runs()} runs, {trail.count_artifacts()} artifacts"
            writable = os.access(folder, os.W_OK) and os.access(folder / "trail.db", os.W_OK)
        if writable:
            yield Finding("trail", state)
        else:
            yield Finding(
                "trail", f"{state}; not writable", good=False, remedy=f"make {folder} writable for this account"
            )
    except CairnError as error:
        yield Finding("trail", error.fact, good=False, remedy=error.remedy)


def _example(_: Path) -> Iterator[Finding]:
    missing = [name for name in ("matplotlib", "pandas", "sklearn") if find_spec(name) is None]
    remedy = "pip install 'nbcairn[example]'" if missing else ""
    state = f"needs {', '.join(missing)}" if missing else "ready (nbcairn demo)"
    yield Finding("example", state, remedy=remedy)


_LOOKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    _packages,
    _lab_extension,
    _server_extension,
    _kernels,
    _recording,
    _unwritten,
    _trail,
    _example,
)
