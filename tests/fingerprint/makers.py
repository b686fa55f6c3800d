"""Values by number: the same number makes the same value in every process, and one draw gone astray makes one like it.

Each family has a ``make`` (draws to value), a ``told`` (the value in words of its own, so that the fingerprint is not
judged by itself) and ``relaid`` (the same content in other memory). A value costs microseconds, so that a night is
long enough for tens of thousands of each.
"""

from __future__ import annotations

import collections
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import pickle
import random
import struct
import uuid
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import scipy.sparse as sp


class Draws:
    """Choices that follow from a seed; the one at place ``astray`` is another than it would have been."""

    def __init__(self, seed: int, astray: int = -1) -> None:
        self._random = random.Random(seed)
        self._astray = astray
        self._count = 0

    def below(self, most: int) -> int:
        found = self._random.randrange(most)
        self._count += 1
        return (found + 1) % most if self._count == self._astray else found

    def one_of(self, choices: Iterable[Any]) -> Any:
        choices = list(choices)
        return choices[self.below(len(choices))]

    def some(self, make: Callable[[], Any], most: int = 4) -> list[Any]:
        return [make() for _ in range(self.below(most + 1))]


@dataclasses.dataclass(frozen=True)
class Family:
    make: Callable[[Draws], Any]
    told: Callable[[Any], Any]
    relaid: Callable[[Any], list[Any]]


# --------------------------------------------------------------------------- Python's own values

NANS = [struct.unpack("<d", struct.pack("<Q", bits))[0] for bits in (0x7FF8 << 48, 0xFFF8 << 48, (0x7FF8 << 48) + 1)]
FLOATS = [0.0, -0.0, 1.0, 1.5, float("inf"), -float("inf"), 5e-324, *NANS]
TEXTS = ["", "a", "b", "1", "é", "\0", "a\0", "\ud800", "a longer text, beyond twelve bytes"]
SCALARS = [
    None, True, False, 0, 1, -1, 255, 2**31, 2**63, -(2**64), 10**40, *FLOATS, 1j, complex(0.0, -0.0), complex(1, NANS[0]), *TEXTS,
    b"", b"a", b"\0", ..., datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 1, fold=1),
    datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.timedelta(1), datetime.timedelta(0, 86400), datetime.time(1),
    decimal.Decimal("1.0"), decimal.Decimal("1.00"), decimal.Decimal("NaN"), fractions.Fraction(1, 2), uuid.UUID(int=1),
    PurePosixPath("a"), range(3), range(0), range(0, 3, 2), float, NotImplemented,
]  # fmt: skip


def scalar(draws: Draws) -> Any:
    return draws.one_of(SCALARS)


def hashable(draws: Draws, depth: int = 2) -> Any:
    kind = draws.below(6) if depth else 5
    if kind == 0:
        return tuple(draws.some(lambda: hashable(draws, depth - 1), 3))
    if kind == 1:
        return frozenset(draws.some(lambda: hashable(draws, depth - 1), 3))
    return scalar(draws)


def plain(draws: Draws, depth: int = 3) -> Any:
    if not depth:
        return scalar(draws)

    def part() -> Any:
        return plain(draws, depth - 1)

    def pairs() -> list[Any]:
        return draws.some(lambda: (hashable(draws), part()), 3)

    return draws.one_of(
        [
            part, lambda: draws.some(part), lambda: tuple(draws.some(part)), lambda: dict(pairs()),
            lambda: set(draws.some(lambda: hashable(draws))), lambda: collections.OrderedDict(pairs()),
            lambda: collections.deque(draws.some(part), draws.one_of([None, 9])), lambda: bytearray(draws.one_of([b"", b"a"])),
            lambda: collections.defaultdict(draws.one_of([list, int, None]), pairs()), lambda: [part()] * draws.below(4),
            lambda: slice(scalar(draws), part()), lambda: draws.some(lambda: scalar(draws), 9),
        ]
    )()  # fmt: skip


