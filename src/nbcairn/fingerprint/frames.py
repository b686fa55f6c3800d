"""pandas: tables as a tree of columns, so that one changed column costs one column.

The digest does not depend on how a frame lays out its blocks, and is never that of a pickle: equal frames pickle
differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nbcairn.fingerprint.arrays import (
    add_array,
    add_header,
    add_masked,
    add_objects,
    address_of,
    base_of,
    is_unpadded,
)
from nbcairn.fingerprint.arrow import add_arrow
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.leaves import TAG, Leaves, Span
from nbcairn.fingerprint.memory import LEAST
from nbcairn.fingerprint.objects import state_of
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]

WIDE = 32


def _values(walk: Walk, digest: Digest, values: Any) -> None:
    """The array under a column or index: numpy's, or an extension array's parts."""
    import numpy as np

    if isinstance(values, np.ndarray):
        _numpy(walk, digest, values)
        return
    kind = type(values).__name__
    digest.text(f"{kind}:{values.dtype}")
    walk.mutable(values)
    add = _EXTENSIONS.get(kind)
    if add is not None:
        add(walk, digest, values)
    elif hasattr(values, "_mask") and hasattr(values, "_data"):
        _masked(walk, digest, values)
    elif hasattr(values, "_pa_array"):
        add_arrow(walk, digest, values._pa_array)
    elif hasattr(values, "_ndarray"):
        _numpy(walk, digest, values._ndarray)
    else:
        walk.items(digest, list(values))


def _categorical(walk: Walk, digest: Digest, values: Any) -> None:
    digest.text(str(values.ordered))
    _index(walk, digest, values.categories)
    walk.mutable(base_of(values._ndarray))
    add_array(walk, digest, values.codes)


def _intervals(walk: Walk, digest: Digest, values: Any) -> None:
    _index(walk, digest, values.left)
    _index(walk, digest, values.right)


def _sparse(walk: Walk, digest: Digest, values: Any) -> None:
    digest.text(str(len(values)))
    walk.add(digest, values.fill_value)
    add_array(walk, digest, values.sp_values)
    add_array(walk, digest, values.sp_index.indices)


_EXTENSIONS = {"Categorical": _categorical, "IntervalArray": _intervals, "SparseArray": _sparse}


def _masked(walk: Walk, digest: Digest, values: Any) -> None:
    """Nullable columns: what lies under the mask is garbage."""
    add_masked(walk, digest, values._data, values._mask)


def _numpy(walk: Walk, digest: Digest, values: Any) -> None:
    """A column has no order of its own: a slice of a row-major block and a column of its own are equal."""
    walk.mutable(base_of(values))
    if values.dtype.hasobject:
        digest.text(f"objects:{values.shape}")
        add_objects(walk, digest, values.ravel())
    else:
        add_array(walk, digest, values)


def _index(walk: Walk, digest: Digest, index: Any) -> None:
    kind = type(index).__name__
    digest.text(f"index:{kind}:{index.dtype if kind != 'MultiIndex' else index.nlevels}")
    walk.items(digest, list(index.names))
    if kind == "RangeIndex":
        digest.text(f"{index.start}:{index.stop}:{index.step}")
    elif kind == "MultiIndex":
        _levels(walk, digest, index)
    else:
        if kind in {"DatetimeIndex", "TimedeltaIndex"}:
            digest.text(str(index.freqstr))
        _values(walk, digest, _unwrapped(index.array))


def _levels(walk: Walk, digest: Digest, index: Any) -> None:
    """Each level by its labels, row by row; how they are coded does not count."""
    for number, (labels, codes) in enumerate(zip(index.levels, index.codes, strict=True)):
        known = Digest("labels")
        _index(walk, known, labels)
        span = Span(address_of(codes), codes.nbytes)
        spans = (span,) if codes.flags.c_contiguous and codes.nbytes else ()

        def add(own: Digest, level: int = number) -> None:
            _index(walk, own, index.get_level_values(level))

        walk.kept(digest, spans, f"codes:{codes.dtype}:{known.hex()}", add)


def _unwrapped(array: Any) -> Any:
    """The numpy array in pandas' thin wrapper around one."""
    return array._ndarray if type(array).__name__ == "NumpyExtensionArray" else array


def _columns(frame: Any) -> list[Any]:
    """The array of each column; asking for the Series would cost 20 us a column."""
    try:
        return list(frame._iter_column_arrays())
    except AttributeError:
        return [_unwrapped(frame.iloc[:, position].array) for position in range(frame.shape[1])]


def _column_tag(walk: Walk, values: Any) -> bytes:
    column = Digest("column")
    _values(walk, column, values)
    return bytes.fromhex(column.hex())


def _block_tags(walk: Walk, frame: Any) -> dict[int, bytes]:
    """The tags of columns that lie side by side in one large block, where each alone is too small to be watched."""
    import numpy as np

    found: dict[int, bytes] = {}
    if frame.shape[1] < WIDE or not hasattr(getattr(frame, "_mgr", None), "blocks"):
        return found
    for block in frame._mgr.blocks:
        values, places = block.values, block.mgr_locs.as_array.tolist()
        small = len(places) >= WIDE and block.shape[1] <= LEAST // 8
        if type(values) is np.ndarray and values.ndim == 2 and not values.dtype.hasobject and small:
            walk.mutable(base_of(values))
            tags = walk.tags(_block(walk, values))
            found.update({place: tags[TAG * n : TAG * (n + 1)] for n, place in enumerate(places)})
    return found


