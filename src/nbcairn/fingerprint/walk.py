"""The walk over a value: each family of types adds its content to a digest; what it cannot hash it says.

``Walk`` carries what one fingerprint needs: the objects on the path (for cycles), the budget, and the reasons
why a part was sampled or opaque. Families are functions ``(walk, digest, value) -> None`` chosen by type.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable

from nbcairn.fingerprint.digest import METHOD, Digest
from nbcairn.model import Coverage, Fingerprint

__all__ = ["Family", "Opaque", "Walk"]

MAX_DEPTH = 250
MAX_OBJECTS = 400_000


class Opaque(Exception):  # noqa: N818 - control flow, not an error
    """A part of the value cannot be hashed; the message says why."""


class Walk:
    """One fingerprint in the making."""

    __slots__ = ("_find", "_path", "max_bytes", "notes", "objects", "sampled", "touched")

    def __init__(self, find: Callable[[type], Family], max_bytes: int | None = None) -> None:
        self._find = find
        self._path: dict[int, int] = {}
        self.max_bytes = max_bytes
        self.objects = 0
        self.sampled = False
        self.notes: list[str] = []
        self.touched: set[int] = set()

    def add(self, digest: Digest, value: object) -> None:
        """Add a value to a digest: its family's tag and content, or a reference back when it is on the path."""
        identity = id(value)
        if identity in self._path:
            digest.text(f"cycle:{len(self._path) - self._path[identity]}")
            return
        self._count()
        family = self._find(type(value))
        if not family.nested:
            family.add(self, digest, value)
            return
        self._path[identity] = len(self._path)
        try:
            family.add(self, digest, value)
        finally:
            del self._path[identity]

    def child(self, value: object) -> str:
        """The digest of a value on its own, for parts whose order does not count."""
        digest = Digest("child")
        self.add(digest, value)
        return digest.hex()

    def mutable(self, *values: object) -> None:
        """Note that the value reaches these objects, which can change in place."""
        self.touched.update(map(id, values))

    def sample(self, note: str) -> None:
        """Note that the digest rests on a part of the content only."""
        self.sampled = True
        if note not in self.notes:
            self.notes.append(note)

    def _count(self) -> None:
        self.objects += 1
        if self.objects > MAX_OBJECTS:
            raise Opaque(f"more than {MAX_OBJECTS:,} objects")
        if len(self._path) > MAX_DEPTH:
            raise Opaque(f"nested more than {MAX_DEPTH} levels deep")

    def result(self, digest: Digest) -> Fingerprint:
        """The fingerprint of a finished walk."""
        coverage = Coverage.SAMPLED if self.sampled else Coverage.FULL
        return Fingerprint(digest.hex(), coverage, METHOD, "; ".join(self.notes))

    @staticmethod
    def opaque(reason: str) -> Fingerprint:
        """The fingerprint of what cannot be hashed: it equals nothing, not even itself seen again."""
        return Fingerprint(secrets.token_hex(16), Coverage.OPAQUE, METHOD, reason[:200])


class Family:
    """How one family of types is hashed; ``nested`` when it can contain itself."""

    __slots__ = ("add", "nested")

    def __init__(self, add: Callable[[Walk, Digest, object], None], nested: bool = True) -> None:
        self.add = add
        self.nested = nested


def loaded(module: str) -> bool:
    """True when a library is imported already: a value of its types cannot exist before."""
    return module in sys.modules
