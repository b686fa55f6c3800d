"""What every place for blobs offers."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

from nbcairn.errors import RecordNotFound, TrailCorrupt

__all__ = ["KEY", "BlobStore", "md5_of"]

KEY = re.compile(r"[0-9a-f]{32}")
"""What a key looks like: an md5."""


def md5_of(content: bytes) -> str:
    """The key of some content: the md5 that DVC gives a file with the same bytes."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


class BlobStore(ABC):
    """Bytes by their md5. Putting twice is the same as once."""

    def put(self, content: bytes) -> str:
        """Keep the content and return its key."""
        key = md5_of(content)
        if not self.has(key):
            self._write(key, content)
        return key

    def get(self, key: str) -> bytes:
        """The content of a key.

        Raises RecordNotFound when there is none, TrailCorrupt when its bytes no longer give the key.
        """
        if not KEY.fullmatch(key) or not self.has(key):
            raise RecordNotFound(f"The trail keeps no blob {key[:40]!r}.", "It may have been removed to save space.")
        content = self._read(key)
        if md5_of(content) != key:
            raise TrailCorrupt(
                f"The blob {key} is damaged.", "Delete the file; the run that made it can make it again."
            )
        return content

    @abstractmethod
    def has(self, key: str) -> bool:
        """True when the content of this key is kept."""

    def remove(self, key: str) -> None:
        """Forget the content of a key; nothing happens when it is not kept."""
        if KEY.fullmatch(key) and self.has(key):
            self._remove(key)

    @abstractmethod
    def keys(self) -> Iterator[str]:
        """Every key, in no order."""

    @abstractmethod
    def _write(self, key: str, content: bytes) -> None: ...

    @abstractmethod
    def _read(self, key: str) -> bytes: ...

    @abstractmethod
    def _remove(self, key: str) -> None: ...
