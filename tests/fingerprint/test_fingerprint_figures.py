"""Figures have a fingerprint by what they show: the same when drawn again, before and after drawing, in every process."""

from __future__ import annotations

import io
import random
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from figure_cases import CHANGES, GRID, PLOTS, Plot, X
from fingerprint_cases import elsewhere
from PIL import Image

from nbcairn.fingerprint import Fingerprinter, fingerprint
from nbcairn.model import Coverage


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def draw(figure):
    figure.savefig(io.BytesIO(), dpi=30)


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_a_plot_is_the_same_when_it_is_drawn_and_when_it_is_made_again(plot):
    figure = plot()
    fresh = fingerprint(figure)
    draw(figure)
    assert fresh.coverage is Coverage.FULL, fresh.note
    assert fingerprint(figure).same(fresh)
    assert fingerprint(plot()).same(fresh)


def test_all_plots_differ():
    digests = set()
    for plot in PLOTS.values():
        digests.add(fingerprint(plot()).digest)
        plt.close("all")
    assert len(digests) == len(PLOTS)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_is_shown_is_seen(change):
    plot = Plot()
    before = fingerprint(plot.figure)
    change(plot)
    assert not fingerprint(plot.figure).same(before)


def test_the_same_in_every_process():
    setup = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); from figure_cases import PLOTS"
    names = ["line", "scatter with a colour bar", "bars of categories", "three dimensions", "pandas"]
    there = elsewhere([f"PLOTS[{name!r}]()" for name in names], setup, seed="7")
    assert there == [fingerprint(PLOTS[name]()).digest for name in names]


def test_looking_changes_nothing_of_the_users():
    figure, _ = plt.subplots()
    other, _ = plt.subplots()
    plt.figure(figure.number)
    random.seed(1)
    np.random.seed(1)
    before = (plt.gcf(), plt.get_fignums(), plt.isinteractive(), dict(plt.rcParams), random.getstate())
    legacy = np.random.get_state()[1].tolist()
    fingerprint(other)
    assert before == (plt.gcf(), plt.get_fignums(), plt.isinteractive(), dict(plt.rcParams), random.getstate())
    assert legacy == np.random.get_state()[1].tolist()


def test_axes_and_artists_share_their_figure():
    plot = Plot()
    prints = Fingerprinter()
    whole = prints.mutables(plot.figure)
    for part in (plot.axes, plot.line, plot.points, plot.bars[0], plot.image, plot.text):
        assert prints.mutables(part) & whole
        assert id(part) in whole


def test_axes_are_told_by_what_is_on_them():
    first, second = Plot(), Plot()
    assert fingerprint(first.axes).same(fingerprint(second.axes))
    second.line.set_ydata([1, 4, 10])
    assert not fingerprint(first.axes).same(fingerprint(second.axes))


def test_an_artist_that_raises_is_left_out_and_said():
    class Broken(plt.Line2D):
        def get_xdata(self, orig=True):
            raise RuntimeError("no")

    figure, axes = plt.subplots()
    axes.add_artist(Broken([1], [2]))
    found = fingerprint(figure)
    assert found.coverage is Coverage.SAMPLED
    assert "Broken (RuntimeError)" in found.note


def test_a_million_points_are_told_from_a_million_others():
    x = np.arange(1e6)
    figure, axes = plt.subplots()
    points = axes.scatter(x, x)
    before = fingerprint(figure)
    x[500_000] = 3
    points.set_offsets(np.column_stack([x, x]))
    assert not fingerprint(figure).same(before)


def test_a_masked_point_is_not_a_shown_one():
    values = np.ma.array(X, mask=False)
    first, axes = plt.subplots()
    axes.plot(values)
    masked = np.ma.array(X, mask=False)
    masked[3] = np.ma.masked
    second, axes = plt.subplots()
    axes.plot(masked)
    assert not fingerprint(first).same(fingerprint(second))


def test_images_by_their_pixels():
    pixels = (GRID * 100).astype("uint8")
    same = Image.fromarray(pixels), Image.fromarray(pixels.copy())
    assert fingerprint(same[0]).same(fingerprint(same[1]))
    other = pixels.copy()
    other[0, 0] += 1
    assert not fingerprint(Image.fromarray(other)).same(fingerprint(same[0]))


FRAME = pd.DataFrame({"x": X, "y": GRID.ravel()})


def plotly_chart():
    return pytest.importorskip("plotly.express").scatter(FRAME, x="x", y="y", title="t")


def altair_chart():
    altair = pytest.importorskip("altair")
    return altair.Chart(FRAME, title="t").mark_point().encode(x="x", y="y").interactive()


def bokeh_chart():
    chart = pytest.importorskip("bokeh.plotting").figure(title="t")
    chart.line(FRAME.x, FRAME.y)
    return chart


def rendered_bokeh(chart):
    from bokeh.embed import file_html
    from bokeh.resources import CDN

    return file_html(chart, CDN)


CHARTS = {
    "plotly": (plotly_chart, lambda chart: chart.to_json(), lambda chart: chart.update_layout(title="u")),
    "plotly data": (plotly_chart, lambda chart: chart.data[0].x, lambda chart: chart.data[0].update(y=[1])),
    "altair": (altair_chart, lambda chart: chart.to_dict(), lambda chart: setattr(chart, "title", "u")),
    "bokeh": (bokeh_chart, rendered_bokeh, lambda chart: setattr(chart.title, "text", "u")),
    "bokeh data": (
        bokeh_chart,
        rendered_bokeh,
        lambda chart: setattr(chart.renderers[0].data_source, "data", {"x": [1], "y": [2]}),
    ),
}


@pytest.mark.parametrize("make, show, change", CHARTS.values(), ids=CHARTS)
def test_charts_by_what_they_say(make, show, change):
    chart = make()
    before = fingerprint(chart)
    assert before.coverage is Coverage.FULL, before.note
    assert fingerprint(make()).same(before)
    show(chart)
    assert fingerprint(chart).same(before)
    change(chart)
    assert not fingerprint(chart).same(before)


def test_a_trace_shares_its_chart():
    chart = plotly_chart()
    prints = Fingerprinter()
    assert prints.mutables(chart.data[0]) & prints.mutables(chart)
