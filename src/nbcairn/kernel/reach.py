"""Which global names a value can look up or bind when it is called: through functions, methods, classes, closures.

A function typed in the notebook reads the notebook's names at the time it runs, not when it was defined; so the names its
compiled code looks up are reads of the cell that calls it. Only code whose globals are the notebook's namespace counts.
"""

from __future__ import annotations

import dis
import gc
import itertools
import types
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

__all__ = ["CodeNames", "Reach", "names_in_code", "reach"]

MAX_ITEMS = 2000
_KINDS = {
    "LOAD_GLOBAL": "reads",
    "LOAD_NAME": "reads",
    "STORE_GLOBAL": "writes",
    "DELETE_GLOBAL": "writes",
    "LOAD_ATTR": "attributes",
    "LOAD_METHOD": "attributes",
    "STORE_ATTR": "stored",
    "DELETE_ATTR": "stored",
}


@dataclass(slots=True)
class Reach:
    """Global names that code can look up (``reads``) and bind (``writes``), and the attributes it mentions and stores."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)

    def add(self, names: CodeNames) -> None:
        """Add what one piece of code names."""
        self.reads |= names.reads
        self.writes |= names.writes
        self.attributes |= names.attributes
        self.stored |= names.stored


@dataclass(frozen=True, slots=True)
class CodeNames:
    """What one piece of compiled code, and the code nested in it, names."""

    reads: frozenset[str]
    writes: frozenset[str]
    attributes: frozenset[str]
    stored: frozenset[str]


@lru_cache(maxsize=4096)
def names_in_code(code: types.CodeType) -> CodeNames:
    """What compiled code looks up, binds globally, mentions as attributes, stores as attributes."""
    found: dict[str, set[str]] = {kind: set() for kind in ("reads", "writes", "attributes", "stored")}
    for step in dis.get_instructions(code):
        kind = _KINDS.get(step.opname)
        if kind:
            found[kind].add(step.argval)
    inner = [names_in_code(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    return CodeNames(**{kind: frozenset(own).union(*(getattr(i, kind) for i in inner)) for kind, own in found.items()})


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
        if name in namespace and type(namespace[name]) not in _ATOMS:
            _visit(namespace[name], namespace, found, seen, 0)
            waiting.extend(found.reads - done)
    return found


def _visit(value: object, namespace: Mapping[str, object], found: Reach, seen: set[int], depth: int) -> None:
    if id(value) in seen or depth > 6 or len(seen) > MAX_ITEMS:
        return
    kind = type(value)
    if kind in _ATOMS:
        return
    seen.add(id(value))
    parts = _parts(value, kind, namespace, found)
    if not _ATOMS.issuperset(map(type, parts)):
        for part in parts:
            _visit(part, namespace, found, seen, depth + 1)


def _parts(value: Any, kind: type, namespace: Mapping[str, object], found: Reach) -> Collection[object]:
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
    if issubclass(kind, type):
        return (*vars(value).values(), *value.__bases__) if _is_users(value) else ()
    if kind in {staticmethod, classmethod}:
        return (value.__func__,)
    if kind is property:
        return (value.fget, value.fset, value.fdel)
    if kind is types.CodeType:
        found.add(names_in_code(value))
        return ()
    if kind in _PAUSED:
        return _paused(value, namespace, found)
    if kind in _LAZY:
        return gc.get_referents(value)
    return _instance(value, kind)


def _paused(value: Any, namespace: Mapping[str, object], found: Reach) -> Collection[object]:
    """A generator or coroutine goes on with its code when it is asked."""
    frame = next((getattr(value, name) for name in ("gi_frame", "cr_frame", "ag_frame") if hasattr(value, name)), None)
    if frame is None:
        return ()
    if frame.f_globals is namespace:
        found.add(names_in_code(frame.f_code))
    return tuple(frame.f_locals.values())


def _function(value: types.FunctionType, namespace: Mapping[str, object], found: Reach) -> Collection[object]:
    if value.__globals__ is namespace:
        found.add(names_in_code(value.__code__))
    parts: list[object] = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    for cell in value.__closure__ or ():
        try:
            parts.append(cell.cell_contents)
        except ValueError:
            continue
    return [*parts, *vars(value).values()]


def _instance(value: object, kind: type) -> Collection[object]:
    """An object of the user's own class acts by its class; any other by the functions it holds."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        held = {}
    parts = (
        [part for part in list(dict.values(held))[:MAX_ITEMS] if type(part) not in _ATOMS] if type(held) is dict else []
    )
    users = _users_bases(kind)
    if users:
        return [*users, *parts]
    return [part for part in parts if type(part) in _CARRIERS or callable(part)]


@lru_cache(maxsize=1024)
def _users_bases(kind: type) -> tuple[type, ...]:
    return tuple(base for base in type.mro(kind) if _is_users(base))


def _is_users(kind: type) -> bool:
    return getattr(kind, "__module__", None) == "__main__"


_ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None), types.ModuleType, types.BuiltinFunctionType})
_SEQUENCES = frozenset({list, tuple, set, frozenset})
_CARRIERS = frozenset({*_SEQUENCES, dict})
_PAUSED = frozenset({types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType})
_LAZY = frozenset(
    {map, filter, zip, enumerate, reversed, itertools.chain, itertools.starmap, itertools.accumulate,
     itertools.takewhile, itertools.dropwhile, itertools.filterfalse, itertools.islice, itertools.groupby}
)  # fmt: skip
