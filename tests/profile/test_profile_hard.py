"""Statistics of columns that are hard: nothing in them, infinities, huge numbers, mixed objects, times, odd names."""

from __future__ import annotations

import datetime
import decimal
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nbcairn.profile import Budget, split_statistics, statistics
from nbcairn.profile.reference import KEYS

BIG = 2**53
ZONED = pd.date_range("2020-01-01", periods=3, tz="Asia/Tokyo")
UTC = datetime.UTC


def series(values, dtype=None):
    return pd.Series(values, dtype=dtype)


HARD = {
    "all NaN": (series([math.nan] * 3), {"nulls": 3}, {"min", "mean", "distinct", "histogram"}),
    "all None": (series([None] * 3, object), {"nulls": 3}, {"min", "distinct", "types"}),
    "infinities": (
        series([math.inf, -math.inf, 1.0, 2.0, math.nan]),
        {"nulls": 1, "infinite": 2, "min": 1, "max": 2, "mean": 1.5, "distinct": 2},
        {"nan"},
    ),
    "only infinities": (series([math.inf]), {"nulls": 0, "infinite": 1}, {"min", "mean"}),
    "beyond a float's squares": (series([1e308, -1e308, 1e308]), {"max": 1e308, "std": None, "histogram": None}, set()),
    "whole numbers stay whole": (series([1, 2, 2]), {"min": 1, "max": 2, "top": [["2", 2], ["1", 1]]}, set()),
    "up to 2^53 they are numbers": (series([BIG - 1]), {"min": BIG - 1}, set()),
    "beyond they are text": (series([BIG + 1, 0]), {"max": str(BIG + 1), "min": 0}, set()),
    "nullable ones lose no digit": (series([BIG + 1, BIG + 3, None], "Int64"), {"min": str(BIG + 1), "distinct": 2}, set()),
    "unsigned": (series([2**64 - 1, 0], "uint64"), {"max": str(2**64 - 1)}, set()),
    "Python's huge ones": (series([10**30, 5], object), {"max": str(10**30), "min": 5}, set()),
    "beyond all floats": (series([10**400, 5], object), {"max": "an integer of 1,329 bits"}, {"mean"}),
    "mixed": (series([1, True, 1.0, "1", None], object), {"nulls": 1, "distinct": 4}, {"min", "mean"}),
    "mixed with lists": (series([1, [1], (1,)], object), {"types": ["int", "list", "tuple"]}, {"distinct"}),
    "arrays in cells": (series([np.ones(2)] * 2, object), {"types": ["ndarray"]}, {"distinct"}),
    "times with a zone and without": (
        series([datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 1, tzinfo=UTC)], object),
        {"distinct": 2},
        {"min"},
    ),
    "dates out of range": (
        series([datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)], object),
        {"min": "0001-01-01 00:00:00", "max": "9999-12-31 00:00:00"},
        set(),
    ),
    "the same as numpy's": (
        series(np.array(["0001-01-01", "9999-12-31", "NaT"], "M8[s]")),
        {"nulls": 1, "min": "0001-01-01 00:00:00", "max": "9999-12-31 00:00:00"},
        set(),
    ),
    "a zone": (series(ZONED), {"min": "2020-01-01 00:00:00+09:00", "max": "2020-01-03 00:00:00+09:00"}, set()),
    "spans": (series(pd.to_timedelta([1, 2, None], unit="D")), {"nulls": 1, "min": "1 day, 0:00:00"}, set()),
    "decimals that are none": (series([decimal.Decimal("NaN"), decimal.Decimal("1.5")], object), {"nulls": 1, "min": 1.5}, set()),
    "times close together": (
        series(np.array(["2020-01-01T00:00:00.000000001", "2020-01-01T00:00:00.000000003"], "M8[ns]")),
        {"distinct": 2, "min": "2020-01-01 00:00:00.000000001", "max": "2020-01-01 00:00:00.000000003"},
        set(),
    ),
    "categories": (
        series(pd.Categorical(["x", "y", None, "x"], ["x", "y", "z"])),
        {"nulls": 1, "distinct": 2, "categories": 3, "top": [["x", 2], ["y", 1]]},
        {"min"},
    ),
    "ordered categories": (
        series(pd.Categorical(["low", "high"], ["low", "mid", "high"], ordered=True)), {"min": "low", "max": "high"}, set(),
    ),
    "no categories": (series(pd.Categorical([None, None])), {"nulls": 2, "distinct": 0, "categories": 0}, {"top"}),
    "truth with gaps": (series([True, None, False, True], "boolean"), {"nulls": 1, "mean": 2 / 3, "distinct": 2}, set()),
    "one value": (series([5.0]), {"std": None, "histogram": None}, {"top"}),
    "half precision": (series(np.full(3, 60000, "f2")), {"mean": 60000, "std": 0}, set()),
    "NaN beside null": (pl.Series([math.nan, 1.0, None]), {"nulls": 1, "nan": 1, "min": 1}, set()),
    "128 bits": (pl.Series([2**100, 5], dtype=pl.Int128), {"max": str(2**100)}, set()),
    "a zone in polars": (
        pl.Series([datetime.datetime(2020, 1, 1)]).dt.replace_time_zone("Asia/Tokyo"), {"min": "2020-01-01 00:00:00"}, set(),
    ),
    "structures": (pl.Series([{"x": 1}]), {"types": ["dict"]}, set()),
    "Arrow's times": (
        pa.table({"a": pa.array([datetime.datetime(2020, 1, 1), None])}), {"nulls": 1, "min": "2020-01-01 00:00:00"}, set(),
    ),
    "Arrow's truth": (pa.table({"a": pa.array([True, None, True])}), {"nulls": 1, "mean": 1, "distinct": 1}, set()),
    "Arrow's lists": (pa.table({"a": pa.array([[1], None])}), {"nulls": 1, "types": ["list"]}, set()),
}  # fmt: skip


