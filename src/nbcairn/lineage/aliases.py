"""Which names may share one object: seen in the source of the cells that bind them.

Content says nothing about sharing: ``ys = xs`` and ``ys = list(xs)`` leave equal values, but a later ``ys.append`` changes
``xs`` in one case only. The analysis is generous: a slice or an attribute counts as sharing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from nbcairn.lineage.syntax import parse

__all__ = ["Aliases", "links"]

_VIEWS = frozenset(
    {"view", "reshape", "ravel", "transpose", "squeeze", "asarray", "asanyarray", "atleast_1d", "atleast_2d", "get",
     "setdefault", "pop", "swapaxes", "to_numpy", "iter", "next", "zip", "enumerate", "reversed", "max", "min", "sorted",
     "list", "tuple", "dict", "set", "values", "items", "copy", "chain"}
)  # fmt: skip
"""Calls whose result may hold, or look at, what they were given; containers that are copied share their elements."""

_KEEPERS = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "put", "push"})
"""Methods after which the receiver holds its arguments."""


@lru_cache(maxsize=4096)
def links(source: str) -> Mapping[str, tuple[bool, frozenset[str]]]:
    """For each name: whether the cell binds it anew, and the names that it may share something with afterwards."""
    tree, _ = parse(source)
    found: dict[str, tuple[bool, frozenset[str]]] = {}
    for target, bound, held in _pairs(tree) if tree else ():
        known_bound, known = found.get(target, (False, frozenset()))
        found[target] = (known_bound or bound, known | (held - {target}))
    return found


def _pairs(tree: ast.AST) -> Iterator[tuple[str, bool, frozenset[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            held = _held(node.value)
            for target in node.targets:
                yield from _targets(target, held)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            yield from _targets(node.target, _held(node.value))
        elif isinstance(node, ast.AugAssign):
            yield from ((name, False, _held(node.value)) for name in _root(node.target))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield from _targets(node.target, _held(node.iter))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPERS:
            given = frozenset().union(*(_held(argument) for argument in node.args)) if node.args else frozenset()
            yield from ((name, False, given) for name in _root(node.func.value))


def _targets(target: ast.expr, held: frozenset[str]) -> Iterator[tuple[str, bool, frozenset[str]]]:
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _targets(part, held)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, held)
    elif isinstance(target, ast.Name):
        yield target.id, True, held
    else:
        yield from ((name, False, held) for name in _root(target))


def _held(value: ast.expr) -> frozenset[str]:
    """Names whose object, or a part of it, the value may be or hold."""
    if isinstance(value, ast.Name):
        return frozenset({value.id})
    if isinstance(value, ast.Attribute | ast.Subscript | ast.Starred | ast.Await):
        return _held(value.value)
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return _all(value.elts)
    if isinstance(value, ast.Dict):
        return _all(value.values)
    if isinstance(value, ast.IfExp):
        return _all([value.body, value.orelse])
    if isinstance(value, ast.BoolOp):
        return _all(value.values)
    if isinstance(value, ast.NamedExpr):
        return _held(value.value)
    if isinstance(value, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return _all([generator.iter for generator in value.generators])
    if isinstance(value, ast.Call):
        return _held_by_call(value)
    return frozenset()


def _held_by_call(call: ast.Call) -> frozenset[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if name in _VIEWS:
        owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        return _all([*owner, *arguments])
    return _all(arguments) if isinstance(call.func, ast.Name) and name[:1].isupper() else frozenset()


def _all(values: list[ast.expr]) -> frozenset[str]:
    return frozenset().union(*(_held(value) for value in values)) if values else frozenset()


def _root(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


class Aliases:
    """Groups of names that may share something, kept up cell by cell."""

    def __init__(self) -> None:
        self._group: dict[str, set[str]] = {}

    def cell(self, source: str, can_share: Callable[[str], bool]) -> None:
        """The cell has run; ``can_share`` is False for names that hold what never changes."""
        found = links(source)
        for name, (bound, _) in found.items():
            if bound:
                self.drop(name)
        for name, (_, held) in found.items():
            for other in held:
                if can_share(name) and can_share(other):
                    self._join(name, other)

    def drop(self, name: str) -> None:
        """The name was bound anew or deleted."""
        self._group.pop(name, set()).discard(name)

    def _join(self, one: str, two: str) -> None:
        group = self._group.setdefault(one, {one}) | self._group.setdefault(two, {two})
        for name in group:
            self._group[name] = group

    def of(self, name: str) -> frozenset[str]:
        """The other names that may share something with this one."""
        return frozenset(self._group.get(name, ())) - {name}
