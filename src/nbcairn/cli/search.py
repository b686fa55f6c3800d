"""``nbcairn search``: artifacts by their names, titles, columns and code."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.present import print_artifacts
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.wire import artifacts_json

__all__ = ["Search"]


class Search(Verb):
    """Full text over artifacts."""

    name = "search"
    help = "find artifacts by words in their names, titles, columns or the code that made them"
    examples = ("nbcairn search body mass", "nbcairn search --in analysis.ipynb forest --json")

    def configure(self, parser: ArgumentParser) -> None:
        """The words, and where."""
        parser.add_argument("words", nargs="+", metavar="WORD")
        parser.add_argument("--in", dest="place", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")
        parser.add_argument("--limit", type=int, default=20, help="at most this many (20)")

    def run(self, options: Namespace, out: Output) -> int:
        """1 when nothing is found, as grep does."""
        with find_trail(options.place) as trail:
            found = trail.artifacts(
                notebook=notebook_of(options.place, trail), query=" ".join(options.words), limit=options.limit
            )
            if out.json:
                out.data(artifacts_json(trail, found))
            elif found:
                print_artifacts(out, trail, found)
            else:
                out.text("Nothing found.")
        return 0 if found else 1
