"""Within one cell: which looked-up names each name it binds depends on, statement by statement, and what it may change.

An over-approximation where code is plain, by design: control flow counts as one statement. Whether a call changes its
receiver or its arguments is decided by what is known of types and methods; the rest counts as a change.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nbcairn.lineage.purity import ARRAY_CHANGES, UNCHANGING, is_in_place
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse

__all__ = ["DRAWN", "FROZEN", "dependencies", "is_change", "may_change", "statements"]

DRAWN = "<rng>"
"""Stands for the state of every generator among the things that a name depends on."""

FROZEN = UNCHANGING | {"frozenset"}
"""Types whose values never change."""
_TABLES = frozenset(
    {"DataFrame", "Series", "Index", "LazyFrame", "Table", "GroupBy", "DataFrameGroupBy", "SeriesGroupBy"}
)
_TABLE_CHANGES = frozenset({"insert", "pop", "update", "extend", "replace_column", "drop_in_place"})
_CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem", "add",
     "discard", "fit", "fit_transform", "fit_predict", "partial_fit", "set_params", "train", "eval", "step", "backward",
     "load_state_dict", "write", "close", "seek", "set", "register", "appendleft", "popleft", "rotate", "shuffle", "seed",
     "difference_update", "intersection_update", "symmetric_difference_update", "put", "push"}
)  # fmt: skip
_ARGUMENT_CHANGES = frozenset(
    {"shuffle", "copyto", "fill_diagonal", "place", "put", "heappush", "heappop", "heapify", "setattr"}
)
_CHANGERS = frozenset({"setattr", "delattr", "exec", "next"})
"""Builtins that change what they are given."""
_WITH_ATTRIBUTES = frozenset({"type", "function", "module"})
"""Types among the frozen whose attributes can be set: by code that says so, not by what is called with them."""


def dependencies(
    source: str, type_of: Callable[[str], str], users: frozenset[str], draws: Callable[[str], bool] | None = None
) -> Mapping[str, frozenset[str]]:
    """For each name the cell binds or may change: the names, looked up from outside, that its value can depend on.

    ``type_of`` and ``users`` as for ``may_change``. With ``draws``, which tells of a statement whether it may draw random
    numbers, they are the state of the generators, ``DRAWN``, too.
    """
    drawing = tuple(draws(text) for _, _, text in statements(source)) if draws is not None else ()
    touched, called = _touched(source)
    typed = tuple([(name, type_of(name)) for name in touched])
    return _dependencies(source, typed, users & called if users else users, drawing)


@lru_cache(maxsize=4096)
def _touched(source: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Names that the statements of a source may change in place, depending on what they hold; and what it calls by name."""
    touches = [touch for _, _, text in statements(source) for touch in _touches(text, bodies=False)]
    names = frozenset[str]().union(*(touch.names for touch in touches))
    return tuple(sorted(names)), frozenset(touch.user for touch in touches)


@lru_cache(maxsize=4096)
def _dependencies(
    source: str, typed: tuple[tuple[str, str], ...], users: frozenset[str], drawing: tuple[bool, ...]
) -> Mapping[str, frozenset[str]]:
    """``dependencies``, of a source with these types of names and these statements that draw; worked out once."""
    types = dict(typed)
    found: dict[str, frozenset[str]] = {}
    drawing = drawing or (False,) * len(statements(source))
    for (reads, binds, statement), draws in zip(statements(source), drawing, strict=True):
        outside = frozenset().union(*(found.get(name, (name,)) for name in reads)) if reads else frozenset()
        if draws:
            outside |= {DRAWN}
        for name in binds:
            found[name] = outside
        for name in may_change(statement, types.__getitem__, users):
            found[name] = found.get(name, frozenset({name})) | outside
    return found


@lru_cache(maxsize=2048)
def statements(source: str) -> tuple[tuple[frozenset[str], frozenset[str], str], ...]:
    """Of each statement: the names that it looks up, those that it binds or deletes, and its source."""
    tree, _ = parse(source)
    texts = map(ast.unparse, tree.body) if tree else ()
    return tuple((facts.reads, facts.binds | facts.deletes, text) for text in texts for facts in (analyse(text),))


