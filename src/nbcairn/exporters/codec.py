"""Records as JSON and back, strictly: what is not exactly a record of its kind is refused.

Reading makes dataclasses of plain JSON by their declared types. Nothing is imported, looked up or run by what is read.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from nbcairn.store.blobs.base import KEY

__all__ = ["MalformedError", "decode", "encode"]

T = TypeVar("T")

LONGEST_TEXT = 5_000_000
MOST_ITEMS = 100_000
DEEPEST = 40
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_ID = re.compile(r"[A-Za-z0-9_.:@-]{1,128}")
_DIGEST = re.compile(r"[0-9a-zA-Z-]{1,128}")
_CHECKS = {
    "started": _TIME,
    "ended": _TIME,
    "made": _TIME,
    "id": _ID,
    "run_id": _ID,
    "session_id": _ID,
    "blob": KEY,
    "digest": _DIGEST,
}
"""Fields whose text has a form; an empty or missing one is judged by the type alone."""


class MalformedError(ValueError):
    """What was read is not a record of this kind; the message says where and why."""


def encode(record: object) -> dict[str, Any]:
    """A record (a frozen dataclass) as plain JSON."""
    assert is_dataclass(record)
    assert not isinstance(record, type)
    return asdict(record)


def decode(kind: type[T], value: object, where: str = "") -> T:
    """A record of this kind out of plain JSON. Raises MalformedError."""
    if not isinstance(value, Mapping):
        raise MalformedError(f"{where or kind.__name__}: an object was expected")
    hints = _hints(typing.cast("Hashable", kind))
    unknown = value.keys() - hints.keys()
    if unknown:
        raise MalformedError(f"{where or kind.__name__}: unknown field {min(map(str, unknown))[:40]!r}")
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]
        place = f"{where or kind.__name__}.{field.name}"
        if field.name not in value:
            raise MalformedError(f"{place} is missing")
        found[field.name] = _value(hints[field.name], value[field.name], place)
        _check_form(field.name, found[field.name], place)
    return kind(**found)


@lru_cache(maxsize=32)
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _check_form(name: str, value: object, place: str) -> None:
    pattern = _CHECKS.get(name)
    if pattern is None or not isinstance(value, str):
        return
    if not pattern.fullmatch(value) or (pattern is _TIME and not _is_moment(value)):
        raise MalformedError(f"{place} has an impossible form")


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _value(hint: Any, value: object, where: str) -> Any:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return _one_of(parts, value, where)
    if origin is tuple:
        return _items(parts[0], value, where)
    if hint is Mapping or origin is not None:
        return _mapping(parts, value, where)
    if is_dataclass(hint):
        return decode(typing.cast("type[Any]", hint), value, where)
    return _plain(hint, value, where)


def _one_of(parts: tuple[Any, ...], value: object, where: str) -> Any:
    if value is None:
        if type(None) in parts:
            return None
        raise MalformedError(f"{where} is missing")
    (kind,) = (part for part in parts if part is not type(None))
    return _value(kind, value, where)


def _items(kind: Any, value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise MalformedError(f"{where}: a list was expected")
    return tuple(_value(kind, item, where) for item in value)


def _mapping(parts: tuple[Any, ...], value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MOST_ITEMS:
        raise MalformedError(f"{where}: an object was expected")
    kind = parts[1] if len(parts) == 2 else object
    return {
        _text(key, where): _value(kind, item, where) if kind is str else _json(item, where)
        for key, item in value.items()
    }


def _plain(kind: Any, value: object, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(_text(value, where))
        except ValueError:
            raise MalformedError(f"{where}: no such {kind.__name__}") from None
    if kind is str:
        return _text(value, where)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return float(value)
    raise MalformedError(f"{where}: {getattr(kind, '__name__', kind)} was expected")


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise MalformedError(f"{where}: a text was expected")
    return value


def _json(value: object, where: str, depth: int = 0) -> Any:
    """Plain JSON as it is, of bounded depth."""
    if depth > DEEPEST:
        raise MalformedError(f"{where} is nested too deep")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_json(item, where, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_text(key, where): _json(item, where, depth + 1) for key, item in value.items()}
    raise MalformedError(f"{where}: JSON was expected")
