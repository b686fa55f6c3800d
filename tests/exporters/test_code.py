"""A slice as script, notebook and cells: in order, as executed, imports first, settings lifted where asked."""

import ast
import json

import nbformat
import pytest
import yaml

from nbcairn.exporters.code import as_cells, as_notebook, as_script, compose
from nbcairn.exporters.slices import code_of, headed
from nbcairn.lineage.minimal import minimal_slice, whole_slice
from nbcairn.lineage.settings import settings_of
from nbcairn.lineage.targets import find_target
from nbcairn.lineage.units import units_of
from nbcairn.model import Cell, Document, FileAccess, Fingerprint, Read
from nbcairn.testing import a_run, a_session, memory_trail


@pytest.fixture
def sliced(tmp_path):
    """``sliced(name, (source, reads, writes), ...)``: the slice of a name, each read made by the last run that wrote it."""
    trail = memory_trail(tmp_path)
    trail.begin(a_session(packages={"pandas": "2.2.0"}))

    def sliced(name, *steps, cut=minimal_slice, error=None):
        made = {}
        for number, (source, reads, writes) in enumerate(steps, 1):
            known = {read: Read(read, *made[read]) for read in reads.split() if read in made}
            failing = error if number == len(steps) else None
            run = a_run(source, f"c{number}", known, dict.fromkeys(writes.split(), number), error=failing)
            made |= {write.name: (write.fingerprint, run.id) for write in run.writes}
            trail.record(run)
        target = find_target(trail, name)
        return trail, target, cut(trail, target.run.id, target.name)

    yield sliced
    trail.close()


STEPS = (
    ("import json\nSEED = 42", "", "json SEED"),
    ("from math import sqrt\nraw = json.load(open('in.json'))", "json", "sqrt raw"),
    ("raw", "raw", ""),
    ("best = fit(raw, random_state=SEED, max_depth=3)  # the model", "raw SEED", "best"),
)


def test_imports_first_then_what_counts_in_order(sliced):
    _, _, found = sliced("best", *STEPS)
    assert as_script(compose(found)) == (
        "# %% imports\nimport json\n\n# %%\nSEED = 42\n\n# %%\nraw = json.load(open('in.json'))\n\n"
        "# %%\nbest = fit(raw, random_state=SEED, max_depth=3)  # the model\n"
    )


def test_settings_go_to_one_cell_with_names_from_the_code(sliced):
    _, _, found = sliced("best", *STEPS)
    code = compose(found, lift=True)
    assert {s.name: s.value for s in code.settings} == {"SEED": 42, "in_path": "in.json", "max_depth": 3}
    text = as_script(code)
    assert "# %% parameters\nSEED = 42\nin_path = 'in.json'\nmax_depth = 3\n" in text
    assert "json.load(open(in_path))" in text
    assert "fit(raw, random_state=SEED, max_depth=max_depth)  # the model" in text


def test_settings_from_a_yaml_file(sliced, tmp_path, monkeypatch):
    _, _, found = sliced("y", ("TEST_SIZE = 0.25\nNAMES = ['ä', 'b']", "", "TEST_SIZE NAMES"),
                         ("y = (TEST_SIZE, NAMES)", "TEST_SIZE NAMES", "y"))  # fmt: skip
    code = compose(found, lift=True)
    (tmp_path / "params.yaml").write_text(yaml.safe_dump({s.name: s.value for s in code.settings}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    space = {}
    exec(as_script(code, "params.yaml"), space)
    assert space["y"] == (0.25, ["ä", "b"])


def test_a_notebook_is_valid_clean_and_tagged_for_papermill(sliced):
    trail, target, found = sliced("best", *STEPS)
    code = headed(code_of(found, None, lift=True), trail, target, found, "it held")
    notebook = nbformat.reads(as_notebook(code), as_version=4)
    nbformat.validate(notebook)
    assert [cell.metadata.get("tags") for cell in notebook.cells if cell.metadata.get("tags")] == [["parameters"]]
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert "proof: it held" in notebook.cells[0].source
    assert as_cells(code)[-1]["source"].startswith("best = fit")


def test_markdown_that_introduces_what_is_kept_stays(sliced):
    _, _, found = sliced("best", *STEPS)
    cells = [
        ("m", "# Title"),
        ("c1", ""),
        ("m", "## Look"),
        ("c3", ""),
        ("m", "## Train"),
        ("c4", ""),
        ("m", "The end"),
    ]
    document = Document(
        "a.ipynb",
        tuple(
            Cell(identity if identity != "m" else f"m{n}", n, text, "markdown" if identity == "m" else "code")
            for n, (identity, text) in enumerate(cells)
        ),
    )
    shown = [block.text for block in compose(found, document).blocks if block.kind == "markdown"]
    assert shown == ["# Title", "## Train"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import sys\nsys.path.append('src')", "modules are found there"),
        ("import os\nos.environ['N'] = '1'", "a library may look at it"),
    ],
)
def test_imports_stay_where_their_place_counts(sliced, source, reason):
    _, _, found = sliced(
        "x", (source, "", "sys os"), ("import json\nx = json.dumps(1)", "os sys", "json x"), cut=whole_slice
    )
    assert [block.kind for block in compose(found).blocks] == ["code", "code"], reason


def test_an_import_whose_name_means_something_else_later_stays(sliced):
    _, _, found = sliced("y", ("a = [1]\nb = a", "", "a b"), ("from json import dumps as a\ny = a(b)", "a b", "a y"))
    text = as_script(compose(found))
    assert text.index("b = a") < text.index("import dumps")


def test_a_cell_that_failed_is_let_fail(sliced):
    _, _, found = sliced("x", ("x = 1\nraise ValueError\n", "", "x"), cut=whole_slice, error=ValueError("no"))
    space = {}
    exec(as_script(compose(found)), space)
    assert space["x"] == 1
    assert as_cells(compose(found))[0]["metadata"]["tags"] == ["raises-exception"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%time x = f(1)", "x = f(1)"),
        ("%%time\nx = f(1)", "x = f(1)"),
        ("%matplotlib inline\nx = f(1)", "x = f(1)"),
    ],
)
def test_a_script_is_plain_python(sliced, source, expected):
    _, _, found = sliced("x", ("def f(n):\n    return n", "", "f"), (source, "f", "x"), cut=whole_slice)
    text = as_script(compose(found))
    ast.parse(text)
    assert expected in text


