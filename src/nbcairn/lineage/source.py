"""What the source of a cell says, without running it.

``source_key`` is equal for sources that differ only in comments and whitespace. ``analyse`` finds the names a cell
looks up before it binds them itself (its upward-exposed reads, by a definite-assignment walk), the names it binds,
deletes or may change in place, and what each function it defines would look up and bind.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile

from blake3 import blake3

from nbcairn.lineage.canonical import canonical
from nbcairn.lineage.scope import Definition, Scope
from nbcairn.lineage.syntax import parse
from nbcairn.model import Run

__all__ = ["BUILTINS", "Definition", "SourceFacts", "analyse", "is_run_of", "same_code", "source_key"]

BUILTINS = frozenset(dir(builtins))
"""Names that a fresh kernel resolves without any cell."""
_NAMESPACE_MAGICS = ("%load", "%reset", "%store", "%xdel")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What one cell's source says. All sets hold global names.

    ``reads`` are looked up before the cell has surely bound them; ``binds`` may be bound, ``deletes`` deleted,
    ``mutates`` changed in place (receivers of stores and method calls, arguments of calls);
    ``calls`` are the names that are called; ``steady`` are bound by imports and plain definitions alone, so that what they
    hold does not depend on other names; ``sure`` are bound whatever branch is taken; ``deferred`` are looked up in bodies of
    decorated functions alone, which a decorator may call or not, in a cell that goes on with nothing but definitions and
    imports; ``star`` is set by
    ``from m import *`` and ``%run``, ``dynamic`` where the cell asks for the whole namespace or runs a magic that changes it.
    """

    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()
    steady: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    star: bool = False
    dynamic: bool = False
    valid: bool = True


@lru_cache(maxsize=4096)
def source_key(source: str) -> str:
    """128 bits, equal for sources that differ only in comments, blank lines and spacing; the same in every version of Python."""
    tree, magics = parse(source)
    text = canonical(tree) if tree is not None else "\n".join(line.rstrip() for line in source.strip().splitlines())
    return blake3("\0".join((text, *magics)).encode("utf-8", "surrogatepass")).hexdigest(length=16)


def is_run_of(run: Run, source: str) -> bool:
    """True when the run executed this source.

    The key on record decides; where it is another one the sources do, since an earlier version may have made another key.
    """
    key = source_key(source)
    return run.source_key == key or source_key(run.source) == key


def same_code(one: Run, two: Run) -> bool:
    """True when both runs executed the same source."""
    return one.source_key == two.source_key or is_run_of(one, two.source)


# --------------------------------------------------------------------------- facts


@lru_cache(maxsize=4096)
def analyse(source: str) -> SourceFacts:
    """The facts of one cell; a cell that does not compile has none and is not ``valid``."""
    tree, magics = parse(source)
    if tree is None:
        return SourceFacts(valid=False, dynamic=True)
    scope = Scope()
    scope.block(tree.body)
    for magic in magics:
        words = magic.split()
        scope.star |= words[0] == "%run"
        scope.dynamic |= words[0].startswith(_NAMESPACE_MAGICS) or (words[0] == "%run" and "-i" in words)
    return SourceFacts(
        frozenset(scope.reads),
        frozenset(scope.binds),
        frozenset(scope.deletes),
        frozenset(scope.mutates),
        frozenset(scope.calls),
        frozenset(scope.imports),
        tuple(scope.definitions),
        _steady(tree.body, scope.binds),
        frozenset(scope.sure & scope.binds),
        frozenset(scope.deferred) if scope.deferred and _only_defines(tree.body) else frozenset(),
        scope.star,
        scope.dynamic,
    )


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def _only_defines(body: list[ast.stmt]) -> bool:
    """True when nothing but definitions and imports follows the first function with a decorator: else it may be called there."""
    rest = dropwhile(lambda statement: not _has_decorator(statement), body)
    return all(isinstance(statement, _DEFINITIONS) for statement in rest)


def _has_decorator(statement: ast.stmt) -> bool:
    return any(getattr(node, "decorator_list", None) for node in ast.walk(statement))


def _steady(body: list[ast.stmt], binds: set[str]) -> frozenset[str]:
    """Names that nothing but an import, or a definition without decorators and defaults, binds."""
    if not any(isinstance(statement, _DEFINITIONS) for statement in body):
        return frozenset()
    calm: set[str] = set()
    other: set[str] = set()
    for statement in body:
        scope = Scope()
        scope.visit(statement)
        plain = isinstance(statement, ast.Import | ast.ImportFrom) or (
            isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not scope.reads
        )
        (calm if plain else other).update(scope.binds)
        other |= scope.mutates | scope.deletes
    return frozenset((calm - other) & binds)
