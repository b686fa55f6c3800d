"""``nbcairn doctor``: what is installed, enabled and reachable, and how to mend what is not."""

from __future__ import annotations

import os
import platform
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage

from nbcairn.cli.jupyter import Look, look_at_kernels, look_at_panel, look_at_server_extension, look_at_servers
from nbcairn.cli.verb import Output, Verb
from nbcairn.config import disabled_by_environment
from nbcairn.errors import CairnError, ConfigError
from nbcairn.fingerprint.pages import unwritten_support
from nbcairn.kernel.enable import configuration_file, enabled_extensions
from nbcairn.store import Trail

__all__ = ["Doctor"]

LEAST_FREE = 100 << 20
"""Free bytes on the trail's disk below which recording is about to stop."""


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
        seen = [look for ask in _QUESTIONS for look in ask(options.place)]
        if out.json:
            out.data([{"what": f.what, "state": f.state, "good": f.good, "remedy": f.remedy} for f in seen])
        else:
            rows = ([("✓" if f.good else "✗"), f.what, f.state, f.remedy] for f in seen)
            out.table(("", "what", "state", "how to mend it"), rows)
        return 0 if all(f.good for f in seen) else 1


def _packages(_: Path) -> Iterator[Look]:
    from nbcairn import __version__

    yield Look("nbcairn", f"{__version__} on Python {platform.python_version()}")
    needed = {"ipykernel": "", "jupyter-server": "", "jupyterlab": "pip install 'nbcairn[lab]'"}
    for name, remedy in needed.items():
        try:
            yield Look(name, version(name))
        except PackageNotFoundError:
            yield Look(name, "not installed", good=name == "jupyterlab", remedy=remedy or f"pip install {name}")


def _recording(_: Path) -> Iterator[Look]:
    if disabled_by_environment():
        yield Look("recording", "switched off by NBCAIRN_DISABLE", good=False, remedy="unset NBCAIRN_DISABLE")
        return
    try:
        everywhere = "nbcairn" in enabled_extensions()
    except ConfigError as error:
        yield Look("recording", error.fact, good=False, remedy=error.remedy)
        return
    if everywhere:
        yield Look("recording", f"in every notebook (by {configuration_file()})")
    else:
        yield Look("recording", "where a notebook says %load_ext nbcairn; `nbcairn enable` for every notebook")


def _trail(place: Path) -> Iterator[Look]:
    folder = Trail.locate(place)
    if folder is None:
        yield Look("trail", f"none yet; one would begin in {Trail.place(place)}")
        return
    try:
        with Trail.open(folder, read_only=True) as trail:
            state = f"{folder}: {trail.count_runs()} runs, {trail.count_artifacts()} artifacts"
    except CairnError as error:
        yield Look("trail", error.fact, good=False, remedy=error.remedy)
        return
    if os.access(folder, os.W_OK) and os.access(folder / "trail.db", os.W_OK):
        yield Look("trail", state)
    else:
        remedy = f"make {folder} writable for this account, or set NBCAIRN_TRAIL"
        yield Look("trail", f"{state}; not writable", good=False, remedy=remedy)


def _disk(place: Path) -> Iterator[Look]:
    folder = Trail.place(place)
    existing = next(step for step in (folder, *folder.parents) if step.exists())
    free = disk_usage(existing).free
    if free < LEAST_FREE:
        remedy = "Free some space; `nbcairn gc --older-than 90d` removes old images"
        yield Look("disk", f"{free / 1e6:.0f} MB free at {existing}", good=False, remedy=remedy)
    else:
        yield Look("disk", f"{free / 1e9:.1f} GB free")


def _memory(_: Path) -> Iterator[Look]:
    supported, reason = unwritten_support()
    if supported:
        yield Look("unchanged memory", "is told by the system, so large unchanged values cost nothing")
    else:
        yield Look("unchanged memory", f"is read again after each cell that could change it ({reason})")


def _example(_: Path) -> Iterator[Look]:
    missing = [name for name in ("matplotlib", "pandas", "sklearn") if find_spec(name) is None]
    remedy = "pip install 'nbcairn[example]'" if missing else ""
    state = f"needs {', '.join(missing)}" if missing else "ready (nbcairn demo)"
    yield Look("example", state, remedy=remedy)


def _jupyter(_: Path) -> Iterator[Look]:
    yield look_at_panel()
    yield look_at_server_extension()
    yield from look_at_servers()
    yield from look_at_kernels()


_QUESTIONS: tuple[Callable[[Path], Iterator[Look]], ...] = (
    _packages,
    _jupyter,
    _recording,
    _trail,
    _disk,
    _memory,
    _example,
)
