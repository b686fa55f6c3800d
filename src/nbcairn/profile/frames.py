"""Tables: pandas, polars and Arrow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.columns import SAMPLE, coded_column, moment_column, numpy_column, spaced_column, step_of
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text, count, label_text

__all__ = ["FAMILIES"]

MAX_COLUMNS = 200
PREVIEW_ROWS = 10
PREVIEW_COLUMNS = 50

Figures = Callable[[Any, Budget, str], dict[str, object]]


def _table(rows: int, columns: int) -> str:
    return f"{count(rows, 'row')} × {count(columns, 'column')}"


def _frame(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, _table(*value.shape)


def _series(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, f"{count(len(value), 'value')}, {value.dtype}"


def _index(value: Any, _: str) -> tuple[None, str]:
    return None, f"{count(len(value), 'label')}, {value.dtype}"


def _columns(named: Iterable[tuple[str, Any]], total: int, figures: Figures, budget: Budget) -> list[dict[str, object]]:
    """Name and dtype of each column, with its figures until the budget is spent."""
    found = []
    for position, (name, column) in enumerate(named):
        if position >= MAX_COLUMNS:
            budget.skip(f"columns after the first {MAX_COLUMNS} of {total:,}")
            break
        dtype = getattr(column, "dtype", None) or getattr(column, "type", "")
        entry: dict[str, object] = {"name": name, "dtype": str(dtype)}
        if budget.left > 0:
            entry.update(_survived(figures, column, budget, name))
        else:
            budget.skip("figures of some columns")
        found.append(entry)
    return found


def _survived(figures: Figures, column: Any, budget: Budget, name: str) -> dict[str, object]:
    """The figures of a column; one that cannot be read takes none of the others with it."""
    try:
        return figures(column, budget, name)
    except Exception as error:  # noqa: BLE001 - a value's own code may raise anything
        budget.skip(f"figures of {name} ({type(error).__name__})")
        return {}


# --------------------------------------------------------------------------- pandas


def _pandas_statistics(frame: Any, budget: Budget) -> Mapping[str, object]:
    rows, width = frame.shape
    named = ((label_text(label), frame.iloc[:, n]) for n, label in enumerate(frame.columns))
    top = frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS]
    return {
        "rows": rows,
        "bytes": int(frame.memory_usage(index=True, deep=False).sum()),
        "preview": [list(map(cell_text, row)) for row in top.itertuples(index=False, name=None)],
        "index": [label_text(label) for label in frame.index[:PREVIEW_ROWS]],
        "columns": _columns(named, width, _pandas_column, budget),
    }


def _pandas_series_statistics(series: Any, budget: Budget) -> Mapping[str, object]:
    return {
        "rows": len(series),
        "bytes": int(series.memory_usage(deep=False)),
        "preview": [[cell_text(value)] for value in series.iloc[:PREVIEW_ROWS]],
        "index": [label_text(label) for label in series.index[:PREVIEW_ROWS]],
        "columns": _columns([(label_text(series.name), series)], 1, _pandas_column, budget),
    }


def _pandas_column(series: Any, budget: Budget, name: str) -> dict[str, object]:
    import numpy as np

    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if isinstance(dtype, np.dtype) and kind in "biufc":
        return numpy_column(series.to_numpy(), budget, name)
    if hasattr(dtype, "categories"):
        return coded_column(series.cat.codes.to_numpy(), dtype.categories.tolist(), bool(dtype.ordered))
    nulls = int(series.isna().sum()) if kind != "O" or len(series) <= 10 * SAMPLE else None
    if kind in "biuf" and not isinstance(dtype, np.dtype):
        own = getattr(dtype, "numpy_dtype", None)
        plain = own if isinstance(own, np.dtype) and own.kind in "biuf" else np.dtype("float64")
        return numpy_column(series.dropna().to_numpy(dtype=plain), budget, name, nulls)
    if kind in "mM":
        return _with_nulls(_moments(series, budget, name), nulls)
    return _with_nulls(spaced_column(series.iloc[:: step_of(len(series))].tolist(), len(series), budget, name), nulls)


def _moments(series: Any, budget: Budget, name: str) -> dict[str, object]:
    """Times and spans; those with a zone are compared in UTC and shown in their zone."""
    present = series.dropna()
    zone = getattr(present.dtype, "tz", None) or getattr(getattr(present.dtype, "pyarrow_dtype", None), "tz", None)
    if not len(present) or not zone:
        values = present.to_numpy()
        if values.dtype.kind in "mM":
            return moment_column(values, budget, name)
        return {"min": cell_text(present.min()), "max": cell_text(present.max())} if len(present) else {}
    stamp = type(present.iloc[0])
    values = present.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return moment_column(values, budget, name, lambda moment: str(stamp(moment).tz_localize("UTC").tz_convert(zone)))


def _with_nulls(found: dict[str, object], nulls: int | None) -> dict[str, object]:
    return found if nulls is None else {**found, "nulls": nulls}


# --------------------------------------------------------------------------- polars and Arrow


def _polars_statistics(frame: Any, budget: Budget) -> Mapping[str, object]:
    rows, width = frame.shape
    return {
        "rows": rows,
        "bytes": int(frame.estimated_size()),
        "preview": [list(map(cell_text, row)) for row in frame[:PREVIEW_ROWS, :PREVIEW_COLUMNS].rows()],
        "columns": _columns(((column.name, column) for column in frame), width, _polars_column, budget),
    }


def _polars_series_statistics(series: Any, budget: Budget) -> Mapping[str, object]:
    return {
        "rows": len(series),
        "bytes": int(series.estimated_size()),
        "preview": [[cell_text(value)] for value in series[:PREVIEW_ROWS].to_list()],
        "columns": _columns([(series.name, series)], 1, _polars_column, budget),
    }


def _polars_column(series: Any, budget: Budget, name: str) -> dict[str, object]:
    nulls, dtype = int(series.null_count()), str(series.dtype)
    if "numpy" in sys.modules:
        present = series.drop_nulls()
        if dtype == "Boolean" or (series.dtype.is_numeric() and not dtype.startswith("Decimal") and "128" not in dtype):
            return numpy_column(present.to_numpy(), budget, name, nulls)
        if dtype.startswith(("Datetime", "Date", "Duration")):
            if getattr(series.dtype, "time_zone", None):
                present = present.dt.replace_time_zone(None)  # what the clocks of the zone show
            return _with_nulls(moment_column(present.to_numpy(), budget, name), nulls)
    found = spaced_column(series.gather_every(step_of(len(series))).to_list(), len(series), budget, name)
    return _with_nulls(found, nulls)


def _lazy(_: Any, __: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, "a query plan, not yet collected"


def _arrow(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, _table(value.num_rows, value.num_columns)


def _arrow_statistics(table: Any, budget: Budget) -> Mapping[str, object]:
    named = zip(table.schema.names, table.columns, strict=True)
    rows = table.slice(0, PREVIEW_ROWS)
    shown = [column.to_pylist() for column in rows.columns[:PREVIEW_COLUMNS]]
    return {
        "rows": table.num_rows,
        "bytes": int(table.nbytes),
        "preview": [list(map(cell_text, row)) for row in zip(*shown, strict=True)],
        "columns": _columns(named, table.num_columns, _arrow_column, budget),
    }


def _arrow_column(column: Any, budget: Budget, name: str) -> dict[str, object]:
    import pyarrow as pa

    nulls, types = int(column.null_count), pa.types
    if "numpy" in sys.modules and not types.is_time(column.type):
        numeric = types.is_integer(column.type) or types.is_floating(column.type) or types.is_boolean(column.type)
        if numeric or types.is_temporal(column.type):
            values = column.drop_null().to_numpy(**_COPIED if isinstance(column, pa.Array) else {})
            if values.dtype.kind in "mM":
                return _with_nulls(moment_column(values, budget, name), nulls)
            return numpy_column(values, budget, name, nulls) if numeric else {"nulls": nulls}
    places = range(0, len(column), step_of(len(column)))
    sample = column if len(places) == len(column) else column.take(pa.array(places))
    return _with_nulls(spaced_column(sample.to_pylist(), len(column), budget, name), nulls)


_COPIED = {"zero_copy_only": False}
"""What an array, but no chunked array, wants to be told before it copies."""


def _arrow_array(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, f"{count(len(value), 'value')}, {value.type}"


def _arrow_array_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    columns = _columns([("", value)], 1, _arrow_column, budget)
    preview = [[cell_text(part)] for part in value.slice(0, PREVIEW_ROWS).to_pylist()]
    return {"rows": len(value), "bytes": int(value.nbytes), "preview": preview, "columns": columns}


_PANDAS = Family(_frame, _pandas_statistics)
_PANDAS_SERIES = Family(_series, _pandas_series_statistics)
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("pandas.DataFrame", "pandas.core.frame.DataFrame"), _PANDAS),
    **dict.fromkeys(("pandas.Series", "pandas.core.series.Series"), _PANDAS_SERIES),
    **dict.fromkeys(("pandas.Index", "pandas.core.indexes.base.Index"), Family(_index)),
    "polars.dataframe.frame.DataFrame": Family(_frame, _polars_statistics),
    "polars.series.series.Series": Family(_series, _polars_series_statistics),
    "polars.lazyframe.frame.LazyFrame": Family(_lazy),
    **dict.fromkeys(("pyarrow.lib.Table", "pyarrow.lib.RecordBatch"), Family(_arrow, _arrow_statistics)),
    **dict.fromkeys(("pyarrow.lib.Array", "pyarrow.lib.ChunkedArray"), Family(_arrow_array, _arrow_array_statistics)),
}
