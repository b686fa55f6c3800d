"""The lineage as a Mermaid flow chart, for a README or a wiki: files in, cells, results out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from nbcairn.exporters.record import Record, gather_record
from nbcairn.exporters.target import check_file, write_text
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["chart", "export", "flow_chart"]

MOST_NODES = 120
_SHAPES = {
    "run": ("[", "]"),
    "file": ("[(", ")]"),
    "figure": ("([", "])"),
    "model": ("[[", "]]"),
    "metric": ("{{", "}}"),
    "data": ("[/", "/]"),
    "value": ("[/", "/]"),
}


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the chart. Raises ExportError or TrailError."""
    check_file(target)
    write_text(target, chart(gather_record(trail, document, data=data)))


def chart(record: Record) -> str:
    """The newest run of each cell, what it reads from outside, the artifacts it makes, and what flows between them."""
    newest = {activity.step: activity for activity in record.activities if activity.status == "ok"}
    entities = {entity.id: entity for entity in record.entities}
    shown = sorted(newest.values(), key=lambda activity: activity.started)
    places = {activity.id: activity.step for activity in record.activities}
    kept = {activity.step for activity in shown}
    nodes: dict[str, tuple[str, str]] = {}
    edges: dict[tuple[str, str], set[str]] = {}
    for activity in shown:
        nodes[f"c:{activity.step}"] = ("run", activity.label)
        for identity in activity.used:
            entity = entities[identity]
            origin = places.get(entity.made_by or "")
            if origin in kept and origin != activity.step:
                edges.setdefault((f"c:{origin}", f"c:{activity.step}"), set()).add(entity.name)
            elif entity.made_by is None:
                nodes[identity] = (entity.kind, entity.name)
                edges.setdefault((identity, f"c:{activity.step}"), set())
        for identity in activity.made:
            entity = entities[identity]
            if entity.kind in {"figure", "model", "metric", "file"}:
                nodes[identity] = (entity.kind, entity.name)
                edges.setdefault((f"c:{activity.step}", identity), set())
    return flow_chart(nodes.items(), edges.items())


def flow_chart(
    nodes: Iterable[tuple[str, tuple[str, str]]], edges: Iterable[tuple[tuple[str, str], Iterable[str]]]
) -> str:
    """A flow chart of nodes (id, kind, label) and edges (from, to, names); ids are made safe."""
    lines = ["flowchart TD"]
    numbers: dict[str, str] = {}
    for identity, (kind, label) in list(nodes)[:MOST_NODES]:
        numbers[identity] = f"n{len(numbers) + 1}"
        opening, closing = _SHAPES.get(kind, ("[", "]"))
        lines.append(f'    {numbers[identity]}{opening}"{_label(label)}"{closing}')
    for (source, target), names in edges:
        if source in numbers and target in numbers:
            told = ", ".join(sorted(names)[:3])
            arrow = f'-- "{_label(told)}" -->' if told else "-->"
            lines.append(f"    {numbers[source]} {arrow} {numbers[target]}")
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    """Mermaid reads ``#code;`` as a character, and nothing else in quotes."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return re.sub(r'["#<>;&`\\\[\]{}|()\x00-\x1f]', lambda found: f"#{ord(found[0])};", short)
