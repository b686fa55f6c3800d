"""``nbcairn slice``: the code that made a version, and no other."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbcairn.cli.places import notebook_of
from nbcairn.cli.prove import Proof, prove
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.document import read_document
from nbcairn.errors import CairnError, ExportError
from nbcairn.exporters.code import Code, as_cells, as_notebook, as_script
from nbcairn.exporters.safety import refuse_paths, refuse_secrets
from nbcairn.exporters.slices import code_of, headed
from nbcairn.lineage.minimal import Slice as Found
from nbcairn.lineage.minimal import minimal_slice, whole_slice
from nbcairn.lineage.targets import Target, find_target
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["Made", "Slice", "make_slice"]


@dataclass(frozen=True, slots=True)
class Made:
    """A slice with its code and, where asked for, its proof."""

    target: Target
    found: Found
    code: Code
    proof: Proof | None = None


class Slice(Verb):
    """A script, a notebook or cells."""

    name = "slice"
    help = "write the minimal code that made a version: as a script, a clean notebook, or cells"
    examples = (
        "nbcairn slice analysis.ipynb best                     # the code behind `best`, as a script",
        "nbcairn slice analysis.ipynb best --prove             # run it in a clean kernel first, and say what came of it",
        "nbcairn slice analysis.ipynb model.joblib -o model.py --lift      # settings in one cell at the top",
        "nbcairn slice analysis.ipynb best -o best.ipynb       # a clean notebook, Markdown kept",
        "nbcairn slice analysis.ipynb best -o best.py --params params.yaml",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """Which version, in which form."""
        parser.add_argument("place", type=Path, metavar="NOTEBOOK|FOLDER", help="a notebook, or a project")
        parser.add_argument("what", metavar="NAME|FILE|FIGURE|ID", help="variable, file, figure title, or id")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="FILE.py or FILE.ipynb (default: stdout)")
        parser.add_argument(
            "--form", choices=("script", "notebook", "cells"), help="form, where the file does not tell"
        )
        parser.add_argument("--prove", action="store_true", help="run it in a clean kernel and compare fingerprints")
        parser.add_argument("--lift", action="store_true", help="lift literal settings into a parameters cell")
        parser.add_argument("--params", type=Path, metavar="FILE.yaml", help="lift literal settings into this file")
        parser.add_argument("--whole-cells", action="store_true", help="keep every cell whole")
        parser.add_argument("--allow-secrets", action="store_true", help="write it although it seems to hold a secret")
        parser.add_argument("--allow-paths", action="store_true", help="write it although it names a personal folder")
        parser.add_argument("--timeout", type=int, default=600, help="seconds for each cell of a proof (600)")

    def run(self, options: Namespace, out: Output) -> int:
        """0; 1 when a proof was asked for and did not hold."""
        form = options.form or _form_of(options.output)
        if options.params and form != "script":
            raise ExportError("A params file goes with a script.", "Leave --params away, or write FILE.py.")
        with find_trail(options.place) as trail:
            document = _document(options.place, trail)
            made = make_slice(
                trail,
                options.what,
                notebook_of(options.place, trail),
                document,
                lift=options.lift or options.params is not None,
                whole=options.whole_cells,
                timeout=options.timeout if options.prove else None,
            )
        text = _formed(made.code, form, options.params)
        if not options.allow_secrets:
            refuse_secrets(text, f"the slice of {made.target.label}")
        if not options.allow_paths:
            refuse_paths(text, f"the slice of {made.target.label}")
        self._write(options, out, text, made)
        return 1 if made.proof is not None and not made.proof.holds else 0

    def _write(self, options: Namespace, out: Output, text: str, made: Made) -> None:
        if options.params:
            _put(options.params, _yaml(made.code))
        if options.output:
            _put(options.output, text)
        if out.json:
            out.data(_told(made, text, options.output))
        elif options.output:
            proof = f" Proof: {made.proof.told}." if made.proof else ""
            out.text(f"Wrote {options.output}: {made.code.lines} lines that make {made.target.label}.{proof}")
        else:
            out.raw(text.encode("utf-8", "replace"))


def make_slice(
    trail: Trail,
    what: str,
    notebook: str | None,
    document: Document | None,
    *,
    lift: bool = False,
    whole: bool = False,
    timeout: int | None = None,
) -> Made:
    """The slice of a version, with its header; proven when there is a ``timeout``.

    A minimal slice whose proof fails gives way to the slice of whole cells where that one holds.
    """
    target = find_target(trail, what, notebook)
    made = _made(trail, target, document, lift=lift, whole=whole, timeout=timeout)
    if not whole and made.proof is not None and made.proof.can_tell and not made.proof.holds:
        second = _made(trail, target, document, lift=lift, whole=True, timeout=timeout)
        if second.proof is not None and second.proof.holds:
            return second
    return made


def _made(
    trail: Trail, target: Target, document: Document | None, *, lift: bool, whole: bool, timeout: int | None
) -> Made:
    cut = whole_slice if whole else minimal_slice
    found = cut(trail, target.run.id, target.name)
    code = code_of(found, document, lift=lift)
    if timeout is None:
        return Made(target, found, headed(code, trail, target, found))
    proof = prove(trail, target, found, code, timeout)
    return Made(target, found, headed(code, trail, target, found, proof.told), proof)


def _document(place: Path, trail: Trail) -> Document | None:
    if place.suffix != ".ipynb":
        return None
    try:
        return read_document(place, trail.root)
    except CairnError:
        return None  # the notebook is gone or broken; its trail still has the code


def _form_of(output: Path | None) -> str:
    return "notebook" if output is not None and output.suffix == ".ipynb" else "script"


def _formed(code: Code, form: str, params: Path | None) -> str:
    if form == "script":
        return as_script(code, params.name if params else None)
    if form == "notebook":
        return as_notebook(code)
    import json

    return json.dumps(as_cells(code), indent=1, ensure_ascii=False) + "\n"


def _yaml(code: Code) -> str:
    import yaml

    return str(yaml.safe_dump({s.name: s.value for s in code.settings}, sort_keys=False, allow_unicode=True))


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror or error}).", "Choose another place.") from error


def _told(made: Made, text: str, output: Path | None) -> dict[str, Any]:
    proof = made.proof
    return {
        "target": made.target.label,
        "run_id": made.target.run.id,
        "lines": made.code.lines,
        "runs": [part.run.id for part in made.found.parts],
        "inputs": [access.path for access in made.found.inputs],
        "missing": list(made.found.missing),
        "settings": {setting.name: setting.value for setting in made.code.settings},
        "proof": {"holds": proof.holds, "can_tell": proof.can_tell, "told": proof.told} if proof else None,
        "path": str(output) if output else None,
        "text": None if output else text,
    }
