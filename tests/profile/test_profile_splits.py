"""Splits are found by their names; their parts are measured and compared row by row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbcairn.profile import Budget, find_splits, split_statistics, trained_on

FOUND = {
    "the four": (["X_train", "X_test", "y_train", "y_test"], [{"X_train", "X_test"}, {"y_train", "y_test"}]),
    "bare": (["train", "test", "df"], [{"train", "test"}]),
    "three parts": (["train_df", "val_df", "test_df"], [{"train_df", "val_df", "test_df"}]),
    "camel case": (["trainData", "testData"], [{"trainData", "testData"}]),
    "capitals": (["XTrain", "XTest", "X"], [{"XTrain", "XTest"}]),
    "short": (["X_tr", "X_te"], [{"X_tr", "X_te"}]),
    "one part alone": (["X_train", "y_test"], []),
    "no split": (["attest", "strain", "latest", "trained"], []),
    "other stems": (["a_train", "b_test"], []),
    "both words": (["train_test", "test_train"], []),
}


@pytest.mark.parametrize("names,expected", FOUND.values(), ids=FOUND.keys())
def test_splits_are_found_by_their_names(names, expected):
    assert [set(parts) for parts in find_splits(names)] == expected


def measured(**parts):
    return split_statistics(parts, Budget(10))


def as_frame(array):
    return pd.DataFrame(array, columns=[f"c{n}" for n in range(array.shape[1])])


KINDS = {
    "numpy": lambda array: array,
    "pandas": as_frame,
    "texts": lambda array: as_frame(array).astype(str),
    "nullable": lambda array: as_frame(array).astype("Float64"),
    "polars": lambda array: pl.DataFrame(array, schema=[f"c{n}" for n in range(array.shape[1])]),
    "sparse": sp.csr_array,
    "mixed": lambda array: as_frame(array).assign(t=pd.Series(array[:, 0]).astype(str), d=pd.to_datetime(array[:, 1])),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
@given(st.data())
def test_shared_rows_are_counted_exactly(make, data):
    values = st.sampled_from([0.0, -0.0, 1.0, 2.0])
    train, test = (data.draw(hnp.arrays("f8", (data.draw(st.integers(1, 8)), 3), elements=values)) for _ in range(2))
    known = {tuple(row + 0.0) for row in train}
    if make is KINDS["texts"] or make is KINDS["mixed"]:
        train, test = train + 0.0, test + 0.0
    found = measured(X_train=make(train), X_test=make(test))
    assert found["shared"] == [
        {"in": "X_train", "of": "X_test", "rows": sum(tuple(row + 0.0) in known for row in test)}
    ]
    assert [part["rows"] for part in found["parts"].values()] == [len(train), len(test)]


def test_sizes_shares_and_classes():
    found = measured(y_train=pd.Series(["a", "a", "b"]), y_test=pd.Series(["a"]))
    assert found["parts"] == {
        "y_train": {"rows": 3, "share": 0.75, "classes": [["a", 2 / 3], ["b", 1 / 3]]},
        "y_test": {"rows": 1, "share": 0.25, "classes": [["a", 1.0]]},
    }
    assert "shared" not in found


def test_targets_of_a_regression_have_no_classes():
    found = measured(y_train=np.array([0.5, 1.25]), y_test=np.array([2.0]))
    assert "classes" not in found["parts"]["y_train"]
    assert found["parts"]["y_test"]["classes"] == [["2", 1.0]]


def test_what_cannot_be_compared_is_said():
    found = measured(X_train=np.zeros((2, 3)), X_test=np.zeros((2, 2)))
    assert found["shared"] == []
    assert found["skipped"] == ["rows that the parts share (their columns differ)"]
    assert split_statistics({"X_train": np.zeros((2, 3)), "X_test": np.zeros((2, 3))}, Budget(0))["skipped"]
    assert measured(train="a", test="b") == {}


def test_a_part_that_raises_is_survived():
    class Bad:
        shape = property(lambda self: 1 / 0)

    assert (
        measured(train=Bad(), test=Bad()) == {"skipped": ["the split (ZeroDivisionError)"]}
        or measured(train=Bad(), test=Bad()) == {}
    )


TRAINED = {
    "on a name": ("model.fit(X_train, y_train)", ["X_train", "y_train"]),
    "at once": ("model = LogisticRegression(C=c).fit(X, y)", ["X", "y"]),
    "a library": ("model = xgb.train(params, dtrain)", ["params", "dtrain"]),
    "statsmodels": ("model = sm.OLS(y, sm.add_constant(X)).fit()", ["y", "X"]),
    "a formula": ("model = smf.ols('y ~ x', data=df).fit()", ["df"]),
    "parts of a frame": ("model.fit(df[['a', 'b']], df['y'])", ["df"]),
    "of a call": ("model.fit(df.drop(columns='y'), df.y)", ["df"]),
    "transformed": ("model.fit(scaler.transform(X), y.values)", ["X", "y"]),
    "by name": ("model.fit(X=X_train, y=y_train)", ["X_train", "y_train"]),
    "another model": ("other.fit(X, y)", []),
    "not at all": ("model = 1", []),
    "no Python": ("model.fit(", []),
}


@pytest.mark.parametrize("source,names", TRAINED.values(), ids=TRAINED.keys())
def test_what_a_model_was_trained_on_is_read_from_the_cell(source, names):
    assert trained_on(source, "model") == names
