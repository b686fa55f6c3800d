"""A large content cut into leaves: what each leaf's bytes are, and which memory they are read from.

A leaf is ``LEAF`` bytes of content. It need not lie in memory as such: every second value of a row, or values whose
masked places are set to nought, are copied leaf by leaf, so that no second copy of the whole is ever made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["LEAF", "TAG", "Leaves", "Span", "column_tags", "columns", "cut", "masked", "strided"]

LEAF = 1 << 20
TAG = 16
GROUP = 4
TILE = 4 << 20
PARALLEL = 16
"""From this many leaves on, several threads hash them: GHASH runs without the interpreter's lock."""

WORKERS = min(4, os.cpu_count() or 1)
_GHASH = AESGCM(bytes.fromhex("6361697262206e62636169726e207631"))
_NONCE = b"nbcairn-leaf"
_pools: dict[int, ThreadPoolExecutor] = {}


@dataclass(frozen=True, slots=True)
class Span:
    """Memory of ``size`` bytes from address ``start`` on.

    Leaf n rests on ``step`` bytes from ``n * step`` on; without a step every leaf rests on all of it.
    """

    start: int
    size: int
    step: int = 0


@dataclass(frozen=True, slots=True)
class Leaves:
    """A content of ``size`` bytes in ``count`` leaves.

    ``spans`` is all the memory that the content follows from, given ``layout`` (how it follows); without spans
    nothing is known about where it comes from. ``make`` gives
    the tags of leaves that are hashed in another way.
    """

    size: int
    count: int
    read: Callable[[int], Any] = field(compare=False)
    spans: tuple[Span, ...] = ()
    layout: str = ""
    make: Callable[[Sequence[int]], bytes] | None = field(default=None, compare=False)

    def tags(self, wanted: Sequence[int] | None = None) -> bytes:
        """The tags of these leaves (None: of all), one after another; by several threads where it pays."""
        numbers = range(self.count) if wanted is None else wanted
        return b"".join(_tags(self, numbers)) if self.make is None else self.make(numbers)


def cut(buffer: Any, address: int = 0) -> Leaves:
    """A contiguous buffer; ``address`` is where it lies if it is memory of the user's value and no copy."""
    view = memoryview(buffer)
    view = view.cast("B") if view.nbytes else memoryview(b"")
    size = view.nbytes
    spans = (Span(address, size, LEAF),) if address and size else ()
    return Leaves(size, -(-size // LEAF), lambda n: view[n * LEAF : (n + 1) * LEAF], spans)


def strided(column: Any) -> Leaves:
    """The values of a one-dimensional numpy array that lie apart, in order."""
    import numpy as np

    rows, width, stride = LEAF // column.itemsize, column.itemsize, column.strides[0]
    count = -(-len(column) // rows)

    def read(leaf: int) -> Any:
        part = np.ascontiguousarray(column[leaf * rows : (leaf + 1) * rows])
        return part.view(np.uint8)

    if stride <= 0:
        return Leaves(column.nbytes, count, read)
    size = (len(column) - 1) * stride + width
    span = Span(column.__array_interface__["data"][0], size, rows * stride)
    return Leaves(column.nbytes, count, read, (span,), f"every {stride} bytes, {width} of them")


def masked(data: Any, mask: Any) -> Leaves:
    """The values of a one-dimensional contiguous numpy array, nought where the mask says so."""
    import numpy as np

    rows, width = LEAF // data.itemsize, data.itemsize

    def read(leaf: int) -> Any:
        part = data[leaf * rows : (leaf + 1) * rows].copy()
        part[mask[leaf * rows : (leaf + 1) * rows]] = np.zeros((), data.dtype)
        return part.view(np.uint8)

    spans = tuple(Span(part.__array_interface__["data"][0], part.nbytes, rows * part.itemsize) for part in (data, mask))
    return Leaves(data.nbytes, -(-len(data) // rows), read, spans, f"{width} bytes under a mask")


def columns(block: Any) -> Leaves:
    """Columns of a table, the rows of a two-dimensional numpy array of any layout; each is one leaf of at most ``LEAF`` bytes."""
    count, size = len(block), block.nbytes // len(block)
    tile = max(1, TILE // max(1, size))

    def tags(wanted: Sequence[int]) -> bytes:
        return column_tags(block[wanted.start : wanted.stop] if isinstance(wanted, range) else block[wanted])

    def make(wanted: Sequence[int]) -> bytes:
        tiles = [wanted[start : start + tile] for start in range(0, len(wanted), tile)]
        return b"".join(_spread(tags, tiles, len(wanted) * size >= PARALLEL * LEAF))

    spans: tuple[Span, ...] = ()
    if size and (block.flags.c_contiguous or block.flags.f_contiguous):
        step = size if block.flags.c_contiguous else 0
        spans = (Span(block.__array_interface__["data"][0], block.nbytes, step),)
    return Leaves(block.nbytes, count, block.__getitem__, spans, f"columns:{block.strides}", make)


def column_tags(block: Any) -> bytes:
    """The tag of each column of a block, one after another."""
    import numpy as np

    if not block.nbytes:
        return _GHASH.encrypt(_NONCE, b"", b"") * len(block)
    return b"".join([_GHASH.encrypt(_NONCE, b"", column) for column in np.ascontiguousarray(block).view(np.uint8)])


def _tags(leaves: Leaves, wanted: Sequence[int]) -> Iterable[bytes]:
    def group(numbers: Sequence[int]) -> bytes:
        return b"".join([_GHASH.encrypt(_NONCE, b"", leaves.read(n)) for n in numbers])

    groups = [wanted[start : start + GROUP] for start in range(0, len(wanted), GROUP)]
    return _spread(group, groups, len(wanted) >= PARALLEL)


def _spread(work: Callable[[Sequence[int]], bytes], groups: list[Sequence[int]], parallel: bool) -> Iterable[bytes]:
    """What ``work`` gives for each group, by several threads where it pays."""
    if not parallel or WORKERS < 2:
        return map(work, groups)
    try:
        return list(_pool().map(work, groups))
    except RuntimeError:  # the interpreter is shutting down and starts no more threads
        return map(work, groups)


def _pool() -> ThreadPoolExecutor:
    """The threads of this process; a forked child has none of its parent's."""
    pool = _pools.get(os.getpid())
    if pool is None:
        pool = _pools[os.getpid()] = ThreadPoolExecutor(WORKERS, "nbcairn-hash")
    return pool
