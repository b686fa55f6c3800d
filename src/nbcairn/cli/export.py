"""``nbcairn export``: the trail of a notebook as a document for others."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib.metadata import entry_points
from pathlib import Path

from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.errors import ExportError

__all__ = ["Export"]


class Export(Verb):
    """One document, by the exporter of its format."""

    name = "export"
    help = "write the trail of a notebook as a document that others can read"
    examples = (
        "nbcairn export --html report.html analysis.ipynb    # one page, opens with no install",
        "nbcairn export --html - analysis.ipynb > report.html",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The format with its target, and the notebook."""
        parser.add_argument("notebook", type=Path, metavar="NOTEBOOK")
        parser.add_argument(
            "--html", type=Path, metavar="FILE", required=True, help="one self-contained page; - for stdout"
        )

    def run(self, options: Namespace, out: Output) -> int:
        """Write it and say where it lies."""
        target = export(options.notebook, "html", options.html)
        if str(options.html) == "-":
            return 0
        if out.json:
            out.data({"format": "html", "path": str(target), "bytes": target.stat().st_size})
        else:
            out.text(f"Wrote {target} ({target.stat().st_size / 1e6:.1f} MB). Open it in any browser.")
        return 0


def export(notebook: Path, format_name: str, target: Path) -> Path:
    """Run the exporter of a format. Raises ExportError, NotebookError or TrailError."""
    read_document(notebook)
    points = {point.name: point for point in entry_points(group="nbcairn.exporters")}
    if format_name not in points:
        raise ExportError(f"There is no exporter for {format_name}.", f"Known formats: {', '.join(sorted(points))}.")
    exporter = points[format_name].load()
    with find_trail(notebook) as trail:
        document = read_document(notebook, trail.root)
        if str(target) == "-":
            target = Path("/dev/stdout")
        exporter(trail, document, target)
    return target
