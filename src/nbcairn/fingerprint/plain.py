"""Plain values: builtin scalars and containers of them, nested to any depth, hashed as one buffer.

The buffer is Python's own marshal format of version 2: it has neither back references nor interning flags, so
that equal values give equal bytes, and it writes sets in sorted order. It would also take things that are not
plain (any object with a buffer, code), so every type is looked at first, level by level, at C speed.
"""

from __future__ import annotations

import marshal
from itertools import chain
from typing import Any

__all__ = ["CONTAINERS", "SCALARS", "TooLarge", "dump", "plain_bytes"]

VERSION = 2
MAX_DEPTH = 200
MAX_VISITS = 5_000_000
MAX_VISITS_DEEP = 200_000
DEEP = 10
MAX_REPEATS = 50
"""So many containers may be met, and so many deep down, if they are mostly the same few ones again and again."""

SCALARS = frozenset({type(None), bool, int, float, complex, str, bytes})
CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_MUTABLE = frozenset({list, dict, set})
_PLAIN = SCALARS | CONTAINERS


class TooLarge(Exception):  # noqa: N818 - control flow, not an error
    """A nested value has more parts than are looked at."""


def dump(value: object) -> bytes:
    """The bytes of a value that is known to be plain."""
    return marshal.dumps(value, VERSION)  # type: ignore[arg-type]


def plain_bytes(value: Any) -> tuple[bytes | None, set[int]]:
    """The bytes of a builtin container if it is plain all through, and which parts of it can change in place.

    None when it is not plain, too deep, or refers to itself. Raises TooLarge when parts are used again and again in
    each other, so that there are exponentially many ways to them.
    """
    found: set[int] = set()
    level: list[Any] = [value]
    met, visits = {id(value)}, 1
    for depth in range(MAX_DEPTH):
        kinds = set(map(type, level))
        if not kinds <= _PLAIN:
            return None, found
        if not kinds & CONTAINERS:
            return dump(value), found
        if kinds & _MUTABLE:
            found.update([id(part) for part in level if type(part) in _MUTABLE])
        holders = level if kinds <= CONTAINERS else [part for part in level if type(part) in CONTAINERS]
        visits += len(holders)
        met.update(map(id, holders))
        if visits > (MAX_VISITS_DEEP if depth > DEEP else MAX_VISITS) and visits > MAX_REPEATS * len(met):
            raise TooLarge
        level = _inside(holders, kinds)
    return None, found


def _inside(holders: list[Any], kinds: set[type]) -> list[Any]:
    """What the containers of one level hold."""
    if dict not in kinds:
        return list(chain.from_iterable(holders))
    maps = [part for part in holders if type(part) is dict]
    rest = [part for part in holders if type(part) is not dict]
    values = chain.from_iterable(map(dict.values, maps))
    return list(chain(chain.from_iterable(maps), values, chain.from_iterable(rest)))
