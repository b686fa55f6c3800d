"""The hash under every fingerprint: GHASH leaves below a blake3 root.

Large buffers are cut into leaves of 1 MiB; each leaf is hashed by GHASH, the universal hash of AES-GCM (NIST SP
800-38D), taken as the tag of a message that consists of associated data only, under a fixed public key and
nonce. For two different leaves chosen without regard to the key the tags collide with probability at most
(blocks + 1) / 2^128, that is below 2^-111 for a leaf. XXH3 has no such bound and was made to collide on ordinary
tables of small integers. Leaf tags, small values and the structure (type tags and lengths) go into blake3, a
collision-resistant hash. Where the data itself may be hostile, the key being public, ``strong=True`` uses blake3 alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from blake3 import blake3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["METHOD", "Digest", "hash_bytes"]

METHOD = "g1"
LEAF = 1 << 20
SMALL = 4096
_GHASH = AESGCM(bytes.fromhex("6361697262206e62636169726e207631"))
_NONCE = b"nbcairn-leaf"


class Digest:
    """A running hash over tagged, length-prefixed parts: no two sequences of parts give the same bytes."""

    __slots__ = ("_root",)

    def __init__(self, tag: str) -> None:
        self._root = blake3()
        self.text(tag)

    def raw(self, part: bytes) -> None:
        """Add a small part."""
        self._root.update(len(part).to_bytes(8, "little"))
        self._root.update(part)

    def text(self, part: str) -> None:
        """Add a string."""
        self.raw(part.encode("utf-8", "surrogatepass"))

    def texts(self, parts: Iterable[str]) -> None:
        """Add strings, one after another."""
        for part in parts:
            self.text(part)

    def buffer(self, part: bytes | bytearray | memoryview) -> None:
        """Add a contiguous buffer of any size, at memory speed."""
        view = memoryview(part).cast("B") if memoryview(part).nbytes else memoryview(b"")
        self._root.update(b"L" + view.nbytes.to_bytes(8, "little"))
        if view.nbytes <= SMALL:
            self._root.update(view)
            return
        for start in range(0, view.nbytes, LEAF):
            self._root.update(_GHASH.encrypt(_NONCE, b"", view[start : start + LEAF]))

    def hex(self) -> str:
        """The digest of everything added so far: 32 hex digits."""
        return self._root.hexdigest(length=16)


def hash_bytes(tag: str, part: bytes) -> str:
    """Digest of one buffer under a tag."""
    digest = Digest(tag)
    digest.buffer(part)
    return digest.hex()
