"""What a real kernel's cells show, as the trail keeps it: streams, displays, updates, clears, and what is hostile or huge."""

from __future__ import annotations

import pytest

from nbcairn.lineage.normal import text_digest

SCREENS = {
    "one stream": ("print('a')\nprint('b')", [("stdout", "a\nb\n")]),
    "both streams": (
        "import sys\nfor i in range(3):\n    print(i)\n    print('e', i, file=sys.stderr)",
        [("stdout", "0\n1\n2\n"), ("stderr", "e 0\ne 1\ne 2\n")],
    ),
    "a stream around a display": (
        "print('a'); display('b'); print('c')",
        [("stdout", "a\n"), ("display", "'b'"), ("stdout", "c\n")],
    ),
    "a value": ("6 * 7", [("result", "42")]),
    "no value": ("6 * 7;", []),
    "an updated display": ("h = display('a', display_id=True); h.update('b')", [("display", "'b'")]),
    "one display in two places": (
        "h = display('a', display_id='q'); display('b', display_id='q'); h.update('c')",
        [("display", "'c'"), ("display", "'c'")],
    ),
    "cleared": (
        "from IPython.display import clear_output\nprint('a'); clear_output(); print('b')",
        [("stdout", "b\n")],
    ),
    "cleared when more comes": (
        "from IPython.display import clear_output\nfor i in range(3):\n    clear_output(wait=True); display(i)",
        [("display", "2")],
    ),
    "not cleared, as nothing comes": (
        "from IPython.display import clear_output\nprint('a'); clear_output(wait=True)",
        [("stdout", "a\n")],
    ),
    "markdown and mathematics by their source": (
        "from IPython.display import Latex, Markdown\ndisplay(Markdown('*hi*'), Latex('$x$'))",
        [("display", "*hi*"), ("display", "$x$")],
    ),
    "captured": ("%%capture shown\nprint('a')\ndisplay('b')\n6", []),
    "redirected": (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('a')",
        [],
    ),
    "colours": ("print('\\x1b[31mred\\x1b[0m')", [("stdout", "red\n")]),
    "a counter": ("for i in range(100): print(i, end='\\r')\nprint()", [("stdout", "99\n")]),
    "from a thread": (
        "import threading\nt = threading.Thread(target=print, args=('from afar',)); t.start(); t.join()",
        [("stdout", "from afar\n")],
    ),
    "a failing representation": (
        "class Bad:\n    def __repr__(self): raise ValueError('no')\n    def _repr_html_(self): return '<b>x</b>'\ntry:\n"
        "    repr(Bad())\nexcept ValueError: print('raised')",
        [("stdout", "raised\n")],
    ),
    "a representation that prints": (
        "class Loud:\n    def __repr__(self):\n        print('loud'); return 'Loud()'\nLoud()",
        [("stdout", "loud\n"), ("result", "Loud()")],
    ),
    "an error": ("print('a')\n1 / 0", [("stdout", "a\n"), ("error", "ZeroDivisionError: division by zero")]),
}


@pytest.mark.parametrize("source, expected", SCREENS.values(), ids=SCREENS)
def test_what_is_on_the_screen_in_the_end(clean, source, expected):
    ran = clean.run(source)
    assert ran.run is not None
    assert not ran.run.notes
    assert [(shown.kind, shown.text) for shown in ran.run.displays] == expected


def test_the_id_that_is_drawn_for_a_display_is_no_chance_of_the_cell(clean):
    first, again, named = (
        clean.run(f"h = display('a', display_id={given})", "c").run for given in ("True", "True", "'near'")
    )
    assert first.effects == again.effects == named.effects == ()
    held = [run.writes[0].fingerprint for run in (first, again, named)]
    assert held[0].same(held[1])
    assert not held[0].same(held[2])


def test_a_display_under_another_cell_is_an_update_of_this_one(clean):
    clean.run("h = display('a', display_id='far')")
    ran = clean.run("h.update('b')")
    assert [(shown.kind, shown.text) for shown in ran.run.displays] == [("update", "'b'")]


KEPT_AS_HTML = {
    "a table": ("import pandas\npandas.DataFrame({'mass': [1]})", "<td>1</td>"),
    "an update of a table": (
        "from IPython.display import HTML\nh = display(HTML('<i>a</i>'), display_id=True); h.update(HTML('<i>b</i>'))",
        "<i>b</i>",
    ),
    "with a secret": (
        "from IPython.display import HTML\nHTML('<b>ghp_' + 'a' * 36 + '</b>')",
        "‹secret›",
    ),
}


@pytest.mark.parametrize("source, inside", KEPT_AS_HTML.values(), ids=KEPT_AS_HTML)
def test_html_is_kept_as_it_was_shown(clean, source, inside):
    shown = clean.run(source).run.displays[-1]
    assert shown.is_html
    assert inside in clean.trail.blobs.get(shown.blob).decode()


