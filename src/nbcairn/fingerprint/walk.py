"""The walk over a value: each family of types adds its content to a digest; what it cannot hash it says.

``Walk`` carries what one fingerprint needs: the objects that are not finished (for cycles), the digests of what may be
met again, the budget, and the reasons why a part was sampled or opaque. Families are chosen by type.

An object that refers to nothing that is unfinished is hashed once in a walk, however often it is met; whether equal
parts are one object or several does not count. A reference back to an unfinished object counts by how long ago that
object was begun, so that equal cycles are equal.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbcairn.fingerprint.digest import METHOD, Digest
from nbcairn.fingerprint.family import Family, Opaque
from nbcairn.fingerprint.leaves import Leaves, Span
from nbcairn.fingerprint.memory import Memory
from nbcairn.fingerprint.plain import CONTAINERS, SCALARS, TooLarge, dump, plain_bytes
from nbcairn.model import Coverage, Fingerprint, Layout

__all__ = ["FOREIGN", "Family", "Opaque", "Part", "Parts", "Walk"]

MAX_DEPTH = 250
MAX_SPREAD = 3
MAX_WORK = 6_000_000
FOREIGN = 0
"""Stands among the identities of what a value reaches for memory of which nobody can tell whose it is."""

OBJECT = 40
"""What one object that is walked on its own counts as work; an item of a long list counts one (about 0.3 us)."""

MOST_LASTING = 10_000

STRETCH = 20_000
"""So much work is done from one look at the clock to the next: some 5 ms."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a finished walk found of a value, for walks over values that hold it.

    ``work`` and ``depth`` are what it took and how deep it went: limits are reached with it as without it.
    """

    value: object
    found: str
    touched: frozenset[int]
    work: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Lasting:
    """What a value that cannot change adds to a digest; it is kept alive, so that no other can take its place."""

    value: object
    added: tuple[bytes, ...]
    work: int


_lasting: dict[int, _Lasting] = {}


class Parts(dict[int, Part]):
    """What walks found as long as nothing can change: of whole values, by identity; ``drawn`` is for artists that are
    parts of a figure and values of their own.
    """

    __slots__ = ("drawn",)

    def __init__(self, found: Mapping[int, Part] | None = None) -> None:
        super().__init__(found or {})
        self.drawn: dict[object, Any] = {}


class Walk:
    """One fingerprint in the making; ``layout`` is what it finds of a table, column by column.

    ``parts`` are values, by identity, that were walked since anything could change; ``ends`` is the moment (of
    ``time.monotonic``) when there is no more time.
    """

    __slots__ = (
        "_cyclic", "_deepest", "_depth", "_find", "_lowest", "_memo", "_open", "_parts", "_pause", "_spread", "_work",
        "drawn", "ends", "layout", "max_bytes", "memory", "notes", "sampled", "touched",
    )  # fmt: skip

    def __init__(
        self,
        find: Callable[[type], Family],
        max_bytes: int | None = None,
        memory: Memory | None = None,
        parts: Parts | None = None,
        ends: float | None = None,
    ) -> None:
        self._find = find
        self._parts = {} if parts is None else parts
        self.drawn = {} if parts is None else parts.drawn
        self._open: dict[int, tuple[int, object]] = {}
        self._memo: dict[int, tuple[object, str]] = {}
        self._cyclic = False
        self.ends = ends
        self._pause = MAX_WORK if ends is None else 0
        self._lowest = self._depth = self._deepest = self._spread = self._work = 0
        self.max_bytes = max_bytes
        self.memory = memory
        self.layout: Layout | None = None
        self.sampled = False
        self.notes: list[str] = []
        self.touched: set[int] = set()

    def add(self, digest: Digest, value: object) -> None:
        """Add a value to a digest: its family's tag and content, or a reference back when it is unfinished."""
        lasting = _lasting.get(id(value))
        if lasting is not None:
            self.work(lasting.work)
            digest.again(lasting.added)
            return
        family = self._find(type(value))
        if family.lasts is not None and family.lasts(value):
            self._remember(digest, value, family)
            return
        if not family.nested:
            self.work(1)
            family.add(self, digest, value)
            return
        known = self._memo.get(id(value))
        if known is not None:
            digest.found(known[1])
            return
        begun = self._open.get(id(value))
        if begun is not None:
            self._cyclic = True
            self._lowest = min(self._lowest, begun[0])
            digest.text(f"back:{len(self._open) - begun[0]}")
            return
        part = self._parts.get(id(value))
        digest.found(self._whole(value, family) if part is None else self._again(part))

    def _remember(self, digest: Digest, value: object, family: Family) -> None:
        """Add what lasts as long as its library does, and remember what it adds."""
        before = self._work
        own = digest.apart()
        if family.nested:
            own.found(self._whole(value, family))
        else:
            self.work(1)
            family.add(self, own, value)
        added = own.added()
        digest.again(added)
        if len(_lasting) < MOST_LASTING:
            _lasting[id(value)] = _Lasting(value, added, self._work - before)

    @property
    def is_whole(self) -> bool:
        """True while the value that the walk began with is taken apart itself, and not a part of it."""
        return self._depth == 1

    def _again(self, part: Part) -> str:
        """The digest of a value that was walked before."""
        self.work(part.work)
        self._go_down(part.depth)
        self.touched |= part.touched
        self._memo[id(part.value)] = (part.value, part.found)
        return part.found

    def _go_down(self, levels: int) -> None:
        """Note how deep the value is nested. Raises Opaque when that is too deep."""
        self._deepest = max(self._deepest, self._depth + levels)
        if self._deepest > MAX_DEPTH:
            raise Opaque(f"it is nested more than {MAX_DEPTH} levels deep")

    def part(self, value: object) -> Part | None:
        """What this walk, which is finished, found of the value that it began with.

        None where that is not all of it, and where it holds something that holds itself: as a part of that, it would be
        told by a reference back.
        """
        known = self._memo.get(id(value))
        if known is None or self.sampled or self._cyclic:
            return None
        return Part(value, known[1], frozenset(self.touched), self._work, self._deepest)

    def _whole(self, value: object, family: Family) -> str:
        """The digest of a value with parts, remembered if it refers to nothing unfinished but itself."""
        self.work(OBJECT)
        self._go_down(1)
        number, above, spread = len(self._open), self._lowest, self._spread
        self._open[id(value)] = (number, value)
        self._lowest, self._spread = number, 0
        self._depth += 1
        own = Digest("whole")
        family.add(self, own, value)
        self._depth -= 1
        self._spread = spread
        found = own.hex()
        if self._lowest >= number:
            while len(self._open) > number:
                self._open.popitem()
            self._memo[id(value)] = (value, found)
        self._lowest = min(self._lowest, above)
        return found

    def work(self, amount: int) -> None:
        """Note work done. Raises Opaque when it is more than a cell should wait for."""
        self._work += amount
        if self._work > self._pause:
            self._ask_the_clock()

    def _ask_the_clock(self) -> None:
        if self._work > MAX_WORK:
            raise Opaque("it holds more objects than can be looked at after each cell")
        if self.ends is not None and time.monotonic() > self.ends:
            raise Opaque("there was no time to look at all of it")
        self._pause = min(MAX_WORK, self._work + STRETCH)

    def plain(self, digest: Digest, value: object, *, own: bool = False) -> bool:
        """Add a builtin container as one buffer if it is plain all through; False when it is not.

        ``own`` says that the container was made for this purpose and is no part of the user's value.
        """
        try:
            content, found = plain_bytes(value)
        except TooLarge:
            raise Opaque("its parts hold one another so often that reading it would never end") from None
        if content is None:
            self.work(len(found))
            return False
        if own:
            found.discard(id(value))
        self.touched |= found
        digest.text("plain")
        digest.buffer(content)
        return True

    def made(self, digest: Digest, value: object) -> None:
        """Add a value that was made for this purpose, all through: that it can be changed is nothing to the user's."""
        noted, self.touched = self.touched, set()
        try:
            self.add(digest, value)
        finally:
            self.touched = noted

    def items(self, digest: Digest, values: list[Any]) -> None:
        """Add the items of a list that was made for this purpose, in order: where each kind stands, then kind by kind."""
        kinds = dict.fromkeys(map(type, values))
        if kinds.keys() <= SCALARS | CONTAINERS and self.plain(digest, values, own=True):
            return
        self.work(len(values))
        groups: dict[type, list[Any]] = {kind: [] for kind in kinds if kind not in SCALARS}
        places = {kind: (number,) for number, kind in enumerate(groups)}
        digest.text(f"{len(values)} items")
        if len(kinds) > 1:
            digest.buffer(dump([places.get(type(value), value) for value in values]))
        for value in values:
            if type(value) in groups:
                groups[type(value)].append(value)
        for kind, group in groups.items():
            self._alike(digest, kind, group)

    def _alike(self, digest: Digest, kind: type, group: list[Any]) -> None:
        """Add values of one type, in order."""
        family = self._find(kind)
        digest.text(f"{len(group)} {kind.__module__}.{kind.__qualname__}")
        if len(group) > 1 and family.flat is not None:
            digest.buffer(dump([family.flat(self, value) for value in group]))
            return
        if len(group) > 1 and family.spread is not None and (family.ends or self._spread < MAX_SPREAD):
            parts = family.spread(self, digest, group)
            if parts is not None:
                self._spread += 1
                for part in parts:
                    self.items(digest, part)
                self._spread -= 1
                return
        for value in group:
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

    def unordered(self, digest: Digest, values: list[Any]) -> None:
        """Add items whose order does not count."""
        kinds = set(map(type, values))
        flats = {kind: self._find(kind).flat for kind in kinds - SCALARS}
        if all(flats.values()):
            shown = [self._shown(value, flats.get(type(value))) for value in values]
            self.work(len(shown))
            digest.buffer(dump(sorted(shown)))
            return
        digest.texts(sorted([self._child(value) for value in values]))

    def _shown(self, value: Any, flat: Callable[[Walk, Any], object] | None) -> bytes:
        if flat is None:
            return dump(value)
        return dump((f"{type(value).__module__}.{type(value).__qualname__}", flat(self, value)))

    def _child(self, value: object) -> str:
        """The digest of a value on its own: what was begun before it by chance of order does not count."""
        digest, begun = Digest("child"), len(self._open)
        self.add(digest, value)
        while len(self._open) > begun:
            self._open.popitem()
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
