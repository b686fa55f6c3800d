"""Tables shown as HTML, compared by what their cells say: markup, classes and spacing do not count."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Rows", "first_difference", "rows_of"]

Rows = tuple[tuple[str, ...], ...]
"""The texts of the cells of all tables in a piece of HTML, row by row."""


class _Reader(HTMLParser):
    """Collects rows; text outside of tables makes rows of its own, so that a caption counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.tables = 0
        self._open: list[str] | None = None
        self._spread = 1
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tables += tag == "table"
        self._hidden += tag in {"style", "script"}
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            spread = dict(attrs).get("colspan") or "1"
            self._open = []
            self._spread = min(int(spread), 1000) if spread.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"} and self._hidden > 0
        if tag in {"td", "th"} and self._open is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1] += [" ".join("".join(self._open).split())] * self._spread
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._open is not None:
            self._open.append(data)
        elif data.strip():
            self.rows.append([" ".join(data.split())])


def rows_of(html: str) -> Rows | None:
    """What the tables of a piece of HTML say; None when it has none."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(tuple(row) for row in reader.rows) if reader.tables else None


def first_difference(before: Rows, after: Rows) -> str:
    """In what two tables differ, in words; empty when they say the same."""
    if before == after:
        return ""
    if len(before) != len(after):
        return f"{len(before)} rows are shown, now {len(after)}"
    cells = [
        (place, column, old, new)
        for place, (first, second) in enumerate(zip(before, after, strict=True))
        for column, (old, new) in enumerate(zip(first, second, strict=False))
        if old != new
    ]
    widths = [(len(first), len(second)) for first, second in zip(before, after, strict=True)]
    if not cells:
        wide, now = next(pair for pair in widths if pair[0] != pair[1])
        return f"{wide} columns are shown, now {now}"
    place, column, old, new = cells[0]
    where = before[0][column] if column < len(before[0]) and place > 0 else ""
    label = f"{where}, row {place}" if where else f"row {place + 1}"
    more = f" and {len(cells) - 1} more" if len(cells) > 1 else ""
    return f"{label}: {old or '(empty)'} → {new or '(empty)'}{more}"
