"""Source in colour: what a page shows is what Pygments would, and nothing but the text and its colours."""

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.exporters.colour import coloured

SPAN = re.compile(r'<span class="([kscmf])">([^<]*)</span>|([^<]+)')
ROOT = Path(__file__).parents[2]


def colours(source):
    """Each character of a source that is no space, with its colour."""
    shown = str(coloured(source))
    assert SPAN.sub("", shown) == "", "nothing but spans and escaped text"
    parts = [(colour or "", html.unescape(inner or outer)) for colour, inner, outer in SPAN.findall(shown)]
    assert "".join(text for _, text in parts) == source
    return [(sign, colour) for colour, text in parts for sign in text if not sign.isspace()]


def as_pygments(source):
    """The same by Pygments; None where it has a name of its own for methods that Python calls."""
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    groups = {
        Name.Function.Magic: None, Name.Function: "f", Name.Class: "f", Name.Decorator: "f", Keyword: "k", Operator.Word: "k",
        String: "s", Comment: "c", Number: "m",
    }  # fmt: skip
    tokens = PythonLexer(stripnl=False, ensurenl=False).get_tokens(source)
    told = ((next((colour for kind, colour in groups.items() if token in kind), ""), text) for token, text in tokens)
    return [(sign, colour) for colour, text in told for sign in text if not sign.isspace()]


SOURCES = [path.read_text() for path in (ROOT / "benchmarks").glob("*.py")]
SOURCES += [
    "".join(cell["source"])
    for path in (ROOT / "examples").rglob("*.ipynb")
    for cell in json.loads(path.read_text())["cells"]
    if cell["cell_type"] == "code"
]


def test_real_sources_have_the_colours_of_pygments():
    told, wanted = [], []
    for source in SOURCES:
        told += colours(source)
        wanted += as_pygments(source)
    assert len(told) == len(wanted) > 50_000
    other = [
        n for n, (ours, theirs) in enumerate(zip(told, wanted, strict=True)) if theirs[1] is not None and ours != theirs
    ]
    assert len(other) < len(told) / 5000, "".join(told[n][0] for n in other[:2000])


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "def f(a, *, b=None):\n    return a if b is None else not b",
        "class A(B):\n    @property\n    async def x(self): await y",
        "s = 'it\\'s' + \"a # b\" + r'\\' + b'\\x00' + u'a'",
        "\"\"\"A text\nof two lines.\"\"\"\nx = '''a'b''c'''",
        "f'{x} and {y!r:>{width}} {{no}} {d[\"a\"]:.2f} {z=}'",
        "x = 0x_ff + 0b1 + 0o17 + 1_000 + 1.5e-3 + .5 + 1e5 + 2j + x1",
        "match command:\n    case [a, b]:\n        pass\nmatch = 1\ncase(2)",
        "from a.b import c as d  # why\nimport e",
        "a @ b\na @b",
        "lambda x: yield_ or True",
        "'not closed\nx = 1",
        "print('a' 'b', if_ , defx, classy)",
        "%matplotlib inline\n!ls -l\nx?",
        "größe = 'ä'  # Größe",
        "",
    ],
)
def test_colours_of(source):
    wanted = as_pygments(source)
    assert colours(source) == wanted


def test_html_in_a_source_stays_text():
    assert str(coloured("'<b>' < a & b  # <i>")) == (
        '<span class="s">&#39;&lt;b&gt;&#39;</span> &lt; a &amp; b  <span class="c"># &lt;i&gt;</span>'
    )


@given(st.text(alphabet="ab_f'\"{}\\\n #1.:!=<&@[](defclasmth", max_size=60) | st.text(max_size=40))
def test_any_text_comes_out_whole(source):
    colours(source)


@pytest.mark.parametrize("unit", ["'", '"""', "f'{", "{", "\\", "f'{(", "1_", "@", "'\\", 'f"{x:{', "r"])
def test_hostile_sources_take_no_long_time(unit):
    import time

    started = time.process_time()
    coloured(unit * 20_000)
    assert time.process_time() - started < 2
