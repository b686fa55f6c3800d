"""Blobs in a folder, in DVC's object layout: ``files/md5/ab/cdef…``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbcairn.store.blobs.base import BlobStore

__all__ = ["LocalBlobs"]


class LocalBlobs(BlobStore):
    """Each blob is one read-only file; a half-written one is never seen under its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where the content of this key lies or would lie."""
        return self.folder / "files" / "md5" / key[:2] / key[2:]

    def has(self, key: str) -> bool:
        """True when the content of this key is kept."""
        return self.path(key).is_file()

    def keys(self) -> Iterator[str]:
        """Every key, in no order."""
        for file in self.folder.glob("files/md5/??/*"):
            if len(file.name) == 30:
                yield file.parent.name + file.name

    def _write(self, key: str, content: bytes) -> None:
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix="draft-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(draft).chmod(0o444)
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def _read(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def _remove(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)
