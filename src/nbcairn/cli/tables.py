"""Tables for terminals: one style, made to fit the width there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["fitted", "make_table"]

LEAST = 6
"""No column is cut to fewer characters."""


def make_table(columns: Iterable[str], rows: Iterable[Sequence[str]], width: int) -> Table:
    """A table whose rows take one line each, as long as some columns may be cut.

    A column named ``>x`` is flush right, ``~x`` is cut with an ellipsis where the width asks for it. In a table
    without such columns long cells are wrapped.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    names, cells = list(columns), [list(row) for row in rows]
    may_be_cut = [name.startswith("~") for name in names]
    titles = [name.lstrip("~>") for name in names]
    natural = [
        max(map(_columns, [title, *column])) for title, column in zip(titles, _turned(cells, names), strict=True)
    ]
    widths = fitted(natural, may_be_cut, width - 3 * (len(names) - 1) - 2)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, title, cut in zip(names, titles, widths, strict=True):
        justify: Literal["left", "right"] = "right" if name.startswith(">") else "left"
        if any(may_be_cut):
            table.add_column(title, justify=justify, no_wrap=True, overflow="ellipsis", width=cut)
        else:
            table.add_column(title, justify=justify)
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def fitted(natural: Sequence[int], may_be_cut: Sequence[bool], room: int) -> list[int]:
    """Widths of columns that together take no more than ``room``: the widest that may be cut give first."""
    widths = list(natural)
    while sum(widths) > room:
        widest = max((width, n) for n, width in enumerate([*widths, LEAST]) if n == len(widths) or may_be_cut[n])
        if widest[0] <= LEAST:
            return widths
        widths[widest[1]] -= 1
    return widths


def _turned(rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[list[str]]:
    return [[row[n] for row in rows] for n in range(len(names))]


def _columns(text: str) -> int:
    from rich.cells import cell_len

    return max((cell_len(line) for line in text.splitlines()), default=0)
