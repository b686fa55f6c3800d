"""Names that hold nothing but a time or a duration: ``started = time.time()``, ``took = time.time() - started``.

Every run gives them another value, and nobody calls the notebook changed for that.
"""

from __future__ import annotations

import ast

from nbcairn.lineage.clock import asks_clock
from nbcairn.lineage.syntax import parse

__all__ = ["measured"]

_HARMLESS = frozenset(
    {"time", "datetime", "date", "timedelta", "dt", "pd", "np", "timeit", "Timestamp", "perf_counter", "perf_counter_ns",
     "monotonic", "process_time", "time_ns", "default_timer", "round", "str", "int", "float", "abs", "max", "min"}
)  # fmt: skip
"""Names that an expression over times may use besides times."""


def measured(source: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names that the source binds to an expression over the clock and ``known`` times alone, and to nothing else."""
    tree, _ = parse(source)
    if tree is None:
        return frozenset()
    found: set[str] = set()
    other: set[str] = set()
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)]
    for node in sorted(statements, key=lambda node: node.lineno):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if node.value is not None and _is_time(node.value, known | found):
            found |= names
        elif not isinstance(node.value, ast.Constant):
            other |= names
    return frozenset(found - other)


def _is_time(value: ast.expr, known: frozenset[str] | set[str]) -> bool:
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return not used - known - _HARMLESS and bool(used & known or asks_clock(ast.unparse(value)))
