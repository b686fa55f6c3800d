"""What a cell may change of what was there before it, also through names that it binds to that: ``ys = xs; ys.append(1)``.

The walk goes down the statements and keeps, by name, what of the outside it may share. Where a cell changes only what a name
holds and not parts of that (``ys.append``, not ``ys[0].append``), and makes no object of a class of the notebook's own, what
is copied, put into something, or given to a library's class, is not changed with that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from nbcairn.lineage.aliases import Link, links
from nbcairn.lineage.dependence import FROZEN, is_change, may_change, statements
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse

__all__ = ["changed_outside", "reached_outside"]


def changed_outside(source: str, type_of: Callable[[str], str], users: frozenset[str]) -> frozenset[str]:
    """Names whose value from before the cell it may change in place. ``type_of`` and ``users`` as for ``may_change``."""
    found: set[str] = set()
    if not may_change(source, type_of, users):
        return frozenset()
    for text, before, after in _walk(source, deep=not users.isdisjoint(analyse(source).calls)):
        for name in may_change(text, type_of, users):
            shared = before.get(name, frozenset({name})) | after.get(name, frozenset())
            found |= {other for other in shared if other == name or type_of(other) not in FROZEN}
    return frozenset(found)


def reached_outside(source: str, names: frozenset[str]) -> frozenset[str]:
    """What of the outside these names of a cell may hold at any place in it."""
    held = (after.get(name, frozenset[str]()) for _, _, after in _walk(source, deep=True) for name in names)
    return names.union(*held)


_Held = Mapping[str, frozenset[str]]
"""By name: what of the outside it may share; a name that is not there holds what it held before the cell."""


@lru_cache(maxsize=4096)
def _walk(source: str, *, deep: bool) -> tuple[tuple[str, _Held, _Held], ...]:
    """Each statement with what names share before and after it; ``deep`` where parts of what they hold may be changed."""
    tree, _ = parse(source)
    copies = deep or (tree is not None and any(map(_is_deep, ast.walk(tree))))
    held: _Held = {}
    found = []
    for _, _, text in statements(source):
        before, held = held, _after(held, text, copies=copies)
        found.append((text, before, held))
    return tuple(found)


def _after(held: _Held, text: str, *, copies: bool) -> _Held:
    """What names share when a statement has run; what is bound on a branch only may still be what it was."""
    facts, now = analyse(text), dict(held)
    linked = links(text, copies=copies)
    for name in facts.binds | linked.keys():
        link = linked.get(name, Link(bound=name in facts.binds))
        shared = frozenset[str]().union(*(held.get(other, frozenset({other})) for other in link.made_of | link.given))
        surely = link.bound and name in facts.sure
        now[name] = shared if surely else shared | held.get(name, frozenset({name}))
    return now


def _is_deep(node: ast.AST) -> bool:
    """True for a place that changes a part of what a name holds, and not only what it holds itself."""
    return any(not isinstance(part, ast.Name) for part in _changed(node))


def _changed(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_change(node, node.func.attr):
        yield node.func.value
