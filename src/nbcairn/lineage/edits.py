"""What an edit leaves as it was: names that the statements above it bind, where nothing below can change them.

Statements that begin the cell as they began its last run, with equal inputs, do what they did then.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from nbcairn.lineage.canonical import canonical
from nbcairn.lineage.dependence import FROZEN
from nbcairn.lineage.influence import Functions
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse
from nbcairn.model import How, Run, Write, is_ambient

__all__ = ["imported_anew", "left_by_edit"]

_MODULE = "<module:"


@dataclass(frozen=True, slots=True)
class _Parts:
    """Two sources that begin alike: the statements that they share, and what follows in either."""

    shared: str
    rests: tuple[str, str]


def left_by_edit(
    source: str, last: Run, differing: Iterable[str], type_of: Callable[[str], str], functions: Functions
) -> list[Write]:
    """Of the writes of a cell's last successful run those that the edited source would make again.

    ``differing`` are names that the run looked up and that would hold something else now.
    """
    parts = _parts(last.source, source)
    if parts is None:
        return []
    differing = frozenset(differing)
    steady = analyse(parts.shared).steady - imported_anew(parts.shared, last, differing)
    repeats = not last.effects and not _reached(parts.shared, differing, type_of, functions)
    again = analyse(parts.shared).sure if repeats else steady
    touched = frozenset().union(*(functions.may_write(rest, type_of) for rest in parts.rests))
    calm = touched <= frozenset().union(*(analyse(rest).binds for rest in parts.rests))
    return [
        write
        for write in last.writes
        if write.name in again - touched and write.how is How.BOUND and (calm or write.type_name in FROZEN)
    ]


def imported_anew(source: str, run: Run, differing: Iterable[str]) -> frozenset[str]:
    """Names that the source imports from the project, where the run's modules of the project are not as they were.

    Which of them import which is not known: one that differs counts for all.
    """
    if not any(name.startswith(_MODULE) for name in differing):
        return frozenset()
    ours = {read.name[len(_MODULE) : -1].partition(".")[0] for read in run.reads if read.name.startswith(_MODULE)}
    tree, _ = parse(source)
    return frozenset(name for node in (ast.walk(tree) if tree else ()) for name in _imported(node, ours))


def _imported(node: ast.AST, ours: Collection[str]) -> Iterator[str]:
    """Names that an import statement binds to one of these packages, or to a part of it."""
    if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").partition(".")[0] in ours):
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.Import):
        tops = ((alias, alias.name.partition(".")[0]) for alias in node.names)
        yield from (alias.asname or top for alias, top in tops if top in ours)


def _reached(
    shared: str, differing: frozenset[str], type_of: Callable[[str], str], functions: Functions
) -> frozenset[str]:
    """What differs and may be looked up by the shared statements: of the ambient names nobody knows."""
    looked_up = functions.may_read(shared, type_of)
    return frozenset(name for name in differing if is_ambient(name) or name in looked_up)


@lru_cache(maxsize=1024)
def _parts(one: str, two: str) -> _Parts | None:
    """None where the sources do not begin alike, or where code that only a run can tell may do anything."""
    (first, magics), (second, others) = parse(one), parse(two)
    free = any(facts.star or facts.dynamic for facts in (analyse(one), analyse(two)))
    if first is None or second is None or magics != others or free:
        return None
    pairs = zip(first.body, second.body, strict=False)
    count = sum(1 for _ in takewhile(lambda pair: canonical(pair[0]) == canonical(pair[1]), pairs))
    rests = (_text(first.body[count:]), _text(second.body[count:]))
    return _Parts(_text(first.body[:count]), rests) if count else None


def _text(body: list[ast.stmt]) -> str:
    return ast.unparse(ast.Module(body, []))