@pytest.mark.parametrize("value,expected,absent", HARD.values(), ids=HARD.keys())
@pytest.mark.filterwarnings("error")
def test_a_hard_column_is_told_right(value, expected, absent):
    found = statistics(value, 60)
    (column,) = found["columns"]
    assert {key: column[key] for key in expected} == expected
    assert not absent & set(column)
    assert "skipped" not in found
    bars = column.get("histogram")
    assert not bars or (len(bars["counts"]), len(bars["edges"])) == (20, 21)


ARRAYS = {
    "masked": (np.ma.array([1.0, 2.0, 999.0], mask=[0, 0, 1]), {"nulls": 1, "max": 2}),
    "masked objects": (np.ma.array(["a", "b"], mask=[0, 1], dtype=object), {"nulls": 1, "top": [["a", 1]]}),
    "times": (np.array(["2020", "NaT"], "M8[D]"), {"nulls": 1, "max": "2020-01-01"}),
    "one value": (np.array(3.0), {"min": 3, "shape": []}),
    "no rows": (np.zeros((0, 3)), {"rows": 0, "nulls": 0}),
    "texts": (np.array(["a", "b", "a"]), {"distinct": 2, "top": [["a", 2], ["b", 1]]}),
    "three dimensions": (np.zeros((2, 2, 2)), {"shape": [2, 2, 2], "preview": ["0"] * 8}),
    "strided": (np.arange(10)[::-2], {"min": 1, "max": 9}),
}


