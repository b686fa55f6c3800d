"""The body of a function or comprehension: which of its names are not its own, and so are the notebook's."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

__all__ = ["CODE_CALLS", "Body", "Names", "function_body"]

CODE_CALLS = frozenset({"eval", "exec"})
"""Functions that run text as code."""


@dataclass(slots=True)
class Body:
    """The global names that a function body can reach, whenever it runs."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    mutates: set[str] = field(default_factory=set)


class Names(ast.NodeVisitor):
    """A function body or comprehension: every name in it that is not its own is global."""

    def __init__(self, local: set[str]) -> None:
        self.local = local
        self.body = Body()
        self.walrus: set[str] = set()
        self.dynamic = False

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self.local:
            return
        (self.body.reads if isinstance(node.ctx, ast.Load) else self.body.writes).add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.walrus.add(node.target.id)
        self.visit(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._store(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._store(node)

    def _store(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._change(node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.dynamic |= node.func.id in CODE_CALLS or (node.func.id == "globals" and not node.args)
        else:
            self._change(node.func)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._change(argument)
        self.generic_visit(node)

    def _change(self, node: ast.expr) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        if isinstance(node, ast.Name) and node.id not in self.local:
            self.body.mutates.add(node.id)

    def _nested(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        inner = function_body(node)
        self.body.reads |= inner.reads - self.local
        self.body.writes |= inner.writes
        self.body.mutates |= inner.mutates - self.local
        for part in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        if not isinstance(node, ast.Lambda):
            for part in node.decorator_list:
                self.visit(part)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _nested


def function_body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Body:
    """The names that a function's body takes from outside, with those of functions nested in it."""
    arguments = node.args
    named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    local = {argument.arg for argument in named if argument}
    outside: set[str] = set()
    parts: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    for part in parts:
        for inner in _own_nodes(part):
            if isinstance(inner, ast.Global):
                outside.update(inner.names)
            elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
                local.add(inner.id)
            elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                local.add(inner.name)
            elif isinstance(inner, ast.Import | ast.ImportFrom):
                local.update(alias.asname or alias.name.partition(".")[0] for alias in inner.names)
            elif isinstance(inner, ast.ExceptHandler) and inner.name:
                local.add(inner.name)
    visitor = Names(local - outside)
    for part in parts:
        visitor.visit(part)
    return visitor.body


def _own_nodes(node: ast.AST) -> list[ast.AST]:
    """The nodes of a body without those of functions nested in it."""
    found, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        found.append(current)
        if not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(current))
    return found