def test_the_header_tells_where_it_comes_from(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        reads = {"<file:a.csv>": Read("<file:a.csv>", Fingerprint("f" * 32, method="md5")), "old": 1}
        run = a_run("x = read('a.csv') + old", "c1", reads, {"x": 1}, files=[FileAccess("a.csv", "read", "f" * 32)])
        trail.record(run)
        target = find_target(trail, "x")
        found = minimal_slice(trail, run.id, "x")
        header = "\n".join(headed(code_of(found, None), trail, target, found).header)
    for words in (
        "x: the code that made it",
        "analysis.ipynb",
        "by ada",
        f"reads a.csv (md5 {'f' * 32})",
        "needs from before the record: old",
    ):
        assert words in header


def test_the_header_says_where_a_secret_was_masked(sliced):
    trail, target, found = sliced("x", ("x = connect('‹secret›')", "", "x"))
    assert any("‹secret›" in line for line in headed(code_of(found, None), trail, target, found).header)


# --------------------------------------------------------------------------- settings


SETTINGS = [
    ("a constant", "LIMIT = 5", {"LIMIT": 5}),
    ("a lower-case setting", "n_trees = 5", {"n_trees": 5}),
    ("no setting", "x = 5", {}),
    ("bound twice", "LIMIT = 5\nLIMIT = 6", {}),
    ("a path", "frame = read_csv('data/in.csv')", {"in_path": "data/in.csv"}),
    ("a path of its own name", "source = 'data/in.csv'", {"source": "data/in.csv"}),
    ("a seed is shared", "a = split(x, random_state=1)\nb = fit(x, random_state=1)", {"random_state": 1}),
    ("others are not", "a = fit(x, max_depth=3)\nb = fit(x, max_depth=3)", {"max_depth": 3, "b_max_depth": 3}),
    ("a name in use", "max_depth = len(x)\na = fit(x, max_depth=3)", {"a_max_depth": 3}),
    ("looks are no settings", "ax.plot(x, alpha=0.5, size=3)", {}),
    ("in a function it stays", "def f(x):\n    return fit(x, max_depth=3)", {}),
    ("a tuple is not what YAML gives back", "SHAPE = (1, 2)", {}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), [c[1:] for c in SETTINGS], ids=[c[0] for c in SETTINGS])
def test_what_looks_like_a_setting(source, expected):
    assert {s.name: s.value for s in settings_of(units_of(source)).found.values()} == expected


def test_edits_know_utf8_and_several_lines():
    source = "é = fit(\n    'ä', max_depth=3,\n    min_leaf=4,\n)"
    (unit,) = units_of(source)
    found = settings_of([unit])
    assert found.text(0, unit) == "é = fit(\n    'ä', max_depth=max_depth,\n    min_leaf=min_leaf,\n)"
    assert json.dumps({s.name: s.value for s in found.found.values()}) == '{"max_depth": 3, "min_leaf": 4}'
