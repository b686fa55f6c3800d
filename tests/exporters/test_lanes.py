"""The drawing of a lineage: every edge has its way, and no two sources share a stretch of lane."""

import re

from hypothesis import given
from hypothesis import strategies as st

from nbcairn.exporters.lanes import LANE, MOST_LANES, ROW, lay_out
from nbcairn.lineage.graph import Lineage, LineageEdge, LineageNode


def graph(count, pairs, artifacts=()):
    nodes = tuple(
        LineageNode(f"n{n}", "artifact" if n in artifacts else "run", f"node {n}",
                    f"n{n - 1}" if n in artifacts else f"n{n}", None, f"n{n}" if n in artifacts else None, n, "")
        for n in range(count)
    )  # fmt: skip
    edges = tuple(LineageEdge(f"n{a}", f"n{b}", ("x",)) for a, b in sorted(pairs))
    return Lineage(nodes, edges)


@st.composite
def graphs(draw):
    count = draw(st.integers(0, 25))
    pairs = draw(st.sets(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=30))
    return graph(count, {(a, b) for a, b in pairs if a < b < count})


@given(graphs())
def test_every_edge_is_drawn_from_row_to_row(lineage):
    lanes = lay_out(lineage)
    assert {(edge.source, edge.target) for edge in lanes.edges} == {
        (int(edge.source[1:]), int(edge.target[1:])) for edge in lineage.edges
    }
    for edge in lanes.edges:
        assert edge.path.startswith(f"M{lanes.x} {lanes.rows[edge.source].y}")
        numbers = [int(number) for number in re.findall(r"\d+", edge.path)]
        assert lanes.rows[edge.target].y in numbers


@given(graphs())
def test_no_two_sources_share_a_stretch_of_lane(lineage):
    lanes = lay_out(lineage)
    used = {}
    for edge in lanes.edges:
        bend = re.search(r"Q(\d+) ", edge.path)
        if bend:
            used.setdefault(int(bend[1]), []).append(edge)
    if len(used) >= MOST_LANES:
        return
    for edges in used.values():
        for one in edges:
            for other in edges:
                if one.source < other.source:
                    assert one.target < other.source


def test_the_next_row_needs_no_lane():
    lanes = lay_out(graph(3, {(0, 1), (1, 2)}))
    assert [edge.path for edge in lanes.edges] == ["M14 15V45", "M14 45V75"]
    assert (lanes.width, lanes.height) == (26, 3 * ROW)


def test_artifacts_of_one_run_hang_on_one_line():
    nodes = tuple(
        LineageNode(f"n{n}", kind, kind, "n0", None, f"n{n}" if kind == "artifact" else None, 0, "")
        for n, kind in enumerate(["run", "artifact", "artifact"])
    )
    lineage = Lineage(nodes, (LineageEdge("n0", "n1", ("a",)), LineageEdge("n0", "n2", ("b",))))
    assert [edge.path for edge in lay_out(lineage).edges] == ["M14 15V45", "M14 15V75"]


def test_too_many_lanes_share_the_last():
    count = 60
    lanes = lay_out(graph(count, {(n, count - 1) for n in range(30)}))
    assert lanes.x == MOST_LANES * LANE + 14


def test_an_empty_lineage_draws_nothing():
    assert lay_out(Lineage()).rows == ()
