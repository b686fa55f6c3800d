"""The names that a figure was drawn from, found by comparing numbers."""

from __future__ import annotations

import pandas as pd
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from nbcairn.kernel.drawn import origins
from nbcairn.profile.figures import read_panels


def scatter(x, y):
    figure = Figure()
    figure.subplots().scatter(x, y)
    return read_panels(figure)


class Unreadable(pd.DataFrame):
    """A table whose columns cannot be asked for."""

    @property
    def columns(self):
        raise RuntimeError("no columns today")


def test_a_column_of_words_is_passed_over():
    df = pd.DataFrame({"x": [1.5, 2.5, 9.0], "species": ["a", "b", "c"], "y": [3.0, 1.0, 2.5]})
    found = origins(scatter(df.x, df.y), ["df"], [], {"df": df})
    assert (found.how, found.names, sorted(found.parts.values())) == ("content", ["df"], ["df['x']", "df['y']"])


def test_a_table_of_words_alone_matches_nothing():
    df = pd.DataFrame({"species": ["a", "b", "c"]})
    found = origins(scatter([1.5, 2.5, 9.0], [3.0, 1.0, 2.5]), ["df"], [], {"df": df})
    assert (found.how, found.names) == ("reads", ["df"])


def test_a_value_that_cannot_be_read_hides_no_other():
    xs = [1.5, 2.5, 9.0]
    names = {"bad": Unreadable({"x": xs}), "xs": xs}
    found = origins(scatter(xs, [3.0, 1.0, 2.5]), ["bad", "xs"], [], names)
    assert (found.how, found.names) == ("content", ["xs"])
