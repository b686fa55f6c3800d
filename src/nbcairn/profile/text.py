"""Values as short text and as JSON; no ``__repr__`` runs but Python's and known libraries'."""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import uuid
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

__all__ = ["cell_text", "count", "is_real", "json_safe", "label_text", "shorten", "type_name"]

_SHOWN = (
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    fractions.Fraction,
    uuid.UUID,
    PurePath,
)
_PYTHON = frozenset({"datetime", "pathlib", "pathlib._local"})
_PANDAS = frozenset({"Timestamp", "Timedelta", "Period", "Interval", "NaTType", "NAType"})
MAX_DEPTH = 8
MAX_ITEMS = 5000


def type_name(kind: type) -> str:
    """The name by which people know a type: ``DataFrame``, ``LinearRegression``, ``list``."""
    return str(type.__dict__["__qualname__"].__get__(kind)).rpartition(".<locals>.")[2]


def shorten(text: str, width: int = 80) -> str:
    """The text on one line, cut with an ellipsis."""
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width and len(text) <= 4 * width else line[: width - 1] + "…"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: ``1 row``, ``344 rows``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def is_real(value: object) -> bool:
    """True for a real number that is no truth value: Python's, a decimal, a fraction or numpy's."""
    if type(value) in {int, float, decimal.Decimal, fractions.Fraction}:
        return True
    kinds = {base.__name__ for base in type(value).__mro__ if base.__module__ == "numpy"}
    return bool(kinds & {"integer", "floating"})


def cell_text(value: object, width: int = 80) -> str:
    """One cell of a preview: plain values as they print, anything else as its type."""
    kind = type(value)
    if kind in _TEXTS:
        return shorten(_TEXTS[kind](value), width)
    if _is_known(kind):
        return shorten(str(value), width)
    return f"<{type_name(kind)}>"


def label_text(label: object) -> str:
    """The name of a column or row: nothing for none, the parts of a name of several levels one after another."""
    if type(label) is tuple:
        return ", ".join(map(cell_text, label))
    return "" if label is None else cell_text(label)


def _digits(value: Any) -> str:
    if value.bit_length() > 256:
        return f"an integer of {value.bit_length():,} bits"
    return str(value)


def _size(value: Any) -> str:
    return f"{type(value).__name__} of {len(value)}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    int: _digits,
    str: str,
    float: "{:.6g}".format,
    **dict.fromkeys((type(None), bool, complex), str),
    **dict.fromkeys((bytes, bytearray), lambda value: count(len(value), "byte")),
    **dict.fromkeys((list, tuple, dict, set, frozenset), _size),
}


def _is_known(kind: type) -> bool:
    """True when printing runs no code but that of Python or of a library we know to be quick."""
    if kind.__module__.partition(".")[0] == "pandas":
        return kind.__name__ in _PANDAS
    if kind.__module__ == "numpy":
        return any(base.__name__ == "generic" for base in kind.__mro__)
    return kind in _SHOWN or (issubclass(kind, _SHOWN) and kind.__module__ in _PYTHON)


def json_safe(value: object, depth: int = 0) -> Any:
    """The value as plain JSON: NaN becomes null, an infinity a string, the rest short text."""
    kind = type(value)
    if value is None or kind in {bool, str}:
        return value
    if is_real(value):
        return _number(value)
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        return {str(key) if type(key) is not str else key: json_safe(part, depth + 1) for key, part in value.items()}
    if depth < MAX_DEPTH and kind in {list, tuple}:
        return [json_safe(part, depth + 1) for part in value[:MAX_ITEMS]]  # type: ignore[index]
    return cell_text(value)


def _number(value: Any) -> int | float | str | None:
    """As a JSON number that every reader takes for the same; whole numbers beyond 2^53 as text, to lose no digit."""
    if isinstance(value, int) or any(base.__name__ == "integer" for base in type(value).__mro__):
        whole = int(value)
        return whole if whole.bit_length() <= 53 else _digits(whole)
    real = float(value)
    if math.isnan(real):
        return None
    return real if math.isfinite(real) else str(real)
