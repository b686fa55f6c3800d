"""A lineage as a list with lanes: one row a node in the order of time, one lane for what each node hands on.

Lanes are assigned as in the left-edge algorithm of channel routing (Hashimoto and Stevens 1971): the interval from a
node to its last reader takes the lowest lane that is free.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from nbcairn.lineage.graph import Lineage, LineageNode

__all__ = ["Edge", "Lanes", "Row", "lay_out"]

ROW = 30
LANE = 12
MOST_LANES = 18


@dataclass(frozen=True, slots=True)
class Row:
    """A node at its height, in pixels."""

    node: LineageNode
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """The way from one row to another, by their positions, as the ``d`` of an SVG path."""

    source: int
    target: int
    path: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The drawing: ``width`` by ``height`` pixels, its nodes all at ``x``."""

    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    x: int
    width: int
    height: int


def lay_out(lineage: Lineage) -> Lanes:
    """Place every node and route every edge."""
    position = {node.id: n for n, node in enumerate(lineage.nodes)}
    readers: dict[int, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for edge in lineage.edges:
        source, target = sorted((position[edge.source], position[edge.target]))
        readers[source][target] = edge.names
    ends = {
        source: max(far)
        for source, targets in readers.items()
        if (far := [target for target in targets if not _is_near(lineage, source, target)])
    }
    lanes = _assign(ends)
    x = LANE * (max(lanes.values(), default=-1) + 1) + 14
    edges = tuple(
        Edge(source, target, _path(source, target, x, lane), names)
        for source, targets in sorted(readers.items())
        for target, names in sorted(targets.items())
        for lane in [None if _is_near(lineage, source, target) else lanes[source]]
    )
    rows = tuple(Row(node, _y(n)) for n, node in enumerate(lineage.nodes))
    return Lanes(rows, edges, x, x + 12, ROW * len(rows))


def _assign(ends: dict[int, int]) -> dict[int, int]:
    """The lane of each source that hands on beyond the next row; where there are too many, the last is shared."""
    free: list[int] = []
    lanes = {}
    for source, end in sorted(ends.items()):
        lane = next((n for n, until in enumerate(free) if until < source), len(free))
        lane = min(lane, MOST_LANES - 1)
        if lane == len(free):
            free.append(end)
        else:
            free[lane] = max(free[lane], end) if free[lane] >= source else end
        lanes[source] = lane
    return lanes


def _is_near(lineage: Lineage, source: int, target: int) -> bool:
    """True where a straight line says it: to the next row, or past other artifacts of the same run."""
    between = lineage.nodes[source + 1 : target]
    run = lineage.nodes[target].run_id
    return all(node.artifact_id is not None and node.run_id == run for node in between)


def _path(source: int, target: int, x: int, lane: int | None) -> str:
    top, bottom = _y(source), _y(target)
    if lane is None:
        return f"M{x} {top}V{bottom}"
    left, bend = x - LANE * (lane + 1), 6
    return (
        f"M{x} {top}H{left + bend}Q{left} {top} {left} {top + bend}"
        f"V{bottom - bend}Q{left} {bottom} {left + bend} {bottom}H{x}"
    )


def _y(position: int) -> int:
    return ROW * position + ROW // 2