def _block(walk: Walk, values: Any) -> Leaves:
    """A block of columns, each a leaf; all of them rest on all of it where the block is row-major."""
    spans: tuple[Span, ...] = ()
    if values.nbytes and (values.flags.c_contiguous or values.flags.f_contiguous):
        step = values.nbytes // len(values) if values.flags.c_contiguous else 0
        spans = (Span(address_of(values), values.nbytes, step),)
    return Leaves(
        values.nbytes, len(values), values.__getitem__, spans, f"columns:{values.dtype!r}:{values.strides}",
        lambda wanted: b"".join(_column_tags(walk, values, wanted)),
    )  # fmt: skip


def _column_tags(walk: Walk, values: Any, wanted: Sequence[int]) -> Iterable[bytes]:
    """The tags of columns of a block, as of each on its own; what they have in common is hashed once."""
    import numpy as np

    if not is_unpadded(values.dtype) or (walk.max_bytes is not None and values.shape[1] * 8 > walk.max_bytes):
        yield from (_column_tag(walk, values[number]) for number in wanted)
        return
    begun = Digest("column")
    add_header(begun, values[0])
    rows = np.ascontiguousarray(values).view(np.uint8)
    for number in wanted:
        column = begun.copy()
        column.buffer(rows[number])
        yield bytes.fromhex(column.hex())


def _frame(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text(f"DataFrame:{type(frame).__qualname__}:{frame.shape}")
    _index(walk, digest, frame.columns)
    _index(walk, digest, frame.index)
    tags = _block_tags(walk, frame)
    if len(tags) < frame.shape[1]:
        for place, values in enumerate(_columns(frame)):
            if place not in tags:
                tags[place] = _column_tag(walk, values)
    digest.raw(b"".join([tags[place] for place in range(frame.shape[1])]))
    _extras(walk, digest, frame)


def _series(walk: Walk, digest: Digest, series: Any) -> None:
    walk.mutable(series)
    digest.text(f"Series:{type(series).__qualname__}")
    walk.add(digest, series.name)
    _index(walk, digest, series.index)
    _values(walk, digest, _unwrapped(series.array))
    _extras(walk, digest, series)


def _extras(walk: Walk, digest: Digest, data: Any) -> None:
    """What a frame or series carries along: attrs, flags, and what a subclass declares as metadata."""
    walk.add(digest, dict(data.attrs))
    digest.text(str(data.flags.allows_duplicate_labels))
    for name in data._metadata:
        if name not in {"_name", "name"}:
            digest.text(name)
            walk.add(digest, getattr(data, name, None))


def _pandas_index(walk: Walk, digest: Digest, index: Any) -> None:
    walk.mutable(index)
    _index(walk, digest, index)


def _extension(walk: Walk, digest: Digest, values: Any) -> None:
    walk.mutable(values)
    _values(walk, digest, _unwrapped(values))


def _grouped(walk: Walk, digest: Digest, value: Any) -> None:
    """A grouping by what was asked for; what it works out when used does not count."""
    walk.mutable(value)
    digest.text(type(value).__name__)
    state = state_of(value)
    for name in sorted(set(state) - {"_grouper", "grouper"}):
        digest.text(name)
        walk.add(digest, state[name])


def _stamp(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(_shown(value))


def _shown(value: Any) -> str:
    return f"{type(value).__name__}:{value!r}:{getattr(value, 'unit', '')}:{getattr(value, 'fold', '')}"


def _interval(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"Interval:{value.closed}")
    walk.add(digest, value.left)
    walk.add(digest, value.right)


def _dtype(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"dtype:{type(value).__name__}:{value!r}")
    if type(value).__name__ == "CategoricalDtype" and value.categories is not None:
        _index(walk, digest, value.categories)


_STAMP = Family(_stamp, nested=False, flat=lambda _, value: _shown(value))
_FRAME, _SERIES, _INDEX = Family(_frame), Family(_series), Family(_pandas_index)
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("pandas.DataFrame", "pandas.core.frame.DataFrame"), _FRAME),
    **dict.fromkeys(("pandas.Series", "pandas.core.series.Series"), _SERIES),
    **dict.fromkeys(("pandas.Index", "pandas.core.indexes.base.Index"), _INDEX),
    **dict.fromkeys(
        ("pandas.api.extensions.ExtensionArray", "pandas.core.arrays.base.ExtensionArray"), Family(_extension)
    ),
    **dict.fromkeys(
        ("pandas.api.extensions.ExtensionDtype", "pandas.core.dtypes.base.ExtensionDtype"), Family(_dtype)
    ),
    **dict.fromkeys(
        ("pandas.core.groupby.groupby.BaseGroupBy", "pandas.core.window.rolling.BaseWindow"), Family(_grouped)
    ),
    **dict.fromkeys(
        (
            "pandas.Timestamp", "pandas.Timedelta", "pandas.Period",
            "pandas._libs.tslibs.timestamps.Timestamp", "pandas._libs.tslibs.timedeltas.Timedelta",
            "pandas._libs.tslibs.period.Period", "pandas._libs.tslibs.period._Period",
            "pandas._libs.tslibs.nattype.NaTType", "pandas._libs.tslibs.nattype._NaT", "pandas.api.typing.NaTType",
            "pandas._libs.missing.NAType", "pandas.api.typing.NAType", "pandas.NAType", "pandas.NaTType",
        ),
        _STAMP,
    ),
    **dict.fromkeys(("pandas.Interval", "pandas._libs.interval.Interval"), Family(_interval)),
}  # fmt: skip
