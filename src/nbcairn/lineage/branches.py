"""What a cell does on some branch only."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import nodes_of, parse

__all__ = ["branches_of", "on_branches"]

_BRANCHES = ast.If | ast.Try | ast.TryStar | ast.Match
_BODIES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@lru_cache(maxsize=4096)
def branches_of(source: str) -> str:
    """The statements of a cell that may or may not run, as a source of their own."""
    tree, _ = parse(source)
    if tree is None:
        return ""
    return "\n".join(ast.unparse(node) for node in ast.walk(tree) if isinstance(node, _BRANCHES))


@lru_cache(maxsize=4096)
def on_branches(source: str) -> Mapping[str, tuple[object, ...] | None]:
    """For each name that is not bound whatever happens: the constants it may be bound to, None where it may be another value.

    Loops count as run at least once.
    """
    tree, _ = parse(source)
    if tree is None or not any(isinstance(node, _BRANCHES) for node in nodes_of(source)):
        return {}
    whatever = analyse(source).sure | {name for name, _ in _bindings(tree.body, branches=False)}
    found: dict[str, tuple[object, ...] | None] = {}
    for name, value in _bindings(tree.body, branches=True):
        known = found.get(name, ())
        plain = isinstance(value, ast.Constant) and known is not None
        found[name] = (*(known or ()), value.value) if plain and isinstance(value, ast.Constant) else None
    return {name: values for name, values in found.items() if name not in whatever}


def _bindings(body: Iterable[ast.AST], *, branches: bool) -> Iterator[tuple[str, ast.expr | None]]:
    """Names that statements bind, with the expression where it is a plain assignment; inside of branches or not."""
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                plain = node.value if isinstance(target, ast.Name) else None
                yield from ((name, plain) for name in _stored(target))
            yield from _bindings([node.value], branches=branches)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id, None
        elif not isinstance(node, _BODIES) and (branches or not isinstance(node, _BRANCHES)):
            yield from _bindings(ast.iter_child_nodes(node), branches=branches)


def _stored(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
