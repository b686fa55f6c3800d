"""Figures of a real kernel as artifacts: each once, under a name that stays, with what it plots and from which names."""

from __future__ import annotations

import pytest

from kernels import kernel
from nbcairn.model import ArtifactKind

SETUP = """%matplotlib inline
import matplotlib.pyplot as plt, numpy as np, pandas as pd
df = pd.DataFrame({"x": np.arange(20.0) ** 2, "y": np.sin(np.arange(20))})
xs = [1, 5, 9]"""


def figures(ran):
    assert ran.status == "ok", ran.text
    assert not ran.run.notes
    return sorted((a for a in ran.artifacts if a.kind is ArtifactKind.FIGURE), key=lambda a: a.detail["number"])


def the_figure(ran):
    (found,) = figures(ran)
    return found


def kinds(artifact):
    return [series["kind"] for axes in artifact.detail["axes"] for series in axes["series"]]


@pytest.fixture
def inline(clean):
    """A kernel whose figures are shown inline, with data to plot."""
    clean.run(SETUP)
    return clean


# What a cell plots: source, name of the artifact, kinds of its series, names it was drawn from, and how that is known.
PLOTTED = {
    "a line": ("plt.plot(df.x, df.y)", "line of df", ["line"], ["df"], "content"),
    "a list": ("plt.plot(xs)", "line of xs", ["line"], ["xs"], "content"),
    "a title": ("plt.plot(xs); plt.title('Growth')", "Growth", ["line"], ["xs"], "content"),
    "labels": ("plt.plot(xs); plt.xlabel('day'); plt.ylabel('height')", "height by day", ["line"], ["xs"], "content"),
    "made in the cell": ("t = np.linspace(0, 1, 50)\nplt.plot(t, t ** 2)", "line of t", ["line"], ["t"], "content"),
    "through a function": (
        "def draw(d):\n    fig, ax = plt.subplots(); ax.scatter(d['x'], d['y'])\ndraw(df)",
        "points of df", ["points"], ["df"], "content",
    ),
    "worked out": ("plt.plot(df.x.rolling(3).mean())", "line of df", ["line"], ["df"], "reads"),
    "a histogram": ("n, bins, bars = plt.hist(df.y)", "histogram of df", ["histogram"], ["df"], "reads"),
    "bars": ("plt.bar(['a', 'b', 'c'], xs)", "bars of xs", ["bars"], ["xs"], "content"),
    "an image": ("m = np.eye(4) * 3\nplt.imshow(m)", "image of m", ["image"], ["m"], "content"),
    "boxes": ("plt.boxplot([df.x, df.y])", "box plot of df", ["box plot"], ["df"], "reads"),
    "pandas": ("df.plot(y='x')", "line of df", ["line"], ["df"], "content"),
    "pandas' scatter": ("df.plot.scatter(x='x', y='y')", "y by x", ["points"], ["df"], "content"),
    "subplots": (
        "fig, (a, b) = plt.subplots(1, 2); a.plot(df.x); b.plot(xs); fig.suptitle('Both')",
        "Both", ["line", "line"], ["df", "xs"], "content",
    ),
    "a matrix by columns": ("m = df.to_numpy()\nplt.plot(m)", "line of df, m", ["line", "line"], ["df", "m"], "content"),
    "nothing that has a name": ("plt.plot([1, 2, 3, 7])", "figure 1", ["line"], [], "reads"),
}  # fmt: skip


@pytest.mark.parametrize("source, name, series, names, how", PLOTTED.values(), ids=PLOTTED)
def test_what_a_cell_plots(inline, source, name, series, names, how):
    ran = inline.run(source)
    found = the_figure(ran)
    assert found.name == name
    assert kinds(found) == series
    assert found.detail["drawn_from_how"] == how
    assert found.detail["drawn_from"] == names if how == "content" else set(names) <= set(found.detail["drawn_from"])
    assert found.media_type == "image/png"
    assert found.blob == next(shown.blob for shown in ran.run.displays if shown.blob)
    with inline.trail as trail:
        assert trail.blobs.get(found.blob).startswith(b"\x89PNG")


