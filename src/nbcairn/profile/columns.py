"""The figures of one column: by numpy where it holds numbers or times, by plain Python otherwise.

``docs/reference/statistics.md`` describes every key. Columns longer than ``SAMPLE`` values give their costly figures
(distinct, top, quartiles, histogram) from evenly spaced values, and say so in ``sampled``; nulls, bounds, mean and standard
deviation of numbers rest on all values, up to ``FULL`` of them.
"""

from __future__ import annotations

import datetime
import decimal
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nbcairn.profile.family import Budget
from nbcairn.profile.text import cell_text, is_real

__all__ = [
    "FULL",
    "SAMPLE",
    "coded_column",
    "moment_column",
    "numpy_column",
    "plain_column",
    "ranked",
    "spaced_column",
    "step_of",
]

SAMPLE = 100_000
FULL = 20_000_000
BLOCK = 1 << 17
BINS = 20
TOP = 5
FEW = 50
"""Numbers of so few different values, some of which repeat, are listed as well: they are ratings or classes."""

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


# --------------------------------------------------------------------------- numbers


def numpy_column(values: Any, budget: Budget, name: str, nulls: int | None = None) -> dict[str, object]:
    """Figures of a flat numeric or boolean array.

    A NaN is a null where the column has no nulls of its own (``nulls`` is None), else it is counted as ``nan``;
    infinities are counted and stay out of all figures.
    """
    import numpy as np

    found: dict[str, object] = {}
    if len(values) > FULL:
        budget.skip(f"exact figures of {name}")
        values = values[:: -(-len(values) // FULL)]
    with np.errstate(all="ignore"):
        finite, missing, infinite = _finite(values)
        found["nulls"] = missing if nulls is None else nulls
        found.update({key: n for key, n in (("nan", missing * (nulls is not None)), ("infinite", infinite)) if n})
        if not finite.size or values.dtype.kind == "c":
            return found
        if values.dtype.kind == "b":
            return {**found, **_truth(finite)}
        mean = finite.mean(dtype=np.float64)
        found.update(min=finite.min(), max=finite.max(), mean=_real(mean), std=_std(finite, mean))
        if not budget.spent(f"distribution of {name}"):
            found.update(_distribution(finite))
    return found


def _truth(values: Any) -> dict[str, object]:
    true = int(values.sum())
    pairs = ((str(truth), times) for truth, times in ((True, true), (False, len(values) - true)) if times)
    top = ranked(pairs)
    return {"distinct": len(top), "mean": true / len(values), "top": top}


def _finite(values: Any) -> tuple[Any, int, int]:
    """The finite values, how many are NaN, how many infinite; nothing is copied where all are finite."""
    import numpy as np

    if values.dtype.kind not in "fc":
        return values, 0, 0
    if np.isfinite(values.sum(dtype=np.complex128 if values.dtype.kind == "c" else np.float64)):
        return values, 0, 0
    finite, missing = values[np.isfinite(values)], int(np.isnan(values).sum())
    return finite, missing, len(values) - len(finite) - missing


def _real(number: Any) -> float | None:
    """A figure, or nothing where the numbers are too large for it."""
    return float(number) if math.isfinite(number) else None


def _std(values: Any, mean: float) -> float | None:
    """The standard deviation of a sample (n - 1), block by block so that no second copy of the column is made."""
    import numpy as np

    if values.size < 2:
        return None
    squares = 0.0
    for start in range(0, len(values), BLOCK):
        away = values[start : start + BLOCK].astype(np.float64) - mean
        squares += float(np.einsum("i,i->", away, away))  # not dot, which would wake all of the BLAS threads
    return _real(math.sqrt(squares / (values.size - 1)))


def _distribution(finite: Any) -> dict[str, object]:
    """What is said of a sample of long columns: different values, the most frequent ones, quartiles, histogram."""
    import numpy as np

    found: dict[str, object] = {}
    sample = _spaced(finite, found)
    known, times = np.unique(sample, return_counts=True)
    found["distinct"] = len(known)
    if len(known) <= FEW and len(known) < len(sample):
        found["top"] = ranked((cell_text(value.item()), int(n)) for value, n in zip(known, times, strict=True))
    wide = sample.astype(np.float64)
    found["quartiles"] = [_real(part) for part in np.quantile(wide, (0.25, 0.5, 0.75))]
    found["histogram"] = _histogram(wide)
    return found


def ranked(pairs: Iterable[tuple[str, int]]) -> list[list[object]]:
    """The most frequent values and how often each occurs, the most frequent first."""
    return [[text, times] for text, times in sorted(pairs, key=lambda pair: -pair[1])[:TOP]]


def _spaced(values: Any, found: dict[str, object]) -> Any:
    if len(values) <= SAMPLE:
        return values
    sample = values[:: step_of(len(values))]
    found["sampled"] = len(sample)
    return sample


def _histogram(values: Any) -> dict[str, object] | None:
    import numpy as np

    low, high = float(values.min()), float(values.max())
    if not low < high or not math.isfinite(high - low):
        return None
    try:
        counts, edges = np.histogram(values, bins=BINS, range=(low, high))
    except ValueError:  # no floats between the two
        return None
    return {"counts": counts.tolist(), "edges": edges.tolist()}


# --------------------------------------------------------------------------- times


def moment_column(
    values: Any, budget: Budget, name: str, shown: Callable[[Any], str] | None = None
) -> dict[str, object]:
    """Figures of a flat array of numpy's times or spans without missing ones; ``shown`` gives bounds and edges as text."""
    import numpy as np

    if not values.size:
        return {}
    text = shown or _moment_text
    found: dict[str, object] = {"min": text(values.min()), "max": text(values.max())}
    if budget.spent(f"distribution of {name}"):
        return found
    sample = _spaced(values, found)
    found["distinct"] = len(np.unique(sample))
    low = sample.min().view(np.int64)
    bars = _histogram((sample.view(np.int64) - low).view(np.uint64).astype(np.float64))
    if bars is not None:
        edges = [int(low) + int(edge) for edge in np.array(bars["edges"])]
        whole = np.array([*edges[:-1], int(sample.max().view(np.int64))], np.int64).view(values.dtype)
        found["histogram"] = {**bars, "edges": [text(edge) for edge in whole]}
    return found


def _moment_text(value: Any) -> str:
    import numpy as np

    if value.dtype.kind == "m":
        span = value.astype("m8[us]").item() if np.datetime_data(value.dtype)[0] not in {"Y", "M", "generic"} else None
        return str(span) if isinstance(span, datetime.timedelta) else str(value)
    text = str(value).replace("T", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


# --------------------------------------------------------------------------- categories


def coded_column(codes: Any, labels: Sequence[object], ordered: bool) -> dict[str, object]:
    """Figures of a column of categories: the place of each value among the labels, negative for a null."""
    import numpy as np

    times = np.bincount(codes[codes >= 0], minlength=len(labels)) if len(labels) else np.zeros(0, np.int64)
    used = np.flatnonzero(times)
    found: dict[str, object] = {
        "nulls": int(len(codes) - times.sum()),
        "distinct": len(used),
        "categories": len(labels),
    }
    if len(used):
        most = used[np.argsort(-times[used], kind="stable")[:TOP]]
        found["top"] = [[cell_text(labels[n]), int(times[n])] for n in most]
        if ordered:
            found.update(min=cell_text(labels[used[0]]), max=cell_text(labels[used[-1]]))
    return found


# --------------------------------------------------------------------------- Python's values


def plain_column(values: Sequence[object], budget: Budget, name: str) -> dict[str, object]:
    """Figures of a column of Python values; of foreign types, whose code would run, only the types."""
    found: dict[str, object] = {}
    sample = _spaced(values, found)
    present = [value for value in sample if not _is_missing(value)]
    found["nulls"] = len(sample) - len(present)
    kinds = set(map(type, present))
    if not all(map(_is_countable, kinds)):
        return {**found, "types": sorted({kind.__name__ for kind in kinds})[:TOP]}
    if not present or budget.spent(f"distribution of {name}"):
        return found
    counted: Counter[Any] = (
        Counter(present) if len(kinds) == 1 else Counter(zip(map(type, present), present, strict=True))
    )
    found["distinct"] = len(counted)
    if kinds == {bool}:
        found["mean"] = sum(map(bool, present)) / len(present)
    real = all(map(is_real, present))
    if real:
        found.update(_moments(present))
    elif len(kinds) == 1 and kinds <= _ORDERED:
        found.update(_bounds(counted))
    if not real or (len(counted) <= FEW and len(counted) < len(present)):
        most = counted.most_common(TOP)
        found["top"] = [[cell_text(value if len(kinds) == 1 else value[1]), times] for value, times in most]
    return found


def step_of(length: int) -> int:
    """Every how many-th value of a column of this length is looked at."""
    return max(1, -(-length // SAMPLE))


def spaced_column(values: Sequence[object], length: int, budget: Budget, name: str) -> dict[str, object]:
    """The figures of a column of ``length`` values, by evenly spaced ones of them."""
    found = plain_column(values, budget, name)
    if len(values) < length:
        found["sampled"] = len(values)
    return found


def _is_countable(kind: type) -> bool:
    """True for values that are hashed and compared by code of Python, numpy or pandas."""
    return kind in _HASHABLE or (kind.__module__.startswith(("pandas", "numpy")) and kind.__hash__ is not None)


def _is_missing(value: object) -> bool:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return (type(value) is float and math.isnan(value)) or (type(value) is decimal.Decimal and value.is_nan())


def _bounds(counted: Counter[Any]) -> dict[str, object]:
    """The least and the greatest; nothing where they cannot be told, as of times with a zone and without."""
    try:
        return {"min": cell_text(min(counted)), "max": cell_text(max(counted))}
    except TypeError:
        return {}


def _moments(present: Sequence[Any]) -> dict[str, object]:
    try:
        numbers = sorted(number for number in map(float, present) if math.isfinite(number))
    except OverflowError:  # a whole number beyond all floats
        return {"min": min(present), "max": max(present)}
    found: dict[str, object] = {}
    infinite = len(present) - len(numbers)
    if infinite:
        found["infinite"] = infinite
    if not numbers:
        return found
    whole = set(map(type, present)) == {int}
    mean = math.fsum(number / len(numbers) for number in numbers)
    squares = sum((number - mean) * (number - mean) for number in numbers)
    return {
        **found,
        "min": min(present) if whole else numbers[0],
        "max": max(present) if whole else numbers[-1],
        "mean": _real(mean),
        "std": _real(math.sqrt(squares / (len(numbers) - 1))) if len(numbers) > 1 else None,
        "quartiles": [_real(_quantile(numbers, part)) for part in (0.25, 0.5, 0.75)],
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
