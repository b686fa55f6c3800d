"""What two executions showed: by content where it is exact, by meaning where it is not."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from nbcairn.lineage.normal import bundle_digest, text_digest
from nbcairn.model import ArtifactKind, Display
from nbcairn.testing import a_run, an_artifact, memory_trail
from nbcairn.verify.outputs import compare_outputs
from nbcairn.verify.shown import Plot, Shown, of_outputs, of_run, plot_of


def stdout(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def stderr(text):
    return {"output_type": "stream", "name": "stderr", "text": text}


def result(text, **data):
    return {"output_type": "execute_result", "data": {"text/plain": text, **data}, "metadata": {}}


def error(name, value):
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": []}


def encoded(colour, size=(40, 30), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG", **options)
    return base64.b64encode(stream.getvalue()).decode()


def picture(colour, **options):
    data = {"image/png": encoded(colour, **options), "text/plain": "<Figure size 40x30 with 1 Axes>"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def frame(*values, style=""):
    rows = "".join(f"<tr><td{style}>{value}</td></tr>" for value in values)
    return result("\n".join(map(str, values)), **{"text/html": f"<table>{rows}</table>"})


WIDGET = "application/vnd.jupyter.widget-view+json"

SAME = {
    "nothing at all": ([], []),
    "a stream in pieces": ([stdout("a\n"), stdout("b\n")], [stdout("a\nb\n")]),
    "streams that arrived in another order": ([stdout("a"), stderr("w"), stdout("b")], [stderr("w"), stdout("ab")]),
    "an address in a value": ([result("<A at 0x7f0000001111>")], [result("<A at 0x7f0000002222>")]),
    "a moment in a log": ([stderr("[I 2026-11-24 10:04:02,113] begun")], [stderr("[I 2027-01-01 00:00:00,000] begun")]),
    "a widget": (
        [result("Slider()", **{WIDGET: {"model_id": "0" * 32, "version_major": 2}})],
        [result("Slider()", **{WIDGET: {"version_major": 2, "model_id": "1" * 32}})],
    ),
    "a text in lines": ([result(["a\n", "b"])], [result("a\nb")]),
    "a table in other HTML": ([frame(1, 2)], [frame(1, 2, style=' class="x"')]),
    "a picture compressed otherwise": ([picture("red", compress_level=1)], [picture("red", compress_level=9)]),
    "a picture one shade off": ([picture((200, 0, 0))], [picture((205, 0, 0))]),
    "a picture in lines": (
        [picture("red")],
        [{**picture("red"), "data": {**picture("red")["data"], "image/png": encoded("red") + "\n"}}],
    ),
    "an error": ([error("ValueError", "no")], [error("ValueError", "no")]),
}

DIFFERENT = {
    "another text": ([stdout("1")], [stdout("2")], "text", "its printed text differs"),
    "text that is new": ([], [stdout("2")], "text", "it printed nothing before on stdout"),
    "text that is gone": ([stdout("2")], [], "text", "it printed something before on stdout"),
    "a warning": ([], [stderr("FutureWarning: x")], "text", "it printed nothing before on stderr"),
    "another value": ([result("1")], [result("2")], "text", "the value it shows differs"),
    "a value that is new": ([], [result("2")], "output", "it shows one thing more"),
    "a value that is gone": ([result("2")], [], "output", "it no longer shows"),
    "another cell of a table": ([frame(1, 2)], [frame(1, 3)], "table", "1, row 1: 2 → 3"),
    "another picture": (
        [picture("red")],
        [picture("blue")],
        "figure",
        "the picture differs: 100.00% of the pixels differ",
    ),
    "a larger picture": (
        [picture("red")],
        [picture("red", size=(41, 30))],
        "figure",
        "the picture differs: 40x30 → 41x30 pixels",
    ),
    "an error that is new": ([], [error("ValueError", "no")], "error", "it fails now"),
    "another error": ([error("KeyError", "'a'")], [error("ValueError", "no")], "error", "it fails with another error"),
    "no error any more": ([error("KeyError", "'a'")], [], "error", "it failed before, and does not fail now"),
    "other HTML beside the same text": (
        [result("<Styler>", **{"text/html": "<p>1</p>"})],
        [result("<Styler>", **{"text/html": "<p>2</p>"})],
        "output",
        "what it shows differs, though its plain text is the same",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_what_shows_the_same(case):
    before, after = (of_outputs(side) for side in SAME[case])
    assert compare_outputs(before, after, timed=False).differences == []


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_differs(case):
    before, after, what, message = DIFFERENT[case]
    (found,) = compare_outputs(of_outputs(before), of_outputs(after), timed=False).differences
    assert (str(found.what), found.message) == (what, message)


def test_both_sides_are_quoted():
    (found,) = compare_outputs(of_outputs([stdout("a\nb 1")]), of_outputs([stdout("a\nb 2")]), timed=False).differences
    assert (found.before, found.after) == ("b 1", "b 2")


def test_what_was_tolerated_is_said():
    found = compare_outputs(of_outputs([frame(1)]), of_outputs([frame(1, style=" a")]), timed=False)
    assert found.notes == ["a table says the same in other HTML"]


# --------------------------------------------------------------------------- figures by what they plot


LINE = ("line 1", "{'x': '1', 'y': '2'}")
OTHER = ("line 1", "{'x': '1', 'y': '3'}")


def figure(plot, digest="a" * 32):
    return Shown("display", digest, "<Figure>", True, ("image/png",), {}, None, plot, "Mass by species")


def test_figures_of_the_same_data_are_the_same_whatever_the_picture():
    found = compare_outputs([figure(Plot("p", (LINE,)))], [figure(Plot("p", (LINE,)), "b" * 32)], timed=False)
    assert found.differences == []
    assert "plots the same data" in found.notes[0]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (Plot("q", (OTHER,)), "the figure plots other data"),
        (Plot("q", (LINE, ("fit", "{}"))), "the figure plots other data: fit"),
        (Plot("p", (LINE,), ("R² = 0.9",)), "the figure has other words on it"),
    ],
)
def test_figures_of_other_data_or_words_differ(after, message):
    before = Plot("p", (LINE,), ("R² = 0.8",))
    (found,) = compare_outputs([figure(before)], [figure(after, "b" * 32)], timed=False).differences
    assert (found.message, found.name) == (message, "Mass by species")


def test_a_picture_that_nobody_kept_is_not_taken_for_the_same():
    (found,) = compare_outputs([figure(None)], [figure(None, "b" * 32)], timed=False).differences
    assert "could not be looked at" in found.message


# --------------------------------------------------------------------------- from the trail


def test_a_recorded_display_borrows_its_content_from_the_file_where_the_hash_is_the_same():
    shown = frame(1, 2)
    digest = bundle_digest({key: str(value) for key, value in shown["data"].items()})
    with memory_trail() as trail:
        run = a_run(displays=[Display("result", digest, ("text/html", "text/plain"), None, "1\n2")])
        (alone,) = of_run(run, [], trail)
        (with_file,) = of_run(run, [], trail, [shown])
        (with_another,) = of_run(run, [], trail, [frame(1, 3)])
    assert alone.html is None
    assert "<table>" in with_file.html
    assert with_another.html is None


def test_a_text_longer_than_the_trail_keeps_is_not_called_the_same():
    long = "x" * 4000
    before = [Shown("stdout", text_digest(long + "1"), long, complete=False)]
    after = [Shown("stdout", text_digest(long + "2"), long, complete=False)]
    (found,) = compare_outputs(before, after, timed=False).differences
    assert found.message == "its printed text differs further down than the trail keeps"


def panel(**series):
    return {"title": "t", "xlabel": "x", "ylabel": "y", "legend": ["a"], "series": [series]}


def test_a_recorded_figure_has_its_picture_title_and_plotted_data():
    with memory_trail() as trail:
        key = trail.blobs.put(b"bytes of a picture")
        run = a_run(displays=[Display("display", "d" * 32, ("image/png",), key, "<Figure>")])
        detail = {"plotted": "abc", "title": "Mass", "axes": [panel(name="line 1", data={"x": "1"})]}
        artifact = an_artifact(run, "Mass", ArtifactKind.FIGURE, blob=key, media_type="image/png", detail=detail)
        (shown,) = of_run(run, [artifact], trail)
    assert (shown.image, shown.title) == (b"bytes of a picture", "Mass")
    assert shown.plot == Plot("abc", (("line 1", "{'x': '1'}"),), ("Mass", "t", "x", "y", "a"))


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"plotted": "abc"},
        {"plotted": "abc", "axes": []},
        {"plotted": "abc", "axes": [panel(name="image 1", data={})]},
        {"plotted": "abc", "axes": "damaged"},
        {"plotted": 3, "axes": [panel(name="line 1", data={"x": "1"})]},
    ],
    ids=["nothing read", "no axes", "empty", "a series without numbers", "damaged", "no digest"],
)
def test_a_figure_without_numbers_is_compared_by_its_picture(detail):
    assert plot_of(an_artifact(a_run(), "Mass", ArtifactKind.FIGURE, detail=detail)) is None


@pytest.mark.parametrize(
    "output", [{}, {"output_type": "display_data"}, {"output_type": "unheard of"}, {"output_type": "stream"}]
)
def test_a_strange_output_is_no_trouble(output):
    assert compare_outputs(of_outputs([output]), of_outputs([output]), timed=False).differences == []
