"""pandas: tables as a tree of columns, so that one changed column costs one column.

The digest does not depend on how a frame lays out its blocks, and is never that of a pickle: equal frames pickle
differently.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from nbcairn.fingerprint.arrays import add_array, add_masked, add_objects, address_of, base_of, reach
from nbcairn.fingerprint.arrow import add_arrow
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.dtypes import dtype_name, is_unpadded
from nbcairn.fingerprint.leaves import LEAF, TAG, Span, column_tags, columns
from nbcairn.fingerprint.memory import LEAST
from nbcairn.fingerprint.objects import state_of
from nbcairn.fingerprint.plain import dump
from nbcairn.fingerprint.walk import Family, Walk
from nbcairn.model import Layout

__all__ = ["FAMILIES"]

FEW = 64
"""So few texts, such as the names of columns, are sooner hashed as Python's."""
MOST_COLUMNS = 200
"""Wider tables are not told column by column: the trail would grow by as much with each version."""


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
        if len(values) <= FEW and kind.startswith("ArrowString"):
            digest.buffer(dump(values._pa_array.to_pylist()))
        else:
            add_arrow(walk, digest, values._pa_array)
    elif hasattr(values, "_ndarray"):
        _numpy(walk, digest, values._ndarray)
    else:
        walk.items(digest, list(values))


def _categorical(walk: Walk, digest: Digest, values: Any) -> None:
    digest.text(str(values.ordered))
    _index(walk, digest, values.categories)
    add_array(walk, digest, values._ndarray)


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


def _is_plain(walk: Walk, values: Any) -> bool:
    """True for columns of numbers, times or texts of one width whose tag is that of their bytes."""
    import numpy as np

    if type(values) is not np.ndarray or not is_unpadded(values.dtype):
        return False
    size = values.shape[-1] * values.itemsize
    return size <= LEAF and (walk.max_bytes is None or size <= walk.max_bytes)


def _plain(walk: Walk, block: Any) -> tuple[str, bytes]:
    """The dtype of plain columns that lie side by side, and their tags, one after another."""
    reach(walk, block)
    return dtype_name(block.dtype), column_tags(block) if block.nbytes < LEAST else walk.tags(columns(block))


def _tagged(walk: Walk, frame: Any) -> list[tuple[str, bytes]]:
    """Each column's dtype and tag; of a column that is not plain no dtype, and the digest of all it is."""
    found: dict[int, tuple[str, bytes]] = {}
    for block in getattr(getattr(frame, "_mgr", None), "blocks", ()):
        values = block.values
        if getattr(values, "ndim", 0) == 2 and len(values) and _is_plain(walk, values):
            name, tags = _plain(walk, values)
            places = block.mgr_locs.as_array.tolist()
            found.update({place: (name, tags[TAG * n : TAG * (n + 1)]) for n, place in enumerate(places)})
    if len(found) < frame.shape[1]:
        for place, values in enumerate(_columns(frame)):
            if place not in found:
                found[place] = _column(walk, values)
    return [found[place] for place in range(frame.shape[1])]


def _column(walk: Walk, values: Any) -> tuple[str, bytes]:
    if _is_plain(walk, values):
        return _plain(walk, values.reshape(1, -1))
    column = Digest("column")
    _values(walk, column, values)
    return "", bytes.fromhex(column.hex())


def _frame(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text(f"DataFrame:{type(frame).__qualname__}:{frame.shape}")
    _index(walk, digest, frame.columns)
    # A table without rows gets some with its first column: of such a one nothing stays.
    labels = _labels(frame) if walk.is_whole and len(frame.index) else None
    rows = Digest("rows")
    both = digest if labels is None else digest.beside(rows)
    _index(walk, both, frame.index)
    tagged = _tagged(walk, frame)
    digest.buffer(dump([(name, len(list(run))) for name, run in groupby(name for name, _ in tagged)]))
    digest.raw(b"".join([tag for _, tag in tagged]))
    _extras(walk, both, frame)
    if labels is not None:
        rows.text(f"{type(frame).__qualname__}:{frame.columns.dtype}")
        walk.items(rows, list(frame.columns.names))
        known = _attributes(cast("Hashable", type(frame)), len(vars(type(frame))))
        digests = (f"{name}:{tag.hex()}" for name, tag in tagged)
        hidden = tuple(label for label in labels if label in known or label in vars(frame))
        walk.layout = Layout(rows.hex(), dict(zip(labels, digests, strict=True)), hidden)


@lru_cache(maxsize=64)
def _attributes(kind: Any, _: int) -> frozenset[str]:
    """The names of a type's attributes; worked out again when it has another number of its own, as accessors are added."""
    return frozenset().union(*(vars(base) for base in kind.__mro__))


def _labels(frame: Any) -> list[str] | None:
    """The names of a table's columns, where each is a text that no other has; of pandas' own type of table alone, since
    another may look at all columns when it is asked for one.
    """
    if type(frame).__module__.partition(".")[0] != "pandas" or type(frame.columns).__name__ != "Index":
        return None
    if not len(frame.index) or not 0 < len(frame.columns) <= MOST_COLUMNS:  # a first column may bring the rows
        return None
    held = getattr(frame.columns.array, "_pa_array", None)
    labels = frame.columns.tolist() if held is None else held.to_pylist()
    return labels if set(map(type, labels)) == {str} and len(set(labels)) == len(labels) else None


def _series(walk: Walk, digest: Digest, series: Any) -> None:
    walk.mutable(series)
    digest.text(f"Series:{type(series).__qualname__}")
    walk.add(digest, series.name)
    rows = Digest("rows")
    whole = walk.is_whole and type(series).__module__.partition(".")[0] == "pandas"
    _index(walk, digest.beside(rows) if whole else digest, series.index)
    if whole:
        walk.layout = Layout(rows.hex(), {})
    _values(walk, digest, _unwrapped(series.array))
    _extras(walk, digest, series)


def _extras(walk: Walk, digest: Digest, data: Any) -> None:
    """What a frame or series carries along: attrs, flags, and what a subclass declares as metadata."""
    walk.add(digest, data.attrs)
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
