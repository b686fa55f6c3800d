"""Which tables a cell surely reaches through some of their columns only, so that the others do not count.

A proof from the source, and so a strict one: every place that mentions the table must be one of a few forms: ``df["a"]``,
``df[["a", "b"]]``, ``df.a``, ``df.loc[rows, "a"]``, ``df[df["a"] > 1]["b"]``, ``df.groupby("a")["b"]``, ``len(df)``,
``df.index``; and of a dict its keys alone, by ``sorted(d)`` and the like. Any other place, a name in a text that may be code,
and code that may look up anything mean the whole table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from nbcairn.lineage.bodies import function_body
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse
from nbcairn.model import Layout

__all__ = ["Columns", "Tables", "changes_an_index"]

_ANYTHING = frozenset({"eval", "exec", "globals", "locals", "vars", "get_ipython"})
_BY_COLUMNS = {"sort_values": "by", "groupby": "by", "dropna": "subset", "drop_duplicates": "subset"}
"""Methods that look at the columns they are told, and at no others; what they give has all."""
_BY_ROWS = frozenset({"head", "tail", "sort_index", "copy"})
"""Methods that choose rows without looking at columns."""
_SIZES = frozenset({"len", "sorted", "list", "tuple", "set"})
"""Builtins that look at the size of a table or dict, or at the keys of a dict."""
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Labels of the columns that are read: as items, and as attributes (where an attribute of the type would come first).

    ``written`` are those that are surely made anew, by ``df["c"] = ...``; what is read of them after that does not count.
    ``keys`` where the keys of a dict are read, by ``sorted(d)`` or ``"a" in d``: for a table, which has the same forms, it may
    be anything. ``called`` are attributes that are called: what a method looks at is not said by its name.
    """

    items: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    keys: bool = False
    called: frozenset[str] = frozenset()

    @property
    def in_part(self) -> bool:
        """True where some attributes are read, and nothing else is done with what holds them."""
        return bool(self.attributes) and not (self.items or self.written or self.keys or self.called)

    def __or__(self, other: Columns) -> Columns:
        return Columns(
            self.items | other.items,
            self.attributes | other.attributes,
            self.written | other.written,
            self.keys or other.keys,
            self.called | other.called,
        )

    def then(self, other: Columns) -> Columns:
        """What code reads and writes that does one after another."""
        return self | replace(other, items=other.items - self.written)

    def alike(self, one: Layout, two: Layout) -> bool:
        """True when two tables are the same for a reader of these columns."""
        hidden = self.attributes.intersection((*one.hidden, *two.hidden))
        return (
            one.rows == two.rows
            and not hidden
            and (one.is_dict or not self.keys)
            and all(
                label in one.columns and one.columns[label] == two.columns.get(label)
                for label in self.items | self.attributes
            )
        )


NONE = Columns()
KEYS_ALONE = Columns(keys=True)
_Found = Mapping[str, Columns | None]
"""By name: the columns that are read; None for a table that is read as a whole."""


_Parts = tuple[Mapping[str, Columns], Mapping[str, Columns]]
"""Tables that code reaches through some columns only: those that it reads, and those that it makes columns of."""


class Tables:
    """The cells of a document; a function that one of them defines may be called by any other."""

    def __init__(self, sources: Iterable[str]) -> None:
        sources = list(sources)
        self._seen: dict[str, _Parts] = {}
        self._bodies = _merged(_uses(source).bodies for source in sources)
        if any(not _SIZES.isdisjoint(analyse(source).binds) for source in sources):
            self._bodies["*"] = None

    def read_by(self, source: str) -> Mapping[str, Columns]:
        """By name: the columns through which alone this source, and the document's functions, reach what the name holds.

        Of tables that it does not change; ``changed_by`` has the others.
        """
        return self._seen_by(source)[0]

    def changed_by(self, source: str) -> Mapping[str, Columns]:
        """The same for tables of which it makes columns anew, and does nothing else to them."""
        return self._seen_by(source)[1]

    def _seen_by(self, source: str) -> _Parts:
        """What it reads only, and what it makes columns of; worked out once."""
        if not self._bodies:
            return _alone(source)
        if source not in self._seen:
            self._seen[source] = _in_parts(_merged((_uses(source).all, self._bodies)))
        return self._seen[source]