def told(value: Any) -> Any:
    """A value in words: types, order where it counts, floats by their bits."""
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind is float:
        return (name, struct.pack("<d", value))
    if isinstance(value, np.inexact):
        raw = np.asarray(value).reshape(1).view("u1").tobytes()
        return (name, raw if len(raw) < 16 or kind is np.complex128 else (raw[:10], raw[16:26]))  # no padding
    if kind is complex:
        return (name, struct.pack("<dd", value.real, value.imag))
    if kind in {list, tuple}:
        return (name, *map(told, value))
    if kind is collections.deque:
        return (name, value.maxlen, *map(told, value))
    if kind in {dict, collections.OrderedDict}:
        return (name, *((told(key), told(part)) for key, part in value.items()))
    if kind is collections.defaultdict:
        return (name, repr(value.default_factory), *((told(key), told(part)) for key, part in value.items()))
    if kind in {set, frozenset}:
        return (name, *sorted(map(repr, map(told, value))))
    if kind is slice:
        return (name, told(value.start), told(value.stop), told(value.step))
    if kind is datetime.datetime:
        return (name, repr(value), value.fold)
    return (name, repr(value))


def backwards(value: Any) -> Any:
    """The same value with its sets filled in another order, its strings and containers made anew."""
    kind = type(value)
    if kind in {list, tuple}:
        return kind([backwards(part) for part in value])
    if kind is dict:
        grown = dict.fromkeys(range(50))
        grown.clear()
        grown.update((backwards(key), backwards(part)) for key, part in value.items())
        return grown
    if kind in {set, frozenset}:
        grown = set(range(100, 160)) | {backwards(part) for part in reversed(list(value))}
        return kind(grown - set(range(100, 160)))
    return "".join(list(value)) if kind is str else value


# --------------------------------------------------------------------------- numpy

ALIGNED = np.dtype([("x", "u1"), ("y", "f8")], align=True)
DTYPES = [
    "?", "i1", "u1", "i2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "U2", "S2", "M8[D]", "M8[s]", "M8[ns]", "m8[s]",
    "m8[ns]", ">i4", ">f8", ">M8[s]", "g", "G", "O", [("x", "i4")], [("x", "i4"), ("y", "f4")], [("y", "i4"), ("x", "f4")], ALIGNED,
    [("x", "i2", (2,))], [("x", [("z", "u1")]), ("y", "O")], [("x", "g")], "V4",
]  # fmt: skip
ITEMS = [None, True, 0, 1, 1.0, "a", b"a", NANS[0], (1,)]


def array(draws: Draws) -> Any:
    dtype = np.dtype(draws.one_of(DTYPES))
    shape = tuple(draws.below(4) for _ in range(draws.below(4)))
    found = np.zeros(shape, dtype)
    fill(draws, found)
    return np.asfortranarray(found) if draws.below(3) == 0 else found


def fill(draws: Draws, found: Any) -> None:
    if found.dtype.names is not None:
        for name in found.dtype.names:
            fill(draws, found[name])
    elif found.dtype.hasobject:
        for place in np.ndindex(found.shape):
            found[place] = draws.one_of(ITEMS)
    elif found.dtype.kind == "V":
        found.view("u4")[...] = draws.below(3)
    else:
        seen = np.array([draws.below(4) for _ in range(found.size)], "i8").reshape(found.shape)
        found[...] = seen.astype(bool) if found.dtype.kind == "b" else seen.astype(found.dtype)
        if found.dtype.kind == "f" and found.size and draws.below(2):
            found.reshape(-1)[0] = draws.one_of(FLOATS)


def told_array(value: Any) -> Any:
    fortran = value.flags.f_contiguous and not value.flags.c_contiguous
    return (fortran, value.shape, told_items(value))


def told_items(value: Any) -> Any:
    dtype = value.dtype
    if dtype.names is not None:
        layout = [(name, dtype.fields[name][1]) for name in dtype.names]
        return (dtype.itemsize, layout, *(told_items(value[name]) for name in dtype.names))
    if dtype.hasobject or dtype.char in "gG":
        return (dtype.str, value.shape, *map(told, value.ravel()))
    return (dtype.str, value.shape, np.ascontiguousarray(value).tobytes())


