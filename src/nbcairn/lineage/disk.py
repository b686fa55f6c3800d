"""What the files of a project hold now, as ambient values of a fresh kernel.

A file whose size and time of change are as recorded is taken to hold what was recorded, as DVC does; any other is hashed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from nbcairn.model import FileAccess, Fingerprint
from nbcairn.store.filehash import TooMany, file_md5, folder_md5

__all__ = ["Disk"]

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
        folder = stat.S_ISDIR(state.st_mode)  # whose own time says nothing of the files in it
        known = None if folder else self._recorded.get(path, {}).get((state.st_size, state.st_mtime_ns))
        digest = known or _md5(self.root / path, state)
        return Fingerprint(digest, method="md5") if digest else None

    def module(self, name: str) -> Fingerprint | None:
        """The source of a project's own module now."""
        path = self._modules.get(name)
        return self.file(path) if path else None


def _md5(path: Path, state: os.stat_result) -> str | None:
    key = (str(path), state.st_ino, state.st_size, state.st_mtime_ns)
    if stat.S_ISDIR(state.st_mode):
        try:
            return folder_md5(str(path), lambda part: _md5(Path(part), os.stat(part)) or "")  # noqa: PTH116
        except (OSError, TooMany):
            return None
    if key not in _hashed:
        try:
            _hashed[key] = file_md5(str(path))
        except OSError:
            return None
    return _hashed[key]
