"""``nbcairn run``: execute a notebook from the top in a fresh kernel, with tracking on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.present import print_check, recorded
from nbcairn.cli.progress import cells_progress
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.headless import run_all
from nbcairn.lineage.check import check
from nbcairn.model import Check, Document
from nbcairn.store import Trail
from nbcairn.wire import check_json

__all__ = ["Run"]


class Run(Verb):
    """Headless, tracked; the file is left as it is unless --save is given."""

    name = "run"
    help = "run a notebook headless from the top, with tracking on"
    examples = (
        "nbcairn run analysis.ipynb",
        "nbcairn run --save analysis.ipynb      # write the outputs into the notebook",
        "nbcairn run --allow-errors --timeout 3600 analysis.ipynb",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The notebook and limits."""
        parser.add_argument("notebook", type=Path, metavar="NOTEBOOK")
        parser.add_argument("--save", action="store_true", help="write the outputs into the notebook")
        parser.add_argument("--allow-errors", action="store_true", help="go on after a cell that fails")
        parser.add_argument("--timeout", type=int, default=600, help="seconds for each cell (600)")

    def run(self, options: Namespace, out: Output) -> int:
        """1 when a cell failed."""
        path = options.notebook
        document = read_document(path)
        if not any(cell.source.strip() for cell in document.code):
            return _nothing_to_run(document, out)
        Trail.open(Trail.place(path), create=True).close()  # what ails the trail is told before anything runs
        with cells_progress(out, f"Running {path.name}") as progress:
            outcomes = run_all(
                path,
                timeout=options.timeout,
                allow_errors=options.allow_errors,
                save_to=path if options.save else None,
                progress=progress,
            )
        failed = [outcome for outcome in outcomes if outcome.error]
        with find_trail(path) as trail:
            document = read_document(path, trail.root)
            found = check(document, trail)
            runs = trail.runs(notebook=document.path, limit=len(outcomes))
            artifacts = [a for run in runs for a in trail.artifacts(run_id=run.id, limit=None)]
        if out.json:
            out.data({"failed": [{"cell_id": o.cell_id, "error": o.error} for o in failed], **check_json(found)})
            return 1 if failed else 0
        out.table(("recorded", ""), recorded(runs, artifacts))
        for outcome in failed:
            out.text(f"cell {outcome.cell_id}: {outcome.error}", style="red")
        print_check(out, found, document, every_cell=False)
        return 1 if failed else 0


def _nothing_to_run(document: Document, out: Output) -> int:
    if out.json:
        out.data({"failed": [], **check_json(Check(document.path, None, ()))})
    else:
        out.text("The notebook has no code cells; nothing was run.")
    return 0
