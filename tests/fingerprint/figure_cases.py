"""Plots of every common kind, and one change of each thing that a plot shows."""

from __future__ import annotations

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MultipleLocator

_RANDOM = np.random.default_rng(0)
X, Y = _RANDOM.normal(size=200), _RANDOM.normal(size=200)
GRID = X.reshape(10, 20)
DAYS = pd.date_range("2024", periods=200)
RANGE = np.arange(10.0)


def drawn(draw, **options):
    """A figure with one set of axes that ``draw`` draws on."""
    figure, axes = plt.subplots(**options)
    draw(axes)
    return figure


def scatter_with_colorbar():
    figure, axes = plt.subplots()
    figure.colorbar(axes.scatter(X, Y, c=X))
    return figure


def bars_of_categories():
    figure, axes = plt.subplots()
    axes.bar_label(axes.bar(["a", "b"], [1, 2]))
    plt.xticks(rotation=45)
    return figure


def three_dimensions():
    figure, axes = plt.subplots(subplot_kw={"projection": "3d"})
    axes.scatter(X, Y, X)
    axes.plot(X, Y, Y)
    axes.plot_surface(*np.meshgrid(range(5), range(5)), np.arange(25).reshape(5, 5))
    axes.text(1, 1, 1, "here")
    axes.bar3d(1, 1, 1, 1, 1, 1)
    return figure


def small_multiples():
    figure, panels = plt.subplots(2, 2, sharex=True, layout="constrained")
    for panel in panels.flat:
        panel.plot(X)
    figure.suptitle("all four")
    return figure


def tight_layout():
    figure, panels = plt.subplots(2, 2)
    panels[0, 0].plot(X)
    figure.tight_layout()
    return figure


def twins_and_insets():
    figure, axes = plt.subplots()
    axes.plot(X)
    axes.twinx().plot(Y)
    axes.inset_axes([0.5, 0.5, 0.2, 0.2]).plot(X)
    return figure


def annotated(axes):
    axes.loglog(abs(X))
    axes.annotate("peak", (1, 1), (2, 2), arrowprops={"arrowstyle": "->"})
    axes.text(0.5, 0.5, "middle", transform=axes.transAxes)


def bands(axes):
    axes.fill_between(range(200), X)
    axes.axhline(0)
    axes.axvspan(1, 2)


def subfigures():
    figure = plt.figure()
    left, right = figure.subfigures(1, 2)
    left.subplots().plot(X)
    right.suptitle("right")
    return figure


PLOTS = {
    "line": lambda: drawn(lambda axes: axes.plot(X, label="a") and axes.legend()),
    "scatter with a colour bar": scatter_with_colorbar,
    "histogram": lambda: drawn(lambda axes: axes.hist(X, bins=30)),
    "bars of categories": bars_of_categories,
    "image": lambda: drawn(lambda axes: axes.imshow(GRID)),
    "boxes": lambda: drawn(lambda axes: axes.boxplot([X, Y])),
    "violins": lambda: drawn(lambda axes: axes.violinplot([X, Y])),
    "contours": lambda: drawn(lambda axes: axes.contourf(GRID)),
    "arrows": lambda: drawn(lambda axes: axes.quiver(X, Y, X, Y)),
    "mesh": lambda: drawn(lambda axes: axes.pcolormesh(GRID)),
    "bands": lambda: drawn(bands),
    "error bars": lambda: drawn(lambda axes: axes.errorbar(range(200), X, yerr=abs(Y))),
    "pie": lambda: drawn(lambda axes: axes.pie([1, 2, 3], labels=list("abc"))),
    "polar": lambda: drawn(lambda axes: axes.plot(X), subplot_kw={"projection": "polar"}),
    "three dimensions": three_dimensions,
    "small multiples": small_multiples,
    "tight layout": tight_layout,
    "dates": lambda: drawn(lambda axes: axes.plot(DAYS, X)),
    "pandas": lambda: pd.DataFrame({"x": X, "y": Y}, index=DAYS).plot().figure,
    "annotations": lambda: drawn(annotated),
    "table": lambda: drawn(lambda axes: axes.table([["a", "b"]])),
    "twins and insets": twins_and_insets,
    "streams": lambda: drawn(lambda axes: axes.streamplot(RANGE, RANGE, np.ones((10, 10)), np.ones((10, 10)))),
    "hexagons": lambda: drawn(lambda axes: axes.hexbin(X, Y, gridsize=10)),
    "barbs": lambda: drawn(lambda axes: axes.barbs(X[:5], Y[:5], X[:5], Y[:5])),
    "subfigures": subfigures,
}


