"""Whether a cell seeds the generator that it makes: numpy's ``RandomState(5)`` draws from the system before it is seeded."""

from __future__ import annotations

import ast
import linecache
import sys
from itertools import islice
from types import FrameType

from nbcairn.kernel.frames import is_cell_file

__all__ = ["is_seeding"]

_SEEDED = frozenset({"RandomState", "MT19937"})


def is_seeding(depth: int = 1) -> bool:
    """True when the code ``depth`` frames up is a cell's, and just makes such a generator with a seed that is surely not None."""
    try:
        frame = sys._getframe(depth + 1)
        called = _call(frame) if is_cell_file(frame.f_code.co_filename) else None
    except (ValueError, SyntaxError, IndexError):
        return False
    if not isinstance(called, ast.Call) or _name(called.func) not in _SEEDED:
        return False
    given = [*called.args, *(keyword.value for keyword in called.keywords if keyword.arg is not None)]
    return len(given) == 1 and _is_something(given[0], frame)


def _call(frame: FrameType) -> ast.expr | None:
    """The expression that a frame is evaluating."""
    code = frame.f_code
    line, last, start, end = next(islice(code.co_positions(), frame.f_lasti // 2, None))
    if line is None or last is None or start is None or end is None:
        return None
    lines = [text.encode() for text in linecache.getlines(code.co_filename)[line - 1 : last]]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return ast.parse(b"(" + b"".join(lines) + b")", mode="eval").body


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _is_something(node: ast.expr, frame: FrameType) -> bool:
    """True when the expression surely has another value than None."""
    if isinstance(node, ast.Name):
        held = frame.f_locals if node.id in frame.f_locals else frame.f_globals
        return held.get(node.id) is not None
    if isinstance(node, ast.Constant):
        return node.value is not None
    return isinstance(node, ast.List | ast.Tuple | ast.BinOp | ast.UnaryOp)
