"""``nbcairn check``: what Restart & Run All would change."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from nbcairn.cli.present import print_check
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.lineage.check import check
from nbcairn.lineage.narrate import told_plan
from nbcairn.model import CellVerdict, Severity, Verdict
from nbcairn.wire import check_json

__all__ = ["Check"]


class Check(Verb):
    """Verdict and findings for each cell, from the trail alone."""

    name = "check"
    help = "say which cells would not show the same after Restart & Run All, and why; runs nothing"
    examples = (
        "nbcairn check analysis.ipynb",
        "nbcairn check --quiet analysis.ipynb && git commit    # exit 1 when a cell is not fresh",
        "nbcairn check --plan analysis.ipynb      # which cells to run, in order, so that all are fresh",
        "nbcairn check --json analysis.ipynb | jq '.summary'",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The notebooks."""
        parser.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
        parser.add_argument("-q", "--quiet", action="store_true", help="only cells that are not fresh")
        parser.add_argument("--plan", action="store_true", help="the cells to run, in order, so that all are fresh")

    def run(self, options: Namespace, out: Output) -> int:
        """1 when a cell of any notebook is not fresh."""
        answers, worst = [], 0
        for path in options.notebooks:
            read_document(path)  # a broken notebook is told before a missing trail
            with find_trail(path) as trail:
                document = read_document(path, trail.root)
                found = check(document, trail)
            worst = max(worst, int(_has_findings(found.cells)))
            answers.append(check_json(found))
            if not out.json:
                if len(options.notebooks) > 1:
                    out.text(f"\n{path}", style="bold underline")
                if options.plan:
                    out.text(told_plan(found.plan, document))
                else:
                    print_check(out, found, document, every_cell=not options.quiet)
        if out.json:
            out.data(answers[0] if len(answers) == 1 else answers)
        return worst


def _has_findings(cells: Iterable[CellVerdict]) -> bool:
    return any(
        cell.verdict is not Verdict.FRESH or any(f.severity is not Severity.INFO for f in cell.findings)
        for cell in cells
    )
