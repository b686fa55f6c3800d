"""The hash under every fingerprint: GHASH leaves below a blake3 root.

Large buffers are cut into leaves of 1 MiB; each leaf is hashed by GHASH, the universal hash of AES-GCM (NIST SP
800-38D), taken as the tag of a message that consists of associated data only, under a fixed public key and
nonce. For two different leaves chosen without regard to the key the tags collide with probability at most
(blocks + 1) / 2^128, that is below 2^-111 for a leaf. XXH3 has no such bound and was made to collide on ordinary
tables of small integers. Leaf tags, small values and the structure (type tags and lengths) go into blake3, a
collision-resistant hash.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from blake3 import blake3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["METHOD", "Digest", "hash_bytes"]

METHOD = "g1"
LEAF = 1 << 20
SMALL = 4096
PARALLEL = 16 << 20
"""From this size on, leaves are hashed by several threads: GHASH runs without the interpreter's lock."""

GROUP = 4 * LEAF
WORKERS = min(4, os.cpu_count() or 1)
_GHASH = AESGCM(bytes.fromhex("6361697262206e62636169726e207631"))
_NONCE = b"nbcairn-leaf"
_pools: dict[int, ThreadPoolExecutor] = {}


class Digest:
    """A running hash over tagged, length-prefixed parts: no two sequences of parts give the same bytes."""

    __slots__ = ("_root",)

    def __init__(self, tag: str) -> None:
        self._root = blake3()
        self.text(tag)

    def raw(self, part: bytes) -> None:
        """Add a small part."""
        self._root.update(len(part).to_bytes(8, "little") + part)

    def text(self, part: str) -> None:
        """Add a string."""
        self.raw(part.encode("utf-8", "surrogatepass"))

    def texts(self, parts: Iterable[str]) -> None:
        """Add strings, one after another."""
        for part in parts:
            self.text(part)

    def buffer(self, part: Any) -> None:
        """Add a contiguous buffer (bytes, an array) of any size, at memory speed."""
        view = memoryview(part)
        view = view.cast("B") if view.nbytes else memoryview(b"")
        self._root.update(b"L" + view.nbytes.to_bytes(8, "little"))
        if view.nbytes <= SMALL:
            self._root.update(view)
        elif view.nbytes < PARALLEL or WORKERS < 2:
            self._root.update(_tags(view))
        else:
            for tags in _parallel(view):
                self._root.update(tags)

    def hex(self) -> str:
        """The digest of everything added so far: 32 hex digits."""
        return self._root.hexdigest(length=16)


def _tags(view: memoryview) -> bytes:
    leaves = range(0, view.nbytes, LEAF)
    return b"".join([_GHASH.encrypt(_NONCE, b"", view[start : start + LEAF]) for start in leaves])


def _parallel(view: memoryview) -> Iterable[bytes]:
    groups = [view[start : start + GROUP] for start in range(0, view.nbytes, GROUP)]
    try:
        return list(_pool().map(_tags, groups))
    except RuntimeError:  # the interpreter is shutting down and starts no more threads
        return map(_tags, groups)


def _pool() -> ThreadPoolExecutor:
    """The threads of this process; a forked child has none of its parent's."""
    pool = _pools.get(os.getpid())
    if pool is None:
        pool = _pools[os.getpid()] = ThreadPoolExecutor(WORKERS, "nbcairn-hash")
    return pool


def hash_bytes(tag: str, part: bytes) -> str:
    """Digest of one buffer under a tag."""
    digest = Digest(tag)
    digest.buffer(part)
    return digest.hex()
