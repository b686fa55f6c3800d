"""The Python syntax tree of a cell, and all its nodes; each source is parsed and walked once."""

from __future__ import annotations

import ast
from functools import lru_cache

from nbcairn.lineage.magics import plain_python

__all__ = ["nodes_of", "parse"]


@lru_cache(maxsize=4096)
def parse(source: str) -> tuple[ast.Module | None, tuple[str, ...]]:
    """The tree of a cell's Python, or None when it does not parse, and the text of its magics. Not to be changed."""
    tree = _parsed(source)
    if tree is not None:
        return tree, ()
    text, magics = plain_python(source)
    return _parsed(text), magics


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=256)
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Every node of a cell's tree; none where it does not parse. In no order that anything may rest on."""
    tree, _ = parse(source)
    found: list[ast.AST] = [] if tree is None else [tree]
    for node in found:  # grows meanwhile
        for name in node._fields:
            part = getattr(node, name, None)
            if type(part) is list:
                found += [item for item in part if isinstance(item, ast.AST)]
            elif isinstance(part, ast.AST):
                found.append(part)
    return tuple(found)
