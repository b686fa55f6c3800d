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
        if type(item) is str:
            pieces.append(item)
        else:
            parts = _parts(item)  # type: ignore[arg-type]
            parts.reverse()
            waiting += parts
    return "".join(pieces)


def _parts(node: ast.AST) -> list[str | ast.AST]:
    """A node cut into text and the nodes in it, in order."""
    kind = type(node).__name__
    parts: list[str | ast.AST] = []
    text, joint = f"{kind}(", ""
    for field in node._fields:
        value = getattr(node, field, None)
        if (value is None and not (field == "value" and kind in _MEANT)) or (value == [] and field in _LATER):
            continue
        text = _write(parts, f"{text}{joint}{field}=", value)
        joint = ", "
    parts.append(f"{text})")
    return parts


def _write(parts: list[str | ast.AST], text: str, value: object) -> str:
    """Add a value after a text; gives the text that is not added yet."""
    if isinstance(value, ast.AST):
        if not value._fields:  # Load() and the like: nearly half of all nodes
            return f"{text}{type(value).__name__}()"
        parts += (text, value)
        return ""
    if not isinstance(value, list):
        return text + _constant(value)
    text += "["
    for number, item in enumerate(value):
        text = _write(parts, f"{text}, " if number else text, item)
    return f"{text}]"


def _constant(value: object) -> str:
    """A constant as Python writes it; of an integer that is too long for that, its hexadecimal digits."""
    long = isinstance(value, int) and value.bit_length() > _MOST_DIGITS
    return hex(value) if long and isinstance(value, int) else repr(value)
