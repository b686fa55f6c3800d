"""``nbcairn gc``: make room by removing blobs that nothing needs."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.store import Sweep

__all__ = ["Gc"]

_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Gc(Verb):
    """Images, previews and kept values; never a record."""

    name = "gc"
    help = "remove images and values that no record needs, or only old runs; records are kept"
    examples = (
        "nbcairn gc --dry-run                # say what would go",
        "nbcairn gc --older-than 90d         # images and values of runs of more than 90 days ago, but the newest of each",
        "nbcairn gc analysis.ipynb --json",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """Where, and how much."""
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")
        parser.add_argument(
            "--older-than", type=_days, metavar="AGE", help="also of runs older than this: 90d, 12w, 6m, 1y"
        )
        parser.add_argument("--dry-run", action="store_true", help="remove nothing, only say what would go")

    def run(self, options: Namespace, out: Output) -> int:
        """Always 0; says what went and what is left."""
        with find_trail(options.place) as trail:
            swept = trail.sweep(before=_moment(options.older_than), dry=options.dry_run)
        if out.json:
            out.data(_json(swept))
            return 0
        verb = "Would remove" if swept.dry else "Removed"
        out.text(
            f"{verb} {swept.blobs} blobs ({_size(swept.bytes)}); {swept.left} are left ({_size(swept.left_bytes)})."
        )
        return 0


def _days(text: str) -> int:
    found = re.fullmatch(r"(\d+)([dwmy])", text.strip().lower())
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no age; write 90d, 12w, 6m or 1y")
    return int(found[1]) * _UNITS[found[2]]


def _moment(days: int | None) -> str | None:
    if days is None:
        return None
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _json(swept: Sweep) -> dict[str, object]:
    return {
        "removed": swept.blobs,
        "bytes": swept.bytes,
        "left": swept.left,
        "left_bytes": swept.left_bytes,
        "dry_run": swept.dry,
    }
