"""md5 of files and of folders, equal to what DVC computes for the same content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable

__all__ = ["TooMany", "file_md5", "folder_md5"]

CHUNK = 1 << 20
MOST_FILES = 10_000
_IGNORED = frozenset({".dvc", ".git", ".hg"})


class TooMany(Exception):  # noqa: N818 - a limit, not an error
    """A folder has more files than are looked at; the message says how many."""


def file_md5(path: str) -> str:
    """md5 of a file's bytes. Raises OSError when it cannot be read."""
    digest = hashlib.md5(usedforsecurity=False)
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def folder_md5(path: str, md5_of: Callable[[str], str] = file_md5) -> str:
    """The hash of a folder, which ends in ``.dir``: md5 of the JSON list of its files with their md5, by relative path.

    Raises OSError when a file cannot be read, TooMany above 10,000 files.
    """
    entries: list[dict[str, str]] = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name not in _IGNORED]
        for name in files:
            whole = os.path.join(folder, name)  # noqa: PTH118 - many files
            entries.append({"md5": md5_of(whole), "relpath": os.path.relpath(whole, path).replace(os.sep, "/")})
            if len(entries) > MOST_FILES:
                raise TooMany(f"more than {MOST_FILES:,} files")
    entries.sort(key=lambda entry: entry["relpath"])
    listed = json.dumps(entries, sort_keys=True).encode("utf-8")
    return hashlib.md5(listed, usedforsecurity=False).hexdigest() + ".dir"
