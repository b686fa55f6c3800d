"""What one family of types tells the walk about its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbcairn.fingerprint.digest import Digest
    from nbcairn.fingerprint.walk import Walk

__all__ = ["WIDE", "Family", "Opaque"]

WIDE = 64
"""Values with more parts than this are not taken apart many at once: one by one costs little more, and one that is met
many times is walked once. A rule on content: whether equal parts are one object or several must not count.
"""


class Opaque(Exception):  # noqa: N818 - control flow, not an error
    """A part of the value cannot be hashed; the message says why."""


class Family:
    """How one family of types is hashed.

    ``add`` adds a value's content to a digest. ``nested``: its values have parts, so that they can contain
    themselves and be met again. Two ways make long lists of one type quick: ``flat`` gives for a value without parts
    plain data (builtin scalars and tuples of them) that says everything; ``spread`` takes many values apart at once,
    adds how they are cut, and returns the lists of their parts, or None where it cannot. ``ends``: there are no such parts.
    ``lasts`` says of a value that it counts by its name alone and cannot change: what it adds is remembered.
    """

    __slots__ = ("add", "ends", "flat", "lasts", "nested", "spread")

    def __init__(
        self,
        add: Callable[[Walk, Digest, Any], None],
        *,
        nested: bool = True,
        flat: Callable[[Walk, Any], object] | None = None,
        spread: Callable[[Walk, Digest, list[Any]], list[list[Any]] | None] | None = None,
        ends: bool = False,
        lasts: Callable[[Any], bool] | None = None,
    ) -> None:
        self.add = add
        self.nested = nested
        self.flat = flat
        self.spread = spread
        self.ends = ends
        self.lasts = lasts
