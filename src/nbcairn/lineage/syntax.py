"""The Python syntax tree of a cell, each source parsed once."""

from __future__ import annotations

import ast
from functools import lru_cache

from nbcairn.lineage.magics import plain_python

__all__ = ["parse"]


@lru_cache(maxsize=4096)
def parse(source: str) -> tuple[ast.Module | None, tuple[str, ...]]:
    """The tree of a cell's Python, or None when it does not parse, and the text of its magics. Not to be changed."""
    text, magics = plain_python(source)
    try:
        return ast.parse(text), magics
    except (SyntaxError, ValueError, RecursionError):
        return None, magics
