"""``nbcairn export``: the trail of a notebook as documents and records for others."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.errors import ExportError
from nbcairn.exporters.formats import write
from nbcairn.model import Document

__all__ = ["Export", "export"]


@dataclass(frozen=True, slots=True)
class _Format:
    """A format with its option: what the target is, and what it is good for."""

    name: str
    metavar: str
    help: str


FORMATS = (
    _Format("html", "FILE", "one self-contained page"),
    _Format("ro-crate", "DIR", "a folder: notebook, figures, files, and who made what (Provenance Run Crate)"),
    _Format("prov", "FILE", "W3C PROV; the suffix chooses: .json, .provn, .ttl, .jsonld, .nt, .rdf, .xml"),
    _Format("openlineage", "FILE", "OpenLineage events, one a line"),
    _Format("mermaid", "FILE", "the lineage as a Mermaid flow chart"),
    _Format("record", "FILE", "everything, as JSON in a schema of our own"),
    _Format("bundle", "FILE", "the trail itself, to be taken in by `nbcairn import`"),
)


class Export(Verb):
    """Documents, each by the exporter of its format."""

    name = "export"
    help = "write the trail of a notebook as a document or record that others can read"
    examples = (
        "nbcairn export --html report.html analysis.ipynb    # one page, opens with no install",
        "nbcairn export --html - analysis.ipynb > report.html",
        "nbcairn export --ro-crate crate analysis.ipynb      # for an archive",
        "nbcairn export --prov trail.ttl --openlineage events.jsonl analysis.ipynb",
        "nbcairn export --bundle trail.cairn .               # the whole project, for a colleague",
        "nbcairn export --pipeline project analysis.ipynb model.joblib    # stages, params.yaml, dvc.yaml, tests",
        "nbcairn export --pipeline project --to zenml analysis.ipynb      # the same as steps of ZenML",
        "nbcairn export --json analysis.ipynb                # everything, on stdout",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The formats with their targets, and the notebook."""
        parser.add_argument(
            "place", type=Path, metavar="NOTEBOOK|FOLDER", help="one notebook, or a project with all its notebooks"
        )
        parser.add_argument(
            "wanted", nargs="*", metavar="ARTIFACT",
            help="what a pipeline is to make: variables, files or figures (files that were written, else models and metrics)",
        )  # fmt: skip
        for known in FORMATS:
            more = "; - for stdout" if known.metavar == "FILE" else ""
            parser.add_argument(f"--{known.name}", type=Path, metavar=known.metavar, help=f"{known.help}{more}")
        parser.add_argument("--pipeline", type=Path, metavar="DIR", help="a project of stages that DVC runs")
        parser.add_argument(
            "--to", choices=("dvc", "zenml"), default="dvc", help="what runs the pipeline (dvc); zenml adds pipeline.py"
        )
        parser.add_argument(
            "--allow-secrets",
            action="store_true",
            help="write a pipeline or a bundle although it seems to hold a secret",
        )
        parser.add_argument(
            "--allow-paths",
            action="store_true",
            help="write a pipeline or a bundle although it names a personal folder",
        )
        parser.add_argument(
            "--format", nargs=2, action="append", metavar=("FORMAT", "FILE"), default=[],
            help="any format that an installed package adds",
        )  # fmt: skip
        parser.add_argument("--no-data", action="store_true", help="leave pictures, previews and statistics out")

    def run(self, options: Namespace, out: Output) -> int:
        """Write them and say where they lie."""
        wanted = [(known.name, getattr(options, known.name.replace("-", "_"))) for known in FORMATS]
        wanted = [(name, target) for name, target in wanted if target is not None]
        wanted += [(name, Path(target)) for name, target in options.format]
        if not wanted and not options.pipeline and not out.json:
            raise ExportError(
                "Say in which format to export.", "`nbcairn export --help` lists them, such as --html FILE."
            )
        written = []
        if options.wanted and not options.pipeline:
            raise ExportError(
                "Artifacts are named for a pipeline only.", "Add --pipeline DIR, or name the notebook alone."
            )
        if options.pipeline:
            written.append(("pipeline", _pipeline(options)))
        elif not wanted:
            wanted = [("record", Path("-"))]
        allowed = {"allow_secrets": options.allow_secrets, "allow_paths": options.allow_paths}
        for name, target in wanted:
            if str(target) == "-":
                _print(options.place, name, out, data=not options.no_data, **allowed)
            else:
                written.append((name, export(options.place, name, target, data=not options.no_data, **allowed)))
        if written:
            self._tell(written, out)
        return 0

    def _tell(self, written: list[tuple[str, Path]], out: Output) -> None:
        told = [{"format": name, "path": str(path), "bytes": _size(path)} for name, path in written if path.exists()]
        if out.json:
            out.data(told[0] if len(told) == 1 else told)
            return
        for entry in told:
            more = " Open it in any browser." if entry["format"] == "html" else ""
            out.text(f"Wrote {entry['path']} ({int(str(entry['bytes'])) / 1e6:.1f} MB).{more}")


def _pipeline(options: Namespace) -> Path:
    from nbcairn.exporters.pipeline import export_pipeline

    with find_trail(options.place) as trail:
        notebook_of(options.place, trail)
        document = read_document(options.place, trail.root) if options.place.suffix == ".ipynb" else None
        return export_pipeline(
            trail,
            document,
            options.pipeline,
            options.wanted,
            allow_secrets=options.allow_secrets,
            allow_paths=options.allow_paths,
            runner=options.to,
        )


def _print(place: Path, format_name: str, out: Output, **more: bool) -> None:
    """An export on stdout, written whole first."""
    with tempfile.TemporaryDirectory() as folder:
        path = export(place, format_name, Path(folder) / f"export.{format_name}", **more)
        if path.is_dir():
            raise ExportError(f"{format_name} is a folder of files.", "Name a folder instead of `-`.")
        out.raw(path.read_bytes())


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def export(place: Path, format_name: str, target: Path, *, data: bool = True, **more: bool) -> Path:
    """Run the exporter of a format for a notebook, or for the whole project of a folder.

    Raises ExportError, NotebookError or TrailError.
    """
    if place.suffix == ".ipynb":
        read_document(place)
    with find_trail(place) as trail:
        notebook_of(place, trail)
        document: Document | None = read_document(place, trail.root) if place.suffix == ".ipynb" else None
        write(format_name, trail, document, target, data=data, **more)
    return target