@dataclass(frozen=True, slots=True)
class _Uses:
    """What one source reads of the names in it: all in all, and in the bodies of functions. ``*`` stands for every name."""

    all: _Found
    bodies: _Found


def _in_parts(found: _Found) -> _Parts:
    seen = {} if "*" in found else {name: columns for name, columns in found.items() if columns is not None}
    return (
        {name: columns for name, columns in seen.items() if not columns.written},
        {name: columns for name, columns in seen.items() if columns.written},
    )


@lru_cache(maxsize=4096)
def _alone(source: str) -> _Parts:
    """Of a source that calls no function of the document."""
    return _in_parts(_uses(source).all)


def _merged(parts: Iterable[_Found]) -> dict[str, Columns | None]:
    merged: dict[str, Columns | None] = {}
    for part in parts:
        for name, columns in part.items():
            known = merged.get(name, NONE)
            merged[name] = None if columns is None or known is None else known | columns
    return merged


@lru_cache(maxsize=4096)
def _uses(source: str) -> _Uses:
    tree, magics = parse(source)
    if tree is None or magics:
        return _Uses({"*": None}, {} if tree is None else _walked(_bodies(tree)))
    return _Uses(_in_order(tree), _walked(_bodies(tree)))


@lru_cache(maxsize=4096)
def changes_an_index(source: str) -> bool:
    """True when the source may change an index in place: its names, that is, the one thing of it that can change."""
    tree, _ = parse(source)
    return tree is None or any(
        (isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.keyword) and node.arg in {"inplace", None})
        or (isinstance(node, ast.Name) and node.id == "setattr")
        for node in ast.walk(tree)
    )


def _in_order(tree: ast.Module) -> dict[str, Columns | None]:
    """What the statements of a cell read and write, one after another."""
    found: dict[str, Columns | None] = {}
    for statement in tree.body:
        for name, columns in _statement(statement).items():
            before = found.get(name, NONE)
            found[name] = None if columns is None or before is None else before.then(columns)
    return found


def _statement(node: ast.stmt) -> dict[str, Columns | None]:
    if not isinstance(node, ast.Assign) or not all(map(_column_of, node.targets)):
        return _walked([(node, None)])
    found = _walked([(node.value, None)])
    for name, label in filter(None, map(_column_of, node.targets)):
        found = _merged((found, {name: Columns(written=frozenset({label}))}))
    return found


def _column_of(target: ast.expr) -> tuple[str, str] | None:
    """The table and the label, where a column is what is assigned to."""
    if (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and isinstance(target.slice, ast.Constant)
    ):
        label = target.slice.value
        return (target.value.id, label) if isinstance(label, str) else None
    return None


_Scope = tuple[ast.AST, frozenset[str] | None]
"""A piece of code, and the names in it that are the notebook's (None: all)."""


