"""A syntax tree as text that every version of Python writes alike, so that kernel and server may run different ones.

It is what ``ast.dump`` of Python 3.11 writes. Later versions add fields (``type_params``) and leave out empty ones; trees of
any depth and integers of any length are written too.
"""

from __future__ import annotations

import ast

__all__ = ["canonical"]

_MEANT = frozenset({"Constant", "MatchSingleton"})
"""Nodes whose ``value`` may be None because the code says ``None``; in any other field None means that there is nothing."""
_LATER = frozenset({"type_params"})
"""Fields that Python 3.11 does not have; where they are empty, the code says nothing that 3.11 could not read."""
_MOST_DIGITS = 1 << 12


def canonical(tree: ast.AST) -> str:
    """The tree as text, without positions."""
    pieces: list[str] = []
    waiting: list[str | ast.AST] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        else:
            waiting += reversed(_parts(item))
    return "".join(pieces)


def _parts(node: ast.AST) -> list[str | ast.AST]:
    """A node cut into text and the nodes in it, in order."""
    kind = type(node).__name__
    parts: list[str | ast.AST] = [f"{kind}("]
    for field in node._fields:
        value = getattr(node, field, None)
        if (value is None and not (field == "value" and kind in _MEANT)) or (value == [] and field in _LATER):
            continue
        parts.append(f"{field}=" if len(parts) == 1 else f", {field}=")
        parts += _written(value)
    parts.append(")")
    return parts


def _written(value: object) -> list[str | ast.AST]:
    if isinstance(value, ast.AST):
        return [value]
    if not isinstance(value, list):
        return [_constant(value)]
    parts: list[str | ast.AST] = ["["]
    for number, item in enumerate(value):
        parts += [", ", *_written(item)] if number else _written(item)
    return [*parts, "]"]


def _constant(value: object) -> str:
    """A constant as Python writes it; of an integer that is too long for that, its hexadecimal digits."""
    long = isinstance(value, int) and value.bit_length() > _MOST_DIGITS
    return hex(value) if long and isinstance(value, int) else repr(value)
