"""Python's own values: scalars, strings, containers, dates.

Decided meanings: ``True``, ``1`` and ``1.0`` differ (the type counts); ``0.0`` and ``-0.0`` differ; a NaN counts by
its bits; ``None``, NaN and NaT differ; a dict's order counts, a set's does not; an object used twice and two equal
objects are the same content; a subclass of a builtin is an object of its own.
"""

from __future__ import annotations

import re
import struct
import sys
from itertools import chain
from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.family import WIDE
from nbcairn.fingerprint.plain import dump
from nbcairn.fingerprint.walk import Family, Walk
from nbcairn.model import KEYS, Layout

__all__ = ["EXACT"]

_NUMBER = struct.Struct("<d")


def _nothing(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(repr(value))


def _integer(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("int")
    digest.raw(int.to_bytes(value, (value.bit_length() + 8) // 8, "little", signed=True))


def _float(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("float")
    digest.raw(_NUMBER.pack(value))


def _complex(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("complex")
    digest.raw(_NUMBER.pack(value.real) + _NUMBER.pack(value.imag))


def _text(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("str")
    digest.buffer(value.encode("utf-8", "surrogatepass"))


def _bytes(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(type(value).__name__)
    if isinstance(value, bytearray):
        walk.mutable(value)
    digest.buffer(value)


def _memoryview(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"memoryview:{value.format}:{value.shape}")
    walk.mutable(value, value.obj)
    digest.buffer(value.tobytes())


def _sequence(walk: Walk, digest: Digest, value: Any) -> None:
    if walk.plain(digest, value):
        return
    digest.text(f"{type(value).__name__}:{len(value)}")
    if type(value) is list:
        walk.mutable(value)
    walk.items(digest, list(value))


def _sequences(walk: Walk, digest: Digest, group: list[Any]) -> list[list[Any]] | None:
    if _are_long(group):
        return None
    if type(group[0]) is list:
        walk.mutable(*group)
    digest.buffer(dump(list(map(len, group))))
    return [list(chain.from_iterable(group))]


def _are_long(group: list[Any]) -> bool:
    """True where taking containers apart together gains nothing, and costs much if one of them is met many times."""
    return sum(map(len, group)) > WIDE * len(group)


_MOST_KEYS = 1000


def _dict(walk: Walk, digest: Digest, value: Any) -> None:
    if value is getattr(sys.modules.get("__main__"), "__dict__", None):
        digest.text("the namespace")  # each of its names is tracked on its own
        walk.mutable(value)
        return
    if walk.is_whole and 0 < len(value) <= _MOST_KEYS and all(type(key) is str for key in value):
        keys = Digest("keys")
        keys.buffer(dump(list(value)))
        walk.layout = Layout(f"{KEYS}{keys.hex()}", {})
    if walk.plain(digest, value):
        return
    digest.text(f"dict:{len(value)}")
    walk.mutable(value)
    walk.items(digest, list(value))
    walk.items(digest, list(dict.values(value)))


def _dicts(walk: Walk, digest: Digest, group: list[Any]) -> list[list[Any]] | None:
    if _are_long(group):
        return None
    walk.mutable(*group)
    digest.buffer(dump(list(map(len, group))))
    return [list(chain.from_iterable(group)), list(chain.from_iterable(map(dict.values, group)))]


def _set(walk: Walk, digest: Digest, value: Any) -> None:
    if walk.plain(digest, value):
        return
    digest.text(f"{type(value).__name__}:{len(value)}")
    if type(value) is set:
        walk.mutable(value)
    walk.unordered(digest, list(value))


def _range(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"range:{value.start}:{value.stop}:{value.step}")


def _slice(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("slice")
    for part in (value.start, value.stop, value.step):
        walk.add(digest, part)


def _shown(_: Walk, digest: Digest, value: Any) -> None:
    """Immutable values whose repr says everything (dates, decimals, fractions, paths)."""
    kind = type(value)
    digest.text(f"{kind.__module__}.{kind.__qualname__}")
    digest.text(repr(value))


def _moment(walk: Walk, digest: Digest, value: Any) -> None:
    """Dates with times: the fields, the fold, and the time zone as a value of its own."""
    digest.text(f"{type(value).__name__}:{value.replace(tzinfo=None)!r}")
    walk.add(digest, value.tzinfo)


def _moments(_: Walk, digest: Digest, group: list[Any]) -> list[list[Any]]:
    digest.buffer(dump([repr(value.replace(tzinfo=None)) for value in group]))
    return [[value.tzinfo for value in group]]


def _pattern(walk: Walk, digest: Digest, value: re.Pattern[Any]) -> None:
    """Not by its repr, which cuts long patterns."""
    digest.text(f"re.Pattern:{value.flags}")
    walk.add(digest, value.pattern)


def _match(walk: Walk, digest: Digest, value: re.Match[Any]) -> None:
    """By what was searched in what, and where each group was found."""
    digest.text(f"re.Match:{value.pos}:{value.endpos}:{value.regs}")
    walk.add(digest, value.re)
    walk.add(digest, value.string)


_PLAIN = Family(_nothing, nested=False)
_SHOWN = Family(_shown, nested=False, flat=lambda _, value: repr(value))
_MOMENT = Family(_moment, spread=_moments)
_SEQUENCE = Family(_sequence, spread=_sequences)

EXACT: dict[str, Family] = {
    **dict.fromkeys(("builtins.NoneType", "builtins.bool", "builtins.ellipsis"), _PLAIN),
    "builtins.NotImplementedType": _PLAIN,
    "builtins.int": Family(_integer, nested=False),
    "builtins.float": Family(_float, nested=False),
    "builtins.complex": Family(_complex, nested=False),
    "builtins.str": Family(_text, nested=False),
    "builtins.bytes": Family(_bytes, nested=False),
    "builtins.bytearray": Family(_bytes, nested=False),
    "builtins.memoryview": Family(_memoryview, nested=False),
    "builtins.list": _SEQUENCE,
    "builtins.tuple": _SEQUENCE,
    "builtins.dict": Family(_dict, spread=_dicts),
    "builtins.set": Family(_set),
    "builtins.frozenset": Family(_set),
    "builtins.range": Family(_range, nested=False),
    "builtins.slice": Family(_slice),
    "re.Pattern": Family(_pattern),
    "re.Match": Family(_match),
    "datetime.datetime": _MOMENT,
    "datetime.time": _MOMENT,
    **dict.fromkeys(
        (
            "datetime.date", "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "fractions.Fraction",
            "uuid.UUID", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath",
            "pathlib.PureWindowsPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
            "pathlib._local.PurePosixPath", "pathlib._local.PureWindowsPath", "zoneinfo.ZoneInfo",
            "ipaddress.IPv4Address", "ipaddress.IPv6Address",
        ),
        _SHOWN,
    ),
}  # fmt: skip
"""Types that count only as themselves: what a subclass adds, these functions would not see."""