def _bodies(tree: ast.AST) -> list[_Scope]:
    """Code that runs when it is called, here or from another cell."""
    return [
        (node, _from_outside(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]


def _from_outside(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    body = function_body(node)
    return frozenset(body.reads | body.writes)


def _walked(scopes: Iterable[_Scope]) -> dict[str, Columns | None]:
    uses: list[_Found] = []
    for node, names in scopes:
        uses += ({name: columns} for name, columns in _places(node) if names is None or name in names or name == "*")
    return _merged(uses)


def _places(tree: ast.AST) -> Iterator[tuple[str, Columns | None]]:
    """Every place where a name, or a text that may be code, stands, with what it reads of the name."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        found = _read(node)
        if found is not None:
            name, columns, rest = found
            yield name, columns
            waiting += rest
        elif isinstance(node, ast.alias) and node.name == "*":
            yield "*", None
        elif isinstance(node, ast.Name):
            yield ("*" if node.id in _ANYTHING else node.id), None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            own = _from_outside(node)
            parts = [node.body] if isinstance(node, ast.Lambda) else node.body
            yield from (place for part in parts for place in _places(part) if place[0] in own or place[0] == "*")
            waiting += [node.args, *getattr(node, "decorator_list", ())]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((word, None) for word in _WORD.findall(node.value))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            waiting += ast.iter_child_nodes(node)


# --------------------------------------------------------------------------- the forms

_Form = tuple[str, Columns, list[ast.AST]]
"""The name of a table, the columns that are read of it, and the code in between that is still to be looked at."""


def _read(node: ast.AST) -> _Form | None:
    """What a place reads of a table, if it is one of the forms that read some columns only."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return _item(node)
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        return _attribute(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _method(node, node.func)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SIZES:
        given = node.args[0] if len(node.args) == 1 and not node.keywords else None
        columns = NONE if node.func.id == "len" else KEYS_ALONE
        return (given.id, columns, [node.func]) if isinstance(given, ast.Name) else None
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
        held = node.comparators[0]
        return (held.id, KEYS_ALONE, [node.left]) if isinstance(held, ast.Name) else None
    return None


def _item(node: ast.Subscript) -> _Form | None:
    if isinstance(node.value, ast.Attribute) and node.value.attr in {"loc", "at"}:
        return _located(node.value.value, node.slice)
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        first = isinstance(node.slice, ast.Constant) and node.slice.value == 0 and type(node.slice.value) is int
        return _of(node.value.value, NONE) if first else None
    labels = _labels(node.slice)
    if labels is None:
        return None
    # Groups with a list of columns go on holding the whole table.
    return _of(node.value, Columns(labels), calls=not isinstance(node.slice, ast.List))


def _located(table: ast.expr, where: ast.expr) -> _Form | None:
    """``df.loc[rows, "a"]``."""
    if not isinstance(where, ast.Tuple) or len(where.elts) != 2:
        return None
    labels = _labels(where.elts[1])
    return _of(table, Columns(labels), [where.elts[0]]) if labels is not None else None


def _attribute(node: ast.Attribute) -> _Form | None:
    return _of(node.value, NONE if node.attr == "index" else Columns(attributes=frozenset({node.attr})))


def _method(call: ast.Call, method: ast.Attribute) -> _Form | None:
    found = _attribute(method)
    if found is None:
        return None
    name, columns, rest = found
    return name, replace(columns, called=columns.attributes), [*rest, *call.args, *call.keywords]


def _of(table: ast.expr, columns: Columns, rest: list[ast.AST] | None = None, *, calls: bool = False) -> _Form | None:
    """The form, where the table is a name, or rows of what a name holds; with ``calls`` also rows chosen by a method."""
    rest = rest or []
    if isinstance(table, ast.Name):
        return table.id, columns, rest
    if isinstance(table, ast.Subscript) and _is_mask(table.slice):
        return _of(table.value, columns, [*rest, table.slice], calls=calls)
    if calls and isinstance(table, ast.Call) and isinstance(table.func, ast.Attribute):
        return _chosen(table, table.func, columns, rest)
    return None


def _is_mask(node: ast.expr) -> bool:
    """True for a comparison, or several of them joined: it chooses rows."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return _is_mask(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        return _is_mask(node.left) and _is_mask(node.right)
    return isinstance(node, ast.Compare)


def _chosen(call: ast.Call, method: ast.Attribute, columns: Columns, rest: list[ast.AST]) -> _Form | None:
    """Rows or groups of a table, chosen by columns that the call names or by none."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    plain = all(isinstance(value, ast.Constant) for name, value in named.items() if name not in {"by", "subset"})
    if not plain or None in named:
        return None
    if method.attr in _BY_ROWS and all(isinstance(value, ast.Constant) for value in call.args):
        return _of(method.value, columns, rest, calls=True)
    by = _BY_COLUMNS.get(method.attr)
    if by is None or len(call.args) + (by in named) != 1:
        return None
    labels = _labels(call.args[0] if call.args else named[by])
    if labels is None or not _on_rows(named):
        return None
    return _of(method.value, columns | Columns(labels), rest, calls=True)


def _on_rows(named: Mapping[str | None, ast.expr]) -> bool:
    return not named.keys() & {"axis", "inplace", "level", "how", "thresh", "key"}


def _labels(node: ast.expr) -> frozenset[str] | None:
    """The texts in the brackets, if nothing else is in them."""
    items = node.elts if isinstance(node, ast.List) else [node]
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return frozenset(texts) if texts and len(texts) == len(items) else None
