"""Tables: pandas, polars and Arrow, as a tree of columns, so that one changed column costs one column.

The digest is independent of how a frame lays out its blocks, and never a pickle: equal frames pickle differently.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.arrays import add_array, base_of
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]


def _values(walk: Walk, digest: Digest, values: Any) -> None:
    """The array under a column or index: numpy's, or an extension array's parts."""
    import numpy as np

    kind = type(values).__name__
    if isinstance(values, np.ndarray):
        _numpy(walk, digest, values)
    elif kind == "Categorical":
        digest.text(f"categorical:{values.ordered}")
        _index(walk, digest, values.categories)
        add_array(walk, digest, values.codes)
    elif hasattr(values, "_mask") and hasattr(values, "_data"):
        _masked(walk, digest, values)
    elif hasattr(values, "_pa_array"):
        digest.text(f"arrow:{values.dtype}")
        walk.mutable(values)
        _chunks(walk, digest, values._pa_array)
    elif hasattr(values, "_ndarray"):
        digest.text(f"{kind}:{values.dtype}")
        _numpy(walk, digest, values._ndarray)
    else:
        digest.text(f"{kind}:{values.dtype}")
        add_array(walk, digest, np.asarray(values, dtype=object))


def _masked(walk: Walk, digest: Digest, values: Any) -> None:
    """Nullable columns: what lies under the mask is garbage."""
    digest.text(f"nullable:{values.dtype}")
    data = values._data
    if values._mask.any():
        data = data.copy()
        data[values._mask] = data.dtype.type()
    add_array(walk, digest, data)
    add_array(walk, digest, values._mask)
    walk.mutable(base_of(values._data))


def _numpy(walk: Walk, digest: Digest, values: Any) -> None:
    if values.dtype.hasobject:
        walk.mutable(values, base_of(values))
        walk.add(digest, values.tolist())
        return
    walk.mutable(base_of(values))
    add_array(walk, digest, _strip_order(values))


def _strip_order(values: Any) -> Any:
    """A column has no order of its own: a slice of a row-major block and a column of its own are equal."""
    import numpy as np

    return np.ascontiguousarray(values)


def _index(walk: Walk, digest: Digest, index: Any) -> None:
    kind = type(index).__name__
    digest.text(f"index:{kind}:{index.dtype if kind != 'MultiIndex' else index.nlevels}")
    walk.add(digest, list(index.names))
    if kind == "RangeIndex":
        digest.text(f"{index.start}:{index.stop}:{index.step}")
    elif kind == "MultiIndex":
        for level in range(index.nlevels):
            _index(walk, digest, index.get_level_values(level))
    else:
        if kind in {"DatetimeIndex", "TimedeltaIndex"}:
            digest.text(str(index.freqstr))
        _values(walk, digest, index.array if not _is_numpy(index.array) else index.array.to_numpy())


def _is_numpy(array: Any) -> bool:
    return type(array).__name__ in {"NumpyExtensionArray", "PandasArray"}


def _column(series: Any) -> Any:
    array = series.array
    return array.to_numpy() if _is_numpy(array) else array


def _frame(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text(f"DataFrame:{frame.shape}")
    if type(frame).__name__ != "DataFrame":
        digest.text(type(frame).__qualname__)
    _index(walk, digest, frame.columns)
    _index(walk, digest, frame.index)
    for position in range(frame.shape[1]):
        column = Digest("column")
        _values(walk, column, _column(frame.iloc[:, position]))
        digest.text(column.hex())
    walk.add(digest, dict(frame.attrs))
    digest.text(str(frame.flags.allows_duplicate_labels))


def _series(walk: Walk, digest: Digest, series: Any) -> None:
    walk.mutable(series)
    digest.text("Series")
    walk.add(digest, series.name)
    _index(walk, digest, series.index)
    _values(walk, digest, _column(series))
    walk.add(digest, dict(series.attrs))


def _pandas_index(walk: Walk, digest: Digest, index: Any) -> None:
    _index(walk, digest, index)


def _extension(walk: Walk, digest: Digest, values: Any) -> None:
    walk.mutable(values)
    _values(walk, digest, values.to_numpy() if _is_numpy(values) else values)


def _stamp(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"{type(value).__name__}:{value!r}:{getattr(value, 'unit', '')}")


def _polars(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text(f"polars.DataFrame:{frame.shape}")
    for name in frame.columns:
        _polars_series(walk, digest, frame.get_column(name))


def _polars_series(walk: Walk, digest: Digest, series: Any) -> None:
    walk.mutable(series)
    digest.text(f"polars.Series:{series.name}:{series.dtype}")
    _chunks(walk, digest, series.rechunk().to_arrow())


def _polars_lazy(_: Walk, digest: Digest, frame: Any) -> None:
    digest.text("polars.LazyFrame")
    digest.buffer(frame.serialize(format="binary"))


def _chunks(walk: Walk, digest: Digest, array: Any) -> None:
    """Arrow data, canonically: one chunk, nulls zeroed, offsets from zero, through Arrow's own IPC writer."""
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks != 1 else array.chunk(0)
    digest.text(f"arrow:{array.type}:{len(array)}:{array.null_count}")
    if pa.types.is_primitive(array.type) and array.type.bit_width >= 8:
        add_array(walk, digest, array.fill_null(0).to_numpy(zero_copy_only=False))
        if array.null_count:
            add_array(walk, digest, array.is_null().to_numpy(zero_copy_only=False))
        return
    walk.add(digest, array.to_pylist())