def relaid_array(value: Any) -> list[Any]:
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    garbage = np.frombuffer(bytes([255]) * max(1, value.nbytes), np.uint8)[: value.nbytes].copy()
    found = [value.copy(order="K"), copy.deepcopy(value)]
    if not value.dtype.hasobject:
        dirty = garbage.view(value.dtype).reshape(value.shape, order=order) if value.size else value.copy(order="K")
        fill_like(dirty, value)
        found.append(dirty)
    if order == "C" and value.ndim and value.size:
        apart = np.repeat(value, 2, axis=-1)[..., ::2]
        found.append(apart) if not apart.flags.f_contiguous or apart.flags.c_contiguous else None
    return found


def fill_like(found: Any, value: Any) -> None:
    """Copy field by field, which leaves the padding as it was."""
    if value.dtype.names is None:
        found[...] = value
        return
    for name in value.dtype.names:
        fill_like(found[name], value[name])


def masked(draws: Draws) -> Any:
    dtype = draws.one_of(["f8", "i4", "?", "U2", "M8[s]", "g"])
    shape = tuple(1 + draws.below(3) for _ in range(1 + draws.below(2)))
    data = np.zeros(shape, dtype)
    fill(draws, data)
    mask = np.array([draws.below(3) == 0 for _ in range(data.size)]).reshape(shape)
    return np.ma.MaskedArray(data, mask, hard_mask=bool(draws.below(2)))


def told_masked(value: Any) -> Any:
    mask = np.ma.getmaskarray(value)
    shown = np.asarray(value.data).copy()
    shown[mask] = np.zeros((), shown.dtype)
    return (value.hardmask, told(value.fill_value.tolist()), told_items(shown), mask.tobytes())


def relaid_masked(value: Any) -> list[Any]:
    dirty = np.asarray(value.data).copy()
    dirty[np.ma.getmaskarray(value)] = np.ones((), dirty.dtype)
    again = np.ma.MaskedArray(dirty, np.ma.getmaskarray(value).copy(), hard_mask=value.hardmask)
    return [again, value.copy()]


def sparse(draws: Draws) -> Any:
    dense = np.array([draws.one_of([0, 0, 1, 2]) for _ in range(12)], draws.one_of(["f8", "i4"])).reshape(
        draws.one_of([(3, 4), (4, 3)])
    )
    matrix = draws.one_of([sp.csr_array, sp.csc_array, sp.coo_array, sp.csr_matrix, sp.dia_array, sp.lil_array])(dense)
    if matrix.format in {"csr", "csc"} and matrix.nnz and draws.below(2):
        matrix.data[draws.below(matrix.nnz)] = 0  # stored, though nought
    return matrix


def told_sparse(value: Any) -> Any:
    kind = (type(value).__name__, value.shape, str(value.dtype))
    if value.format in {"csr", "csc"}:
        value = value.sorted_indices()
        return (*kind, value.data.tobytes(), value.indices.tobytes(), value.indptr.tobytes())
    return (*kind, value.toarray().tobytes())


def relaid_sparse(value: Any) -> list[Any]:
    found = [value.copy(), copy.deepcopy(value)]
    if value.format == "csr" and value.nnz:
        order = np.concatenate([np.arange(a, b)[::-1] for a, b in zip(value.indptr, value.indptr[1:], strict=False)])
        parts = (value.data[order], value.indices[order], value.indptr)
        found.append(type(value)(parts, shape=value.shape))
    return found


# --------------------------------------------------------------------------- pandas

SAFE = [text for text in TEXTS if text != "\ud800"]
DAYS = [datetime.datetime(2000, 1, 1), datetime.datetime(2000, 1, 2), datetime.datetime(1970, 1, 1, 0, 0, 1)]
COLUMNS = {
    "int64": [0, 1, -1], "uint8": [0, 1, 255], "float64": FLOATS, "float32": [0.0, -0.0, 1.5], "bool": [True, False],
    "object": [None, True, 1, 1.0, "a", pd.NA, pd.NaT, NANS[0], (1,)], "str": [*SAFE, None], "string": [*SAFE, None],
    "Int64": [0, 1, None], "Float32": [0.0, 1.0, None], "boolean": [True, False, None], "category": ["a", "b", None],
    "datetime64[ns]": [*DAYS, None], "datetime64[s]": [*DAYS, None], "datetime64[ns, Europe/Berlin]": [*DAYS, None],
    "timedelta64[ns]": [datetime.timedelta(1), None], "Sparse[float64]": [0.0, 1.0], "int64[pyarrow]": [0, 1, None],
    "string[pyarrow]": [*SAFE, None], "bool[pyarrow]": [True, None], "timestamp[us][pyarrow]": [*DAYS, None], "period[D]": [*DAYS, None],
}  # fmt: skip
if int(pd.__version__.partition(".")[0]) < 3:
    del COLUMNS["str"]