def test_a_series_says_where_its_numbers_are_from(inline):
    found = the_figure(inline.run("plt.plot(df.x, df.y, label='wave'); plt.legend()"))
    (axes,) = found.detail["axes"]
    assert axes["legend"] == ["wave"]
    assert axes["series"][0]["name"] == "wave"
    assert axes["series"][0]["from"] == {"x": "df['x']", "y": "df['y']"}


def test_seaborn(inline):
    pytest.importorskip("seaborn")
    inline.run("import seaborn as sns")
    found = the_figure(inline.run("sns.scatterplot(df, x='x', y='y')"))
    assert (found.name, kinds(found), found.detail["drawn_from"]) == ("y by x", ["points"], ["df"])
    grid = the_figure(inline.run("sns.displot(df, x='x')"))
    assert grid.name == "Count by x"


def test_a_figure_that_is_the_value_and_is_flushed_counts_once(inline):
    ran = inline.run("fig, ax = plt.subplots(); ax.plot(xs); fig")
    assert [shown.kind for shown in ran.run.displays] == ["result", "display"]
    the_figure(ran)


def test_figures_of_a_loop_have_names_of_their_own(inline):
    source = "for n in (1, 2, 3):\n    plt.figure(); plt.plot(df.x * n); plt.title('t'); plt.show()"
    assert [found.name for found in figures(inline.run(source))] == ["t", "t (2)", "t (3)"]


def test_a_figure_drawn_again_and_again_counts_as_it_was_last(inline):
    source = """from IPython.display import clear_output
for n in range(4):
    clear_output(wait=True); plt.plot([0, n]); plt.title('t'); plt.show()"""
    first = the_figure(inline.run(source))
    again = the_figure(inline.run("plt.plot([0, 3]); plt.title('t')"))
    assert first.fingerprint.same(again.fingerprint)


def test_an_updated_display_counts_as_it_was_last(inline):
    source = "fig, ax = plt.subplots(); plt.close(); h = display(fig, display_id=True)\nax.plot(xs); h.update(fig)"
    assert kinds(the_figure(inline.run(source))) == ["line"]
    changed = the_figure(inline.run("ax.plot(df.y); h.update(fig)"))
    assert kinds(changed) == ["line", "line"]


def test_the_same_plot_again_has_the_same_fingerprint_and_one_changed_point_another(inline):
    draw = "plt.scatter(df.x, df.y); plt.title('t')"
    first, second = the_figure(inline.run(draw)), the_figure(inline.run(draw))
    inline.run("df.loc[3, 'y'] += 1e-9")
    third = the_figure(inline.run(draw))
    assert first.fingerprint == second.fingerprint
    assert first.detail["plotted"] == second.detail["plotted"] != third.detail["plotted"]
    assert not third.fingerprint.same(first.fingerprint)


def test_a_restyled_plot_plots_the_same(inline):
    first, second = (the_figure(inline.run(f"plt.plot(xs, color={colour!r})")) for colour in ("red", "blue"))
    assert first.detail["plotted"] == second.detail["plotted"]
    assert not first.fingerprint.same(second.fingerprint)


def test_what_differs_between_two_plots_is_told_by_series(inline):
    inline.run("plt.plot(df.x, df.y, label='wave'); plt.title('Told')")
    inline.run("plt.plot(df.x, df.y + 1, label='wave'); plt.title('Told')")
    assert "axes[axes 1].series[wave].data.y" in inline.run("%cairn diff Told", silent=True).text


CHANGES = {
    "shown again": ("ax.set_title('after'); fig", None),
    "not shown": ("ax.set_title('after')", False),
    "a line": ("line.set_ydata([9, 9, 9])", False),
}


