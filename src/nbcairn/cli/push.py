"""``nbcairn push`` and ``nbcairn pull``: one trail for several people, through a folder or any remote of DVC."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from nbcairn.cli.importing import tell
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.exporters.intake import TakenIn
from nbcairn.exporters.remote import remote_for
from nbcairn.exporters.share import pull, push
from nbcairn.store import Trail

__all__ = ["Pull", "Push"]


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "place", nargs="?", type=Path, default=Path(), metavar="FOLDER", help="the project (this folder)"
    )
    parser.add_argument(
        "--remote", metavar="NAME|FOLDER|URL", help="a DVC remote, a folder, or a URL (default: DVC's default remote)"
    )


class Push(Verb):
    """Write what the remote does not have."""

    name = "push"
    help = "share this project's trail through a folder or a DVC remote"
    examples = (
        "nbcairn push                               # DVC's default remote",
        "nbcairn push --remote storage",
        "nbcairn push --remote /mnt/team/cairn",
        "nbcairn push --remote s3://bucket/cairn",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """The project and the remote."""
        _configure(parser)
        parser.add_argument("--allow-secrets", action="store_true", help="also what seems to hold a secret")
        parser.add_argument("--allow-paths", action="store_true", help="also kept values that name a personal folder")

    def run(self, options: Namespace, out: Output) -> int:
        """0; 1 when something was kept back."""
        with find_trail(options.place) as trail:
            remote = remote_for(trail.root, options.remote)
            pushed = push(trail, remote, allow_secrets=options.allow_secrets, allow_paths=options.allow_paths)
        if out.json:
            out.data(asdict(pushed))
        else:
            out.text(f"Shared {pushed.sessions} new states of sessions and {pushed.blobs} blobs.")
            for reason in pushed.skipped:
                out.text(f"Kept back: {reason}", "yellow")
        return 1 if pushed.skipped else 0


class Pull(Verb):
    """Take in what the remote has."""

    name = "pull"
    help = "take in what others shared of their trails"
    examples = ("nbcairn pull", "nbcairn pull --remote /mnt/team/cairn")

    def configure(self, parser: ArgumentParser) -> None:
        """The project and the remote."""
        _configure(parser)

    def run(self, options: Namespace, out: Output) -> int:
        """0; 1 when some of it was refused or contradicts what is there."""
        with Trail.open(Trail.place(options.place), create=True) as trail:
            pulled = pull(trail, remote_for(trail.root, options.remote))
        if out.json:
            out.data(asdict(pulled))
        else:
            counts = (pulled.sessions, pulled.runs, pulled.artifacts, pulled.notes, pulled.blobs)
            tell(
                out,
                TakenIn(*counts, pulled.conflicts, pulled.refused, pulled.settled),
                f"from {pulled.objects} objects",
            )
        return 1 if pulled.refused or pulled.conflicts or pulled.settled else 0
