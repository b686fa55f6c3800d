"""For every family: equal content has equal fingerprints, here and in another process; other content has others.

``told`` says what a value is in a way of its own, so that the fingerprint is not judged by itself.
"""

from __future__ import annotations

import copy
import datetime
import decimal
import pickle
import struct

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import scipy.sparse as sp
from fingerprint_cases import few, full, many
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# --------------------------------------------------------------------------- Python's own values


def told(value):
    """A value in words: types, order where it counts, floats by their bits."""
    kind = type(value)
    if kind is float:
        return ("float", struct.pack("<d", value))
    if kind is complex:
        return ("complex", struct.pack("<dd", value.real, value.imag))
    if kind in {list, tuple}:
        return (kind.__name__, *map(told, value))
    if kind is dict:
        return ("dict", *((told(key), told(part)) for key, part in value.items()))
    if kind in {set, frozenset}:
        return (kind.__name__, *sorted(map(repr, map(told, value))))
    return (f"{kind.__module__}.{kind.__qualname__}", repr(value))


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.integers(), st.floats(), st.sampled_from([0.0, -0.0, 1.0]),
    st.complex_numbers(), st.text(max_size=3), st.binary(max_size=3), st.sampled_from(["a", b"a", "1"]),
    st.dates(), st.datetimes(), st.timedeltas(), st.decimals(allow_nan=False), st.just(decimal.Decimal("NaN")), st.just(...),
)  # fmt: skip
hashable = st.recursive(scalars, lambda part: st.tuples(part, part) | st.frozensets(part, max_size=3), max_leaves=4)
plain = st.recursive(
    scalars,
    lambda part: st.one_of(
        st.lists(part, max_size=4), st.tuples(part, part), st.sets(hashable, max_size=4),
        st.dictionaries(hashable, part, max_size=4), st.lists(scalars, min_size=2, max_size=6).map(tuple),
    ),
    max_leaves=12,
)  # fmt: skip


@many
@given(plain, plain)
def test_plain_values_are_equal_exactly_when_their_content_is(one, other):
    assert (full(one) == full(other)) == (told(one) == told(other))


@many
@given(st.lists(plain, min_size=1, max_size=4), st.data())
def test_one_changed_part_of_a_plain_value_shows(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    changed = [*values[:place], data.draw(plain), *values[place + 1 :]]
    assert (full(values) == full(changed)) == (told(values) == told(changed))


@many
@given(plain)
def test_plain_values_are_the_same_elsewhere(another_process, value):
    assert another_process.fingerprint(value).digest == full(value) == full(copy.deepcopy(value))


# --------------------------------------------------------------------------- numpy

dtypes = st.one_of(
    hnp.scalar_dtypes(), hnp.array_dtypes(max_size=3), hnp.unicode_string_dtypes(), hnp.byte_string_dtypes()
)
arrays = hnp.arrays(dtypes.map(lambda d: d.newbyteorder("=")), hnp.array_shapes(max_dims=3, max_side=4, min_side=0))
twins = st.sampled_from(["i1", "u1", "i8", "u8", "f4", "f8", "c16", "?", "M8[s]", "M8[ns]", "m8[s]", "U2", "S2", "O"])


def told_array(array):
    parts = array.ravel(order="K").tolist() if array.dtype.hasobject else array.tobytes(order="A")
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    return (array.dtype.str, array.shape, fortran, told(parts))


@many
@given(arrays)
def test_arrays_are_the_same_elsewhere(another_process, array):
    assert another_process.fingerprint(array).digest == full(array)


@many
@given(st.data(), twins, hnp.array_shapes(max_dims=2, max_side=3))
def test_arrays_are_equal_exactly_when_their_content_is(data, dtype, shape):
    items = st.sampled_from([0, 1, None, "a", 1.0]) if dtype == "O" else None
    one, other = (data.draw(hnp.arrays(dtype, shape, elements=items)) for _ in range(2))
    assert (full(one) == full(other)) == (told_array(one) == told_array(other))
    cast = other.view("i8") if other.dtype.kind in "uM" and other.itemsize == 8 else other
    assert (full(one) == full(cast)) == (told_array(one) == told_array(cast))


@many
@given(hnp.arrays("f8", hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6)), st.data())
def test_views_are_their_content(array, data):
    rows, columns = (data.draw(st.sampled_from([slice(None), slice(1, None), slice(None, None, 2), slice(None, None, -1)]))
                     for _ in range(2))  # fmt: skip
    view = array[rows, columns]
    assert full(view) == full(
        np.array(view, order="F" if view.flags.f_contiguous and not view.flags.c_contiguous else "C")
    )
    assert full(view) == full(np.ascontiguousarray(view)) or (view.flags.f_contiguous and not view.flags.c_contiguous)