@pytest.mark.parametrize("source, shown", CHANGES.values(), ids=CHANGES)
def test_a_later_cell_that_changes_a_figure_makes_its_next_version(inline, source, shown):
    before = the_figure(inline.run("fig, ax = plt.subplots(); line, = ax.plot(xs); ax.set_title('before')"))
    after = the_figure(inline.run(source))
    assert after.name == before.name == "before"
    assert not after.fingerprint.same(before.fingerprint)
    assert after.detail.get("shown") is shown
    assert after.blob
    assert after.detail["drawn_from"] == ["xs"]
    assert not inline.run("1 + 1").artifacts


def test_a_saved_figure_and_its_file_are_linked(inline):
    ran = inline.run("plt.plot(xs); plt.title('Saved'); plt.savefig('saved.png'); plt.savefig('saved.svg')")
    figure = the_figure(ran)
    files = {a.name: a for a in ran.artifacts if a.kind is ArtifactKind.FILE}
    assert set(figure.detail["files"]) == set(files) == {"saved.png", "saved.svg"}
    for name, media_type in (("saved.png", "image/png"), ("saved.svg", "image/svg+xml")):
        assert files[name].media_type == media_type
        assert files[name].detail["figure"] == figure.id
        access = next(access for access in ran.run.files if access.path == name)
        assert files[name].fingerprint.digest == access.md5 == files[name].blob


def test_a_figure_that_was_only_saved_is_one_too(inline):
    ran = inline.run("plt.plot(xs); plt.title('Only saved'); plt.savefig('only.png'); plt.close()")
    found = the_figure(ran)
    assert (found.name, found.detail["shown"], found.detail["files"]) == ("Only saved", False, ["only.png"])
    assert found.blob == next(a.blob for a in ran.artifacts if a.kind is ArtifactKind.FILE)


NO_FIGURE = {
    "closed": "plt.plot(xs); plt.close()",
    "captured": "%%capture\nplt.plot(xs)",
    "a table": "display(df)",
    "a text": "print('x')",
}


@pytest.mark.parametrize("source", NO_FIGURE.values(), ids=NO_FIGURE)
def test_what_nobody_saw_is_no_figure(inline, source):
    assert figures(inline.run(source)) == []


def test_images(inline):
    pytest.importorskip("PIL")
    found = the_figure(inline.run("from PIL import Image\nphoto = Image.new('RGB', (8, 8), 'red')\nphoto"))
    assert (found.name, found.media_type, found.detail["engine"]) == ("photo", "image/png", "image")


def test_drawings_of_svg_format_are_kept_as_such(inline):
    inline.run("%config InlineBackend.figure_formats = ['svg', 'png']")
    found = the_figure(inline.run("plt.plot(xs)"))
    inline.run("%config InlineBackend.figure_formats = ['png']")
    with inline.trail as trail:
        assert b"<svg" in trail.blobs.get(found.detail["svg"])


SVG = {
    "a figure that lives": ("fig, ax = plt.subplots(); ax.plot(xs); ax.set_title('Alive')", "Alive", True),
    "a variable": ("fig, ax = plt.subplots(); ax.plot(xs); ax.set_title('Held')", "fig", True),
    "a figure that is gone": ("plt.plot(xs); plt.title('Gone'); None", "Gone", False),
    "no figure": ("x = 1", "x", None),
}


@pytest.mark.parametrize("source, word, found", SVG.values(), ids=SVG)
def test_svg_on_demand(inline, source, word, found):
    inline.run(source)
    inline.run("import gc; gc.collect()")
    ran = inline.run(f"%cairn show {word} --svg", silent=True)
    drawings = [part["data"]["image/svg+xml"] for part in ran.outputs if "image/svg+xml" in part.get("data", {})]
    assert bool(drawings) is bool(found)
    if found:
        assert "<svg" in drawings[0]
        assert "as SVG" in ran.text
    else:
        assert ("no longer lives" if found is False else "No figure is called") in ran.text


