"""Figures of columns, held against pandas' own; budgets, previews, and values that misbehave."""

from __future__ import annotations

import datetime
import json
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.model import ArtifactKind
from nbcairn.profile import describe, statistics

TEXT = (
    "str" if int(pd.__version__.partition(".")[0]) > 2 else "string"
)  # pandas 2 makes None the text "None" in a "str"
numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
gaps = st.one_of(numbers, numbers, st.just(math.nan))


def column(value, name="a"):
    return next(part for part in statistics(value, 60)["columns"] if part["name"] == name)


def check_numbers(found, series):
    present = series.dropna().astype("float64")
    assert found["nulls"] == int(series.isna().sum())
    if not len(present):
        return
    assert found["min"] == pytest.approx(present.min())
    assert found["max"] == pytest.approx(present.max())
    assert found["mean"] == pytest.approx(present.mean(), abs=1e-6)
    if len(present) > 1:
        assert found["std"] == pytest.approx(present.std(), abs=1e-6, rel=1e-6)
    assert found["quartiles"] == pytest.approx(present.quantile([0.25, 0.5, 0.75]).tolist(), abs=1e-6)
    assert found["distinct"] == present.nunique()
    if found["histogram"]:
        assert sum(found["histogram"]["counts"]) == len(present)
        assert found["histogram"]["edges"][0] == pytest.approx(present.min())


MAKERS = {
    "pandas": lambda values: pd.DataFrame({"a": values}),
    "nullable": lambda values: pd.DataFrame({"a": pd.array(values, dtype="Float64")}),
    "arrow-backed": lambda values: pd.DataFrame(
        {"a": pd.array([None if value != value else value for value in values], dtype="float64[pyarrow]")}
    ),
    "polars": lambda values: pl.DataFrame({"a": pl.Series(values, dtype=pl.Float64).fill_nan(None)}),
    "arrow": lambda values: pa.table({"a": pa.array([None if v != v else v for v in values], pa.float64())}),
    "objects": lambda values: pd.DataFrame({"a": pd.Series(values, dtype=object)}),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
@given(st.lists(gaps, min_size=1, max_size=30))
def test_figures_of_numbers_are_those_of_pandas(make, values):
    check_numbers(column(make(values)), pd.Series(values, dtype="float64"))


@given(st.lists(st.sampled_from(["a", "b", "ccc", None]), min_size=1, max_size=30))
def test_figures_of_texts_are_those_of_pandas(values):
    series = pd.Series(values, dtype=object)
    expected = {str(name): int(times) for name, times in series.value_counts().items()}
    for frame in (pd.DataFrame({"a": series}), pd.DataFrame({"a": series.astype(TEXT)}),
                  pd.DataFrame({"a": series.astype("category")}), pl.DataFrame({"a": values}, schema={"a": pl.String})):  # fmt: skip
        found = column(frame)
        assert found["nulls"] == int(series.isna().sum())
        assert found.get("distinct", 0) == len(expected)
        assert dict(found.get("top", [])) == expected


@given(st.lists(st.booleans() | st.none(), min_size=1, max_size=20))
def test_figures_of_truth(values):
    for frame in (
        pd.DataFrame({"a": pd.array(values, dtype="boolean")}),
        pl.DataFrame({"a": values}, schema={"a": pl.Boolean}),
    ):
        found = column(frame)
        assert found["nulls"] == values.count(None)
        present = [value for value in values if value is not None]
        if present:
            assert found["mean"] == pytest.approx(sum(present) / len(present))
            assert found["distinct"] == len(set(present))


@given(
    st.lists(
        st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2030, 1, 1)) | st.none(), min_size=1, max_size=20
    )
)
def test_figures_of_moments(values):
    series = pd.Series(values, dtype="datetime64[us]")
    for frame in (pd.DataFrame({"a": series}), pl.DataFrame({"a": values}, schema={"a": pl.Datetime("us")})):
        found = column(frame)
        assert found["nulls"] == int(series.isna().sum())
        if series.notna().any():
            assert found["distinct"] == series.nunique()
            assert found["min"][:10] == str(series.min())[:10]
            assert found["max"][:10] == str(series.max())[:10]
            if found.get("histogram"):
                assert sum(found["histogram"]["counts"]) == int(series.notna().sum())


