"""Names in model formulas, ``"y ~ scaled(x) + C(group, coding)"``: what reads them looks names up where it was called.

patsy (so statsmodels), formulaic and linearmodels do so. What a table has as a column is the column and not the name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import CodeType, FunctionType

from nbcairn.lineage.syntax import nodes_of, parse

__all__ = ["in_formulas"]

LONGEST = 2000
_TAKE_FORMULAS = frozenset({"dmatrix", "dmatrices", "model_matrix", "get_model_matrix", "from_formula", "ModelSpec"})
"""Functions and methods that are given formulas, also such as have one side only."""


_LOOK_AT_TEXTS = frozenset({"len", "print", "repr", "sorted", "str", "type"})


def in_formulas(source: str, looked_up: Iterable[str], namespace: Mapping[str, object]) -> frozenset[str]:
    """Names that hold something and that a formula mentions: one in the cell's own text, in a text that it looks up, or in the
    body of a function of the notebook that it can call.
    """
    if not _calls(source):
        return frozenset()
    values = [namespace[name] for name in looked_up if name in namespace]
    texts = (value for value in values if type(value) is str and "~" in value)
    bodies = (value.__code__ for value in values if type(value) is FunctionType and value.__globals__ is namespace)
    found = _formulas_of(source).union(*map(_names, texts), *map(_formulas_in, bodies)) & namespace.keys()
    return (
        frozenset(name for name in found if not any(_has_column(value, name) for value in values)) if found else found
    )


@lru_cache(maxsize=1024)
def _calls(source: str) -> bool:
    """True where a cell may call something that reads formulas: anything but builtins that only look at a text."""
    tree, magics = parse(source)
    return tree is None or bool(magics) or any(map(_may_read, nodes_of(source)))


def _may_read(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Name) and node.func.id in _LOOK_AT_TEXTS)
    decorated = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and bool(node.decorator_list)
    return decorated or isinstance(node, ast.With | ast.AsyncWith)


@lru_cache(maxsize=1024)
def _formulas_of(source: str) -> frozenset[str]:
    """Names in the formulas that stand in a cell's own text."""
    nodes = nodes_of(source)
    texts = {text for node in nodes if (text := _text(node)) and "~" in text}
    texts |= {text for node in nodes if isinstance(node, ast.Call) and _takes_formulas(node) for text in _given(node)}
    return frozenset[str]().union(*map(_names, texts))


@lru_cache(maxsize=1024)
def _formulas_in(code: CodeType) -> frozenset[str]:
    """Names in the formulas that compiled code holds: in any of its texts where it calls what takes formulas of one side."""
    texts = [part for part in code.co_consts if type(part) is str]
    one_sided = not _TAKE_FORMULAS.isdisjoint(code.co_names)
    inner = [_formulas_in(part) for part in code.co_consts if isinstance(part, CodeType)]
    return frozenset[str]().union(*inner, *(_names(text) for text in texts if one_sided or "~" in text))


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _takes_formulas(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _TAKE_FORMULAS


def _given(call: ast.Call) -> set[str]:
    named = (keyword.value for keyword in call.keywords if "formula" in (keyword.arg or ""))
    return set(filter(None, map(_text, [*call.args, *named])))


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    """The names in a formula; none where the text is no formula."""
    if len(text) > LONGEST:
        return frozenset()
    plain = text.strip().replace("~", "-").replace(":", "+")  # its sides, and factors that interact
    try:
        tree = ast.parse(f"({plain})", mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _has_column(value: object, name: str) -> bool:
    kind = type(value)
    if kind is dict:
        return name in value  # type: ignore[operator]
    if kind.__name__ != "DataFrame" or kind.__module__.partition(".")[0] not in {"pandas", "polars"}:
        return False
    columns: Iterable[object] = value.columns  # type: ignore[attr-defined]
    return name in list(columns)
