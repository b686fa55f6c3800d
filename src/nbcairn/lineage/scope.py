"""The statements of a cell in order: what it looks up before it has surely bound it, binds, deletes, may change."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nbcairn.lineage.bodies import CODE_CALLS, Body, Names, function_body
from nbcairn.lineage.syntax import parse

__all__ = ["Definition", "Scope"]

_AT_NAME = re.compile(r"@([A-Za-z_]\w*)")
_NAMESPACE_CALLS = {"globals", "locals", "vars", "dir"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class that a cell defines: the global names its body looks up, binds or may change."""

    name: str
    reads: frozenset[str]
    writes: frozenset[str]
    mutates: frozenset[str]


class Scope(ast.NodeVisitor):
    """A definite-assignment walk over the statements of a cell (or of a class body in it)."""

    def __init__(self) -> None:
        self.sure: set[str] = set()
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.deletes: set[str] = set()
        self.mutates: set[str] = set()
        self.calls: set[str] = set()
        self.imports: set[str] = set()
        self.definitions: list[Definition] = []
        self.pending: dict[str, Body] = {}
        self.deferred: set[str] = set()
        self.star = False
        self.dynamic = False

    # -- names

    def load(self, name: str) -> None:
        """A look-up; of a function or class defined in this cell also what its body looks up and changes."""
        if name not in self.sure:
            self.reads.add(name)
            self.deferred.discard(name)
        body = self.pending.pop(name, None)
        if body is not None:
            for inner in sorted(body.reads):
                self.load(inner)
            self.binds |= body.writes
            self.mutates |= body.mutates

    def bind(self, name: str) -> None:
        """A binding that surely happens where the walk stands."""
        self.binds.add(name)
        self.sure.add(name)
        self.pending.pop(name, None)

    def change(self, node: ast.expr) -> None:
        """A store into, or a call on, a part of some name changes what the name holds."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name):
            self.mutates.add(node.id)

    # -- control flow

    def block(self, body: list[ast.stmt]) -> None:
        """Statements one after another."""
        for statement in body:
            self.visit(statement)

    def branches(self, *bodies: list[ast.stmt]) -> None:
        """Alternatives: sure afterwards is what every one of them bound."""
        before = set(self.sure)
        after = []
        for body in bodies:
            self.sure = set(before)
            self.block(body)
            if not (body and isinstance(body[-1], ast.Raise)):
                after.append(self.sure)
        self.sure = set.intersection(*after) if after else before

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.branches(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        before = set(self.sure)
        self.visit(node.target)
        self.block(node.body)
        self.sure = before
        self.block(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        before = set(self.sure)
        self.block(node.body)
        self.sure = before
        self.block(node.orelse)

    def visit_Try(self, node: ast.Try) -> None:
        before = set(self.sure)
        self.block(node.body)
        self.block(node.orelse)
        done = [set(self.sure)]
        for handler in node.handlers:
            self.sure = set(before)
            self.visit(handler)
            done.append(set(self.sure))
        self.sure = set.intersection(*done)
        self.block(node.finalbody)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self.visit_Try(ast.Try(node.body, node.handlers, node.orelse, node.finalbody))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type:
            self.visit(node.type)
        self.block(node.body)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            self.change(item.context_expr)
            if item.optional_vars:
                self.visit(item.optional_vars)
        self.block(node.body)

    visit_AsyncWith = visit_With

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self.branches(*([*_captures(case), *_guard(case), *case.body] for case in node.cases), [])

    # -- expressions

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.load(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id)
        else:
            self.load(node.id)
            self.deletes.add(node.id)
            self.sure.discard(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.load(node.target.id)
            self.mutates.add(node.target.id)
        self.visit(node.target)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.change(node)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.change(node)
        self.visit(node.value)
        self.visit(node.slice)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.calls.add(node.func.id)
            self.dynamic |= node.func.id in _NAMESPACE_CALLS and not node.args
            if node.func.id in CODE_CALLS:
                self._code_string(node)
        else:
            self.change(node.func)
            self._expression_strings(node)
        self.generic_visit(node)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.change(argument)

    def _code_string(self, node: ast.Call) -> None:
        """``eval("a + 1")`` is code of this cell; code that only a run can tell may look up anything."""
        code = node.args[0] if node.args else None
        body = parse(code.value)[0] if isinstance(code, ast.Constant) and isinstance(code.value, str) else None
        if body is None or len(node.args) > 1:
            self.dynamic = True
        else:
            self.block(body.body)

    def _expression_strings(self, node: ast.Call) -> None:
        """``frame.query("a > @limit")`` looks up ``limit``."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"query", "eval"}:
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    for name in _AT_NAME.findall(part.value):
                        self.load(name)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        before = set(self.sure)
        for value in node.values[1:]:
            self.visit(value)
        self.sure = before

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        before = set(self.sure)
        for part in (node.body, node.orelse):
            self.visit(part)
            self.sure = set(before)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        local = {name.id for g in node.generators for name in ast.walk(g.target) if isinstance(name, ast.Name)}
        inner = Names(local)
        inner.visit(node)
        for name in sorted(inner.body.reads):
            self.load(name)
        self.mutates |= inner.body.mutates
        self.binds |= inner.walrus
        self.dynamic |= inner.dynamic

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    # -- definitions

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        for part in _annotations(node):
            self.visit(part)
        body = function_body(node)
        self.bind(node.name)
        self._define(node.name, body)
        if node.decorator_list:  # which may call the function, and mostly keeps it for later
            before = set(self.reads)
            self.load(node.name)
            self.deferred |= self.reads - before

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        for name in sorted(function_body(node).reads):
            self.load(name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(part)
        inner = Scope()
        inner.sure = {"__name__", "__qualname__", "__module__"}
        inner.block(node.body)
        outside = self.reads | self.sure
        for name in sorted(inner.reads):
            self.load(name)
        self.deferred |= inner.deferred - outside
        body = Body()
        for method in inner.definitions:
            body.reads |= method.reads
            body.writes |= method.writes
            body.mutates |= method.mutates
        self.bind(node.name)
        self._define(node.name, body)

    def _define(self, name: str, body: Body) -> None:
        self.definitions.append(
            Definition(name, frozenset(body.reads), frozenset(body.writes), frozenset(body.mutates))
        )
        self.pending[name] = body

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imports.add(alias.name)
            self.bind(alias.asname or alias.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imports.add(node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.star = True
            else:
                self.bind(alias.asname or alias.name)


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    named = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
    found = [argument.annotation for argument in named if argument and argument.annotation]
    return [*found, *([node.returns] if node.returns else [])]


def _captures(case: ast.match_case) -> list[ast.stmt]:
    names = [n.name for n in ast.walk(case.pattern) if isinstance(n, ast.MatchAs | ast.MatchStar) and n.name]
    return [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in names]


def _guard(case: ast.match_case) -> list[ast.stmt]:
    return [ast.Expr(case.guard)] if case.guard else []
