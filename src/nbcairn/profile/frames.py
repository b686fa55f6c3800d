"""Tables: pandas, polars and Arrow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.columns import SAMPLE, moment_column, numpy_column, plain_column
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text, count

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
    named = ((cell_text(label), frame.iloc[:, n]) for n, label in enumerate(frame.columns))
    top = frame.iloc[:PREVIEW_ROWS, :PREVIEW_COLUMNS]
    return {
        "rows": rows,
        "bytes": int(frame.memory_usage(index=True, deep=False).sum()),
        "preview": [list(map(cell_text, row)) for row in top.itertuples(index=False, name=None)],
        "index": [cell_text(label) for label in frame.index[:PREVIEW_ROWS]],
        "columns": _columns(named, width, _pandas_column, budget),
    }


def _pandas_series_statistics(series: Any, budget: Budget) -> Mapping[str, object]:
    return {
        "rows": len(series),
        "bytes": int(series.memory_usage(deep=False)),
        "preview": [[cell_text(value)] for value in series.iloc[:PREVIEW_ROWS]],
        "index": [cell_text(label) for label in series.index[:PREVIEW_ROWS]],
        "columns": _columns([(cell_text(series.name), series)], 1, _pandas_column, budget),
    }


def _pandas_column(series: Any, budget: Budget, name: str) -> dict[str, object]:
    import numpy as np

    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if isinstance(dtype, np.dtype) and kind in "biufc":
        return numpy_column(series.to_numpy(), budget, name)
    nulls = int(series.isna().sum()) if kind != "O" or len(series) <= 10 * SAMPLE else None
    if kind in "iuf" and not isinstance(dtype, np.dtype):
        return numpy_column(series.dropna().to_numpy(dtype="float64"), budget, name, nulls)
    if kind in "mM":
        return _with_nulls(_moments(series, budget, name), nulls)
    step = max(1, -(-len(series) // SAMPLE))
    found = plain_column(series.iloc[::step].tolist(), budget, name)
    if step > 1:
        found["sampled"] = -(-len(series) // step)
    return _with_nulls(found, nulls)


def _moments(series: Any, budget: Budget, name: str) -> dict[str, object]:
    """Times and spans; those with a zone are compared in UTC and shown in their zone."""
    present = series.dropna()
    zone = getattr(present.dtype, "tz", None) or getattr(getattr(present.dtype, "pyarrow_dtype", None), "tz", None)
    plain = present.dt.tz_convert("UTC").dt.tz_localize(None) if zone else present
    values = plain.to_numpy()
    found = moment_column(values, budget, name) if values.dtype.kind in "mM" else {}
    if len(present) and (zone or not found):
        found.update(min=cell_text(present.min()), max=cell_text(present.max()))
    return found


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
    nulls = int(series.null_count())
    if series.dtype.is_numeric() and not series.dtype.is_decimal() and "numpy" in sys.modules:
        return numpy_column(series.drop_nulls().to_numpy(), budget, name, nulls)
    if str(series.dtype).startswith(("Datetime", "Date", "Duration")) and "numpy" in sys.modules:
        return _with_nulls(moment_column(series.drop_nulls().to_numpy(), budget, name), nulls)
    step = max(1, -(-len(series) // SAMPLE))
    found = plain_column(series.gather_every(step).to_list(), budget, name)
    if step > 1:
        found["sampled"] = -(-len(series) // step)
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

    nulls = int(column.null_count)
    numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    if numeric and "numpy" in sys.modules:
        return numpy_column(column.drop_null().to_numpy(zero_copy_only=False), budget, name, nulls)
    found = plain_column(column.slice(0, SAMPLE).to_pylist(), budget, name)
    if len(column) > SAMPLE:
        found["sampled"] = SAMPLE
    return _with_nulls(found, nulls)


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