def _arrow_table(walk: Walk, digest: Digest, table: Any) -> None:
    digest.text(f"arrow.Table:{table.schema.to_string()}")
    for column in table.columns:
        _chunks(walk, digest, column)


def _arrow_array(walk: Walk, digest: Digest, array: Any) -> None:
    _chunks(walk, digest, array)


def _sparse(walk: Walk, digest: Digest, value: Any) -> None:
    """scipy.sparse: format, shape and the arrays of that format."""
    walk.mutable(value)
    digest.text(f"sparse:{type(value).__name__}:{value.format}:{value.shape}")
    parts = [name for name in ("data", "indices", "indptr", "row", "col", "offsets") if hasattr(value, name)]
    if value.format in {"lil", "dok"}:
        value, parts = value.tocsr(), ["data", "indices", "indptr"]
    for name in parts:
        digest.text(name)
        add_array(walk, digest, getattr(value, name))


FAMILIES: dict[str, Family] = {
    "pandas.DataFrame": Family(_frame),
    "pandas.core.frame.DataFrame": Family(_frame),
    "pandas.Series": Family(_series),
    "pandas.core.series.Series": Family(_series),
    "pandas.Index": Family(_pandas_index),
    "pandas.core.indexes.base.Index": Family(_pandas_index),
    "pandas.api.extensions.ExtensionArray": Family(_extension),
    "pandas.core.arrays.base.ExtensionArray": Family(_extension),
    "pandas._libs.tslibs.timestamps.Timestamp": Family(_stamp, nested=False),
    "pandas._libs.tslibs.timedeltas.Timedelta": Family(_stamp, nested=False),
    "pandas._libs.tslibs.period.Period": Family(_stamp, nested=False),
    "pandas._libs.tslibs.nattype.NaTType": Family(_stamp, nested=False),
    "pandas._libs.missing.NAType": Family(_stamp, nested=False),
    "polars.dataframe.frame.DataFrame": Family(_polars),
    "polars.series.series.Series": Family(_polars_series),
    "polars.lazyframe.frame.LazyFrame": Family(_polars_lazy, nested=False),
    "pyarrow.lib.Table": Family(_arrow_table),
    "pyarrow.lib.RecordBatch": Family(_arrow_table),
    "pyarrow.lib.Array": Family(_arrow_array),
    "pyarrow.lib.ChunkedArray": Family(_arrow_array),
    "scipy.sparse._base._spbase": Family(_sparse),
}
