"""What a stage hands on comes back as it was: the same fingerprint out of Parquet, npy, JSON, skops and joblib."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from nbcairn.exporters.pipeline import storage
from nbcairn.fingerprint import fingerprint

pytest.importorskip("pyarrow")

DAYS = pd.date_range("2026-01-01", periods=3, freq="D")
TABLES = {
    "numbers": pd.DataFrame({"i": [1, 2, 3], "f": [0.5, np.nan, -0.0], "b": [True, False, True]}),
    "small numbers": pd.DataFrame({"i": np.arange(3, dtype="int8"), "u": np.arange(3, dtype="uint16"), "f": np.zeros(3, "float32")}),
    "texts": pd.DataFrame({"s": ["a", "ü", ""]}),
    "texts with a gap": pd.DataFrame({"s": pd.Series(["a", None, "c"], dtype="str")}),
    "texts of pandas": pd.DataFrame({"s": pd.Series(["a", None, "c"], dtype="string")}),
    "objects that are texts": pd.DataFrame({"s": pd.Series(["a", None, "c"], dtype=object)}),
    "objects with NaN": pd.DataFrame({"s": pd.Series(["a", np.nan, "c"], dtype=object)}),
    "objects with NA and NaT": pd.DataFrame({"s": pd.Series([pd.NA, pd.NaT, None], dtype=object)}),
    "objects of several kinds": pd.DataFrame({"s": pd.Series([1, "a", 2.5], dtype=object)}),
    "objects: lists, dicts, dates": pd.DataFrame(
        {"s": pd.Series([[1, "a"], {"k": (1, None)}, datetime.date(2026, 1, 1)], dtype=object)}
    ),
    "objects: exact numbers": pd.DataFrame({"s": pd.Series([decimal.Decimal("1.10"), b"\x00\xff", True], dtype=object)}),
    "objects: numpy's numbers": pd.DataFrame({"s": pd.Series([np.int64(3), np.float32(0.5), np.str_("a")], dtype=object)}),
    "categories": pd.DataFrame({"c": pd.Categorical(["b", "a", None], categories=["c", "b", "a"])}),
    "ordered categories": pd.DataFrame({"c": pd.Categorical(["lo", "hi", "lo"], ["lo", "mid", "hi"], ordered=True)}),
    "categories of numbers": pd.DataFrame({"c": pd.Categorical([3, 1, 3], categories=[5, 3, 1])}),
    "categories of objects": pd.DataFrame({"c": pd.Categorical(["a", 1, "a"])}),
    "categories of intervals": pd.DataFrame({"c": pd.cut([1, 5, 9], [0, 4, 10])}),
    "nullable": pd.DataFrame(
        {"i": pd.array([1, None, 3], "Int64"), "f": pd.array([0.5, None, 1], "Float32"), "b": pd.array([True, None, False], "boolean")}
    ),
    "arrow": pd.DataFrame({"a": pd.array(["a", None, "c"], "string[pyarrow]")}),
    "moments": pd.DataFrame({"t": DAYS, "u": DAYS.as_unit("ms"), "s": DAYS.as_unit("s"), "z": DAYS.tz_localize("Europe/Berlin")}),
    "spans": pd.DataFrame({"d": DAYS - DAYS[0]}),
    "periods": pd.DataFrame({"p": pd.period_range("2026-01", periods=3, freq="M")}),
    "an index with a name": pd.DataFrame({"x": [1, 2, 3]}, index=pd.Index(["a", "b", "c"], name="key")),
    "an index of objects": pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", 1], dtype=object)),
    "an index of numbers": pd.DataFrame({"x": [1, 2]}, index=[5, 3]),
    "a range that starts late": pd.DataFrame({"x": [1, 2, 3]}, index=pd.RangeIndex(10, 40, 10)),
    "an index of days with a frequency": pd.DataFrame({"x": [1, 2, 3]}, index=DAYS),
    "an index of days without": pd.DataFrame({"x": [1, 2, 3]}, index=pd.DatetimeIndex(list(DAYS))),
    "an index of levels": pd.DataFrame({"x": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])),
    "columns named by numbers": pd.DataFrame([[1, 2]], columns=[0, 1]),
    "columns in a range": pd.DataFrame(np.ones((2, 3))),
    "columns named by objects": pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], dtype=object)),
    "columns with a name": pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], name="what")),
    "columns of levels": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
    "no rows": pd.DataFrame({"x": pd.Series([], dtype="int64"), "s": pd.Series([], dtype=object)}),
    "no columns": pd.DataFrame(index=[1, 2]),
    "a series": pd.Series([1.5, 2.5], name="y"),
    "a series without a name": pd.Series(["a", "b"]),
    "a series named by a number": pd.Series([1, 2], name=7),
    "a series of objects with an index": pd.Series(["a", None], index=["k", "l"], dtype=object, name="o"),
    "a series of categories": pd.Series(pd.Categorical(["a", "b"]), name="c"),
    "attrs": pd.DataFrame({"x": [1]}),
}  # fmt: skip
TABLES["attrs"].attrs["source"] = "a survey"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_comes_back_out_of_parquet(table, tmp_path):
    before = fingerprint(table)
    storage.save(table, tmp_path / "t.parquet")
    assert fingerprint(table) == before, "saving changes nothing"
    again = storage.load(tmp_path / "t.parquet")
    assert fingerprint(again).digest == before.digest


def test_a_column_that_no_parquet_holds_is_told(tmp_path):
    with pytest.raises(TypeError, match=r"a Thing, which Parquet cannot: end the file's name in \.joblib"):
        storage.save(pd.DataFrame({"x": pd.Series([Thing()], dtype=object)}), tmp_path / "t.parquet")


class Thing:
    pass


@pytest.mark.parametrize(
    ("value", "suffix"),
    [(np.arange(6.0).reshape(2, 3), ".npy"), ("text", ".json"), (2.5, ".json"), ({"a": {1}}, ".joblib")],
)
def test_other_values_come_back(value, suffix, tmp_path):
    storage.save(value, tmp_path / f"v{suffix}")
    assert fingerprint(storage.load(tmp_path / f"v{suffix}")).same(fingerprint(value))


def models():
    sklearn = pytest.importorskip("sklearn")
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    assert sklearn
    return [
        RandomForestClassifier(5, random_state=0), GradientBoostingClassifier(n_estimators=5, random_state=0),
        KNeighborsClassifier(3), make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression()),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(4), ids=["forest", "boosting", "neighbours", "steps"])
def test_a_model_comes_back_out_of_skops(place, tmp_path):
    pytest.importorskip("skops")
    model = models()[place].fit(np.arange(40.0).reshape(20, 2), [0, 1] * 10)
    storage.save(model, tmp_path / "m.skops")
    assert fingerprint(storage.load(tmp_path / "m.skops")).same(fingerprint(model))


def test_a_model_file_brings_no_class_of_a_stranger(tmp_path):
    pytest.importorskip("skops")
    import skops.io

    skops.io.dump({"x": datetime.timedelta(1), "y": decimal.Context()}, tmp_path / "m.skops")
    with pytest.raises(ValueError, match="from no library of this pipeline"):
        storage.load(tmp_path / "m.skops")