def test_a_million_points_are_told_and_not_copied(inline):
    source = (
        "big = np.arange(1_000_000.0)\nfig, ax = plt.subplots(figsize=(2, 2)); ax.plot(big, big, ','); plt.close()\nfig"
    )
    found = the_figure(inline.run(source, timeout=120))
    assert found.detail["drawn_from"] == ["big"]
    assert found.detail["axes"][0]["series"][0]["points"] == 1_000_000
    with inline.trail as trail:
        assert len(trail.blobs.get(found.blob)) < 200_000


def test_an_image_over_the_limit_is_left_out_and_it_is_said(inline):
    inline.run("%config Cairn.max_image_bytes = 1000")
    found = the_figure(inline.run("plt.plot(xs)"))
    inline.run("%config Cairn.max_image_bytes = 8388608")
    assert found.blob is None
    assert "the image" in found.detail["skipped"][0]
    assert kinds(found) == ["line"]


def test_a_film_is_kept_within_the_limit(inline):
    source = """from IPython.display import HTML
film = "<video controls><source type='video/mp4' src=\\"data:video/mp4;base64," + 'QUJD' * size + '\\"></video>'
HTML(film)"""
    inline.run("size = 100")
    small = the_figure(inline.run(source))
    assert (small.name, small.media_type) == ("film 1", "video/mp4")
    inline.run("size = 1000\n%config Cairn.max_image_bytes = 2000")
    large = the_figure(inline.run(source))
    inline.run("%config Cairn.max_image_bytes = 8388608")
    assert large.blob is None
    assert "the film" in large.detail["skipped"][0]


STATE = """import random
state = (plt.get_fignums(), plt.isinteractive(), str(plt.rcParams), random.getstate()[1][:5], np.random.get_state()[1][:5].tolist())"""


def test_looking_changes_nothing_of_the_users(tmp_path):
    cells = [
        "%matplotlib agg\n" + SETUP.partition("\n")[2],
        "calls = []\nfig, ax = plt.subplots(); fig.canvas.mpl_connect('draw_event', calls.append); ax.plot(df.y)",
        "plt.figure(); plt.plot(xs); plt.figure(fig.number)",
        STATE,
        "print(hash(str(state)) and state[0], state[1], state[3], state[4], plt.gcf() is fig, len(calls))",
        "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.warn('once')\nprint(len(seen))",
    ]
    shown = []
    for tracked in (True, False):
        folder = tmp_path / str(tracked)
        folder.mkdir()
        with kernel(folder, tracked=tracked, load=tracked) as live:
            live.run("import random, numpy; random.seed(1); numpy.random.seed(1)")
            shown.append([live.run(cell).text for cell in cells][4:])
    assert shown[0] == shown[1]


# --------------------------------------------------------------------------- other backends and libraries


@pytest.fixture(scope="module")
def agg(tmp_path_factory):
    """A kernel whose figures nothing shows."""
    with kernel(tmp_path_factory.mktemp("agg")) as live:
        live.run(SETUP.replace("inline", "agg"))
        yield live


def test_figures_that_nothing_shows_are_kept_when_they_are_new_or_change(agg):
    agg.run("plt.close('all')")
    first = the_figure(agg.run("plt.plot(xs); plt.title('Open')"))
    assert (first.name, first.detail["shown"], first.detail["drawn_from"]) == ("Open", False, ["xs"])
    assert first.blob
    assert not agg.run("1 + 1").artifacts
    second = the_figure(agg.run("plt.plot(df.y)"))
    assert (second.name, kinds(second)) == ("Open", ["line", "line"])
    assert second.blob != first.blob
    assert not agg.run("plt.gcf().canvas.draw()").artifacts


def test_a_figure_with_many_points_is_not_drawn_for_its_own_sake(agg):
    agg.run("plt.close('all')")
    found = the_figure(agg.run("plt.plot(np.arange(400_000)); plt.title('Many')"))
    assert found.blob is None
    assert found.detail["skipped"] == ["the image (400,000 points)"]
    assert found.detail["axes"][0]["series"][0]["points"] == 400_000