class Plot:
    """A plot with a bit of everything, whose parts the changes below change."""

    def __init__(self) -> None:
        self.figure, self.axes = plt.subplots()
        (self.line,) = self.axes.plot([1, 2, 3], [1, 4, 9], label="a")
        self.points = self.axes.scatter([1, 2], [3, 4], c=[1, 2])
        self.bars = self.axes.bar([1, 2], [2, 3])
        self.image = self.axes.imshow([[1, 2], [3, 4]])
        self.text = self.axes.text(1, 1, "x")
        self.axes.legend()
        self.axes.set_title("title")


CHANGES = {
    "one point": lambda p: p.line.set_ydata([1, 4, 9.0000001]),
    "line colour": lambda p: p.line.set_color("r"),
    "line style": lambda p: p.line.set_linestyle("--"),
    "dashes": lambda p: p.line.set_dashes([1, 2]),
    "line width": lambda p: p.line.set_linewidth(3),
    "marker": lambda p: p.line.set_marker("o"),
    "hidden line": lambda p: p.line.set_visible(False),
    "order": lambda p: p.line.set_zorder(9),
    "one offset": lambda p: p.points.set_offsets([[1, 2], [3, 4.5]]),
    "values of colours": lambda p: p.points.set_array([1, 3]),
    "colour map": lambda p: p.points.set_cmap("magma"),
    "colour limits": lambda p: p.points.set_clim(0, 5),
    "sizes": lambda p: p.points.set_sizes([90]),
    "opacity": lambda p: p.points.set_alpha(0.2),
    "height of a bar": lambda p: p.bars[1].set_height(2.5),
    "colour of a bar": lambda p: p.bars[1].set_facecolor("g"),
    "hatch": lambda p: p.bars[1].set_hatch("/"),
    "one pixel": lambda p: p.image.set_data([[1, 2], [3, 5]]),
    "extent": lambda p: p.image.set_extent([0, 1, 0, 1]),
    "interpolation": lambda p: p.image.set_interpolation("bilinear"),
    "words": lambda p: p.text.set_text("y"),
    "place of a text": lambda p: p.text.set_position((2, 2)),
    "turned text": lambda p: p.text.set_rotation(20),
    "title": lambda p: p.axes.set_title("other"),
    "left title": lambda p: p.axes.set_title("other", loc="left"),
    "x label": lambda p: p.axes.set_xlabel("x"),
    "y label": lambda p: p.axes.set_ylabel("x"),
    "limits": lambda p: p.axes.set_xlim(0, 99),
    "scale": lambda p: p.axes.set_yscale("symlog"),
    "inverted": lambda p: p.axes.invert_yaxis(),
    "margins": lambda p: p.axes.margins(0.5),
    "aspect": lambda p: p.axes.set_aspect(3),
    "grid": lambda p: p.axes.grid(True),
    "ticks": lambda p: p.axes.set_xticks([1, 2]),
    "tick labels": lambda p: p.axes.set_xticks([1, 2], ["p", "q"]),
    "tick format": lambda p: p.axes.xaxis.set_major_formatter("{x:.1f}"),
    "tick function": lambda p: p.axes.xaxis.set_major_formatter(lambda value, place: "q"),
    "tick distance": lambda p: p.axes.xaxis.set_major_locator(MultipleLocator(2)),
    "tick size": lambda p: p.axes.tick_params(labelsize=20),
    "no tick labels": lambda p: p.axes.tick_params(labelbottom=False),
    "turned tick labels": lambda p: plt.setp(p.axes.get_xticklabels(), rotation=45),
    "no spine": lambda p: p.axes.spines["top"].set_visible(False),
    "no axis": lambda p: p.axes.set_axis_off(),
    "background": lambda p: p.axes.set_facecolor("y"),
    "place of the axes": lambda p: p.axes.set_position([0, 0, 0.5, 0.5]),
    "legend": lambda p: p.axes.legend(["z"]),
    "place of the legend": lambda p: p.axes.legend(loc="lower left"),
    "no legend": lambda p: p.axes.get_legend().remove(),
    "size": lambda p: p.figure.set_size_inches(9, 3),
    "paper": lambda p: p.figure.set_facecolor("y"),
    "super title": lambda p: p.figure.suptitle("y"),
    "spacing": lambda p: p.figure.subplots_adjust(left=0.3),
    "a further line": lambda p: p.axes.axhline(2),
    "further axes": lambda p: p.figure.add_axes([0.1, 0.1, 0.1, 0.1]),
    "annotation": lambda p: p.axes.annotate("x", (1, 1)),
}
