"""Texts and tables by what they say."""

from __future__ import annotations

import pytest

from nbcairn.verify.tables import first_difference, rows_of
from nbcairn.verify.text import excerpt, same_text

ALWAYS = {
    "nothing": ("", ""),
    "an address": ("<A object at 0x7f00deadbeef>", "<A object at 0x7fffcafe0001>"),
    "a progress bar redrawn more often": (
        "\r  0%|   | 0/9 [00:00<?, ?it/s]\r100%|###| 9/9 [00:01<00:00,  8.1it/s]\ndone",
        "\r100%|###| 9/9 [00:03<00:00,  2.9it/s]\ndone",
    ),
    "a line that was overwritten": ("working 1\rworking 2\n", "working 2\n"),
    "what %time says": ("CPU times: user 23 \u03bcs, total: 27 \u03bcs", "CPU times: user 2 \u00b5s, total: 3 \u00b5s"),
    "what %timeit says": (
        "418 ns ± 139 ns per loop (mean ± std. dev. of 2 runs)\n",
        "The slowest run took 12.1 times longer than the fastest. This could mean …\n3 \u03bcs ± 1 \u03bcs per loop\n",
    ),
    "line ends": ("a\r\nb\n", "a\nb\n"),
}
WHERE_THE_CLOCK_COUNTS = {
    "a moment": ("now 2026-11-24 10:04:02.113", "now 2027-01-01 00:00:00"),
    "a moment with a zone": ("2026-11-24T10:04:02+00:00 x", "2026-11-25T11:04:02Z x"),
    "a day": ("run on 2026-11-24", "run on 2026-11-25"),
    "a day in words": ("Tue Nov 24 10:04:02 2026", "Wed Nov 25 09:00:00 2026"),
    "a duration": ("took 0.31 s", "took 12 s"),
    "milliseconds": ("fit: 3.1ms", "fit: 420 ms"),
    "seconds since 1970": ("1795514642.113", "1795514999.5"),
    "a repr": ("datetime.datetime(2026, 11, 24, 10, 4)", "datetime.datetime(2026, 11, 25, 9, 1, 12)"),
}
NEVER = {
    "a number": ("accuracy 0.91", "accuracy 0.92"),
    "a line more": ("a", "a\nb"),
    "a count": ("12 rows", "13 rows"),
    "a unit": ("12 s", "12 km"),
    "a bar of a histogram": ("ab ███", "ab █████"),
    "a row of a Markdown table": ("| a |", "| b |"),
}


@pytest.mark.parametrize("case", ALWAYS)
def test_what_never_counts(case):
    assert same_text(*ALWAYS[case], timed=False) == (True, False)


@pytest.mark.parametrize("case", WHERE_THE_CLOCK_COUNTS)
def test_times_count_unless_the_cell_asks_the_clock(case):
    assert same_text(*WHERE_THE_CLOCK_COUNTS[case], timed=False) == (False, False)
    assert same_text(*WHERE_THE_CLOCK_COUNTS[case], timed=True) == (True, True)


@pytest.mark.parametrize("case", NEVER)
def test_what_always_counts(case):
    assert same_text(*NEVER[case], timed=True) == (False, False)


def test_the_excerpt_shows_the_first_line_that_differs():
    assert excerpt("a\nb 1\nc", "a\nb 2\nc") == ("b 1", "b 2")
    assert excerpt("a", "a\nb\nc") == ("", "b … (2 lines)")
    assert excerpt("a\nb", "a") == ("b", "")


def test_the_excerpt_of_a_long_line_begins_shortly_before_the_difference():
    before, after = excerpt("x" * 500 + "1" + "y" * 500, "x" * 500 + "2" + "y" * 500)
    assert before.startswith("…x")
    assert before.endswith("…")
    assert "1y" in before
    assert "2y" in after
    assert len(before) < 130


# --------------------------------------------------------------------------- tables

PLAIN = "<table><tr><th></th><th>a</th><th>b</th></tr><tr><th>0</th><td>1</td><td>2.5</td></tr></table>"


def test_markup_does_not_count():
    styled = PLAIN.replace("<table>", '<style>#T_1 {color: red}</style><table border="1" class="dataframe">\n').replace(
        "<td>1", '<td class="x">\n 1 '
    )
    assert rows_of(styled) == rows_of(PLAIN)
    assert first_difference(rows_of(PLAIN), rows_of(styled)) == ""


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (PLAIN.replace("2.5", "3.5"), "b, row 1: 2.5 → 3.5"),
        (PLAIN.replace("<td>1</td>", "<td></td>").replace("2.5", "3"), "a, row 1: 1 → (empty) and 1 more"),
        (PLAIN.replace("<th>b", "<th>c"), "row 1: b → c"),
        (PLAIN.replace("</table>", "<tr><th>1</th></tr></table>"), "2 rows are shown, now 3"),
        (PLAIN.replace("<td>2.5</td>", ""), "3 columns are shown, now 2"),
        (PLAIN + "<p>2 rows × 3 columns</p>", "2 rows are shown, now 3"),
    ],
)
def test_the_first_cell_that_differs_is_named(after, told):
    assert first_difference(rows_of(PLAIN), rows_of(after)) == told


def test_a_header_over_several_columns_counts_for_each():
    assert rows_of('<table><tr><th colspan="2">a</th></tr></table>') == (("a", "a"),)
    assert rows_of('<table><tr><th colspan="99999999">a</th></tr></table>') is not None


def test_html_without_a_table_is_no_table():
    assert rows_of("<p>hello</p>") is None
