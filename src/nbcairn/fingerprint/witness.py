"""Whether a value is as it was when it was looked at: seen without hashing it again.

A witness knows of each mutable part of a value a glance (``readings.py``): facts and the identities of what it holds.
It begins at the value and compares part by part; where all facts and identities are as they were, so is all that the
fingerprint and the reach of the value follow from. Parts are never kept alive for it: another part that came to lie at
the address of one that is gone is compared like any other, and is as good if it holds the same. Only values that cannot
change (numbers, short texts, what belongs to a library) are kept, so that no other can take their place. Of what offers
no glance the fingerprint itself is taken again, and what it reaches now counts beside what it reached before.

The answer "no" says nothing: the value has to be looked at.
"""

from __future__ import annotations

import datetime
import decimal
import sys
from dataclasses import dataclass, field
from functools import cache
from types import CodeType, MethodType
from typing import Any

from nbcairn.fingerprint.code import is_lasting
from nbcairn.fingerprint.objects import has_visible_parts, parts_of
from nbcairn.fingerprint.readings import Glance, Reading, reading_of
from nbcairn.fingerprint.registry import Fingerprinter, is_any_object
from nbcairn.fingerprint.walk import Opaque, Parts
from nbcairn.model import Coverage

__all__ = ["Witness"]

MOST = 20_000
"""A value with more parts than this has no witness: it would take more memory than it is worth."""
_SHORT = 256
_SIMPLE = frozenset(
    {
        type(None), type(...), type(NotImplemented), bool, int, float, complex, CodeType, range, datetime.date,
        datetime.timedelta, decimal.Decimal,
    }
)  # fmt: skip
_NUMPY = frozenset(
    {
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "longlong", "ulonglong",
        "float16", "float32", "float64", "complex64", "complex128", "datetime64", "timedelta64", "ufunc",
    }
)  # fmt: skip
_CHANGING = frozenset({list, dict, set, tuple, frozenset, MethodType})


@dataclass(frozen=True, slots=True)
class _Part:
    """What one part was at a glance; ``inner`` are the places of those parts of it that can change."""

    kind: type
    read: Reading
    facts: object
    held: list[int]
    inner: tuple[int, ...]


@dataclass(slots=True)
class _Again:
    """What the parts that are fingerprinted again have in common: what one found others are spared, and what they reach."""

    parts: Parts = field(default_factory=Parts)
    reached: set[int] = field(default_factory=set)


class Witness:
    """What a value was made of. ``holds`` says whether it still is."""

    __slots__ = ("_again", "_kept", "_parts")

    def __init__(self, parts: dict[int, _Part], kept: list[Any], again: _Again) -> None:
        self._parts = parts
        self._kept = kept
        self._again = again

    @classmethod
    def of(cls, value: object, fingerprinter: Fingerprinter) -> Witness | None:
        """The witness of a value that was just looked at; None where it has none."""
        try:
            found = _Making(fingerprinter).witness(value)
            # What was made for the asking is gone by now, and found out.
            return found if found is not None and found.holds(value) else None
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001 - an object's own code may raise anything
            return None

    def holds(self, value: object) -> bool:
        """True only if the value's fingerprint would come out the same, and it reaches what it did and what is in ``reached``."""
        self._again.reached.clear()
        try:
            return self._compare(value)
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001 - an object's own code may raise anything
            return False
        finally:
            self._again.parts = Parts()

    @property
    def reached(self) -> frozenset[int]:
        """What parts that offer no glance reached when they were last looked at."""
        return frozenset(self._again.reached)

    def _compare(self, value: object) -> bool:
        parts, seen, todo = self._parts, set(), [value]
        while todo:
            one = todo.pop()
            identity = id(one)
            if identity in seen:
                continue
            seen.add(identity)
            part = parts.get(identity)
            if part is None or type(one) is not part.kind:
                return False
            facts, held = part.read(one)
            if list(map(id, held)) != part.held or facts != part.facts:
                return False
            todo += [held[place] for place in part.inner]
        return True


class _Making:
    """A witness in the making; until it is made all that was seen is kept alive."""

    def __init__(self, fingerprinter: Fingerprinter) -> None:
        self._fingerprinter = fingerprinter
        self._parts: dict[int, _Part] = {}
        self._kept: dict[int, Any] = {}
        self._alive: list[Any] = []
        self._again = _Again()
        self._count = 0

    def witness(self, value: object) -> Witness | None:
        todo = [value]
        while todo:
            one = todo.pop()
            if id(one) in self._parts:
                continue
            found = self._part(one)
            if found is None:
                return None
            todo += found
        return Witness(self._parts, list(self._kept.values()), self._again)

    def _part(self, one: Any) -> list[Any] | None:
        """Note one part; those of its parts that can change, or None where there are too many."""
        read = self._reading(one)
        facts, held = read(one)
        self._count += len(held) + 1
        if self._count > MOST:
            return None
        self._alive.append(held)
        inner = tuple([place for place, part in enumerate(held) if not self._keeps(part)])
        self._parts[id(one)] = _Part(type(one), read, facts, list(map(id, held)), inner)
        return [held[place] for place in inner]

    def _reading(self, one: Any) -> Reading:
        read = reading_of(one)
        if read is None and is_any_object(type(one)) and has_visible_parts(type(one)):
            return _object
        return self._look_again() if read is None else read

    def _look_again(self) -> Reading:
        """By its fingerprint. What it reaches is noted: a part made in C may show what is made for the asking."""
        fingerprinter, again = self._fingerprinter, self._again

        def read(value: Any) -> Glance:
            print_, touched = fingerprinter.look(value, again.parts)
            if print_.coverage is not Coverage.FULL:
                raise Opaque(print_.note)
            again.reached |= touched
            return print_.digest, []

        return read

    def _keeps(self, part: Any) -> bool:
        """True for what cannot change, which is kept from now on."""
        identity = id(part)
        if identity in self._kept:
            return True
        if identity in self._parts or not _is_constant(part):
            return False
        self._kept[identity] = part
        return True


def _is_constant(part: Any) -> bool:
    kind = type(part)
    if kind in _SIMPLE:
        return True
    if kind is str or kind is bytes:
        return len(part) <= _SHORT
    return kind not in _CHANGING and (_is_numpys(kind) or is_lasting(part) or _is_plain_dtype(part))


def _object(value: Any) -> Glance:
    return None, parts_of(value)


@cache
def _numpys() -> frozenset[type]:
    import numpy as np

    dispatched = type(np.concatenate)  # functions of numpy that others may answer
    return frozenset({dispatched, *(found for name in _NUMPY if isinstance(found := getattr(np, name, None), type))})


def _is_numpys(kind: type) -> bool:
    return kind.__module__ == "numpy" and "numpy" in sys.modules and kind in _numpys()


def _is_plain_dtype(part: Any) -> bool:
    if "numpy" not in sys.modules:
        return False
    import numpy as np

    return isinstance(part, np.dtype) and part.names is None and part.subdtype is None
