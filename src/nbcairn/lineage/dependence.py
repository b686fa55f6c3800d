"""Within one cell: which looked-up names each name it binds depends on, statement by statement, and what it may change.

An over-approximation where code is plain, by design: control flow counts as one statement. Whether a call changes its
receiver or its arguments is decided by what is known of types and methods; the rest counts as a change.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse

__all__ = ["FROZEN", "dependencies", "may_change"]

FROZEN = frozenset(
    {"int", "float", "str", "bool", "bytes", "tuple", "NoneType", "complex", "frozenset", "module", "function", "type",
     "builtin_function_or_method", "datetime", "date", "Timestamp", "range", "PosixPath", "WindowsPath"}
)  # fmt: skip
"""Types whose values never change."""
_TABLES = frozenset(
    {"DataFrame", "Series", "Index", "LazyFrame", "Table", "GroupBy", "DataFrameGroupBy", "SeriesGroupBy"}
)
_TABLE_CHANGES = frozenset({"insert", "pop", "update", "extend", "replace_column", "drop_in_place"})
_ARRAY_CHANGES = frozenset(
    {"sort", "fill", "resize", "put", "partition", "itemset", "setfield", "byteswap", "setflags"}
)
_CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem", "add",
     "discard", "fit", "fit_transform", "fit_predict", "partial_fit", "set_params", "train", "eval", "step", "backward",
     "load_state_dict", "write", "close", "seek", "set", "register", "appendleft", "popleft", "rotate", "shuffle", "seed",
     "difference_update", "intersection_update", "symmetric_difference_update", "put", "push"}
)  # fmt: skip
_ARGUMENT_CHANGES = frozenset(
    {"shuffle", "copyto", "fill_diagonal", "place", "put", "heappush", "heappop", "heapify", "setattr"}
)


def dependencies(source: str, type_of: Callable[[str], str], users: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """For each name the cell binds or may change: the names, looked up from outside, that its value can depend on.

    ``type_of`` and ``users`` as for ``may_change``.
    """
    found: dict[str, frozenset[str]] = {}
    for statement in _statements(source):
        facts = analyse(statement)
        outside: frozenset[str] = frozenset()
        for name in facts.reads:
            outside |= found.get(name, frozenset({name}))
        for name in facts.binds | facts.deletes:
            found[name] = outside
        for name in may_change(statement, type_of, users):
            found[name] = found.get(name, frozenset({name})) | outside
    return found


@lru_cache(maxsize=2048)
def _statements(source: str) -> tuple[str, ...]:
    tree, _ = parse(source)
    return tuple(map(ast.unparse, tree.body)) if tree else ()


def may_change(
    source: str, type_of: Callable[[str], str], users: frozenset[str], *, bodies: bool = False
) -> frozenset[str]:
    """Names that running this source may change in place; with ``bodies`` also what calling the functions in it may change.

    ``type_of`` tells the type that a name last held (empty: not known), ``users`` the functions defined in the notebook.
    """
    found: set[str] = set()
    for node in _changing(source, bodies=bodies):
        if isinstance(node, ast.Attribute | ast.Subscript):
            found |= _root(node)
        elif isinstance(node, ast.AugAssign):
            found |= _root(node.target)
        elif isinstance(node, ast.Call):
            found |= _by_call(node, type_of, users)
    return frozenset(name for name in found if type_of(name) not in FROZEN)


@lru_cache(maxsize=4096)
def _changing(source: str, *, bodies: bool) -> tuple[ast.AST, ...]:
    """The nodes of a source that may change something in place."""
    tree, _ = parse(source)
    nodes = (ast.walk(tree) if bodies else _outside_bodies(tree)) if tree else ()
    return tuple(
        node
        for node in nodes
        if isinstance(node, ast.Call | ast.AugAssign)
        or (isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load))
    )


def _outside_bodies(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, node.args]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _by_call(node: ast.Call, type_of: Callable[[str], str], users: frozenset[str]) -> set[str]:
    called = node.func
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    held = set().union(*(_root(argument) for argument in arguments)) if arguments else set()
    if isinstance(called, ast.Name):
        return held if called.id in users | {"setattr", "exec", "next"} else set()
    if not isinstance(called, ast.Attribute):
        return set()
    changed = held if called.attr in _ARGUMENT_CHANGES else set()
    in_place = any(
        keyword.arg in {"inplace", "out"} and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in node.keywords
    )
    return changed | {name for name in _root(called.value) if in_place or _method_changes(called.attr, type_of(name))}


def _method_changes(method: str, type_name: str) -> bool:
    if type_name in _TABLES:
        return method in _TABLE_CHANGES
    if type_name == "ndarray":
        return method in _ARRAY_CHANGES
    return method in _CHANGES or method.startswith(("set_", "add_", "fit"))


def _root(node: ast.AST) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()
