"""Python's own values: scalars, strings, containers, dates.

Decided meanings: ``True``, ``1`` and ``1.0`` differ (the type counts); ``0.0`` and ``-0.0`` differ; every NaN of a float
is the same; a dict's order counts, a set's does not; an object used twice and two equal objects are the same content.
"""

from __future__ import annotations

import math
import struct
from itertools import chain
from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES", "OPAQUE_TYPES"]

_FLAT_MIN = 32
_NUMBER = struct.Struct("<d")


def _nothing(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(repr(value))


def _integer(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("int")
    digest.raw(int.to_bytes(value, (value.bit_length() + 8) // 8, "little", signed=True))


def _float(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("float")
    digest.raw(b"nan" if math.isnan(value) else _NUMBER.pack(value))


def _complex(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("complex")
    _float(walk, digest, value.real)
    _float(walk, digest, value.imag)


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
    walk.mutable(value.obj)
    digest.buffer(value.tobytes())


def _sequence(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"{type(value).__name__}:{len(value)}")
    if isinstance(value, list):
        walk.mutable(value)
    _items(walk, digest, value)


def _items(walk: Walk, digest: Digest, value: Any) -> None:
    """Long sequences of one plain type in one buffer, everything else item by item."""
    if len(value) >= _FLAT_MIN:
        kinds = set(map(type, value))
        if kinds == {str}:
            encoded = [item.encode("utf-8", "surrogatepass") for item in value]
            digest.text("flat:str")
            digest.buffer(struct.pack(f"<{len(encoded)}Q", *map(len, encoded)))
            digest.buffer(b"".join(encoded))
            return
        if kinds == {float}:
            digest.text("flat:float")
            digest.buffer(struct.pack(f"<{len(value)}d", *(x if x == x else math.nan for x in value)))
            return
        if kinds == {int}:
            digest.text("flat:int")
            digest.buffer(",".join(map(hex, value)).encode())
            return
    for item in value:
        walk.add(digest, item)


def _dict(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"dict:{len(value)}")
    walk.mutable(value)
    _items(walk, digest, list(chain.from_iterable(dict.items(value))))


def _set(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"{type(value).__name__}:{len(value)}")
    if isinstance(value, set):
        walk.mutable(value)
    digest.texts(sorted(walk.child(item) for item in value))


def _range(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"range:{value.start}:{value.stop}:{value.step}")


def _slice(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("slice")
    for part in (value.start, value.stop, value.step):
        walk.add(digest, part)


def _shown(_: Walk, digest: Digest, value: Any) -> None:
    """Immutable values whose repr says everything (dates, decimals, fractions, paths, patterns)."""
    kind = type(value)
    digest.text(f"{kind.__module__}.{kind.__qualname__}")
    digest.text(kind.__repr__(value))


def _refuse(_: Walk, __: Digest, value: Any) -> None:
    raise Opaque(f"{type(value).__name__} holds a state that cannot be read")


_PLAIN = Family(_nothing, nested=False)
_SHOWN = Family(_shown, nested=False)
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("builtins.NoneType", "builtins.bool", "builtins.ellipsis", "builtins.NotImplementedType"), _PLAIN),
    "builtins.int": Family(_integer, nested=False),
    "builtins.float": Family(_float, nested=False),
    "builtins.complex": Family(_complex, nested=False),
    "builtins.str": Family(_text, nested=False),
    "builtins.bytes": Family(_bytes, nested=False),
    "builtins.bytearray": Family(_bytes, nested=False),
    "builtins.memoryview": Family(_memoryview, nested=False),
    "builtins.list": Family(_sequence),
    "builtins.tuple": Family(_sequence),
    "builtins.dict": Family(_dict),
    "builtins.set": Family(_set),
    "builtins.frozenset": Family(_set),
    "builtins.range": Family(_range, nested=False),
    "builtins.slice": Family(_slice),
    **dict.fromkeys(
        (
            "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone",
            "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "re.Pattern", "pathlib.PosixPath",
            "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "zoneinfo.ZoneInfo",
        ),
        _SHOWN,
    ),
}  # fmt: skip

OPAQUE_TYPES = (
    "builtins.generator", "builtins.coroutine", "builtins.async_generator", "builtins.frame", "builtins.traceback",
    "_thread.lock", "_thread.RLock", "_thread._local", "socket.socket", "_io.TextIOWrapper", "_io.BufferedReader",
    "_io.BufferedWriter", "_io.FileIO", "_io.BufferedRandom", "threading.Thread", "subprocess.Popen", "sqlite3.Connection",
    "sqlite3.Cursor", "concurrent.futures.thread.ThreadPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor",
    "builtins.map", "builtins.filter", "builtins.zip", "builtins.enumerate", "builtins.reversed",
)  # fmt: skip
FAMILIES.update(dict.fromkeys(OPAQUE_TYPES, Family(_refuse, nested=False)))