INDEXES = ["range", "moved", "int", "str", "dates", "hours", "multi", "category", "float", "named", "repeated"]


def column(draws: Draws, rows: int) -> Any:
    dtype = draws.one_of(COLUMNS)
    values = [draws.one_of(COLUMNS[dtype]) for _ in range(rows)]
    if dtype == "period[D]":
        return pd.Series(pd.PeriodIndex(values, freq="D"))
    return pd.Series(values, dtype=dtype)


def index(draws: Draws, rows: int) -> Any:
    kind = draws.one_of(INDEXES)
    numbers = [draws.below(4) for _ in range(rows)]
    if kind in {"range", "moved", "named"}:
        start, name = (5 if kind == "moved" else 0), (draws.one_of(["a", 1]) if kind == "named" else None)
        return pd.RangeIndex(start, start + rows, name=name)
    if kind == "multi":
        return pd.MultiIndex.from_arrays([numbers, list(map(str, numbers))], names=["a", draws.one_of(["b", None])])
    if kind in {"dates", "hours"}:
        return pd.date_range("2020", periods=rows, freq="D" if kind == "dates" else "h")
    if kind == "category":
        return pd.CategoricalIndex(numbers, categories=[0, 1, 2, 3], ordered=bool(draws.below(2)))
    if kind == "repeated":
        return pd.Index([draws.one_of(["x", 1, None])] * rows, dtype=object)
    return pd.Index({"int": numbers, "str": list(map(str, numbers)), "float": [number / 2 for number in numbers]}[kind])


def frame(draws: Draws) -> Any:
    rows = draws.below(5)
    parts = [column(draws, rows) for _ in range(draws.below(5))]
    found = pd.concat(parts, axis=1) if parts else pd.DataFrame(index=range(rows))
    found.columns = [draws.one_of(["a", "b", 0, ("a", 1)][: 3 + n % 2]) if n else "a" for n in range(len(parts))]
    found.index = index(draws, rows)
    if not draws.below(3):
        found.attrs["unit"] = draws.one_of(["m", "km"])
    return found


def told_values(values: Any) -> Any:
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return ("category", told_index(dtype.categories), dtype.ordered, values.codes.tolist())
    if dtype.kind == "f" and isinstance(dtype, np.dtype):
        return (str(dtype), np.asarray(values).tobytes())
    items = [pd.NA if item is None and str(dtype) != "object" else item for item in values]
    return (str(dtype), repr(dtype), *map(told, items))


def told_index(value: Any) -> Any:
    if isinstance(value, pd.MultiIndex):
        return (
            "multi",
            *map(told, value.names),
            *(told_index(value.get_level_values(n)) for n in range(value.nlevels)),
        )
    if isinstance(value, pd.RangeIndex):  # its bounds are seen even where they hold nothing
        return ("range", *map(told, value.names), value.start, value.stop, value.step)
    freq = getattr(value, "freqstr", None) if value.dtype.kind in "mM" else None
    return (type(value).__name__, *map(told, value.names), freq, told_values(value.array))


def told_frame(value: Any) -> Any:
    parts = [told_values(value.iloc[:, n].array) for n in range(value.shape[1])]
    return (told_index(value.columns), told_index(value.index), told(value.attrs), *parts)


def relaid_frame(value: Any) -> list[Any]:
    grown = value.copy()
    grown.insert(0, "more", 1)
    found = [value.copy(), value.copy(deep=False), pickle.loads(pickle.dumps(value))]
    if value.columns.nlevels == 1:
        found.append(grown.drop(columns="more"))
    if value.shape[1]:
        found.append(pd.concat([value, value]).iloc[len(value) :])
    known = told_frame(value)
    return [other for other in found if told_frame(other) == known]  # some of these lose a freq, a type or attrs


