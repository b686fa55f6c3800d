"""Which names a model was trained on, as far as the cell's source says it: the arguments of ``fit`` and its like."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["trained_on"]

_FITTING = frozenset({"fit", "fit_transform", "fit_predict", "partial_fit", "fit_resample", "train", "fit_regularized"})


def trained_on(source: str, model: str) -> list[str]:
    """The names that a cell passes to the fitting of a model, in order of appearance; empty if it does not say.

    Found are ``model.fit(X, y)``, ``model = Class(…).fit(X, y)``, ``model = library.train(params, data)`` and
    ``model = OLS(y, X).fit()``.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    names = [name for call in _calls(tree, model) for name in _arguments(call)]
    return [name for name in dict.fromkeys(names) if name != model]


def _calls(tree: ast.AST, model: str) -> Iterator[ast.Call]:
    """Calls that fit this model: on its name, or in what is assigned to it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == model for target in targets):
                yield from (part for part in ast.walk(node.value) if isinstance(part, ast.Call) and _fits(part))
        elif isinstance(node, ast.Call) and _fits(node) and _base(node.func) == model:
            yield node


def _fits(call: ast.Call) -> bool:
    return (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) in _FITTING


def _base(node: ast.expr) -> str:
    """The name at the left end of a chain of attributes and calls."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _arguments(call: ast.Call) -> Iterator[str]:
    """Names in the arguments of a call; for a model class that is given its data when it is made, of that one too."""
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(inner, ast.Call) and not call.args and not call.keywords:
        yield from _arguments(inner)
    for part in (*call.args, *(word.value for word in call.keywords)):
        for node in _outermost(part):
            yield node.id


def _outermost(part: ast.expr) -> Iterator[ast.Name]:
    """Names of data: ``X``, ``X[columns]``, ``frame.a``; of a call its arguments, or what it is called on."""
    if isinstance(part, ast.Name):
        yield part
    elif isinstance(part, ast.Attribute | ast.Subscript | ast.Starred):
        yield from _outermost(part.value)
    elif isinstance(part, ast.Call):
        found = [name for inner in part.args for name in _outermost(inner)]
        if not found and isinstance(part.func, ast.Attribute):
            found = list(_outermost(part.func.value))
        yield from found
