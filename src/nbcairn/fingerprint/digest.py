"""The hash under every fingerprint: GHASH leaves below a blake3 root.

Large buffers are cut into leaves of 1 MiB; each leaf is hashed by GHASH, the universal hash of AES-GCM (NIST SP
800-38D), taken as the tag of a message that consists of associated data only, under a fixed public key and
nonce. For two different leaves chosen without regard to the key the tags collide with probability at most
(blocks + 1) / 2^128, that is below 2^-111 for a leaf. XXH3 has no such bound and was made to collide on ordinary
tables of small integers. Leaf tags, small values and the structure (type tags and lengths) go into blake3, a
collision-resistant hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from blake3 import blake3

from nbcairn.fingerprint.leaves import Leaves, cut
from nbcairn.fingerprint.memory import Memory

__all__ = ["METHOD", "SMALL", "Digest", "hash_bytes"]

METHOD = "g1"
SMALL = 4096
"""Contents of at most this many bytes go into the root as they are."""


class Digest:
    """A running hash over tagged, length-prefixed parts: no two sequences of parts give the same bytes."""

    __slots__ = ("_root",)

    def __init__(self, tag: str) -> None:
        self._root: Any = blake3()
        self.text(tag)

    def copy(self) -> Digest:
        """A digest of its own that begins with what was added so far."""
        other = object.__new__(Digest)
        other._root = self._root.copy()
        return other

    def beside(self, other: Digest) -> Digest:
        """A digest that stands for both: what is added to it is hashed once and added to each."""
        both = object.__new__(Digest)
        both._root = _Both(self._root, other._root)
        return both

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
        self.leaves(cut(part))

    def leaves(self, part: Leaves, memory: Memory | None = None) -> None:
        """Add a large content; ``memory`` knows the tags of leaves whose memory was not written since."""
        self._root.update(b"L" + part.size.to_bytes(8, "little"))
        if part.size <= SMALL:
            if part.size:
                self._root.update(part.read(0))
        else:
            self._root.update(part.tags() if memory is None else memory.tags(part))

    def hex(self) -> str:
        """The digest of everything added so far: 32 hex digits."""
        return str(self._root.hexdigest(length=16))


class _Both:
    """Two running hashes that are given the same."""

    __slots__ = ("_one", "_two")

    def __init__(self, one: Any, two: Any) -> None:
        self._one, self._two = one, two

    def update(self, part: bytes) -> None:
        self._one.update(part)
        self._two.update(part)


def hash_bytes(tag: str, part: bytes) -> str:
    """Digest of one buffer under a tag."""
    digest = Digest(tag)
    digest.buffer(part)
    return digest.hex()
