"""What a real kernel keeps of a split and of a model: their parts, the data they were trained on, the scores beside them."""

from __future__ import annotations

import time

import pytest

import nbcairn
from kernels import kernel

SPLIT = """
from sklearn.model_selection import train_test_split
X = np.arange(40.0).reshape(20, 2); y = np.array(['a', 'b'] * 10)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
"""
FIT = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(X_train, y_train)
accuracy = model.score(X_test, y_test)
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("profile")) as live:
        live.run("import numpy as np")
        yield live


def detail_of(live, name, key):
    """The detail of the newest artifact of a name, once its statistics were taken."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with nbcairn.Trail(live.folder) as trail:
            found = [a for a in trail.artifacts(name=name, enriched=True) if key in a.detail]
        if found:
            return found[0].detail[key]
        time.sleep(0.2)
    raise AssertionError(f"no {key} was recorded for {name}")


def test_a_split_is_measured(live):
    live.run(SPLIT)
    split = detail_of(live, "X_test", "split")
    assert split["parts"]["X_train"] == {"rows": 15, "share": 0.75}
    assert split["shared"] == [{"in": "X_train", "of": "X_test", "rows": 0}]
    labels = detail_of(live, "y_train", "split")["parts"]["y_test"]
    assert labels["rows"] == 5
    assert sum(share for _, share in labels["classes"]) == pytest.approx(1)


def test_a_leak_is_counted(live):
    live.run("z_train, z_test = X[:10], X[5:]")
    assert detail_of(live, "z_test", "split")["shared"] == [{"in": "z_train", "of": "z_test", "rows": 5}]


def test_a_model_tells_its_data_and_scores(live):
    live.run(SPLIT)
    live.run(FIT)
    trained = detail_of(live, "model", "trained_on")
    with nbcairn.Trail(live.folder) as trail:
        newest = {name: trail.artifacts(name=name)[0].fingerprint.digest for name in ("X_train", "y_train")}
    assert {part["name"]: part["digest"] for part in trained} == newest
    assert detail_of(live, "model", "scores")["accuracy"] == pytest.approx(1, abs=1)
