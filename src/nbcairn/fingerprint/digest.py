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
from functools import lru_cache
from typing import Any

from blake3 import blake3

from nbcairn.fingerprint.leaves import Leaves, cut
from nbcairn.fingerprint.memory import Memory

__all__ = ["METHOD", "SMALL", "Digest", "hash_bytes"]

METHOD = "g1"
SMALL = 4096
"""Contents of at most this many bytes go into the root as they are."""


_SIZES = tuple(size.to_bytes(8, "little") for size in range(1024))
_WAITING = 512
_LONG = 128


@lru_cache(maxsize=8192)
def _sized(text: str) -> tuple[bytes, bytes]:
    part = text.encode("utf-8", "surrogatepass")
    return len(part).to_bytes(8, "little"), part


class Digest:
    """A running hash over tagged, length-prefixed parts: no two sequences of parts give the same bytes.

    Small parts wait, to be hashed together: to call the hash takes longer than to hash most of them.
    """

    __slots__ = ("_others", "_root", "_waiting")

    def __init__(self, tag: str) -> None:
        self._root: Any = None
        self._waiting: list[bytes] = [*_sized(tag)]
        self._others: tuple[Digest, ...] = ()

    def beside(self, other: Digest) -> Digest:
        """A digest that stands for both: what is added to it is hashed once and added to each."""
        both = Digest.apart()
        both._others = (self, other)
        return both

    @staticmethod
    def apart() -> Digest:
        """A digest to gather what ``added`` tells, and ``again`` adds to others."""
        other = object.__new__(Digest)
        other._root, other._waiting, other._others = None, [], ()
        return other

    def added(self) -> tuple[bytes, ...]:
        """The few small parts that were added to a digest that was made ``apart``."""
        return tuple(self._waiting)

    def again(self, added: tuple[bytes, ...]) -> None:
        """Add what another digest was given."""
        for other in self._others:
            other.again(added)
        if not self._others:
            self._waiting += added

    def small(self, part: bytes) -> None:
        """Add a content of at most ``SMALL`` bytes, as ``buffer`` does."""
        self._add(b"L" + len(part).to_bytes(8, "little"), part)

    def raw(self, part: bytes) -> None:
        """Add a small part."""
        size = len(part)
        if self._others:
            self._add(size.to_bytes(8, "little"), part)
            return
        # As _add does: half of the time of a fingerprint is spent in calls like this one.
        self._waiting += (_SIZES[size] if size < 1024 else size.to_bytes(8, "little"), part)
        if len(self._waiting) > _WAITING:
            self._hash()

    def text(self, part: str) -> None:
        """Add a string, such as the name of an attribute: these are the same again and again."""
        if self._others or len(part) > _LONG:
            self.raw(part.encode("utf-8", "surrogatepass"))
        else:
            self._waiting += _sized(part)

    def found(self, part: str) -> None:
        """Add what is told in hex digits, as ``text`` does."""
        self.raw(part.encode())

    def texts(self, parts: Iterable[str]) -> None:
        """Add strings, one after another."""
        for part in parts:
            self.raw(part.encode("utf-8", "surrogatepass"))

    def buffer(self, part: Any) -> None:
        """Add a contiguous buffer (bytes, an array) of any size, at memory speed."""
        if type(part) is bytes and len(part) <= SMALL:
            self.small(part)
        else:
            self.leaves(cut(part))

    def leaves(self, part: Leaves, memory: Memory | None = None) -> None:
        """Add a large content; ``memory`` knows the tags of leaves whose memory was not written since."""
        if part.size > SMALL:
            content = part.tags() if memory is None else memory.tags(part)
        else:
            content = bytes(part.read(0)) if part.size else b""
        self._add(b"L" + part.size.to_bytes(8, "little"), content)

    def hex(self) -> str:
        """The digest of everything added so far: 32 hex digits."""
        if self._root is None:
            return str(blake3(b"".join(self._waiting)).hexdigest(length=16))
        self._hash()
        return str(self._root.hexdigest(length=16))

    def _add(self, size: bytes, part: bytes) -> None:
        if self._others:
            for other in self._others:
                other._add(size, part)
            return
        waiting = self._waiting
        waiting += (size, part)
        if len(waiting) > _WAITING:
            self._hash()

    def _hash(self) -> None:
        content = b"".join(self._waiting)
        self._waiting.clear()
        if self._root is None:
            self._root = blake3(content)
        else:
            self._root.update(content)


def hash_bytes(tag: str, part: bytes) -> str:
    """Digest of one buffer under a tag."""
    digest = Digest(tag)
    digest.buffer(part)
    return digest.hex()
