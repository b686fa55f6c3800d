"""``nbcairn import``: take in the bundle that somebody sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from nbcairn.cli.verb import Output, Verb
from nbcairn.exporters.bundle import read_bundle
from nbcairn.exporters.intake import TakenIn, take_in
from nbcairn.store import Trail

__all__ = ["Import"]


class Import(Verb):
    """Union with what is there; nothing of a bundle is ever run."""

    name = "import"
    help = "take in a bundle that somebody made with `nbcairn export --bundle`"
    examples = (
        "nbcairn import trail.cairn                          # into this folder's trail",
        "nbcairn import trail.cairn --into project",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The bundle, and where to."""
        parser.add_argument("bundle", type=Path, metavar="FILE", help="the bundle; nothing in it is ever run")
        parser.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="the project (this folder)")

    def run(self, options: Namespace, out: Output) -> int:
        """0; 1 when some of it was refused or contradicts what is there."""
        bundle = read_bundle(options.bundle)
        with Trail.open(Trail.place(options.into), create=True) as trail:
            taken = take_in(trail, bundle)
            folder = trail.folder
        if out.json:
            out.data({"trail": str(folder), **asdict(taken)})
        else:
            tell(out, taken, f"into {folder}")
        return 1 if taken.refused or taken.conflicts or taken.settled else 0


def tell(out: Output, taken: TakenIn, where: str) -> None:
    """What was taken in, what contradicts, what was refused."""
    counts = [
        (taken.sessions, "session"),
        (taken.runs, "run"),
        (taken.artifacts, "artifact"),
        (taken.notes, "note"),
        (taken.blobs, "blob"),
    ]
    new = ", ".join(f"{count:,} {word}{'s' * (count != 1)}" for count, word in counts if count)
    out.text(f"Took in {new or 'nothing new'} {where}.")
    for identity in taken.conflicts[:20]:
        out.text(
            f"Conflict: {identity} is told differently by two trails; both claims are kept as notes on it.", "yellow"
        )
    for told in taken.settled[:20]:
        out.text(f"Conflict: two trails tell {told} differently; one is kept, whichever came first.", "yellow")
    for reason in taken.refused[:20]:
        out.text(f"Refused: {reason}", "yellow")
    if len(taken.refused) > 20:
        out.text(f"Refused: {len(taken.refused) - 20} more.", "yellow")
