"""Which names may share one object: seen in the source of the cells that bind them.

Content says nothing about sharing: ``ys = xs`` and ``ys = list(xs)`` leave equal values, but a later ``ys.append`` changes
``xs`` in one case only. The analysis is generous: a slice or an attribute counts as sharing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from nbcairn.lineage.syntax import parse

__all__ = ["Aliases", "Link", "links"]

_VIEWS = frozenset(
    {"view", "reshape", "ravel", "transpose", "squeeze", "asarray", "asanyarray", "atleast_1d", "atleast_2d", "get",
     "setdefault", "pop", "swapaxes", "to_numpy", "iter", "next", "zip", "enumerate", "reversed", "max", "min",
     "values", "items", "chain"}
)  # fmt: skip
"""Calls whose result may hold, or look at, what they were given."""
_COPIES = frozenset({"list", "tuple", "dict", "set", "copy", "sorted"})
"""Calls that make a container anew, which shares its elements."""

_KEEPERS = frozenset({"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "put", "push"})
"""Methods after which the receiver holds its arguments."""


@dataclass(frozen=True, slots=True)
class Link:
    """A name after a cell: whether that binds it anew, what it may be or hold then, and what was put into that."""

    bound: bool = False
    made_of: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def links(source: str, *, copies: bool = True) -> Mapping[str, Link]:
    """The names that a cell binds, or puts something into; without ``copies`` what they hold does not count where it is, or
    shares, only elements of them, nor what an object was made with.
    """
    tree, _ = parse(source)
    found: dict[str, Link] = {}
    for target, bound, held in _pairs(tree, copies=copies) if tree else ():
        known, others = found.get(target, Link()), held - {target}
        if bound:
            found[target] = replace(known, bound=True, made_of=known.made_of | others)
        elif copies:
            found[target] = replace(known, given=known.given | others)
    return found


@lru_cache(maxsize=4096)
def _sharing(source: str) -> tuple[tuple[str, ...], tuple[tuple[str, Link], ...]]:
    """The names that a cell binds anew, and those that share something afterwards."""
    found = links(source).items()
    bound = tuple(name for name, link in found if link.bound)
    return bound, tuple((name, link) for name, link in found if link.made_of or link.given)


def _pairs(tree: ast.AST, *, copies: bool) -> Iterator[tuple[str, bool, frozenset[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                taken_apart = isinstance(target, ast.Tuple | ast.List)
                yield from _targets(target, _held(node.value, copies=copies or taken_apart))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            yield from _targets(node.target, _held(node.value, copies=copies))
        elif isinstance(node, ast.AugAssign):
            yield from ((name, False, _held(node.value, copies=copies)) for name in _root(node.target))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield from _targets(node.target, _held(node.iter, copies=True))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _KEEPERS:
            given = (
                frozenset().union(*(_held(argument, copies=copies) for argument in node.args))
                if node.args
                else frozenset()
            )
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


def _held(value: ast.expr, *, copies: bool) -> frozenset[str]:
    """Names whose object, or a part of it, the value may be or hold."""
    if isinstance(value, ast.Name):
        return frozenset({value.id})
    if isinstance(value, ast.Attribute | ast.Subscript | ast.Starred | ast.Await):
        return _held(value.value, copies=True)
    if isinstance(value, ast.IfExp):
        return _all([value.body, value.orelse], copies=copies)
    if isinstance(value, ast.BoolOp):
        return _all(value.values, copies=copies)
    if isinstance(value, ast.NamedExpr):
        return _held(value.value, copies=copies)
    if isinstance(value, ast.Call):
        return _held_by_call(value, copies=copies)
    return _all(_parts(value), copies=copies) if copies else frozenset()


def _parts(value: ast.expr) -> list[ast.expr]:
    """What a container that is written down holds, or the containers whose elements it is made of."""
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return value.elts
    if isinstance(value, ast.Dict):
        return value.values
    if isinstance(value, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        return [generator.iter for generator in value.generators]
    return []


def _held_by_call(call: ast.Call, *, copies: bool) -> frozenset[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if name in _VIEWS or (copies and name in _COPIES):
        owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        return _all([*owner, *arguments], copies=copies)
    made_with = copies and isinstance(call.func, ast.Name) and name[:1].isupper()
    return _all(arguments, copies=copies) if made_with else frozenset()


def _all(values: list[ast.expr], *, copies: bool) -> frozenset[str]:
    return frozenset().union(*(_held(value, copies=copies) for value in values)) if values else frozenset()


def _root(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


class Aliases:
    """What each name may be or hold, kept up cell by cell: a graph of values, of which the last ones have names.

    Two things in one box share nothing with each other: what changes with a value are those from which something can be
    reached that it may be or hold.
    """

    def __init__(self) -> None:
        self._value: dict[str, int] = {}
        self._holds: list[set[int]] = []
        self._held_by: list[set[int]] = []

    def cell(self, source: str, can_share: Callable[[str], bool]) -> None:
        """The cell has run; ``can_share`` is False for names that hold what never changes."""
        bound, found = _sharing(source)
        before = dict(self._value) if found else {}
        for name in bound:
            self._value.pop(name, None)
        sharing = [(name, link) for name, link in found if can_share(name)]
        for name, link in sharing:
            self._hold({self._of(name)}, self._values(filter(can_share, link.made_of), before))
        for name, link in sharing:
            values = self._values(filter(can_share, link.given), before)
            self._hold(_closure({self._of(name)}, self._holds) if values else (), values)

    def _values(self, names: Iterable[str], before: Mapping[str, int]) -> set[int]:
        """What these names hold, or held when the cell began."""
        return {value for name in names for value in (self._of(name), before.get(name, self._of(name)))}

    def drop(self, name: str) -> None:
        """The name was bound anew or deleted; what it held may be held by others still."""
        self._value.pop(name, None)

    def of(self, name: str) -> frozenset[str]:
        """The other names whose content may change with what this one holds."""
        if name not in self._value:
            return frozenset()
        changed = _closure(_closure({self._value[name]}, self._holds), self._held_by)
        return frozenset(other for other, value in self._value.items() if value in changed) - {name}

    def _of(self, name: str) -> int:
        if name not in self._value:
            self._value[name] = len(self._holds)
            self._holds.append(set())
            self._held_by.append(set())
        return self._value[name]

    def _hold(self, holders: Collection[int], values: Collection[int]) -> None:
        for holder in holders:
            self._holds[holder].update(values)
        for value in values:
            self._held_by[value].update(holders)


def _closure(values: set[int], edges: list[set[int]]) -> set[int]:
    """All that can be reached from these."""
    found, waiting = set(values), list(values)
    while waiting:
        new = edges[waiting.pop()] - found
        found |= new
        waiting += new
    return found
