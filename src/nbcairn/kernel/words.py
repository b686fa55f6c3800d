"""Words of a cell's source that matter while it runs: attributes, and names that IPython puts into magics and commands."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from nbcairn.lineage.syntax import nodes_of, parse

__all__ = ["attributes_of", "interpolated", "stored_attributes"]

_DOLLAR = re.compile(r"(?<!\$)\$([A-Za-z_]\w*)")
_PROFILED = re.compile(r"^%(?:lprun|mprun|memit|prun|snakeviz|pyinstrument|scalene)\b(.*)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")
_BRACES = re.compile(r"(?<!\{)\{([^{}]+)\}")


@lru_cache(maxsize=1024)
def attributes_of(source: str) -> frozenset[str]:
    """Names of all attributes that a cell's own code mentions."""
    return frozenset(node.attr for node in nodes_of(source) if isinstance(node, ast.Attribute))


@lru_cache(maxsize=1024)
def stored_attributes(source: str) -> frozenset[str]:
    """Names of the attributes that a cell's own code assigns or deletes."""
    return frozenset(
        node.attr for node in nodes_of(source) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    )


@lru_cache(maxsize=1024)
def interpolated(source: str) -> frozenset[str]:
    """Names in ``!echo $word``, ``%cd {folder}`` and ``%lprun -f f f(x)``: read, where the namespace has them."""
    _, magics = parse(source)
    found: set[str] = set()
    for magic in magics:
        line = magic.partition("\n")[0]
        profiled = _PROFILED.match(line)
        found.update(_WORD.findall(profiled[1]) if profiled else ())
        found.update(_DOLLAR.findall(line))
        for expression in _BRACES.findall(line):
            try:
                tree = ast.parse(expression.strip(), mode="eval")
            except (SyntaxError, ValueError, RecursionError):
                continue
            found.update(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return frozenset(found)
