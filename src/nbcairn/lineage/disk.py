"""What the files of a project hold now, as ambient values of a fresh kernel.

A file whose size and time of change are as recorded is taken to hold what was recorded, as DVC does; any other is hashed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from nbcairn.model import FileAccess, Fingerprint

__all__ = ["Disk"]

CHUNK = 1 << 20
_hashed: dict[tuple[str, int, int, int], str] = {}


class Disk:
    """Fingerprints of files as they are now; ``None`` for a file that is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._recorded: dict[str, dict[tuple[int, int], str]] = {}
        self._modules: dict[str, str] = {}

    def learn(self, accesses: Iterable[FileAccess]) -> None:
        """Remember what runs saw, so that unchanged files need not be read again."""
        for access in accesses:
            if access.md5 and access.size is not None and access.mtime_ns is not None:
                self._recorded.setdefault(access.path, {})[access.size, access.mtime_ns] = access.md5
            if access.note.startswith("module "):
                self._modules[access.note.removeprefix("module ")] = access.path

    def file(self, path: str) -> Fingerprint | None:
        """The content of a file now, by its path in the records."""
        try:
            state = os.stat(self.root / path)  # noqa: PTH116 - asked for every file of every check
        except (OSError, ValueError):
            return None
        known = self._recorded.get(path, {}).get((state.st_size, state.st_mtime_ns))
        digest = known or _md5(self.root / path, state)
        return Fingerprint(digest, method="md5") if digest else None

    def module(self, name: str) -> Fingerprint | None:
        """The source of a project's own module now."""
        path = self._modules.get(name)
        return self.file(path) if path else None


def _md5(path: Path, state: os.stat_result) -> str | None:
    key = (str(path), state.st_ino, state.st_size, state.st_mtime_ns)
    if key not in _hashed:
        digest = hashlib.md5(usedforsecurity=False)
        try:
            with path.open("rb", buffering=0) as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
        except OSError:
            return None
        _hashed[key] = digest.hexdigest()
    return _hashed[key]