@few
@given(hnp.arrays(st.sampled_from(["f8", "i4", "?"]), 6), hnp.arrays("?", 6), hnp.arrays("?", 6))
def test_masked_values_are_garbage_and_masks_count(data, mask, other):
    one = np.ma.MaskedArray(data.copy(), mask)
    garbage = data.copy()
    garbage[mask] = np.zeros((), data.dtype)
    assert full(one) == full(np.ma.MaskedArray(garbage, mask))
    assert (full(one) == full(np.ma.MaskedArray(data, other))) == bool((mask == other).all())


@few
@given(
    hnp.arrays("f8", (4, 5), elements=st.sampled_from([0.0, 0.0, 1.0, 2.0, np.nan])),
    st.sampled_from(["csr", "csc", "coo", "bsr", "dia", "lil", "dok"]),
)
def test_sparse_matrices_follow_their_content(another_process, dense, layout):
    matrix = sp.csr_array(dense).asformat(layout)
    digest = full(matrix)
    assert digest == full(matrix.copy()) == another_process.fingerprint(matrix).digest
    changed = dense.copy()
    changed[1, 2] += 1
    assume(changed.tobytes() != dense.tobytes())
    assert full(sp.csr_array(changed).asformat(layout)) != digest


# --------------------------------------------------------------------------- tables

DAYS = st.integers(0, 10**9).map(lambda second: datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=second))
TEXTS = st.text("abé\0", max_size=3)
NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 1.5, float("inf"), float("nan")])


def _or_none(items):
    return st.one_of(items, items, st.none())


COLUMNS = {
    "int64": st.integers(-5, 5),
    "uint8": st.integers(0, 5),
    "float64": NUMBERS,
    "float32": NUMBERS,
    "bool": st.booleans(),
    "object": st.one_of(
        st.none(), st.booleans(), st.integers(0, 1), NUMBERS, TEXTS, st.just([1]), st.just(pd.NA), st.just(pd.NaT)
    ),
    "str": _or_none(TEXTS),
    "string": _or_none(TEXTS),
    "Int64": _or_none(st.integers(-5, 5)),
    "Float32": _or_none(st.sampled_from([0.0, 1.0])),
    "boolean": _or_none(st.booleans()),
    "category": _or_none(TEXTS),
    "datetime64[ns]": _or_none(DAYS),
    "datetime64[s]": _or_none(DAYS),
    "datetime64[ns, Europe/Berlin]": _or_none(DAYS),
    "timedelta64[ns]": _or_none(st.integers(0, 5).map(datetime.timedelta)),
    "period[D]": _or_none(DAYS),
    "Sparse[float64]": st.sampled_from([0.0, 1.0]),
    "int64[pyarrow]": _or_none(st.integers(-5, 5)),
    "string[pyarrow]": _or_none(TEXTS),
    "bool[pyarrow]": _or_none(st.booleans()),
    "timestamp[us][pyarrow]": _or_none(DAYS),
}


@st.composite
def columns(draw, rows, dtype=None):
    dtype = dtype or draw(st.sampled_from(sorted(COLUMNS)))
    values = draw(st.lists(COLUMNS[dtype], min_size=rows, max_size=rows))
    if dtype == "period[D]":
        return pd.Series(pd.PeriodIndex(values, freq="D"))
    return pd.Series(values, dtype=dtype)


@st.composite
def indexes(draw, rows):
    kind = draw(st.sampled_from(["range", "moved", "int", "str", "dates", "multi", "category", "float", "named"]))
    numbers = draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows))
    return {
        "range": lambda: pd.RangeIndex(rows),
        "moved": lambda: pd.RangeIndex(5, 5 + rows),
        "int": lambda: pd.Index(numbers),
        "str": lambda: pd.Index(list(map(str, numbers))),
        "dates": lambda: pd.date_range("2020", periods=rows, freq=draw(st.sampled_from(["D", "h"]))),
        "multi": lambda: pd.MultiIndex.from_arrays(
            [numbers, numbers[::-1]], names=["a", draw(st.sampled_from(["b", "c"]))]
        ),
        "category": lambda: pd.CategoricalIndex(numbers, categories=[0, 1, 2, 3], ordered=draw(st.booleans())),
        "float": lambda: pd.Index([number / 2 for number in numbers]),
        "named": lambda: pd.RangeIndex(rows, name=draw(st.sampled_from(["a", "b", 1]))),
    }[kind]()


