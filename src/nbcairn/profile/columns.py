"""The figures of one column: by numpy where the column is numeric, by plain Python otherwise.

Columns longer than ``SAMPLE`` values give their costly figures (distinct, top, quartiles, histogram) from
evenly spaced values, and say so in ``sampled``.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from nbcairn.profile.family import Budget
from nbcairn.profile.text import cell_text, is_real

__all__ = ["SAMPLE", "moment_column", "numpy_column", "plain_column"]

SAMPLE = 100_000
FULL = 20_000_000
BLOCK = 1 << 17
BINS = 20
TOP = 5
_HASHABLE = {
    str,
    int,
    float,
    bool,
    bytes,
    datetime.date,
    datetime.datetime,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
}
_ORDERED = {str, datetime.date, datetime.datetime, datetime.time, datetime.timedelta, decimal.Decimal}


def numpy_column(values: Any, budget: Budget, name: str, nulls: int | None = None) -> dict[str, object]:
    """Figures of a flat numeric or boolean array; NaN counts as null, infinities stay out of moments."""
    import numpy as np

    found: dict[str, object] = {}
    if len(values) > FULL:
        budget.skip(f"exact figures of {name}")
        values = values[:: -(-len(values) // FULL)]
    finite, missing = _finite(values)
    found["nulls"] = missing if nulls is None else nulls
    if not finite.size or values.dtype.kind == "c":
        return found
    if values.dtype.kind == "b":
        return {**found, "distinct": len(np.unique(finite)), "mean": finite.mean()}
    mean = finite.mean(dtype=np.float64)
    found.update(min=finite.min(), max=finite.max(), mean=mean, std=_std(finite, mean))
    if budget.spent(f"distribution of {name}"):
        return found
    sample = _spaced(finite, found)
    found["distinct"] = len(np.unique(sample))
    found["quartiles"] = [float(part) for part in np.quantile(sample.astype(np.float64), (0.25, 0.5, 0.75))]
    found["histogram"] = _histogram(sample.astype(np.float64))
    return found


def moment_column(values: Any, budget: Budget, name: str) -> dict[str, object]:
    """Figures of a flat array of numpy's times or spans without missing ones; bounds and edges as text."""
    import numpy as np

    if not values.size:
        return {}
    found: dict[str, object] = {"min": _moment_text(values.min()), "max": _moment_text(values.max())}
    if budget.spent(f"distribution of {name}"):
        return found
    sample = _spaced(values, found)
    found["distinct"] = len(np.unique(sample))
    bars = _histogram(sample.view(np.int64).astype(np.float64))
    if bars is not None:
        edges = np.array(bars["edges"]).astype(np.int64).view(values.dtype)
        found["histogram"] = {**bars, "edges": [_moment_text(edge) for edge in edges]}
    return found


def _moment_text(value: Any) -> str:
    text = str(value).replace("T", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _finite(values: Any) -> tuple[Any, int]:
    """The finite values, and how many are NaN; nothing is copied where all are finite."""
    import numpy as np

    if values.dtype.kind not in "fc":
        return values, 0
    with np.errstate(all="ignore"):
        if np.isfinite(values.sum(dtype=np.complex128 if values.dtype.kind == "c" else np.float64)):
            return values, 0
    return values[np.isfinite(values)], int(np.isnan(values).sum())


def _std(values: Any, mean: float) -> float | None:
    """The standard deviation of a sample (n - 1), block by block so that no second copy of the column is made."""
    import numpy as np

    if values.size < 2:
        return None
    squares = 0.0
    for start in range(0, len(values), BLOCK):
        away = values[start : start + BLOCK].astype(np.float64) - mean
        squares += float(np.einsum("i,i->", away, away))  # not dot, which would wake all of the BLAS threads
    return math.sqrt(squares / (values.size - 1))


def _spaced(values: Any, found: dict[str, object]) -> Any:
    if len(values) <= SAMPLE:
        return values
    sample = values[:: -(-len(values) // SAMPLE)]
    found["sampled"] = len(sample)
    return sample


def _histogram(values: Any) -> dict[str, object] | None:
    import numpy as np

    low, high = float(values.min()), float(values.max())
    if not low < high or not math.isfinite(high - low):
        return None
    counts, edges = np.histogram(values, bins=BINS, range=(low, high))
    return {"counts": counts.tolist(), "edges": edges.tolist()}


def plain_column(values: Sequence[object], budget: Budget, name: str) -> dict[str, object]:
    """Figures of a column of Python values; of foreign types, whose code would run, only the types."""
    found: dict[str, object] = {}
    sample = _spaced(values, found)
    kinds = set(map(type, sample))
    missing = sum(1 for value in sample if _is_missing(value))
    found["nulls"] = missing
    kinds = {type(value) for value in sample if not _is_missing(value)} if missing else kinds
    if not kinds <= _HASHABLE and not all(kind.__module__.startswith(("pandas", "numpy")) for kind in kinds):
        return {**found, "types": sorted({kind.__name__ for kind in kinds})[:TOP]}
    present = [value for value in sample if not _is_missing(value)]
    if not present or budget.spent(f"distribution of {name}"):
        return found
    counted = Counter(present)
    found["distinct"] = len(counted)
    if kinds == {bool}:
        found["mean"] = sum(map(bool, present)) / len(present)
    if all(map(is_real, present)):
        return {**found, **_moments([float(value) for value in present])}
    if len(kinds) == 1 and kinds <= _ORDERED:
        low, high = min(counted), max(counted)
        found.update(min=cell_text(low), max=cell_text(high))
    found["top"] = [[cell_text(value), times] for value, times in counted.most_common(TOP)]
    return found


def _is_missing(value: object) -> bool:
    return (
        value is None or (type(value) is float and math.isnan(value)) or type(value).__name__ in {"NAType", "NaTType"}
    )


def _moments(numbers: list[float]) -> dict[str, object]:
    numbers = sorted(number for number in numbers if math.isfinite(number))
    if not numbers:
        return {}
    mean = math.fsum(numbers) / len(numbers)
    squares = math.fsum((number - mean) ** 2 for number in numbers)
    return {
        "min": numbers[0],
        "max": numbers[-1],
        "mean": mean,
        "std": math.sqrt(squares / (len(numbers) - 1)) if len(numbers) > 1 else None,
        "quartiles": [_quantile(numbers, part) for part in (0.25, 0.5, 0.75)],
        "histogram": _plain_histogram(numbers),
    }


def _quantile(ordered: list[float], part: float) -> float:
    """Linear interpolation between closest ranks (definition 7 of Hyndman and Fan 1996), as numpy does."""
    place = (len(ordered) - 1) * part
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _plain_histogram(ordered: list[float]) -> dict[str, object] | None:
    low, high = ordered[0], ordered[-1]
    width = (high - low) / BINS
    if not width > 0 or not math.isfinite(width):
        return None
    counts = [0] * BINS
    for number in ordered:
        counts[min(int((number - low) / width), BINS - 1)] += 1
    return {"counts": counts, "edges": [low + n * width for n in range(BINS + 1)]}