@pytest.mark.parametrize("value,expected", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.filterwarnings("error")
def test_a_hard_array_is_told_right(value, expected):
    found = statistics(value, 60)
    assert {key: found[key] for key in expected} == expected
    assert "skipped" not in found


def test_signalling_decimals_are_nulls():
    assert statistics([decimal.Decimal("sNaN"), decimal.Decimal("1.5")], 60)["nulls"] == 1


def test_a_matrix_is_told_column_by_column():
    found = statistics(np.array([[1, 10], [2, 20], [3, 30]]), 60)
    assert found["preview"] == [["1", "10"], ["2", "20"], ["3", "30"]]
    assert [(part["name"], part["min"], part["max"]) for part in found["columns"]] == [("0", 1, 3), ("1", 10, 30)]
    assert (found["min"], found["max"]) == (1, 30)
    assert "columns" not in statistics(np.zeros((3, 100)), 60)


def test_the_fields_of_a_structure_are_its_columns():
    found = statistics(np.array([(1, 2.5)], [("x", "i4"), ("y", "f8")]), 60)
    assert [(part["name"], part["dtype"], part["max"]) for part in found["columns"]] == [
        ("x", "int32", 1),
        ("y", "float64", 2.5),
    ]
    assert found["preview"] == [["1", "2.5"]]


def test_names_that_repeat_or_have_levels():
    frame = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    assert [(part["name"], part["min"]) for part in statistics(frame, 60)["columns"]] == [("a", 1), ("a", 2)]
    frame.columns = pd.MultiIndex.from_tuples([("2020", "mean"), ("2020", 1)])
    frame.index = pd.MultiIndex.from_tuples([("p", 1), ("q", 2)])
    found = statistics(frame, 60)
    assert [part["name"] for part in found["columns"]] == ["2020, mean", "2020, 1"]
    assert found["index"] == ["p, 1", "q, 2"]
    assert statistics(pd.Series([1]), 60)["columns"][0]["name"] == ""


def test_every_key_is_described():
    described = {(key.within, key.name) for key in KEYS}
    for value, *_ in HARD.values():
        found = statistics(value, 60)
        assert {("table", key) for key in found} <= described
        assert {("column", key) for part in found["columns"] for key in part} <= described
    for value, _ in ARRAYS.values():
        assert all({("array", key), ("column", key)} & described for key in statistics(value, 60))


SPLITS = {
    "Arrow": (pa.table({"a": [1, 2], "b": ["x", "y"]}), pa.table({"a": [2, 3], "b": ["y", "y"]}), 1),
    "nullable with gaps": (
        pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": 1}), pd.DataFrame({"a": pd.array([None], "Int64"), "b": 1}), 1,
    ),
    "large whole numbers": (
        pd.DataFrame({"a": pd.array([BIG], "Int64"), "b": 1}), pd.DataFrame({"a": pd.array([BIG + 1], "Int64"), "b": 1}), 0,
    ),
    "texts and gaps": (pd.DataFrame({"a": ["x", None], "b": 1}), pd.DataFrame({"a": [None, "y"], "b": 1}), 1),
    "minus one and two": (
        pd.DataFrame({"a": series([-1, "x"], object), "b": 1}), pd.DataFrame({"a": series([-2, "y"], object), "b": 1}), 0,
    ),
    "zones": (pd.DataFrame({"a": ZONED, "b": 1}), pd.DataFrame({"a": ZONED[1:].tz_convert("UTC"), "b": 1}), 2),
    "categories": (
        pd.DataFrame({"a": pd.Categorical(["x", "y"]), "b": 1}), pd.DataFrame({"a": pd.Categorical(["y"]), "b": 1}), 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("train,test,shared", SPLITS.values(), ids=SPLITS.keys())
def test_rows_of_hard_columns_are_compared(train, test, shared):
    found = split_statistics({"train": train, "test": test}, Budget(60))
    assert found["shared"] == [{"in": "train", "of": "test", "rows": shared}]
    assert "skipped" not in found


def test_objects_whose_text_is_their_own_code_are_not_compared():
    class Odd:
        def __str__(self):
            raise AssertionError("must not run")

        __hash__ = __eq__ = __str__

    frame = pd.DataFrame({"a": [Odd()], "b": [1]})
    found = split_statistics({"train": frame, "test": frame}, Budget(60))
    assert found["shared"] == []
    assert found["skipped"] == ["rows that the parts share (a column of other objects)"]
    labels = split_statistics({"y_train": frame.a, "y_test": frame.a}, Budget(60))
    assert "classes" not in labels["parts"]["y_train"]


def test_missing_labels_are_no_class():
    for labels in (np.array([1.0, 1.0, math.nan]), pd.Series(["1", "1", None], dtype=object)):
        found = split_statistics({"y_train": labels, "y_test": labels}, Budget(60))
        assert found["parts"]["y_train"]["classes"] == [["1", 1.0]]
