"""Tags of leaves that need no second look, because the system proves that their memory was not written.

Soundness rests on the pages alone, not on who owns them: a range of addresses whose pages are private, present and
unwritten since before they were last hashed holds the same bytes, whatever object lies there now. Memory that was given
back and mapped anew is no longer watched and is hashed again. Bytes outside whole pages are kept and compared.
Contents can overlap: pages are armed anew only after every other content on them was told what had changed.

The user pays for it with one page fault for the first write to each armed page. So memory that was mostly rewritten
when we come back is armed again only after it was once found unchanged.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from threading import RLock

from nbcairn.fingerprint.leaves import TAG, Leaves, Span
from nbcairn.fingerprint.pages import PAGE, Pages, Ranges, unwritten_support

__all__ = ["LEAST", "Memory"]

LEAST = 256 << 10
"""Smaller contents are hashed in less time than asking takes."""

MOST = 4096
MOSTLY = 0.5
_AREA = 4 << 20

_Key = tuple[tuple[Span, ...], str]


class _State(Enum):
    """Whether written pages are armed again: yes; not while the content keeps changing; from the next time on."""

    ARMED = 1
    RESTING = 2
    READY = 3


@dataclass(slots=True)
class _Known:
    """What is known of one content: its tags, the bytes outside whole pages, and which leaves others saw change."""

    tags: bytearray
    edges: list[bytes]
    changed: set[int] = field(default_factory=set)
    state: _State = _State.ARMED


class Memory:
    """The memory of this process's values. One for all fingerprints of a kernel; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._process = os.getpid()
        self._known: dict[_Key, _Known] = {}
        self._areas: dict[int, set[_Key]] = {}
        self._pages: Pages | None = None
        self._refused = False

    def tags(self, leaves: Leaves) -> bytes:
        """The tags of all leaves; only those whose memory may have been written are hashed again."""
        if not leaves.spans or sum(span.size for span in leaves.spans) < LEAST:
            return leaves.tags()
        if self._process != os.getpid():
            self.__init__()  # type: ignore[misc]  # a forked child has neither its parent's marks nor its locks
        with self._lock:
            pages = self._opened()
            return leaves.tags() if pages is None else self._watched(pages, leaves)

    def kept(self, spans: tuple[Span, ...], layout: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives (16 bytes), which follows from this memory alone; not made again if it is unwritten."""
        return self.tags(Leaves(0, 1, lambda _: b"", spans, layout, lambda _: make()))

    def close(self) -> None:
        """Forget everything and stop watching; the next look begins anew."""
        with self._lock:
            pages, self._pages = self._pages, None
            self._known.clear()
            self._areas.clear()
            if pages is not None:
                pages.close()

    def _opened(self) -> Pages | None:
        if self._pages is None and not self._refused:
            try:
                self._pages = Pages() if unwritten_support()[0] else None
            except OSError:
                self._pages = None
            self._refused = self._pages is None
        return self._pages

    # ------------------------------------------------------------------ one content

    def _watched(self, pages: Pages, leaves: Leaves) -> bytes:
        key = (leaves.spans, leaves.layout)
        known = self._known.pop(key, None)
        if known is not None:
            self._known[key] = known
            try:
                return self._again(pages, key, known, leaves)
            except OSError:  # this memory was given back, and is other memory now
                self._forget(key)
        try:
            return self._first(pages, key, leaves)
        except OSError:
            self._forget(key)
            return leaves.tags()

    def _first(self, pages: Pages, key: _Key, leaves: Leaves) -> bytes:
        whole = [(start, stop) for start, stop in map(_whole, leaves.spans) if start < stop]
        if not all(pages.watch(start, stop) for start, stop in whole):
            return leaves.tags()
        for start, stop in whole:
            self._arm(pages, pages.written(start, stop), key)
        edges = _edges(leaves.spans)
        tags = leaves.tags()
        self._known[key] = _Known(bytearray(tags), edges)
        for area in _areas(leaves.spans):
            self._areas.setdefault(area, set()).add(key)
        if len(self._known) > MOST:
            self._forget(next(iter(self._known)))
        return tags

    def _again(self, pages: Pages, key: _Key, known: _Known, leaves: Leaves) -> bytes:
        written = [(start, stop) for span in leaves.spans for start, stop in _written(pages, span)]
        edges = _edges(leaves.spans)
        for part in written + _differing(leaves.spans, known.edges, edges):
            known.changed |= _touched(leaves, part)
        if known.changed:
            self._decide(pages, key, known, written)
            self._refresh(known, leaves)
            known.edges = edges
            known.changed.clear()
        return bytes(known.tags)

    def _decide(self, pages: Pages, key: _Key, known: _Known, written: Ranges) -> None:
        """Arm the written pages, unless they are most of it: the next write would pay for nothing."""
        amount = sum(stop - start for start, stop in written)
        if known.state is _State.ARMED and amount > MOSTLY * sum(span.size for span in key[0]):
            known.state = _State.RESTING
        elif known.state is _State.READY:
            known.state = _State.ARMED
        if known.state is _State.ARMED:
            self._arm(pages, written, key)

    @staticmethod
    def _refresh(known: _Known, leaves: Leaves) -> None:
        before, changed = bytes(known.tags), sorted(known.changed)
        fresh = leaves.tags(changed)
        for place, leaf in enumerate(changed):
            known.tags[leaf * TAG : (leaf + 1) * TAG] = fresh[place * TAG : (place + 1) * TAG]
        if known.state is _State.RESTING and known.tags == before:
            known.state = _State.READY

    def _arm(self, pages: Pages, ranges: Ranges, key: _Key) -> None:
        """Tell every other content on these pages, then arm them."""
        for start, stop in ranges:
            for other in {other for area in _area(start, stop) for other in self._areas.get(area, ())} - {key}:
                self._known[other].changed |= _touched_in(other[0], len(self._known[other].tags) // TAG, (start, stop))
        pages.arm(ranges)

    def _forget(self, key: _Key) -> None:
        if self._known.pop(key, None) is not None:
            for area in _areas(key[0]):
                self._areas.get(area, set()).discard(key)


# --------------------------------------------------------------------------- addresses


def _whole(span: Span) -> tuple[int, int]:
    """The whole pages within a span."""
    return -(-span.start // PAGE) * PAGE, (span.start + span.size) // PAGE * PAGE


def _written(pages: Pages, span: Span) -> Ranges:
    start, stop = _whole(span)
    return pages.written(start, stop) if start < stop else []


def _edge_ranges(span: Span) -> Ranges:
    """The bytes of a span before its first and after its last whole page."""
    start, stop = _whole(span)
    end = span.start + span.size
    return [(span.start, start), (stop, end)] if start < stop else [(span.start, end)]


def _edges(spans: Sequence[Span]) -> list[bytes]:
    ranges = [part for span in spans for part in _edge_ranges(span)]
    return [ctypes.string_at(start, stop - start) for start, stop in ranges]


def _differing(spans: Sequence[Span], old: list[bytes], new: list[bytes]) -> Ranges:
    if old == new:
        return []
    ranges = [part for span in spans for part in _edge_ranges(span)]
    return [part for part, before, after in zip(ranges, old, new, strict=True) if before != after]


def _touched(leaves: Leaves, part: tuple[int, int]) -> set[int]:
    return _touched_in(leaves.spans, leaves.count, part)


def _touched_in(spans: Sequence[Span], count: int, part: tuple[int, int]) -> set[int]:
    """The leaves that rest on a range of addresses."""
    found: set[int] = set()
    for span in spans:
        start, stop = max(part[0], span.start), min(part[1], span.start + span.size)
        if start < stop and not span.step:
            return set(range(count))
        if start < stop:
            last = min((stop - 1 - span.start) // span.step, count - 1)
            found.update(range(min((start - span.start) // span.step, count - 1), last + 1))
    return found


def _area(start: int, stop: int) -> range:
    return range(start // _AREA, (stop - 1) // _AREA + 1)


def _areas(spans: Sequence[Span]) -> set[int]:
    return {area for span in spans for area in _area(span.start, span.start + span.size)}
