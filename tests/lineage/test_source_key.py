"""One key for one code, whichever version of Python reads it; and runs whose key an earlier version made."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nbcairn.lineage.canonical import canonical
from nbcairn.lineage.check import check
from nbcairn.lineage.source import is_run_of, source_key
from nbcairn.model import Verdict
from nbcairn.testing import a_document, a_run, a_session, memory_trail

# As Python 3.11 writes them; 3.12 and 3.13 write some of these otherwise.
KNOWN = [
    ("x = None", "Assign(targets=[Name(id='x', ctx=Store())], value=Constant(value=None))"),
    ("return_ = u'a'", "Assign(targets=[Name(id='return_', ctx=Store())], value=Constant(value='a', kind='u'))"),
    ("f()", "Expr(value=Call(func=Name(id='f', ctx=Load()), args=[], keywords=[]))"),
    ("def f(): return",
     "FunctionDef(name='f', args=arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]), "
     "body=[Return()], decorator_list=[])"),
    ("class A: pass", "ClassDef(name='A', bases=[], keywords=[], body=[Pass()], decorator_list=[])"),
    ("{**a}", "Expr(value=Dict(keys=[None], values=[Name(id='a', ctx=Load())]))"),
]  # fmt: skip


@pytest.mark.parametrize("source, text", KNOWN, ids=[case[0] for case in KNOWN])
def test_a_tree_is_written_as_python_3_11_writes_it(source, text):
    assert canonical(ast.parse(source)) == f"Module(body=[{text}], type_ignores=[])"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the notation is that of Python 3.11")
def test_keys_on_record_stay_as_they_are():
    for path in sorted(Path(__file__).parents[2].glob("src/nbcairn/lineage/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert canonical(tree) == ast.dump(tree)


def test_type_parameters_count_where_there_are_some():
    if sys.version_info < (3, 12):
        pytest.skip("syntax of Python 3.12")
    assert source_key("def f[T](x: T): ...") != source_key("def f(x: T): ...")


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 60 + "1" + ")" * 60, "x = " + "-" * 900 + "1", "x = 0x" + "f" * 9000]
)
def test_deep_code_and_long_numbers_have_a_key(source):
    assert len(source_key(source)) == 32


def test_comments_and_spacing_are_no_part_of_the_key():
    assert source_key("x = 1  # one\n\n") == source_key("x=1") != source_key("x = 2")


@pytest.fixture
def trail():
    with memory_trail() as trail:
        trail.begin(a_session())
        yield trail


def test_runs_whose_key_was_made_by_an_earlier_version_still_count(trail):
    for run in (a_run("x = 1", "c1", writes={"x": 1}), a_run("y = x + 1", "c2", {"x": 1}, {"y": 2})):
        trail.record(replace(run, source_key="0" * 31 + run.cell_id[-1]))
    verdicts = [cell.verdict for cell in check(a_document("x = 1", "y = x + 1"), trail).cells]
    assert verdicts == [Verdict.FRESH, Verdict.FRESH]
    verdicts = [cell.verdict for cell in check(a_document("x = 2", "y = x + 1"), trail).cells]
    assert verdicts == [Verdict.STALE, Verdict.STALE]


def test_a_run_whose_secrets_are_masked_is_known_by_its_key():
    run = replace(a_run("password = '…'"), source_key=source_key("password = 'hunter2'"))
    assert is_run_of(run, "password = 'hunter2'")
    assert not is_run_of(run, "password = 'other'")