# --------------------------------------------------------------------------- polars and Arrow

POLARS = {
    pl.Int64: [0, 1], pl.UInt8: [0, 255], pl.Float64: FLOATS, pl.Float32: [0.0, -0.0, 1.5], pl.Boolean: [True, False], pl.String: SAFE,
    pl.Datetime("us"): DAYS, pl.Datetime("ms"): DAYS, pl.Date: [day.date() for day in DAYS], pl.Binary: [b"", b"a", b"a" * 20],
    pl.Categorical: ["a", "b"], pl.Enum(["a", "b"]): ["a", "b"], pl.List(pl.Int64): [[], [1], [1, 2], [None]], pl.Null: [None],
    pl.List(pl.String): [[], ["a"], ["a longer text than twelve"]], pl.Array(pl.Int8, 2): [[1, 2], [2, 1]],
    pl.Struct({"x": pl.Int64, "y": pl.String}): [{"x": 1, "y": "a"}, {"x": None, "y": "a"}, {"x": 1, "y": None}],
    pl.Decimal(10, 2): [decimal.Decimal("1.00"), decimal.Decimal("2.50")], pl.Duration("us"): [datetime.timedelta(1)],
    pl.Time: [datetime.time(1), datetime.time(2)], pl.Int128: [0, 2**100],
}  # fmt: skip


def polars_series(draws: Draws, rows: int | None = None) -> Any:
    kind = draws.one_of(POLARS)
    values = [draws.one_of([*POLARS[kind], None]) for _ in range(draws.below(5) if rows is None else rows)]
    return pl.Series(draws.one_of(["a", "b"]), values, dtype=kind)


def polars_frame(draws: Draws) -> Any:
    rows = draws.below(5)
    return pl.DataFrame([polars_series(draws, rows).rename(f"c{n}") for n in range(1 + draws.below(3))])


def told_polars(value: Any) -> Any:
    if isinstance(value, pl.DataFrame):
        return ("frame", value.shape, *map(told_polars, value.get_columns()))
    return (value.name, repr(value.dtype), *map(told, value.to_list()))


def relaid_polars(value: Any) -> list[Any]:
    pieces = pl.concat([value[:1], value[1:]], rechunk=False)
    return [value.clone(), pieces, pieces.rechunk(), pl.concat([value, value], rechunk=False)[len(value) :]]


ARROW = {
    pa.int64(): [0, 1], pa.int8(): [0, -1], pa.float64(): FLOATS, pa.float16(): [np.float16(1.5)], pa.bool_(): [True, False],
    pa.string(): SAFE, pa.large_string(): SAFE, pa.string_view(): SAFE, pa.binary(): [b"", b"a"], pa.binary(2): [b"aa", b"ab"],
    pa.timestamp("us"): DAYS, pa.timestamp("us", "Asia/Tokyo"): DAYS, pa.date32(): [day.date() for day in DAYS], pa.date64(): DAYS[:1],
    pa.list_(pa.int64()): [[], [1], [1, 2], [None]], pa.large_list(pa.string()): [[], ["a"], ["", "a"]],
    pa.list_(pa.int8(), 2): [[1, 2], [2, 1]], pa.null(): [None], pa.struct([("x", pa.int64()), ("y", pa.string())]): [{"x": 1, "y": "a"},
    {"x": None, "y": "a"}], pa.map_(pa.string(), pa.int64()): [[], [("a", 1)], [("a", 1), ("b", 2)]],
    pa.dictionary(pa.int32(), pa.string()): ["a", "b"], pa.time64("us"): [datetime.time(1)], pa.duration("s"): [0, 9],
    pa.decimal128(10, 2): [decimal.Decimal("1.00"), decimal.Decimal("2.50")], pa.month_day_nano_interval(): [(1, 2, 3), (1, 2, 4)],
}  # fmt: skip


def arrow(draws: Draws) -> Any:
    kind = draws.one_of(ARROW)
    return pa.array([draws.one_of([*ARROW[kind], None]) for _ in range(draws.below(6))], kind)


def told_arrow(value: Any) -> Any:
    return (str(value.type), *map(told, value.to_pylist()))


