"""Which statements cannot draw random numbers, as far as their code and known libraries tell. When in doubt: they may.

A cell that seeds nothing and draws in its last line leaves what its first lines bind as it was, whatever the generator holds.
What is trusted: arithmetic, builtins, and numpy, pandas and the standard library on values of plain types, tables and arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from nbcairn.lineage.purity import chain_of, imported_as
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse

__all__ = ["Draws", "bound_once", "imports_of"]

_LIBRARIES = (
    "numpy", "pandas", "math", "cmath", "statistics", "json", "re", "datetime", "itertools", "operator", "collections", "string",
    "textwrap", "pathlib", "os.path", "copy", "decimal", "fractions", "pprint", "scipy.special", "scipy.linalg",
)  # fmt: skip
_NOT_THESE = ("numpy.random", "numpy.testing", "pandas.plotting", "pandas.util", "pandas.testing")
_BUILTINS = frozenset(
    {"abs", "all", "any", "bool", "bytes", "chr", "complex", "dict", "display", "divmod", "enumerate", "float", "frozenset",
     "int", "isinstance", "len", "list", "max", "min", "ord", "pow", "print", "range", "repr", "reversed", "round", "set",
     "slice", "sorted", "str", "sum", "tuple", "type", "zip", "True", "False", "None"}
)  # fmt: skip
_PLAIN = frozenset(
    {"int", "float", "str", "bool", "bytes", "complex", "NoneType", "range", "slice", "ndarray", "DataFrame", "Series", "Index",
     "RangeIndex", "DatetimeIndex", "MultiIndex", "PeriodIndex", "Categorical", "Timestamp", "Timedelta", "datetime", "date",
     "timedelta", "int64", "int32", "float64", "float32", "bool_", "str_"}
)  # fmt: skip
_CONTAINERS = frozenset({"list", "dict", "tuple", "set", "frozenset"})
_DRAWING = frozenset({"sample", "plot", "hist", "boxplot", "pipe", "apply", "random"})
"""Attributes of tables that draw, or that call what they are given or another library."""
_UNSURE = (
    ast.Lambda, ast.With, ast.AsyncWith, ast.Await, ast.Yield, ast.YieldFrom, ast.ClassDef, ast.AsyncFor, ast.AsyncFunctionDef,
)  # fmt: skip


def imports_of(sources: Iterable[str]) -> dict[str, str]:
    """What each imported name of a document stands for; names that are also bound otherwise, or to two things, are left out."""
    found: dict[str, str] = {}
    unsure: set[str] = set()
    for source in sources:
        own = _imports(source)
        unsure |= analyse(source).binds - own.keys()
        unsure |= {name for name, meaning in own.items() if found.setdefault(name, meaning) != meaning}
    return {name: meaning for name, meaning in found.items() if name not in unsure}


@lru_cache(maxsize=4096)
def _imports(source: str) -> Mapping[str, str]:
    tree, _ = parse(source)
    return imported_as(tree) if tree else {}


@lru_cache(maxsize=4096)
def bound_once(source: str) -> frozenset[str]:
    """Names that a cell binds in one place, outside of loops and functions."""
    tree, _ = parse(source)
    stored = [name for node in (ast.walk(tree) if tree else ()) for name in _stored_by(node)]
    plain: set[str] = set()
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign):
            plain |= {target.id for target in _names_in(node.targets)}
        elif not isinstance(node, ast.AugAssign):
            plain |= set(_stored_by(node))
    return frozenset(name for name in plain if stored.count(name) == 1)


def _stored_by(node: ast.AST) -> Iterator[str]:
    """Names that this node binds or deletes, not those inside of it."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name


def _names_in(targets: Iterable[ast.expr]) -> Iterator[ast.Name]:
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            yield from _names_in(target.elts)
        elif isinstance(target, ast.Name):
            yield target


@dataclass(frozen=True, slots=True)
class _Facts:
    """What counts of one statement: names that it looks up and does not bind itself; those on whose parts methods are called;
    attributes by the name at their root; modules that it imports.
    """

    names: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()
    chains: frozenset[tuple[str, ...]] = frozenset()
    imports: frozenset[str] = frozenset()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Draws:
    """What is known around a statement: imported names, types of what names hold, and the project's own modules."""

    imports: Mapping[str, str] = field(default_factory=dict)
    type_of: Callable[[str], str] = lambda _: ""
    modules: frozenset[str] = frozenset()

    def may(self, statement: str) -> bool:
        """True unless the statement surely draws nothing."""
        facts = _facts(statement)
        if facts.unsure or any(
            name in self.modules or name.partition(".")[0] in self.modules for name in facts.imports
        ):
            return True
        if any(self.type_of(name) not in _PLAIN and name not in self.imports for name in facts.receivers):
            return True
        if any(chain[0] in self.imports and not self._trusted(chain) for chain in facts.chains):
            return True
        return not all(self._plain(name) for name in facts.names)

    def _trusted(self, chain: tuple[str, ...]) -> bool:
        full = ".".join((self.imports[chain[0]], *chain[1:]))
        return full.startswith(tuple(f"{name}." for name in _LIBRARIES)) and not full.startswith(_NOT_THESE)

    def _plain(self, name: str) -> bool:
        if name in self.imports:
            return self._trusted((name, ""))
        kind = self.type_of(name)
        return kind in _PLAIN or kind in _CONTAINERS or (not kind and name in _BUILTINS)


@lru_cache(maxsize=4096)
def _facts(statement: str) -> _Facts:
    tree, magics = parse(statement)
    if tree is None or magics:
        return _Facts(unsure=True)
    if all(isinstance(node, ast.FunctionDef) and not node.decorator_list for node in tree.body):
        return _Facts(names=analyse(statement).reads)
    nodes = list(ast.walk(tree))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    unsure = any(isinstance(node, (*_UNSURE, ast.FunctionDef)) for node in nodes)
    unsure |= any(_is_unsure(call, stored) for call in calls)
    loaded = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    attributes = {chain for node in nodes if isinstance(node, ast.Attribute) and (chain := chain_of(node))}
    return _Facts(
        frozenset(loaded - stored) | _both(nodes),
        frozenset(name for call in calls for name in _receivers(call)),
        frozenset(attributes),
        analyse(statement).imports,
        unsure or any(_DRAWING & set(chain[1:]) for chain in attributes) or _draws_somewhere(nodes),
    )


def _both(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Names that a statement changes step by step (``total += x``): what they held before counts."""
    return frozenset(
        node.target.id for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    )


def _draws_somewhere(nodes: Iterable[ast.AST]) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in _DRAWING for node in nodes)


def _is_unsure(called: ast.expr, stored: set[str]) -> bool:
    """A call of anything but a name or an attribute, such as ``functions[0](x)``; or of what the statement itself binds."""
    roots = _receivers(called) | {
        node.id for node in (called, getattr(called, "value", None)) if isinstance(node, ast.Name)
    }
    return not isinstance(called, ast.Name | ast.Attribute) or bool(roots & stored)


def _receivers(called: ast.expr) -> frozenset[str]:
    """The name whose part a method is called on. What a trusted call gives is as good as a plain value."""
    node: ast.expr = called.value if isinstance(called, ast.Attribute) else ast.Constant(None)
    if isinstance(node, ast.Name):
        return frozenset()  # a method of what the name itself holds; see ``names``
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return frozenset({node.id}) if isinstance(node, ast.Name) else frozenset()
