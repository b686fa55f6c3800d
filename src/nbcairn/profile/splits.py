"""Splits: values that one run made under names like ``X_train`` and ``X_test``, and what their parts share.

Rows are compared by a 64-bit hash of all their values, exact up to chance (below 10^-6 for a million rows a part).
"""

from __future__ import annotations

import decimal
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import Any

from nbcairn.profile.family import Budget
from nbcairn.profile.text import cell_text, json_safe

__all__ = ["find_splits", "split_statistics"]

PARTS = {
    "train": "train", "training": "train", "tr": "train", "trn": "train", "fit": "train",
    "test": "test", "testing": "test", "te": "test", "tst": "test",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
    "holdout": "holdout", "eval": "evaluation",
}  # fmt: skip
"""Words in a name that say which part of a split it is."""

_ORDER = ("train", "validation", "evaluation", "holdout", "test")
MOST_CELLS = 20_000_000
MOST_CLASSES = 50
_LABELS = frozenset({str, int, float, bool, bytes, type(None), decimal.Decimal})
_SHORT = 3
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|_+")
_MIX, _MULTIPLIER = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


def find_splits(names: Iterable[str]) -> list[dict[str, str]]:
    """The splits among the names that one run bound: for each, part (train, test, …) by name, training data first."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        stem, part = _taken_apart(name)
        if part:
            found.setdefault(stem, {})[name] = part
    return [
        dict(sorted(parts.items(), key=lambda named: _ORDER.index(named[1])))
        for parts in found.values()
        if len(set(parts.values())) > 1
    ]


def _taken_apart(name: str) -> tuple[str, str]:
    """What a name says beside the part, and the part; nothing if no word or more than one names a part."""
    words = _WORD.findall(name)
    hits = [n for n, word in enumerate(words) if word.lower() in PARTS]
    clear = len(hits) == 1 and (len(words) == 1 or len(words[hits[0]]) >= _SHORT or "_" in words)
    if not clear:
        return "", ""
    rest = [word.lower() for n, word in enumerate(words) if n != hits[0] and not word.startswith("_")]
    return "_".join(rest), PARTS[words[hits[0]].lower()]


def split_statistics(parts: Mapping[str, object], budget: Budget) -> dict[str, object]:
    """What can be said of the parts of one split, as a JSON object. Never raises.

    ``parts``: for each name its ``rows`` and ``share`` of all rows, and for labels ``classes`` (value and share, the most
    frequent first). ``shared``: for each two tables or matrices the ``rows`` of the second that are in the first too.
    """
    try:
        found = _statistics(parts, budget)
    except Exception as error:  # noqa: BLE001 - a value's own code may raise anything
        budget.skip(f"the split ({type(error).__name__})")
        found = {}
    if found and budget.skipped:
        found["skipped"] = list(budget.skipped)
    safe = json_safe(found)
    return safe if isinstance(safe, dict) else {}


def _statistics(parts: Mapping[str, object], budget: Budget) -> dict[str, object]:
    sizes = {name: _rows(value) for name, value in parts.items()}
    if len(sizes) < 2 or not all(size is not None for size in sizes.values()):
        return {}
    total = sum(size or 0 for size in sizes.values()) or 1
    told = {name: {"rows": size, "share": (size or 0) / total} for name, size in sizes.items()}
    found: dict[str, object] = {"parts": told}
    if all(_width(value) == 1 for value in parts.values()):
        for name, value in parts.items():
            classes = _classes(value, budget, name)
            if classes:
                told[name]["classes"] = classes  # type: ignore[assignment]
    else:
        found["shared"] = _shared(parts, sizes, budget)
    return found


def _rows(value: Any) -> int | None:
    shape = getattr(value, "shape", None)
    return int(shape[0]) if shape is not None and len(shape) else None


def _width(value: Any) -> int:
    return int(value.shape[1]) if len(value.shape) > 1 else 1


# --------------------------------------------------------------------------- labels


def _classes(value: Any, budget: Budget, name: str) -> list[list[object]]:
    """Values and their shares, if they are few enough to be classes; missing ones count as none."""
    column = _column_values(value, 0)
    if not len(column) or budget.spent(f"classes of {name}"):
        return []
    counted = _counted(column)
    if counted is None or not 0 < len(counted) <= MOST_CLASSES:
        return []
    total = sum(counted.values())
    return [[text, times / total] for text, times in sorted(counted.items(), key=lambda pair: -pair[1])]


def _counted(column: Any) -> dict[str, int] | None:
    """How often each label occurs; None where the values are no labels."""
    import numpy as np

    if column.dtype.kind == "O":
        labels = column.tolist()
        if not set(map(type, labels)) <= _LABELS:
            return None
        found = Counter(label for label in labels if label is not None and not (type(label) is float and isnan(label)))
        return {cell_text(label): times for label, times in found.items()} if len(found) <= MOST_CLASSES else None
    if column.dtype.kind == "f":
        column = column[~np.isnan(column)]
        if not (column == np.round(column)).all():
            return None
    labels, counts = np.unique(column, return_counts=True)
    if len(labels) > MOST_CLASSES:
        return None
    return {cell_text(label): int(times) for label, times in zip(labels.tolist(), counts, strict=True)}


# --------------------------------------------------------------------------- rows


class _Left(Exception):  # noqa: N818 - control flow, not an error
    """The rows are not compared; the message says why."""


def _shared(parts: Mapping[str, Any], sizes: Mapping[str, int | None], budget: Budget) -> list[dict[str, object]]:
    """For each two parts, how many rows of the later one are in the earlier one too."""
    import numpy as np

    cells = sum((sizes[name] or 0) * _width(value) for name, value in parts.items())
    try:
        if len({_width(value) for value in parts.values()}) > 1:
            raise _Left("their columns differ")
        if cells > MOST_CELLS:
            raise _Left(f"more than {MOST_CELLS:,} values")
        hashes = _row_hashes(list(parts.values()), budget)
    except _Left as reason:
        budget.skip(f"rows that the parts share ({reason})")
        return []
    names = list(parts)
    return [
        {"in": names[one], "of": names[other], "rows": int(np.isin(hashes[other], hashes[one]).sum())}
        for one in range(len(names))
        for other in range(one + 1, len(names))
    ]


def _row_hashes(parts: Sequence[Any], budget: Budget) -> list[Any]:
    """A number for each row of each part; equal rows have equal numbers."""
    import numpy as np

    hashes = [np.zeros(part.shape[0], np.uint64) for part in parts]
    with np.errstate(all="ignore"):
        for column in range(_width(parts[0])):
            if not budget.left:
                raise _Left("out of time")
            for place, values in enumerate(_numbers([_column_values(part, column) for part in parts])):
                mixed = (hashes[place] ^ values) * np.uint64(_MULTIPLIER)
                hashes[place] = (mixed ^ (mixed >> np.uint64(29))) + np.uint64(_MIX)
    return hashes


def _column_values(part: Any, column: int) -> Any:
    """One column as a numpy array, of numbers where it holds numbers."""
    import numpy as np

    if hasattr(part, "iloc"):
        return _pandas_values(part.iloc[:, column] if part.ndim > 1 else part)
    if hasattr(part, "column_names"):
        return part.column(column).to_pandas().to_numpy()
    if "polars" in sys.modules and type(part).__module__.startswith("polars"):
        return (part.to_series(column) if len(part.shape) > 1 else part).to_numpy()
    if hasattr(part, "toarray"):
        return part[:, [column]].toarray().reshape(-1)
    array = np.asarray(part)
    return array[:, column] if array.ndim > 1 else array


def _pandas_values(column: Any) -> Any:
    import numpy as np

    dtype = column.dtype
    if hasattr(dtype, "tz") and hasattr(dtype, "unit"):
        return column.to_numpy(dtype=f"M8[{dtype.unit}]")
    if isinstance(dtype, np.dtype) or getattr(dtype, "kind", "O") not in "biuf":
        return column.to_numpy() if isinstance(dtype, np.dtype) else column.to_numpy(dtype=object)
    own = getattr(dtype, "numpy_dtype", None)
    if isinstance(own, np.dtype) and own.kind in "biuf" and not column.isna().any():
        return column.to_numpy(dtype=own)
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _numbers(columns: list[Any]) -> list[Any]:
    """The columns of the parts as 64 bits each: numbers by value, all else by its text."""
    import numpy as np

    if all(column.dtype.kind in "biufmM" for column in columns):
        as_float = any(column.dtype.kind == "f" for column in columns)
        wide = [column.astype(np.float64 if as_float else np.int64) + (0.0 if as_float else 0) for column in columns]
        return [column.view(np.uint64) for column in wide]
    listed = [column.tolist() for column in columns]
    kinds = {kind for values in listed for kind in set(map(type, values))}
    if not all(map(_is_shown, kinds)):
        raise _Left("a column of other objects")
    text: Callable[[object], int] = hash if kinds == {str} else _hash_of_text
    return [np.fromiter(map(text, values), np.int64, len(values)).view(np.uint64) for values in listed]


def _is_shown(kind: type) -> bool:
    """True for values whose text says all, and is made by Python, numpy or pandas."""
    return kind in _LABELS or kind.__module__.startswith(("pandas", "datetime", "decimal"))


def _hash_of_text(value: object) -> int:
    return hash(str(value))
