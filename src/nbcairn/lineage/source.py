"""What the source of a cell says, without running it.

``source_key`` is equal for sources that differ only in comments and whitespace. ``analyse`` finds the names a cell
looks up before it binds them itself (its upward-exposed reads, by a definite-assignment walk), the names it binds,
deletes or may change in place, and what each function it defines would look up and bind.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, field
from functools import lru_cache

from blake3 import blake3

from nbcairn.lineage.magics import plain_python

__all__ = ["Definition", "SourceFacts", "analyse", "source_key"]

_AT_NAME = re.compile(r"@([A-Za-z_]\w*)")
_NAMESPACE_CALLS = {"globals", "locals", "vars", "dir"}
_CODE_CALLS = {"eval", "exec"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class that a cell defines: the global names its body looks up, binds or may change."""

    name: str
    reads: frozenset[str]
    writes: frozenset[str]
    mutates: frozenset[str]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What one cell's source says. All sets hold global names.

    ``reads`` are looked up before the cell has surely bound them; ``binds`` may be bound, ``deletes`` deleted,
    ``mutates`` changed in place (receivers of stores and method calls, arguments of calls);
    ``calls`` are the names that are called; ``steady`` are bound by imports and plain definitions alone, so that what they
    hold does not depend on other names; ``star`` is set by ``from m import *``, ``dynamic`` where the cell asks for
    the namespace as a whole or runs a magic that changes it.
    """

    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()
    steady: frozenset[str] = frozenset()
    star: bool = False
    dynamic: bool = False
    valid: bool = True


@lru_cache(maxsize=4096)
def _parse(source: str) -> tuple[ast.Module | None, tuple[str, ...]]:
    text, magics = plain_python(source)
    try:
        return ast.parse(text), magics
    except (SyntaxError, ValueError, RecursionError):
        return None, magics


@lru_cache(maxsize=4096)
def source_key(source: str) -> str:
    """128 bits, equal for sources that differ only in comments, blank lines and spacing."""
    tree, magics = _parse(source)
    text = ast.dump(tree) if tree is not None else "\n".join(line.rstrip() for line in source.strip().splitlines())
    return blake3("\0".join((text, *magics)).encode("utf-8", "surrogatepass")).hexdigest(length=16)


# --------------------------------------------------------------------------- facts


@lru_cache(maxsize=4096)
def analyse(source: str) -> SourceFacts:
    """The facts of one cell; a cell that does not compile has none and is not ``valid``."""
    tree, magics = _parse(source)
    if tree is None:
        return SourceFacts(valid=False, dynamic=True)
    scope = _Scope()
    scope.block(tree.body)
    if any(magic.startswith(("%run", "%load", "%reset", "%store")) for magic in magics):
        scope.dynamic = True
    return SourceFacts(
        frozenset(scope.reads),
        frozenset(scope.binds),
        frozenset(scope.deletes),
        frozenset(scope.mutates),
        frozenset(scope.calls),
        frozenset(scope.imports),
        tuple(scope.definitions),
        _steady(tree.body, scope.binds),
        scope.star,
        scope.dynamic,
    )


@dataclass(slots=True)
class _Body:
    """The global names that a function body can reach, whenever it runs."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    mutates: set[str] = field(default_factory=set)


class _Scope(ast.NodeVisitor):
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
        self.pending: dict[str, _Body] = {}
        self.star = False
        self.dynamic = False

    # -- names

    def load(self, name: str) -> None:
        if name not in self.sure:
            self.reads.add(name)
        body = self.pending.pop(name, None)
        if body is not None:
            for inner in sorted(body.reads):
                self.load(inner)
            self.binds |= body.writes
            self.mutates |= body.mutates

    def bind(self, name: str) -> None:
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
            if node.func.id in _CODE_CALLS:
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
        body = _parse(code.value)[0] if isinstance(code, ast.Constant) and isinstance(code.value, str) else None
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
        inner = _Inner(local)
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
        body = _function_body(node)
        self.bind(node.name)
        self._define(node.name, body)
        if node.decorator_list:
            self.load(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        for name in sorted(_function_body(node).reads):
            self.load(name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(part)
        inner = _Scope()
        inner.sure = {"__name__", "__qualname__", "__module__"}
        inner.block(node.body)
        for name in sorted(inner.reads):
            self.load(name)
        body = _Body()
        for method in inner.definitions:
            body.reads |= method.reads
            body.writes |= method.writes
            body.mutates |= method.mutates
        self.bind(node.name)
        self._define(node.name, body)

    def _define(self, name: str, body: _Body) -> None:
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


class _Inner(ast.NodeVisitor):
    """A function body or comprehension: every name in it that is not its own is global."""

    def __init__(self, local: set[str]) -> None:
        self.local = local
        self.body = _Body()
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
            self.dynamic |= node.func.id in _CODE_CALLS or (node.func.id == "globals" and not node.args)
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
        inner = _function_body(node)
        self.body.reads |= inner.reads - self.local
        self.body.writes |= inner.writes
        self.body.mutates |= inner.mutates - self.local
        for part in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        if not isinstance(node, ast.Lambda):
            for part in node.decorator_list:
                self.visit(part)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _nested


def _steady(body: list[ast.stmt], binds: set[str]) -> frozenset[str]:
    """Names that nothing but an import, or a definition without decorators and defaults, binds."""
    calm: set[str] = set()
    other: set[str] = set()
    for statement in body:
        scope = _Scope()
        scope.visit(statement)
        plain = isinstance(statement, ast.Import | ast.ImportFrom) or (
            isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not scope.reads
        )
        (calm if plain else other).update(scope.binds)
        other |= scope.mutates | scope.deletes
    return frozenset((calm - other) & binds)


def _function_body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> _Body:
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
    visitor = _Inner(local - outside)
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


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    named = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
    found = [argument.annotation for argument in named if argument and argument.annotation]
    return [*found, *([node.returns] if node.returns else [])]


def _captures(case: ast.match_case) -> list[ast.stmt]:
    names = [n.name for n in ast.walk(case.pattern) if isinstance(n, ast.MatchAs | ast.MatchStar) and n.name]
    return [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in names]


def _guard(case: ast.match_case) -> list[ast.stmt]:
    return [ast.Expr(case.guard)] if case.guard else []


BUILTINS = frozenset(dir(builtins))
"""Names that a fresh kernel resolves without any cell."""