HOSTILE = {
    "draws for ever": ("def draw(self, renderer):\n        time.sleep(60)", "could not be drawn"),
    "does not draw": ("def draw(self, renderer):\n        raise ValueError", "could not be drawn"),
    "answers for ever": pytest.param(
        "def get_xdata(self, orig=True):\n        time.sleep(60)", "what it plots (longer", marks=pytest.mark.nightly
    ),
    "does not answer": ("def get_xdata(self, orig=True):\n        raise ValueError", ""),
}


@pytest.mark.parametrize("method, said", HOSTILE.values(), ids=HOSTILE)
def test_an_artist_that_is_hostile_holds_nothing_up(agg, method, said):
    agg.run("plt.close('all')")
    source = f"""import time
class Odd(plt.Line2D):
    {method}
plt.ioff()
odd = Odd([1, 2], [3, 4])
fig, ax = plt.subplots(); ax.plot(xs); ax.set_title('Odd'); ax._children.append(odd)
odd.axes = ax; odd.set_figure(fig); None"""
    ran = agg.run(source, timeout=50)
    assert ran.status == "ok", ran.text
    assert "missed" not in ran.text
    found = next(a for a in ran.artifacts if a.kind is ArtifactKind.FIGURE)
    assert found.name == "Odd"
    if said:
        assert any(said in part for part in found.detail["skipped"])
    else:
        assert kinds(found) == ["line", "unreadable"]
    agg.run("plt.close('all'); plt.ion()")


def test_the_same_plot_is_the_same_under_every_backend(agg, inline):
    agg.run("plt.close('all')")
    draw = "fig = plt.figure(figsize=(4, 3), dpi=72); plt.plot(xs); plt.title('Same')"
    assert the_figure(agg.run(draw)).fingerprint == the_figure(inline.run(draw)).fingerprint


def test_widgets_of_matplotlib(tmp_path):
    pytest.importorskip("ipympl")
    with kernel(tmp_path) as live:
        live.run(SETUP.replace("inline", "widget"))
        first = the_figure(live.run("fig, ax = plt.subplots(); ax.plot(xs); ax.set_title('Live')"))
        assert (first.name, kinds(first), first.media_type) == ("Live", ["line"], "image/png")
        assert "shown" not in first.detail
        second = the_figure(live.run("ax.plot(df.y);"))
        assert (second.name, kinds(second), second.detail["shown"]) == ("Live", ["line", "line"], False)


CHARTS = {
    "plotly": (
        "import plotly.express as px\npx.line(df, x='x', y='y', title='Wave')",
        ("Wave", ["scatter"], ["df"], "x", "y"),
    ),
    "altair": (
        "import altair\naltair.Chart(df, title='Wave').mark_line().encode(x='x', y='y')",
        ("Wave", ["line"], ["df"], "x", "y"),
    ),
    "bokeh": (
        "from bokeh.plotting import figure, show\nfrom bokeh.io import output_notebook\noutput_notebook()\n"
        "p = figure(title='Wave', x_axis_label='x', y_axis_label='y'); p.line(df.x, df.y); show(p)",
        ("Wave", ["line"], ["df"], "x", "y"),
    ),
}


@pytest.mark.parametrize("library", CHARTS)
def test_charts_that_a_browser_draws(inline, library):
    pytest.importorskip(library)
    source, expected = CHARTS[library]
    first, second = the_figure(inline.run(source)), the_figure(inline.run(source))
    axes = first.detail["axes"][0]
    assert (first.name, kinds(first), first.detail["drawn_from"], axes["xlabel"], axes["ylabel"]) == expected
    assert first.detail["engine"] == library
    assert first.fingerprint == second.fingerprint
    assert first.blob == second.blob
    inline.run("df.loc[3, 'y'] = 7")
    assert not the_figure(inline.run(source)).fingerprint.same(first.fingerprint)