@st.composite
def frames(draw):
    rows = draw(st.integers(0, 4))
    parts = draw(st.lists(columns(rows), max_size=4))
    frame = pd.concat(parts, axis=1) if parts else pd.DataFrame(index=range(rows))
    frame.columns = draw(st.permutations(["a", "b", "c", 0][: len(parts)]))
    frame.index = draw(indexes(rows))
    if draw(st.booleans()):
        frame.attrs["unit"] = draw(st.sampled_from(["m", "km"]))
    return frame


def told_values(values):
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return ("category", told_index(dtype.categories), dtype.ordered, values.codes.tolist())
    items = [pd.NA if item is None and str(dtype) != "object" else item for item in values]
    if dtype.kind == "f" and isinstance(dtype, np.dtype):
        return (str(dtype), np.asarray(values).tobytes())
    return (str(dtype), repr(dtype), [told(item) for item in items])


def told_index(index):
    if isinstance(index, pd.MultiIndex):
        return ("multi", list(index.names), [told_index(index.get_level_values(n)) for n in range(index.nlevels)])
    if isinstance(index, pd.RangeIndex):  # its bounds are seen even where they hold nothing
        return ("range", list(map(told, index.names)), index.start, index.stop, index.step)
    freq = getattr(index, "freqstr", None) if index.dtype.kind in "mM" else None
    return (type(index).__name__, list(map(told, index.names)), freq, told_values(index.array))


def told_frame(frame):
    return (
        told_index(frame.columns), told_index(frame.index), told(frame.attrs),
        [told_values(frame.iloc[:, n].array) for n in range(frame.shape[1])],
    )  # fmt: skip


@many
@given(frames(), frames())
def test_frames_are_equal_exactly_when_their_content_is(one, other):
    assert (full(one) == full(other)) == (told_frame(one) == told_frame(other))


@many
@given(frames(), st.data())
def test_one_changed_column_of_a_frame_shows(frame, data):
    assume(frame.shape[1])
    changed = frame.copy()
    place = data.draw(st.integers(0, frame.shape[1] - 1))
    changed.isetitem(place, data.draw(columns(len(frame))).set_axis(frame.index).array)
    assert (full(frame) == full(changed)) == (told_frame(frame) == told_frame(changed))


@many
@given(frames())
def test_copies_of_frames_are_the_same(another_process, frame):
    digest = full(frame)
    again = pickle.loads(pickle.dumps(frame))
    assert digest == full(frame.copy()) == full(frame.copy(deep=False))
    assert told_frame(again) != told_frame(frame) or full(again) == digest
    assert told_frame(again) != told_frame(frame) or another_process.fingerprint(frame).digest == digest
    if len(frame):
        assert full(pd.concat([frame, frame]).iloc[len(frame) :].set_axis(frame.index)) is not None


@many
@given(st.integers(0, 5).flatmap(columns))
def test_series_slices_and_halves_are_their_content(series):
    assert full(series.iloc[1:]) == full(series.iloc[1:].copy())
    assert full(series.iloc[::-1]) == full(series.iloc[::-1].copy())
    assert full(series.array) == full(series.array.copy())
    assert full(series) == full(series.rename(series.name))


POLARS = {
    pl.Int64: st.integers(-5, 5), pl.UInt8: st.integers(0, 5), pl.Float64: NUMBERS, pl.Boolean: st.booleans(),
    pl.String: TEXTS, pl.Datetime("us"): DAYS, pl.Date: st.dates(), pl.Binary: st.binary(max_size=2),
    pl.Categorical: TEXTS, pl.List(pl.Int64): st.lists(st.integers(0, 2), max_size=2), pl.Null: st.none(),
    pl.Struct({"x": pl.Int64, "y": pl.String}): st.fixed_dictionaries({"x": st.integers(0, 1), "y": TEXTS}),
    pl.Decimal(10, 2): st.sampled_from([decimal.Decimal("1.00"), decimal.Decimal("2.50")]),
    pl.Duration("us"): st.integers(0, 3).map(datetime.timedelta), pl.Time: st.times(),
}  # fmt: skip


@st.composite
def polars_series(draw, rows):
    kind = draw(st.sampled_from(list(POLARS)))
    return pl.Series("a", draw(st.lists(_or_none(POLARS[kind]), min_size=rows, max_size=rows)), dtype=kind)