def relaid_arrow(value: Any) -> list[Any]:
    found = [pa.concat_arrays([value, value]).slice(len(value))] if not pa.types.is_dictionary(value.type) else []
    if value.type == pa.int64() and value.null_count:
        numbers = np.array([7 if item is None else item for item in value.to_pylist()])
        found.append(pa.array(numbers, mask=np.array([item is None for item in value.to_pylist()])))
    return found


# --------------------------------------------------------------------------- objects


class Thing:
    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)


class Other(Thing):
    pass


class Slots:
    __slots__ = ("a", "b")


class Kinds(enum.Enum):
    ONE = 1
    TWO = 2


@dataclasses.dataclass
class Point:
    x: Any
    y: Any = None


Pair = collections.namedtuple("Pair", "left right")  # noqa: PYI024
BASES = {
    base: type(f"My{base.__name__}", (base,), {"__module__": __name__})
    for base in (list, dict, str, int, float, tuple, set, bytes)
}
globals().update({kind.__name__: kind for kind in BASES.values()})


def thing(draws: Draws, depth: int = 3) -> Any:
    def part() -> Any:
        return thing(draws, depth - 1) if depth > 1 else plain(draws, 1)

    def slots() -> Any:
        found = Slots()
        if draws.below(2):
            found.a = part()
        if draws.below(2):
            found.b = part()
        return found

    def subclass() -> Any:
        base = draws.one_of([list, dict, str, int, tuple, set, bytes, float])
        inner: Any = {
            list: lambda: draws.some(part), dict: lambda: {"k": part()}, str: lambda: draws.one_of(SAFE), int: lambda: draws.below(3),
            tuple: lambda: draws.some(part), set: lambda: {scalar(draws)}, bytes: lambda: b"a" * draws.below(3),
            float: lambda: draws.one_of(FLOATS),
        }[base]()  # fmt: skip
        found = BASES[base](inner)
        if draws.below(2):
            found.extra = part()
        return found

    def shared() -> Any:
        inner = part()
        return [inner, inner, part()]

    return draws.one_of(
        [
            lambda: Thing(**{name: part() for name in draws.some(lambda: draws.one_of("abc"), 3)}), lambda: Other(a=part()), slots,
            lambda: draws.one_of([Kinds.ONE, Kinds.TWO]), lambda: Point(part(), part()), lambda: Pair(part(), part()), subclass, shared,
            lambda: [Thing(a=part()) for _ in range(draws.below(4))], lambda: {"a": part(), "b": part()},
        ]
    )()  # fmt: skip


def told_thing(value: Any) -> Any:
    kind = type(value)
    held = vars(value) if hasattr(value, "__dict__") and not isinstance(value, type) else {}
    extra = tuple(sorted((name, repr(told_thing(part))) for name, part in held.items()))
    if kind is Slots:
        return ("Slots", *((name, told_thing(getattr(value, name))) for name in ("a", "b") if hasattr(value, name)))
    if kind in {Thing, Other, Point}:
        return (kind.__name__, extra)
    if kind is Kinds:
        return ("Kinds", value.name)
    if kind in {list, tuple, Pair} or kind in {BASES[list], BASES[tuple]}:
        return (kind.__name__, extra, *map(told_thing, value))
    if kind in {dict, BASES[dict]}:
        return (kind.__name__, extra, *((told(key), told_thing(part)) for key, part in value.items()))
    for base, sub in BASES.items():
        if kind is sub:
            return (kind.__name__, extra, told(base(value)))
    return told(value)


FAMILIES = {
    "plain values": Family(plain, told, lambda value: [copy.deepcopy(value), backwards(value)]),
    "arrays": Family(array, told_array, relaid_array),
    "masked arrays": Family(masked, told_masked, relaid_masked),
    "sparse matrices": Family(sparse, told_sparse, relaid_sparse),
    "pandas": Family(frame, told_frame, relaid_frame),
    "polars": Family(lambda draws: draws.one_of([polars_series, polars_frame])(draws), told_polars, relaid_polars),
    "arrow": Family(arrow, told_arrow, relaid_arrow),
    "objects": Family(thing, told_thing, lambda value: [copy.deepcopy(value)]),
}
