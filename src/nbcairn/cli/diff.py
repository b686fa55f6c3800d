"""``nbcairn diff``: what differs between two artifacts or runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.lineage.differences import Change, Difference, Side, difference
from nbcairn.lineage.lookup import last_two, record_called
from nbcairn.lineage.narrate import told_difference

__all__ = ["Diff"]


class Diff(Verb):
    """Content, statistics, code, inputs, packages."""

    name = "diff"
    help = "say what differs between two artifacts or runs, or between the last two versions of a name"
    examples = (
        "nbcairn diff penguins                      # its last two versions",
        "nbcairn diff penguins@1 penguins@3 --in analysis.ipynb",
        "nbcairn diff 01a20cf5bbe1 01a20cf5bbc7     # runs or artifacts, by the beginning of their ids",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """What to compare, and where."""
        parser.add_argument("left", metavar="NAME|NAME@N|ID")
        parser.add_argument("right", nargs="?", metavar="NAME|NAME@N|ID")
        parser.add_argument("--in", dest="place", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")

    def run(self, options: Namespace, out: Output) -> int:
        """1 when the contents differ, as diff does."""
        with find_trail(options.place) as trail:
            notebook = notebook_of(options.place, trail)
            if options.right is None:
                found = difference(trail, *last_two(trail, options.left, notebook))
            else:
                left, right = (record_called(trail, word, notebook) for word in (options.left, options.right))
                found = difference(trail, left, right)
        if out.json:
            out.data(_json(found))
        else:
            out.text(told_difference(found))
        return 0 if found.same else 1


def _json(found: Difference) -> dict[str, object]:
    return {
        "left": _side_json(found.left),
        "right": _side_json(found.right),
        "same": found.same,
        "content": _changes_json(found.content),
        "source": list(found.source),
        "inputs": _changes_json(found.inputs),
        "packages": _changes_json(found.packages),
    }


def _side_json(side: Side) -> dict[str, str]:
    return {"id": side.id, "run_id": side.run.id, "label": side.label}


def _changes_json(changes: tuple[Change, ...]) -> list[dict[str, str]]:
    return [{"what": change.what, "left": change.left, "right": change.right} for change in changes]
