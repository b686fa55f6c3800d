"""Where a cell would stop for sure: at the first statement that looks up a name which nothing defines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse

__all__ = ["Stop", "first_stop"]

DONE = ""
"""Stands among the names that a statement looks up where it does something: a call, an operator, an attribute."""
_QUIET = (
    ast.Name
    | ast.Constant
    | ast.Tuple
    | ast.List
    | ast.Dict
    | ast.Set
    | ast.Starred
    | ast.Lambda
    | ast.NamedExpr
    | ast.BoolOp
)
_CALM = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Pass


@dataclass(frozen=True, slots=True)
class Stop:
    """``name`` raises a NameError; ``before`` is the source that runs before it. ``calm`` when that only imports and defines, and
    nothing that could fail or show something is done in the statement itself before the name is looked up. ``reads`` are
    the names that are looked up until then.
    """

    name: str
    before: str
    calm: bool
    reads: frozenset[str] = frozenset()

    @property
    def message(self) -> str:
        """What Python says."""
        return f"name '{self.name}' is not defined"


@dataclass(frozen=True, slots=True)
class _Statement:
    """One statement: what it looks up whatever happens, with ``DONE`` where it does something; may look up, may bind."""

    sure: tuple[str, ...]
    reads: frozenset[str]
    binds: frozenset[str]
    calm: bool
    text: str


@lru_cache(maxsize=4096)
def _statements(source: str) -> tuple[_Statement, ...]:
    tree, _ = parse(source)
    return tuple(_statement(node) for node in tree.body) if tree else ()


def _statement(node: ast.stmt) -> _Statement:
    text = ast.unparse(node)
    own = analyse(text)
    return _Statement(tuple(_sure(node)), own.reads, own.binds, isinstance(node, _CALM), text)


def first_stop(source: str, absent: frozenset[str]) -> Stop | None:
    """The first sure NameError of a cell where these names hold nothing; None when there is none, or when it cannot be told."""
    facts = analyse(source)
    if not facts.valid or facts.star or facts.dynamic or not absent & facts.reads:
        return None
    bound: set[str] = set()
    statements = _statements(source)
    for number, statement in enumerate(statements):
        for place, name in enumerate(statement.sure):
            if name not in bound and name in absent:
                before = statements[:number]
                calm = DONE not in statement.sure[:place] and all(part.calm for part in before)
                reads = frozenset(statement.sure[:place]).union(*(part.reads for part in before)) - {DONE}
                return Stop(name, "\n".join(part.text for part in before), calm, reads)
        if (statement.reads & absent) - bound:
            return None  # on some branch only, or caught
        bound |= statement.binds
    return None


def _sure(node: ast.AST) -> Iterator[str]:
    """Names that are looked up whenever the node is evaluated, in that order, and ``DONE`` where something is done."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Store):
            yield node.id
    else:
        for part in _evaluated(node):
            yield from _sure(part)
        if isinstance(node, ast.expr) and not isinstance(node, _QUIET):
            yield DONE


def _evaluated(node: ast.AST) -> Iterable[ast.AST]:  # noqa: PLR0912 - one case a kind of node
    """The parts of a node that are evaluated whatever happens."""
    match node:
        case ast.Assign():
            return (node.value, *node.targets)
        case ast.AugAssign():
            target = node.target
            first = ast.Name(target.id, ast.Load()) if isinstance(target, ast.Name) else target
            return (first, node.value)
        case ast.AnnAssign():
            return (node.value,) if node.value else ()
        case ast.BoolOp():
            return node.values[:1]
        case ast.IfExp() | ast.If() | ast.While() | ast.Assert():
            return (node.test,)
        case ast.For() | ast.AsyncFor():
            return (node.iter,)
        case ast.Compare():
            return (node.left, node.comparators[0])
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return (node.generators[0].iter,)
        case ast.NamedExpr():
            return (node.value,)
        case ast.Dict():
            return [part for pair in zip(node.keys, node.values, strict=True) for part in pair if part]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return (*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d))
        case ast.Lambda():
            return (*node.args.defaults, *(d for d in node.args.kw_defaults if d))
        case ast.ClassDef():
            return (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords))
        case ast.Try() | ast.TryStar() | ast.With() | ast.AsyncWith() | ast.Match():
            return ()
        case _:
            return ast.iter_child_nodes(node)
