"""Content-addressed blobs, by md5, in the layout that DVC uses for its cache and remotes."""

from __future__ import annotations

from nbcairn.store.blobs.base import BlobStore
from nbcairn.store.blobs.local import LocalBlobs
from nbcairn.store.blobs.memory import MemoryBlobs

__all__ = ["BlobStore", "LocalBlobs", "MemoryBlobs"]
