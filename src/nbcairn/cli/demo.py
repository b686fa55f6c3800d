"""``nbcairn demo``: the Palmer penguins explored twice, and what Cairn finds."""

from __future__ import annotations

import json
import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nbcairn.cli.export import export
from nbcairn.cli.lab import open_lab
from nbcairn.cli.present import print_artifacts, print_check, recorded
from nbcairn.cli.progress import cells_progress
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.errors import ConfigError, ExecutionError
from nbcairn.headless import play, run_all
from nbcairn.lineage.check import check
from nbcairn.model import Check
from nbcairn.wire import check_json

__all__ = ["Demo"]

MARK = "messy_session.json"
FILES = ("explore.ipynb", MARK, "penguins.csv", "DATA.md")
NEEDED = ("matplotlib", "pandas", "sklearn")


class Demo(Verb):
    """In order, then the messy way."""

    name = "demo"
    help = "explore a real data set in a real notebook, in order and the messy way, and show what Cairn finds"
    examples = (
        "nbcairn demo",
        "nbcairn demo --lab          # and open it in JupyterLab",
        "nbcairn demo --folder /tmp/penguins",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """Where, and whether to open it."""
        parser.add_argument("--folder", type=Path, default=Path("cairn-demo"), help="where to put it (cairn-demo)")
        parser.add_argument("--lab", action="store_true", help="open the messy notebook in JupyterLab afterwards")
        parser.add_argument("rest", nargs="*", metavar="-- OPTION…", help="options for jupyter lab")

    def run(self, options: Namespace, out: Output) -> int:
        """0 when Cairn found exactly what was done to the messy copy."""
        _need()
        os.environ.pop("NBCAIRN_TRAIL", None)  # the demo has a trail of its own
        folder: Path = options.folder
        steps, expected = _prepare(folder)
        explore, messy = folder / "explore.ipynb", folder / "messy.ipynb"
        with cells_progress(out, "Exploring in order     ") as progress:
            failed = [outcome for outcome in run_all(explore, save_to=explore, progress=progress) if outcome.error]
        if failed:
            raise ExecutionError(f"The example failed: {failed[0].error}.", "`nbcairn doctor` may say what is missing.")
        shutil.copyfile(explore, messy)
        with cells_progress(out, "Exploring the messy way") as progress:
            play(messy, steps, progress=progress)
        checks = self._report(folder, out, explore, messy)
        right = _as_expected(checks["messy"], expected)
        if not out.json:
            out.text(
                "\nCairn found exactly what was done to the messy copy."
                if right
                else "\nCairn did not find exactly what was done to the messy copy: that is a bug, please report it.",
                style="bold green" if right else "bold red",
            )
        if options.lab:
            return open_lab(messy, options.rest, out)
        return 0 if right else 1

    def _report(self, folder: Path, out: Output, explore: Path, messy: Path) -> dict[str, Check]:
        pages = {path.stem: export(path, "html", path.with_suffix(".html")) for path in (explore, messy)}
        with find_trail(folder) as trail:
            documents = {path.stem: read_document(path, trail.root) for path in (explore, messy)}
            checks = {name: check(document, trail) for name, document in documents.items()}
            runs = trail.runs()
            artifacts = trail.artifacts(limit=None)
            if out.json:
                out.data(
                    {
                        "trail": str(trail.folder),
                        "runs": len(runs),
                        "artifacts": len(artifacts),
                        "pages": {name: str(page) for name, page in pages.items()},
                        "checks": {name: check_json(found) for name, found in checks.items()},
                    }
                )
                return checks
            out.table(("recorded", ""), recorded(runs, artifacts), title=f"What was recorded, in {trail.folder}")
            newest = trail.artifacts(notebook=documents["explore"].path, limit=None)
            print_artifacts(out, trail, newest, title="Artifacts of explore.ipynb, newest first")
            out.text("explore.ipynb, run in order", style="bold underline")
            print_check(out, checks["explore"], documents["explore"])
            out.text("\nmessy.ipynb, explored as people do", style="bold underline")
            print_check(out, checks["messy"], documents["messy"])
            out.text()
            out.text("Pages with plots, code and lineage, for any browser:")
            for page in pages.values():
                out.text(f"  {page}")
            out.text("Open it in JupyterLab:  make lab   (or: nbcairn lab " + str(messy) + ")")
        return checks


def _need() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigError(f"The example needs {', '.join(missing)}.", "pip install 'nbcairn[example]'")


def _prepare(folder: Path) -> tuple[list[Mapping[str, Any]], dict[str, str]]:
    """A fresh copy of the example; the trail of an earlier demo goes, and nobody else's.

    Raises ConfigError for a folder that holds something other than a demo.
    """
    source = _examples()
    if folder.exists() and not (folder / MARK).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            f"{folder} is not a folder of the demo, and nothing in it was touched.", "Name a new one with --folder."
        )
    shutil.rmtree(folder / ".cairn", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(source / name, folder / name)
    (folder / ".cairn").mkdir()
    session = json.loads((folder / MARK).read_text(encoding="utf-8"))
    return session["steps"], session["expected"]


def _examples() -> Path:
    """Installed with the package, or in the checkout."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "examples" / "penguins", here.parents[3] / "examples" / "penguins"):
        if (folder / "explore.ipynb").exists():
            return folder
    raise ConfigError("The example's files are not installed.", "Install nbcairn from a wheel or a checkout again.")


def _as_expected(found: Check, expected: dict[str, str]) -> bool:
    flagged = {cell.cell_id: [finding.code for finding in cell.findings] for cell in found.cells if cell.findings}
    return flagged == {cell: [code] for cell, code in expected.items()}