@dataclass(frozen=True, slots=True)
class _Touch:
    """A place that changes what ``names`` hold: whatever they hold; or if ``user`` is a function defined in the notebook;
    or if ``method`` changes an object of the type that it is called on. ``part`` where it changes an attribute of theirs, or
    what that holds: 1 where code sets the attribute itself, more for what lies deeper and for what a method may do.
    """

    names: frozenset[str]
    user: str = ""
    method: str = ""
    part: int = 0

    def reaches(self, type_name: str) -> bool:
        """False for what never changes. What modules hold deeper down, their settings, is followed by names of its own."""
        if type_name not in FROZEN:
            return True
        return type_name in _WITH_ATTRIBUTES and (self.part == 1 if type_name == "module" else self.part > 0)


def may_change(
    source: str, type_of: Callable[[str], str], users: frozenset[str], *, bodies: bool = False
) -> frozenset[str]:
    """Names that running this source may change in place; with ``bodies`` also what calling the functions in it may change.

    ``type_of`` tells the type that a name last held (empty: not known), ``users`` the functions defined in the notebook.
    """
    found: set[str] = set()
    for touch in _touches(source, bodies=bodies):
        if touch.user and touch.user not in users:
            continue
        for name in touch.names:
            type_name = type_of(name)
            if touch.reaches(type_name) and (not touch.method or _method_changes(touch.method, type_name)):
                found.add(name)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _touches(source: str, *, bodies: bool) -> tuple[_Touch, ...]:
    """The places of a source that may change something in place."""
    tree, _ = parse(source)
    nodes = (ast.walk(tree) if bodies else _outside_bodies(tree)) if tree else ()
    return tuple(touch for node in nodes for touch in _touches_of(node) if touch.names)


def _outside_bodies(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, node.args]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _touches_of(node: ast.AST) -> Iterator[_Touch]:
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield _Touch(_root(node), part=_depth(node))
    elif isinstance(node, ast.AugAssign):
        yield _Touch(_root(node.target), part=_depth(node.target))
    elif isinstance(node, ast.Call):
        yield from _touches_by_call(node)


def _touches_by_call(node: ast.Call) -> Iterator[_Touch]:
    called = node.func
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    held = frozenset().union(*map(_root, arguments)) if arguments else frozenset()
    if isinstance(called, ast.Name):
        yield _Touch(held, user="" if called.id in _CHANGERS else called.id)
        if called.id in {"setattr", "delattr"} and node.args:
            yield _Touch(_root(node.args[0]), part=_depth(ast.Attribute(node.args[0], "")))
    elif isinstance(called, ast.Attribute):
        if called.attr in _ARGUMENT_CHANGES:
            yield _Touch(held)
        if is_change(node, called.attr):
            part = 1 + _depth(called) if called.attr in _CHANGES and _depth(called) else 0
            yield _Touch(_root(called.value), method="" if is_in_place(node) else called.attr, part=part)


def is_change(call: ast.Call, method: str) -> bool:
    """True for a call of a method that changes objects of some type, or this one as it is told."""
    return is_in_place(call) or any(_method_changes(method, type_name) for type_name in ("", "DataFrame", "ndarray"))


def _method_changes(method: str, type_name: str) -> bool:
    if type_name in _TABLES:
        return method in _TABLE_CHANGES
    if type_name == "ndarray":
        return method in ARRAY_CHANGES
    return method in _CHANGES or method.startswith(("set_", "add_", "fit"))


def _depth(node: ast.AST) -> int:
    """How many steps lead from a name to a part of what it holds; 0 where a call lies between, which makes something else."""
    steps = 0
    while isinstance(node, ast.Attribute | ast.Subscript):
        node, steps = node.value, steps + 1
    return steps if isinstance(node, ast.Name) else 0


def _root(node: ast.AST) -> frozenset[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset({node.id}) if isinstance(node, ast.Name) else frozenset()
