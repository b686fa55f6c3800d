"""The imports at the top of a module of a pipeline: what the module uses, in the order that linters want."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Set

__all__ = ["import_block"]


def import_block(sources: Iterable[str], used: Set[str]) -> list[str]:
    """Lines of import statements: the standard library first, then the others, each name that is ``used`` once.

    A statement of which nothing is used is there for what it does: it stays, and then all of them stay in their order.
    """
    written = [node for source in sources for node in ast.parse(source).body]
    statements = [node for node in written if isinstance(node, ast.Import | ast.ImportFrom) and not _is_future(node)]
    kept = {
        line: node for statement in statements for node in _narrowed(statement, used) for line in [ast.unparse(node)]
    }
    if any(not _uses(statement, used) for statement in statements):
        return list(kept)
    ordered = sorted(kept, key=lambda line: _place(kept[line]))
    groups = [[line for line in ordered if _is_standard(kept[line]) is first] for first in (True, False)]
    return [line for group in groups if group for line in (*group, "")][:-1]


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _uses(statement: ast.Import | ast.ImportFrom, used: Set[str]) -> bool:
    return any(_bound(alias) in used for alias in statement.names)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _narrowed(statement: ast.Import | ast.ImportFrom, used: Set[str]) -> list[ast.Import | ast.ImportFrom]:
    """The statement without the names that nobody uses; ``import a, b`` as two, and what gets another name apart."""
    names = [alias for alias in statement.names if _bound(alias) in used] or statement.names
    if isinstance(statement, ast.Import):
        return [ast.Import([alias]) for alias in names]
    plain = sorted((alias for alias in names if not alias.asname), key=_rank)
    groups = [[alias] for alias in names if alias.asname] + ([plain] if plain else [])
    return [ast.ImportFrom(statement.module, group, statement.level) for group in groups]


def _rank(alias: ast.alias) -> tuple[int, str]:
    """Constants, classes, functions."""
    return (0 if alias.name.isupper() and len(alias.name) > 1 else 1 if alias.name[:1].isupper() else 2), alias.name


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    return _module(node).partition(".")[0] in sys.stdlib_module_names


def _place(node: ast.Import | ast.ImportFrom) -> tuple[bool, str]:
    return isinstance(node, ast.ImportFrom), _module(node).lower()
