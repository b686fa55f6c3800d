"""What is said of a figure: titles, labels, legends, and each series with a digest of the numbers drawn."""

from __future__ import annotations

import json

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from nbcairn.profile import statistics
from nbcairn.profile.series import plotted, series_of

X, Y = np.linspace(0, 1, 50), np.linspace(3, 9, 50) ** 2
GRID = np.arange(12.0).reshape(3, 4)
DAYS = pd.date_range("2024", periods=50)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def drawn(draw, **options):
    figure, axes = plt.subplots(**options)
    draw(axes)
    return axes


KINDS = {
    "line": (lambda a: a.plot(X, Y), [("line", {"x": X, "y": Y})]),
    "points of a line": (lambda a: a.plot(X, Y, "o"), [("points", {"x": X, "y": Y})]),
    "scatter": (lambda a: a.scatter(X, Y, c=Y, s=X), [("points", {"x": X, "y": Y, "colour": Y, "size": X})]),
    "bars": (lambda a: a.bar([1, 2], [5, 6]), [("bars", {"x": [1, 2], "y": [5, 6]})]),
    "bars on their side": (lambda a: a.barh([1, 2], [5, 6]), [("bars", {"y": [1, 2], "x": [5, 6]})]),
    "bars of categories": (lambda a: a.bar(["a", "b"], [5, 6]), [("bars", {"x": [0, 1], "y": [5, 6]})]),
    "histogram": (
        lambda a: a.hist([0, 1, 1, 2, 5], bins=[0, 1, 2, 3, 4, 5]),
        [("histogram", {"edges": range(6), "counts": [1, 2, 1, 0, 1]})],
    ),
    "image": (lambda a: a.imshow(GRID), [("image", {"values": GRID})]),
    "mesh": (lambda a: a.pcolormesh(GRID), [("mesh", {"values": GRID})]),
    "error bars": (lambda a: a.errorbar(X, Y, yerr=X), [("error bars", {"x": X, "y": Y})]),
    "stems": (lambda a: a.stem(X, Y), [("stems", {"x": X, "y": Y})]),
    "pie": (lambda a: a.pie([1, 1, 2]), [("pie", {"size": [90, 90, 180]})]),
    "a line across": (lambda a: a.axhline(2), [("reference", {"y": [2, 2]})]),
    "dates": (lambda a: a.plot(DAYS, Y), [("line", {"x": DAYS, "y": Y})]),
    "arrows": (lambda a: a.quiver(X, Y, X, Y), [("arrows", {"u": X, "v": Y})]),
}


@pytest.mark.parametrize("draw, expected", KINDS.values(), ids=KINDS)
def test_a_series_is_told_by_kind_and_by_the_numbers_that_were_plotted(draw, expected):
    found = series_of(drawn(draw))
    assert [series.kind for series in found] == [kind for kind, _ in expected]
    for series, (_, data) in zip(found, expected, strict=True):
        assert dict(series.data).keys() == data.keys()
        for name, values in data.items():
            assert series.data[name].digest == plotted(np.asarray(values, dtype=None)).digest, name


def test_three_dimensions():
    axes = drawn(lambda a: (a.plot(X, Y, X), a.scatter(X, X, Y)), subplot_kw={"projection": "3d"})
    line, points = series_of(axes)
    assert (line.kind, points.kind) == ("line", "points")
    assert line.data["z"].digest == plotted(X).digest
    assert points.data["z"].digest == plotted(Y).digest


@pytest.mark.parametrize("filled", [False, True], ids=["lines", "filled"])
def test_box_plots_are_one_series(filled):
    (boxes,) = series_of(drawn(lambda a: a.boxplot([X, Y, Y], patch_artist=filled)))
    assert boxes.kind == "box plot"
    assert boxes.more == {"boxes": 3}


def test_one_changed_point_changes_the_digest_of_its_axis_alone():
    before, after = (series_of(drawn(lambda a, y=y: a.plot(X, y)))[0] for y in (Y, np.where(X == 0, 99, Y)))
    assert before.data["x"] == after.data["x"]
    assert before.data["y"].digest != after.data["y"].digest


def test_many_series_are_cut_and_it_is_said():
    found = series_of(drawn(lambda a: [a.plot([n, n + 1]) for n in range(80)]))
    assert len(found) == 61
    assert found[-1].kind == "more"


def test_what_is_said_of_a_figure():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot(X, Y, label="squares")
    left.set(title="Left", xlabel="x", ylabel="y")
    left.legend()
    figure.colorbar(right.scatter(X, Y, c=Y))
    figure.suptitle("Both")
    found = statistics(figure)
    assert found["engine"] == "matplotlib"
    assert found["title"] == "Both"
    assert [axes["name"] for axes in found["axes"]] == ["axes 1", "axes 2"], "a colour bar is no panel"
    first = found["axes"][0]
    assert (first["title"], first["xlabel"], first["ylabel"], first["legend"]) == ("Left", "x", "y", ["squares"])
    assert first["series"][0]["name"] == "squares"
    assert first["series"][0]["points"] == 50
    assert first["series"][0]["data"]["y"] == plotted(Y).digest
    assert json.loads(json.dumps(found)) == found


VALUES = {
    "integers": ([1, 2, 3], np.array([1.0, 2.0, 3.0])),
    "strided": (np.arange(10)[::2], [0, 2, 4, 6, 8]),
    "dates": (pd.to_datetime(["1970-01-03"]), [2.0]),
    "masked": (np.ma.array([1.0, 2.0], mask=[False, True]), [1.0, np.nan]),
    "with missing ones": (np.array([1, None, 2], dtype=object), [1, np.nan, 2]),
}


@pytest.mark.parametrize("left, right", VALUES.values(), ids=VALUES)
def test_numbers_are_compared_as_they_are_drawn(left, right):
    assert plotted(left).digest == plotted(np.asarray(right)).digest


def test_what_is_no_data_has_no_digest():
    assert plotted(np.array([])) is None
    assert plotted(np.array([object()])) is None
    assert plotted(np.array(["a", "b"])).digest != plotted(np.array(["a", "c"])).digest
