"""The walk over a value: each family of types adds its content to a digest; what it cannot hash it says.

``Walk`` carries what one fingerprint needs: the objects on the path (for cycles), the budget, the digests of what
may be met again, and the reasons why a part was sampled or opaque. Families are functions ``(walk, digest,
value) -> None`` chosen by type.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from nbcairn.fingerprint.digest import METHOD, Digest
from nbcairn.fingerprint.leaves import Leaves, Span
from nbcairn.fingerprint.memory import Memory
from nbcairn.fingerprint.plain import SCALARS, TooLarge, dump, plain_bytes
from nbcairn.model import Coverage, Fingerprint

__all__ = ["Family", "Opaque", "Walk"]

MAX_DEPTH = 250
MAX_OBJECTS = 2_000_000


class Opaque(Exception):  # noqa: N818 - control flow, not an error
    """A part of the value cannot be hashed; the message says why."""


class Family:
    """How one family of types is hashed.

    ``nested``: its values can contain themselves. ``shared``: its values are costly and met again within one
    value (arrays, tables, classes), so that each is hashed once in a walk. ``show`` gives for immutable values
    a text that says everything, so that long lists of them are hashed quickly.
    """

    __slots__ = ("add", "nested", "shared", "show")

    def __init__(
        self,
        add: Callable[[Walk, Digest, Any], None],
        *,
        nested: bool = True,
        shared: bool = False,
        show: Callable[[Any], str] | None = None,
    ) -> None:
        self.add = add
        self.nested = nested
        self.shared = shared
        self.show = show


class Walk:
    """One fingerprint in the making."""

    __slots__ = ("_find", "_memo", "_path", "max_bytes", "memory", "notes", "objects", "sampled", "touched")

    def __init__(
        self, find: Callable[[type], Family], max_bytes: int | None = None, memory: Memory | None = None
    ) -> None:
        self._find = find
        self.memory = memory
        self._path: dict[int, int] = {}
        self._memo: dict[int, tuple[object, str]] = {}
        self.max_bytes = max_bytes
        self.objects = 0
        self.sampled = False
        self.notes: list[str] = []
        self.touched: set[int] = set()

    def add(self, digest: Digest, value: object) -> None:
        """Add a value to a digest: its family's tag and content, or a reference back when it is on the path."""
        self.objects += 1
        if self.objects > MAX_OBJECTS:
            raise Opaque(f"more than {MAX_OBJECTS:,} objects")
        family = self._find(type(value))
        if family.nested:
            self._nested(digest, value, family)
        else:
            family.add(self, digest, value)

    def _nested(self, digest: Digest, value: object, family: Family) -> None:
        identity = id(value)
        if identity in self._path:
            digest.text(f"cycle:{len(self._path) - self._path[identity]}")
            return
        if len(self._path) >= MAX_DEPTH:
            raise Opaque(f"nested more than {MAX_DEPTH} levels deep")
        self._path[identity] = len(self._path)
        try:
            if family.shared:
                digest.text(self._once(value, family))
            else:
                family.add(self, digest, value)
        finally:
            del self._path[identity]

    def _once(self, value: object, family: Family) -> str:
        """The digest of a shared value; the memo keeps the value, so that no other takes its identity."""
        known = self._memo.get(id(value))
        if known is None:
            own = Digest("shared")
            family.add(self, own, value)
            known = self._memo[id(value)] = (value, own.hex())
        return known[1]

    def plain(self, digest: Digest, value: object, *, own: bool = False) -> bool:
        """Add a builtin container as one buffer if it is plain all through; False when it is not.

        ``own`` says that the container was made for this purpose and is no part of the user's value.
        """
        try:
            content, found = plain_bytes(value)
        except TooLarge:
            raise Opaque("its parts are used in each other too often") from None
        if content is None:
            self.objects += len(found)
            return False
        if own:
            found.discard(id(value))
        self.touched |= found
        digest.text("plain")
        digest.buffer(content)
        return True

    def items(self, digest: Digest, values: list[Any]) -> None:
        """Add the items of a list that was made for this purpose, in order; plain ones as one buffer."""
        kinds = set(map(type, values))
        other = kinds - SCALARS
        if len(other) == 1 and len(values) > 1:
            kind = next(iter(other))
            show = self._find(kind).show
            if show is not None:
                digest.text(f"{len(values)} with {kind.__module__}.{kind.__qualname__}")
                digest.buffer(dump([(show(item),) if type(item) is kind else item for item in values]))
                return
        if not self.plain(digest, values, own=True):
            for value in values:
                self.add(digest, value)

    def kept(self, digest: Digest, spans: tuple[Span, ...], layout: str, make: Callable[[Digest], None]) -> None:
        """Add what ``make`` adds, under a tag of its own; not made again while the memory it follows from is unwritten.

        What it notes as mutable does not count: it looks at copies, and may not be made at all.
        """

        def tag() -> bytes:
            own, noted = Digest("kept"), self.touched
            self.touched = set()
            try:
                make(own)
            finally:
                self.touched = noted
            return bytes.fromhex(own.hex())

        digest.raw(tag() if self.memory is None else self.memory.kept(spans, layout, tag))

    def tags(self, content: Leaves) -> bytes:
        """The tags of a content's leaves."""
        return content.tags() if self.memory is None else self.memory.tags(content)

    def leaves(self, digest: Digest, content: Leaves) -> None:
        """Add a large content; only leaves whose memory was written since are hashed."""
        digest.leaves(content, self.memory)

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

    def result(self, digest: Digest) -> Fingerprint:
        """The fingerprint of a finished walk."""
        coverage = Coverage.SAMPLED if self.sampled else Coverage.FULL
        return Fingerprint(digest.hex(), coverage, METHOD, "; ".join(self.notes))

    @staticmethod
    def opaque(reason: str) -> Fingerprint:
        """The fingerprint of what cannot be hashed: it equals nothing, not even itself seen again."""
        return Fingerprint(secrets.token_hex(16), Coverage.OPAQUE, METHOD, reason[:200])