def told_series(series):
    return (series.name, repr(series.dtype), told(series.to_list()))


@many
@given(st.integers(0, 4).flatmap(polars_series), st.integers(0, 4).flatmap(polars_series))
def test_polars_series_are_equal_exactly_when_their_content_is(one, other):
    assert (full(one) == full(other)) == (told_series(one) == told_series(other))
    joined = pl.concat([one, one], rechunk=False)
    assert full(joined) == full(joined.rechunk())
    assert full(joined[len(one) :]) == full(one)


@many
@given(st.integers(0, 4).flatmap(lambda rows: st.lists(polars_series(rows), min_size=1, max_size=3)))
def test_polars_frames_are_the_same_elsewhere(another_process, parts):
    frame = pl.DataFrame([part.rename(f"c{n}") for n, part in enumerate(parts)])
    digest = full(frame)
    assert digest == full(frame.clone()) == full(frame.rechunk()) == another_process.fingerprint(frame).digest
    assert full(frame.select(pl.all().name.prefix("x"))) != digest


ARROW = {
    pa.int64(): st.integers(-5, 5), pa.int8(): st.integers(-5, 5), pa.float64(): NUMBERS, pa.bool_(): st.booleans(),
    pa.string(): TEXTS, pa.large_string(): TEXTS, pa.string_view(): TEXTS, pa.binary(): st.binary(max_size=2),
    pa.binary(2): st.binary(min_size=2, max_size=2), pa.timestamp("us"): DAYS, pa.date32(): st.dates(),
    pa.list_(pa.int64()): st.lists(st.integers(0, 2), max_size=2), pa.large_list(pa.string()): st.lists(TEXTS, max_size=2),
    pa.list_(pa.int8(), 2): st.lists(st.integers(0, 2), min_size=2, max_size=2), pa.null(): st.none(),
    pa.struct([("x", pa.int64()), ("y", pa.string())]): st.fixed_dictionaries({"x": st.integers(0, 1), "y": TEXTS}),
    pa.map_(pa.string(), pa.int64()): st.lists(st.tuples(TEXTS, st.integers(0, 1)), max_size=2),
    pa.dictionary(pa.int32(), pa.string()): TEXTS, pa.time64("us"): st.times(), pa.duration("s"): st.integers(0, 9),
    pa.decimal128(10, 2): st.sampled_from([decimal.Decimal("1.00"), decimal.Decimal("2.50")]),
}  # fmt: skip


@st.composite
def arrow_arrays(draw):
    kind = draw(st.sampled_from(list(ARROW)))
    return pa.array(draw(st.lists(_or_none(ARROW[kind]), max_size=5)), kind)


def told_arrow(array):
    return (str(array.type), told(array.to_pylist()))


@many
@given(arrow_arrays(), arrow_arrays())
def test_arrow_arrays_are_equal_exactly_when_their_content_is(one, other):
    assert (full(one) == full(other)) == (told_arrow(one) == told_arrow(other))


@many
@given(arrow_arrays(), st.data())
def test_arrow_arrays_are_their_content_whatever_their_pieces(another_process, array, data):
    digest = full(array)
    assert digest == another_process.fingerprint(array).digest
    cut = data.draw(st.integers(0, len(array)))
    assert full(pa.chunked_array([array[:cut], array[cut:]], array.type)) == full(pa.chunked_array([array], array.type))
    if not pa.types.is_dictionary(array.type):
        assert full(array[cut:]) == full(pa.array(array[cut:].to_pylist(), array.type))


# --------------------------------------------------------------------------- objects


class Thing:
    def __init__(self, **held):
        self.__dict__.update(held)


things = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), plain, max_size=3).map(lambda held: Thing(**held)),
    lambda part: st.builds(lambda a, b: Thing(a=a, b=[b, a]), part, plain | part),
    max_leaves=3,
)


def told_thing(value):
    if isinstance(value, Thing):
        return ("Thing", *sorted((name, told_thing(part)) for name, part in vars(value).items()))
    if type(value) is list:
        return ("list", *map(told_thing, value))
    return told(value)


@many
@given(things, things)
def test_objects_are_equal_exactly_when_their_state_is(one, other):
    same = repr(told_thing(one)) == repr(told_thing(other))
    assert (full(one) == full(other)) == same
    assert (full([one, other, 1]) == full([one, one, 1])) == same
    assert full([one, one]) == full([one, copy.deepcopy(one)])
