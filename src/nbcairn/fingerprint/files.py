"""The files that a value names, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbcairn.fingerprint.digest import Digest

__all__ = ["MOST_FILES", "add_files"]

MOST_FILES = 1000


def add_files(digest: Digest, named: Iterable[str]) -> None:
    """Add size and time of change of the files among these names."""
    for name in sorted(set(named))[:MOST_FILES]:
        try:
            state = Path(name).stat()
        except (OSError, ValueError):
            continue
        digest.text(f"{name}:{state.st_size}:{state.st_mtime_ns}")
