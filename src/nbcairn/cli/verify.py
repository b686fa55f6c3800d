"""``nbcairn verify``: run a notebook for real in a clean kernel, and say what is not the same and why."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbcairn.cli.present import print_verification
from nbcairn.cli.progress import cells_progress
from nbcairn.cli.verb import Output, Verb
from nbcairn.document import document_key, read_document
from nbcairn.errors import TrailError
from nbcairn.lineage.check import check
from nbcairn.model import Document, Verified, new_id
from nbcairn.store import Trail
from nbcairn.verify.judge import judge
from nbcairn.verify.perform import Limits, Performed, perform
from nbcairn.verify.report import verification_json
from nbcairn.verify.result import Outcome, Verification

__all__ = ["Verify"]


class Verify(Verb):
    """Restart & Run All for real, compared cell by cell; neither the file nor the record of runs is changed."""

    name = "verify"
    help = "run a notebook for real in a clean kernel; say which cells are not the same as before, and why"
    examples = (
        "nbcairn verify analysis.ipynb",
        "nbcairn verify --timeout 60 --limit 900 reports/*.ipynb     # for CI: exit 1 when a cell is not the same",
        "nbcairn verify --kernel py313 analysis.ipynb               # does it hold in another environment?",
        "nbcairn verify --write analysis.ipynb                      # keep the new outputs, and their record",
        "nbcairn verify --json analysis.ipynb | jq '.roots'",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The notebooks, limits, and what may be written."""
        parser.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
        parser.add_argument("-q", "--quiet", action="store_true", help="only cells that are not the same")
        parser.add_argument("--timeout", type=_seconds, default=600, metavar="S", help="seconds for each cell (600)")
        parser.add_argument("--limit", type=_seconds, metavar="S", help="seconds for each whole notebook (no limit)")
        parser.add_argument("--allow-errors", action="store_true", help="go on after a cell that fails")
        parser.add_argument("--kernel", metavar="NAME", help="run in this kernel instead of the notebook's")
        parser.add_argument(
            "--write", action="store_true", help="write the new outputs into the notebook, if the run reached its end"
        )
        parser.add_argument("--no-record", action="store_true", help="do not note the result in the trail")

    def run(self, options: Namespace, out: Output) -> int:
        """0: the same; 1: not the same; 2: a time limit ended it before anybody could know, or an error."""
        limits = Limits(options.timeout, options.limit, options.allow_errors)
        answers, worst = [], 0
        for path in options.notebooks:
            read_document(path)
        for path in options.notebooks:
            done = _verify(path, limits, options, out)
            answers.append(verification_json(done.found))
            worst = max(worst, _code(done.found), key=_GRAVITY.index)
            if not out.json:
                if len(options.notebooks) > 1:
                    out.text(f"\n{path}", style="bold underline")
                print_verification(out, done.found, done.document, every_cell=not options.quiet)
                for line in done.remarks:
                    out.text(line)
        if out.json:
            out.data(answers[0] if len(answers) == 1 else answers)
        return worst


def _seconds(text: str) -> float:
    """A number of seconds above 0."""
    value = float(text)
    if not value > 0:
        raise ArgumentTypeError(f"{text} is not above 0")
    return value


_GRAVITY = (0, 2, 1)
"""Of several notebooks a difference that was found outweighs one that could not be settled."""


@dataclass(frozen=True, slots=True)
class _Done:
    document: Document
    found: Verification
    remarks: tuple[str, ...]


def _verify(path: Path, limits: Limits, options: Namespace, out: Output) -> _Done:
    folder = Trail.locate(path)
    project = (folder or Trail.place(path)).parent
    document = read_document(path, project)
    trail = Trail.open(folder, read_only=True) if folder is not None and (folder / "trail.db").exists() else None
    try:
        # The prediction is made first: the run itself may change files.
        predicted = check(document, trail) if trail else None
        with (
            cells_progress(out, f"Verifying {path.name}") as progress,
            perform(path, document, project=project, limits=limits, kernel=options.kernel, progress=progress) as done,
        ):
            found = judge(document, done.performance, trail, predicted)
            remarks = [_write(path, folder if trail else None, found, done)] if options.write else []
        if trail is not None and folder is not None and not options.no_record:
            remarks.append(_note(folder, document, found))
    finally:
        if trail is not None:
            trail.close()
    return _Done(document, found, tuple(filter(None, remarks)))


def _code(found: Verification) -> int:
    if found.same:
        return 0
    return 1 if found.settled else 2


def _note(folder: Path, document: Document, found: Verification) -> str:
    """Keep the result in the trail; why that did not work, or an empty text."""
    assert document.path is not None
    detail: dict[str, Any] = verification_json(found)
    try:
        with Trail.open(folder) as trail:
            trail.verified(Verified(new_id(), document.path, found.made, document_key(document), detail))
    except TrailError as error:
        return f"The result could not be noted in the trail: {error}"
    return ""


def _write(path: Path, folder: Path | None, found: Verification, done: Performed) -> str:
    """The new outputs into the file, and their runs into the trail: they are the notebook's own from now on.

    Raises ExecutionError when the file cannot be written.
    """
    if found.stop is not None or found.summary[Outcome.NOT_RUN]:
        return f"{path} was left as it was, because the run did not reach its end."
    done.notebook.save(path)
    if folder is not None and done.performance.trail is not None:
        try:
            with Trail.open(folder) as trail:
                trail.merge(done.performance.trail)
        except TrailError as error:
            return f"Wrote the new outputs into {path}; their runs could not be recorded: {error}"
    return f"Wrote the new outputs into {path}."
