"""The statements of a cell as units that can be kept or left out, each with its exact text and what it does to names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nbcairn.lineage.magics import plain_python
from nbcairn.lineage.source import SourceFacts, analyse
from nbcairn.lineage.syntax import parse

__all__ = ["Unit", "UnitKind", "late_names", "units_of"]

_INERT_MAGIC = re.compile(
    r"^\s*%{1,2}(matplotlib|config|time|capture|precision|autosave|(re)?load_ext\s+(autoreload|nbcairn)|autoreload|cairn)\b"
)
_TIMED = "%time"


class UnitKind(StrEnum):
    """What sort of statement a unit is: only an ``action`` can do more than bind names."""

    IMPORT = "import"
    DEFINITION = "definition"
    LITERAL = "literal"
    MAGIC = "magic"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Unit:
    """One or more statements that share lines.

    ``text`` is exact, with the comments right above. ``sure`` are names that it surely binds anew. ``facts`` are those
    of its source alone; ``nodes`` are its statements, with line numbers of the cell.
    """

    text: str
    lines: tuple[int, int]
    nodes: tuple[ast.stmt, ...]
    kind: UnitKind
    facts: SourceFacts
    sure: frozenset[str]
    plain: str

    @property
    def binds(self) -> frozenset[str]:
        """Names that it may bind or delete."""
        return self.facts.binds | self.facts.deletes


@lru_cache(maxsize=4096)
def units_of(source: str) -> tuple[Unit, ...] | None:
    """The units of a cell in order; None where only the cell as a whole makes sense.

    That is so for cells in another language, with magics that do something, with ``import *``, with code that asks
    for the namespace, and for what does not compile.
    """
    head, body = _without_cell_magic(source)
    plain, magics = plain_python(body)
    if any(magic != _TIMED and not _INERT_MAGIC.match(magic) for magic in (*magics, *([head] if head else []))):
        return None
    facts = analyse(body)
    if not facts.valid or facts.dynamic or facts.star:
        return None
    tree = parse(body)[0]
    if tree is None or len(plain.splitlines()) != len(body.splitlines()):
        return None
    return tuple(_units(tree, body.splitlines(), plain.splitlines()))


def _without_cell_magic(source: str) -> tuple[str, str]:
    """A first line such as ``%%time``, and the rest."""
    stripped = source.lstrip()
    if not stripped.startswith("%%"):
        return "", source
    head, _, rest = stripped.partition("\n")
    return head, rest


def _units(tree: ast.Module, lines: list[str], plain: list[str]) -> Iterator[Unit]:
    above = 0
    for nodes in _sharing_lines(tree.body):
        first = min(_first_line(node) for node in nodes)
        last = max(node.end_lineno or node.lineno for node in nodes)
        start = first
        while start - 1 > above and lines[start - 2].lstrip().startswith("#"):
            start -= 1
        text, code = "\n".join(lines[start - 1 : last]), "\n".join(plain[first - 1 : last])
        kind = _kind(nodes, changed=lines[first - 1 : last] != plain[first - 1 : last])
        yield Unit(text, (start, last), tuple(nodes), kind, analyse(code), _sure(nodes), code)
        above = last


def _sharing_lines(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    group: list[ast.stmt] = []
    for node in body:
        if group and _first_line(node) > max(known.end_lineno or known.lineno for known in group):
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _kind(nodes: list[ast.stmt], *, changed: bool) -> UnitKind:
    if changed and all(isinstance(node, ast.Pass) for node in nodes):
        return UnitKind.MAGIC
    if all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes):
        return UnitKind.IMPORT
    if all(_is_definition(node) for node in nodes):
        return UnitKind.DEFINITION
    if all(_is_literal_assignment(node) for node in nodes):
        return UnitKind.LITERAL
    return UnitKind.ACTION


def _is_definition(node: ast.stmt) -> bool:
    """A function with no decorators; a class body runs code, so a class counts only when it has plain methods."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return not node.decorator_list
    return (
        isinstance(node, ast.ClassDef)
        and not node.decorator_list
        and not node.keywords
        and all(
            (isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and _plainly_decorated(part))
            or isinstance(part, ast.Pass)
            or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            or _is_literal_assignment(part)
            for part in node.body
        )
    )


def _plainly_decorated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(
        isinstance(mark, ast.Name) and mark.id in {"property", "staticmethod", "classmethod"}
        for mark in node.decorator_list
    )


def _is_literal_assignment(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Name) for target in node.targets) and _is_literal(node.value)
    return (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
        and isinstance(node.annotation, ast.Name)
        and _is_literal(node.value)
    )


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _sure(nodes: list[ast.stmt]) -> frozenset[str]:
    """Names that are bound anew whenever the statements finish."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found |= _names_of_target(target)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found |= _names_of_target(node.target)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.NamedExpr):
            found.add(node.value.target.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            # ``import a.b`` adds to a package that ``import a.c`` above filled too.
            found |= {alias.asname or alias.name for alias in node.names if alias.asname or "." not in alias.name}
    return frozenset(found)


def _names_of_target(target: ast.expr) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, ast.Tuple | ast.List):
        return {name for part in target.elts for name in _names_of_target(part)}
    return _names_of_target(target.value) if isinstance(target, ast.Starred) else set()


@lru_cache(maxsize=4096)
def late_names(source: str) -> frozenset[str]:
    """Names that functions, classes, lambdas and generators of this source mention: looked up when they run, not before."""
    tree = parse(source)[0]
    if tree is None:
        return frozenset()
    deferred = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
    return frozenset(
        name.id
        for node in ast.walk(tree)
        if isinstance(node, deferred)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    )
