"""Whether a cell's source asks for the time of day or measures durations, which a re-run cannot repeat."""

from __future__ import annotations

import ast
from functools import lru_cache

from nbcairn.lineage.syntax import nodes_of

__all__ = ["asks_clock"]

_ATTRIBUTES = frozenset(
    {"utcnow", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "time_ns", "process_time"}
)
_OWNERS = {"now": None, "today": None, "time": {"time"}, "ctime": {"time"}, "localtime": {"time"}, "gmtime": {"time"}}
_BARE = frozenset({"perf_counter", "perf_counter_ns", "monotonic", "process_time", "time_ns", "default_timer"})


@lru_cache(maxsize=4096)
def asks_clock(source: str) -> bool:
    """True when a call in the source reads a clock: ``time.time()``, ``datetime.now()`` and their like. The timing magics do not
    count: what they show is normalised.
    """
    return any(_reads_clock(node) for node in nodes_of(source) if isinstance(node, ast.Call))


def _reads_clock(node: ast.Call) -> bool:
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in _BARE
    if not isinstance(called, ast.Attribute):
        return False
    if called.attr in _ATTRIBUTES:
        return True
    if called.attr not in _OWNERS or (called.attr in {"localtime", "gmtime", "ctime"} and node.args):
        return False
    owners = _OWNERS[called.attr]
    return owners is None or (isinstance(called.value, ast.Name) and called.value.id in owners)
