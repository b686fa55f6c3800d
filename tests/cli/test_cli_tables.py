"""Tables that fit the terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from nbcairn.cli.tables import LEAST, fitted, make_table

COLUMNS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=6)


@given(COLUMNS, st.integers(0, 200))
def test_columns_give_only_what_they_must(columns, room):
    natural, may_be_cut = zip(*columns, strict=True)
    widths = fitted(natural, may_be_cut, room)
    assert all(width <= was for width, was in zip(widths, natural, strict=True))
    assert all(
        width == was for width, was, cut in zip(widths, natural, may_be_cut, strict=True) if not cut or was <= LEAST
    )
    if sum(natural) <= room:
        assert widths == list(natural)
    elif sum(widths) < room:
        raise AssertionError("more was cut than had to be")
    elif sum(widths) > room:
        assert all(width <= LEAST for width, cut in zip(widths, may_be_cut, strict=True) if cut)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_a_row_is_a_line(width):
    rows = [["data", "a rather long name of a figure, as titles are", "@12", "0123456789", "x" * 90, "DataFrame"]]
    stream = io.StringIO()
    names = ("kind", "~name", ">version", "hash", "~what", "~type")
    Console(file=stream, width=width).print(make_table(names, rows, width))
    lines = [line for line in stream.getvalue().splitlines() if line.strip()]
    assert len(lines) == 3
    if width > 50:
        assert max(len(line.rstrip()) for line in lines) <= width
        assert "0123456789" in lines[-1]


def test_wide_characters_count_as_they_look():
    stream = io.StringIO()
    Console(file=stream, width=30).print(make_table(("~name", "hash"), [["頭" * 20, "0123456789"]], 30))
    assert "0123456789" in stream.getvalue()


def test_a_table_without_rows_is_a_head():
    stream = io.StringIO()
    Console(file=stream, width=80).print(make_table(("kind", "~name"), [], 80))
    assert "kind" in stream.getvalue()