TABLES = {
    "pandas": pd.DataFrame({"x": range(30), "y": list("abc") * 10}),
    "polars": pl.DataFrame({"x": range(30), "y": list("abc") * 10}),
    "arrow": pa.table({"x": range(30), "y": list("abc") * 10}),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_a_table_tells_its_size_and_first_rows(table):
    found = statistics(table, 60)
    assert found["rows"] == 30
    assert [(part["name"], part["distinct"]) for part in found["columns"]] == [("x", 30), ("y", 3)]
    assert found["preview"][:2] == [["0", "a"], ["1", "b"]]
    assert len(found["preview"]) == 10
    assert found["bytes"] > 0
    assert "skipped" not in found
    assert describe(table).kind is ArtifactKind.DATA
    assert describe(table).summary == "30 rows × 2 columns"


def test_long_columns_are_sampled_and_say_so():
    frame = pd.DataFrame({"a": np.arange(250_000), "s": [f"t{n}" for n in range(250_000)]})
    found = statistics(frame, 60)
    numbers_, texts = found["columns"]
    assert (numbers_["min"], numbers_["max"]) == (0, 249_999)
    assert numbers_["sampled"] <= 100_000
    assert texts["sampled"] <= 100_000
    assert numbers_["mean"] == pytest.approx(124_999.5)


def test_what_the_budget_leaves_out_is_said():
    found = statistics(pd.DataFrame({"a": [1], "b": [2]}), 0)
    assert found["rows"] == 1
    assert "figures of some columns" in found["skipped"]
    wide = statistics(pd.DataFrame(np.zeros((2, 300))), 60)
    assert len(wide["columns"]) == 200
    assert wide["skipped"] == ["columns after the first 200 of 300"]


def test_every_answer_is_json():
    values = [
        pd.DataFrame({"a": [math.inf, math.nan], "b": [1 + 2j, 3j], "c": [10**30, 1], "d": [[1], {2}], "e": [object(), None]}),
        pd.DataFrame({("a", 1): [1], ("a", 2): [2]}), pd.DataFrame(), pd.DataFrame(index=[1, 2]), pd.Series([], dtype="f8"),
        pl.DataFrame({"a": [[1, 2], None], "b": [{"x": 1}, None]}), pa.table({"a": pa.array([None, None])}),
        np.zeros((0, 3)), np.array(["a", None], object), np.array(1.5), np.float32(2), [1, "a", None], {"rmse": 1.5, "n": 3},
        pd.Series(np.array(["0001-01-01", "9999-01-01"], "M8[s]")), pd.Series(pd.array(["2020-01-01", None], dtype="timestamp[us][pyarrow]")),
        pd.Series(pd.array([1, None], dtype="duration[s][pyarrow]")), pd.Series(pd.date_range("2020", periods=3, tz="Asia/Tokyo")),
        np.zeros(3, [("x", "i4")]), np.array(["2020"], "M8[D]"), pd.Series(pd.interval_range(0, 3)), pd.Series(pd.period_range("2020", periods=3)),
    ]  # fmt: skip
    for value in values:
        found = statistics(value, 60)
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        assert not any("Error" in part for part in found.get("skipped", [])), (value, found["skipped"])


def test_a_value_that_misbehaves_is_survived():
    class Frame(pd.DataFrame):
        @property
        def columns(self):
            raise RuntimeError("no")

    assert statistics(Frame({"a": [1]}), 60)["skipped"] == ["statistics (RuntimeError)"]
    described = describe(type("Odd", (), {"__repr__": lambda self: 1 / 0})())
    assert described.summary == "Odd"
    assert described.kind is None


def test_scores_are_told_from_numbers_by_their_names():
    assert describe(0.5, "test_accuracy").kind is ArtifactKind.METRIC
    assert describe(0.5, "ratio").kind is None
    assert describe({"rmse": 1.0, "mae": 2.0}, "found").kind is ArtifactKind.METRIC
    assert statistics({"rmse": 1.0}, 60) == {"values": {"rmse": 1.0}}