NOT_KEPT_AS_HTML = {
    "prose": "from IPython.display import Markdown\nMarkdown('*hi*')",
    "no HTML": "6 * 7",
    "too long": "from IPython.display import HTML\nHTML('a' * 300_000)",
}


@pytest.mark.parametrize("source", NOT_KEPT_AS_HTML.values(), ids=NOT_KEPT_AS_HTML)
def test_what_has_no_short_html_is_kept_as_text(clean, source):
    shown = clean.run(source).run.displays[-1]
    assert shown.blob is None
    assert shown.text


def test_many_tables_of_one_run_are_kept_up_to_a_limit(clean):
    ran = clean.run("from IPython.display import HTML\nfor i in range(30): display(HTML(str(i) + 'a' * 200_000))")
    assert [shown.is_html for shown in ran.run.displays] == [True] * 20 + [False] * 10


def test_ten_million_letters_are_hashed_to_the_end_and_kept_in_part(clean):
    first, second = (clean.run(f"print('a' * 10_000_000 + {end!r})") for end in "bc")
    assert len(first.run.displays) == 1
    assert len(first.run.displays[0].text) == 4000
    assert first.run.displays[0].digest != second.run.displays[0].digest
    assert first.run.displays[0].digest == text_digest("a" * 10_000_000 + "b\n")


def test_thousands_of_displays_are_hashed_to_the_last_and_kept_in_part(clean):
    first, second = (clean.run(f"for i in range(700): display(i)\ndisplay({end!r})") for end in "bc")
    assert len(first.run.displays) == 501
    assert first.run.displays[-1].text == "and 201 more"
    assert first.run.displays[:500] == second.run.displays[:500]
    assert first.run.displays[-1].digest != second.run.displays[-1].digest


REPEATED = {
    "progress bars": (
        "tqdm",
        "from tqdm import tqdm\nimport time, random\nfor i in tqdm(range(20), desc='fit', mininterval=0):\n"
        "    time.sleep(random.random() / 500)\n    print(i)",
    ),
    "progress bars of notebooks": (
        "ipywidgets",
        "from tqdm.notebook import tqdm\nimport time\nfor i in tqdm(range(3)): time.sleep(0.01)",
    ),
    "widgets": ("ipywidgets", "import ipywidgets\nipywidgets.VBox([ipywidgets.IntSlider(3)])"),
    "styled tables": ("jinja2", "import pandas\npandas.DataFrame({'a': [1]}).style"),
    "estimators": pytest.param(
        "sklearn", "from sklearn.linear_model import LinearRegression\nLinearRegression()", marks=pytest.mark.nightly
    ),
    "drawings": (
        "matplotlib",
        "%config InlineBackend.figure_formats = ['svg']\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    ),
    "tables": ("rich", "from rich.table import Table\nt = Table('a'); t.add_row('b'); t"),
    "plots of bokeh": (
        "bokeh",
        "from bokeh.plotting import figure, show\nfrom bokeh.io import output_notebook\noutput_notebook()\n"
        "p = figure(title='Wave'); p.line([1, 2], [3, 4]); show(p)",
    ),
    "charts": (
        "altair",
        "import altair, pandas\naltair.Chart(pandas.DataFrame({'a': [1, 2]})).mark_point().encode(x='a').interactive()",
    ),
}


@pytest.mark.parametrize("package, source", REPEATED.values(), ids=REPEATED)
def test_a_re_run_shows_the_same(clean, package, source):
    pytest.importorskip(package)
    if "tqdm" in source:
        pytest.importorskip("tqdm")
    first, second = clean.run(source), clean.run(source)
    clean.run("%config InlineBackend.figure_formats = ['png']")
    assert first.status == "ok", first.text
    assert first.run.displays
    assert [(shown.kind, shown.digest) for shown in first.run.displays] == [
        (shown.kind, shown.digest) for shown in second.run.displays
    ]


def test_a_widget_that_says_something_else_is_another(clean):
    pytest.importorskip("ipywidgets")
    clean.run("import ipywidgets")
    first, second = (clean.run(f"ipywidgets.IntSlider({value})") for value in (3, 4))
    assert first.run.displays[0].digest != second.run.displays[0].digest


def test_streams_and_hooks_are_left_as_they_were(clean):
    look = "import sys\nprint(type(sys.stdout).write.__module__, len(get_ipython().display_pub._hooks))"
    tracked = clean.run(look)
    clean.run("%unload_ext nbcairn", silent=True)
    plain = clean.run(look)
    clean.run("%load_ext nbcairn", silent=True)
    assert tracked.text.split()[1] == "1"
    assert plain.text.split() == ["ipykernel.iostream", "0"]
