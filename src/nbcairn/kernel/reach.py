"""Which global names a value can look up or bind when it is called: through functions, methods, classes, closures.

A function typed in the notebook reads the notebook's names at the time it runs, not when it was defined; so the names its
compiled code looks up are reads of the cell that calls it. Only code whose globals are the notebook's namespace counts.
"""

from __future__ import annotations

import dis
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

__all__ = ["Reach", "names_in_code", "reach"]

MAX_ITEMS = 2000
_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_STORES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL", "STORE_NAME"})


@dataclass(slots=True)
class Reach:
    """Global names that code can look up (``reads``) and bind (``writes``), and the attributes it mentions."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    codes: set[types.CodeType] = field(default_factory=set)


def names_in_code(code: types.CodeType, found: Reach) -> None:
    """Add what compiled code, and the code nested in it, looks up."""
    if code in found.codes:
        return
    found.codes.add(code)
    for step in dis.get_instructions(code):
        if step.opname in _LOADS:
            found.reads.add(step.argval)
        elif step.opname in _STORES and step.opname != "STORE_NAME":
            found.writes.add(step.argval)
        elif step.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
            found.attributes.add(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names_in_code(constant, found)


def reach(names: Iterable[str], namespace: Mapping[str, object]) -> Reach:
    """What the values of these names, and of the names they reach in turn, can look up in the namespace."""
    found = Reach()
    seen: set[int] = set()
    waiting = list(names)
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        if name in namespace:
            before = set(found.reads)
            _visit(namespace[name], namespace, found, seen, 0)
            waiting.extend(found.reads - before)
    return found


def _visit(value: object, namespace: Mapping[str, object], found: Reach, seen: set[int], depth: int) -> None:
    if id(value) in seen or depth > 6 or len(seen) > MAX_ITEMS:
        return
    kind = type(value)
    if kind in _ATOMS:
        return
    seen.add(id(value))
    for part in _parts(value, kind, namespace, found):
        _visit(part, namespace, found, seen, depth + 1)


def _parts(value: Any, kind: type, namespace: Mapping[str, object], found: Reach) -> Iterable[object]:
    if kind is types.FunctionType:
        return _function(value, namespace, found)
    if kind is types.MethodType:
        return (value.__func__, value.__self__)
    if kind is partial:
        return (value.func, *value.args, *value.keywords.values())
    if kind in _SEQUENCES:
        return tuple(value)[:MAX_ITEMS]
    if kind is dict:
        return tuple(value.values())[:MAX_ITEMS]
    if isinstance(value, type):
        return tuple(vars(value).values()) if _is_users(value) else ()
    if kind in {staticmethod, classmethod}:
        return (value.__func__,)
    if kind is property:
        return (value.fget, value.fset, value.fdel)
    return _instance(value, kind)


def _function(value: types.FunctionType, namespace: Mapping[str, object], found: Reach) -> Iterable[object]:
    if value.__globals__ is namespace:
        names_in_code(value.__code__, found)
    parts: list[object] = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    for cell in value.__closure__ or ():
        try:
            parts.append(cell.cell_contents)
        except ValueError:
            continue
    wrapped = vars(value).get("__wrapped__")
    return [*parts, wrapped] if wrapped is not None else parts


def _instance(value: object, kind: type) -> Iterable[object]:
    """An object of the user's own class acts by its class; any other by the functions it holds."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        held = {}
    parts = (
        [part for part in list(dict.values(held))[:MAX_ITEMS] if type(part) not in _ATOMS] if type(held) is dict else []
    )
    users = [base for base in kind.__mro__ if _is_users(base)]
    return [*users, *parts] if users else [part for part in parts if callable(part)]


def _is_users(kind: type) -> bool:
    return getattr(kind, "__module__", None) == "__main__"


_ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None), types.ModuleType, types.BuiltinFunctionType})
_SEQUENCES = frozenset({list, tuple, set, frozenset})
