"""Blobs in memory, for tests and for trails that are only read."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.store.blobs.base import BlobStore

__all__ = ["MemoryBlobs"]


class MemoryBlobs(BlobStore):
    """A dictionary of blobs."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def has(self, key: str) -> bool:
        """True when the content of this key is kept."""
        return key in self._contents

    def keys(self) -> Iterator[str]:
        """Every key, in no order."""
        yield from self._contents

    def _write(self, key: str, content: bytes) -> None:
        self._contents[key] = content

    def _read(self, key: str) -> bytes:
        return self._contents[key]

    def _remove(self, key: str) -> None:
        del self._contents[key]
