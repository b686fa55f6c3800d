"""From which names a figure was drawn: those whose numbers, or a column of them, are the numbers plotted.

Numbers are compared by how many, first, last, and then by digest, so that most values are passed over at once. Where none
are found (the cell plotted what it worked out), the names that the run read and that hold data are given instead.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbcairn.profile.figures import Panel
from nbcairn.profile.series import Plotted, plotted

__all__ = ["Origins", "origins"]

SECONDS = 0.1
MOST_COLUMNS = 500
MOST_ITEMS = 200_000
_WORKED_OUT = frozenset({"histogram", "contours", "pie", "box plot"})
"""Kinds whose numbers are results, which the cell may have bound to names, too."""


@dataclass(slots=True)
class Origins:
    """``names`` in order; ``how`` is ``content`` or ``reads``; ``parts`` says of each digest what it was: ``df['x']``."""

    names: list[str] = field(default_factory=list)
    how: str = "content"
    parts: dict[str, str] = field(default_factory=dict)


def origins(
    panels: Iterable[Panel], read: Iterable[str], bound: Iterable[str], namespace: Mapping[str, Any]
) -> Origins:
    """What the panels were drawn from, among the names that a run read or bound."""
    read = list(dict.fromkeys(read))
    wanted: dict[tuple[int, float, float], set[str]] = {}
    shown = [series for panel in panels for series in panel.series if series.kind not in _WORKED_OUT]
    for part in (part for series in shown for part in series.data.values()):
        if not _is_a_count(part):
            wanted.setdefault((part.size, part.first, part.last), set()).add(part.digest)
    values = [(name, namespace[name]) for name in dict.fromkeys((*read, *bound)) if name in namespace]
    found, ends = Origins(), time.perf_counter() + SECONDS
    for name, value in values if wanted else ():
        if time.perf_counter() > ends:
            break
        parts = _matches(name, value, wanted)
        for digest, label in parts.items():
            found.parts.setdefault(digest, label)
        found.names += [name] if parts else []
    if not found.names:
        found.how = "reads"
        found.names = [name for name, value in values if name in read and _holds_data(value)]
    return found


def _is_a_count(part: Plotted) -> bool:
    """True for 0, 1, 2 …, the place of each item: it comes from no name. The digest is compared, not guessed."""
    import numpy as np

    if part.size == 1:
        return True
    if (part.first, part.last) not in {(0.0, part.size - 1.0), (1.0, float(part.size))} or part.size > MOST_ITEMS:
        return False
    count = plotted(np.arange(part.first, part.last + 1))
    return count is not None and count.digest == part.digest


def _matches(name: str, value: Any, wanted: Mapping[tuple[int, float, float], set[str]]) -> dict[str, str]:
    """What of a value is plotted, by digest; of a value that cannot be read, what was found until then."""
    found: dict[str, str] = {}
    with suppress(
        Exception
    ):  # a class of the user's may raise anything, and the picture is worth more than its origins
        for label, numbers in _parts(name, value, {size for size, _, _ in wanted}):
            digest = _matching(numbers, wanted)
            if digest:
                found.setdefault(digest, label)
    return found


def _matching(numbers: Any, wanted: Mapping[tuple[int, float, float], set[str]]) -> str:
    """The digest that these numbers have, if it is wanted."""
    import numpy as np

    array = np.asanyarray(numbers)
    if not array.size:
        return ""
    if array.dtype.kind in "biuf":
        ends = (array.size, float(array.flat[0]), float(array.flat[-1]))
        if ends not in wanted and not any(map(math.isnan, ends)):
            return ""
    part = plotted(array)
    return part.digest if part is not None and any(part.digest in digests for digests in wanted.values()) else ""


def _parts(name: str, value: Any, sizes: set[int]) -> Iterator[tuple[str, Any]]:
    """What a name holds that could be plotted and has one of these sizes: itself, its columns, its index."""
    kinds = {base.__module__.partition(".")[0] + "." + base.__name__ for base in type(value).__mro__}
    if "numpy.ndarray" in kinds:
        yield from _of_array(name, value, sizes)
    elif kinds & _TABLES and len(value) in sizes:
        yield from _of_table(name, value, has_index="pandas.DataFrame" in kinds)
    elif kinds & _COLUMNS and len(value) in sizes:
        yield name, _numbers(value)
        if "pandas.Series" in kinds:
            yield f"{name}.index", _numbers(value.index)
    elif type(value) in {list, tuple} and len(value) in sizes and len(value) <= MOST_ITEMS:
        if all(type(item) in {int, float} for item in value):
            yield name, value
    elif type(value) is dict and len(value) <= MOST_COLUMNS:
        for key, part in value.items():
            if isinstance(key, str) and type(part) is not dict:
                yield from _parts(f"{name}[{key!r}]", part, sizes)


_TABLES = frozenset({"pandas.DataFrame", "polars.DataFrame"})
_COLUMNS = frozenset({"pandas.Series", "pandas.Index", "polars.Series"})


def _of_table(name: str, value: Any, *, has_index: bool) -> Iterator[tuple[str, Any]]:
    for column in list(value.columns)[:MOST_COLUMNS]:
        yield f"{name}[{column!r}]", _column(value, column)
    if has_index:
        yield f"{name}.index", _numbers(value.index)


def _of_array(name: str, value: Any, sizes: set[int]) -> Iterator[tuple[str, Any]]:
    if value.dtype.kind not in "biufM":
        return
    if value.size in sizes:
        yield name, value
    if value.ndim == 2 and value.shape[0] in sizes and value.shape[1] <= MOST_COLUMNS:
        for column in range(value.shape[1]):
            yield f"{name}[:, {column}]", value[:, column]


def _column(frame: Any, column: Any) -> Any:
    return _numbers(frame[column]) if list(frame.columns).count(column) == 1 else ()


def _numbers(values: Any) -> Any:
    """The values of a series or index as they are plotted; nothing of what holds no numbers."""
    kind = str(values.dtype)
    if kind.startswith(("int", "uint", "float", "bool", "datetime", "Int", "UInt", "Float", "Date")):
        return values.to_numpy()
    return ()


def _holds_data(value: Any) -> bool:
    """True for what numbers are kept in."""
    modules = {base.__module__.partition(".")[0] for base in type(value).__mro__}
    if getattr(getattr(value, "dtype", None), "kind", "") == "O":
        return "pandas" in modules
    if modules & {"numpy", "pandas", "polars", "pyarrow", "torch", "scipy"}:
        return hasattr(type(value), "__len__")
    return type(value) in {list, tuple, dict} and len(value) > 1
