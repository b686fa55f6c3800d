"""Which cells are in which stage of an artifact's pipeline, for people who name and regroup them by tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbcairn.exporters.pipeline.plan import ORDER, Plan, plan_of_slice, tag_of
from nbcairn.lineage.graph import label_of
from nbcairn.lineage.minimal import joint_slice
from nbcairn.lineage.targets import Target
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["ORDER", "StageCell", "Stages", "stages_of"]


@dataclass(frozen=True, slots=True)
class StageCell:
    """A cell with the stages that its statements are in, in order, and the name that a tag gives it.

    ``label`` is the cell in a few words.
    """

    cell_id: str
    label: str
    stages: tuple[str, ...]
    tagged: str


@dataclass(frozen=True, slots=True)
class Stages:
    """The names of the stages in order, and the cells in the order in which they ran."""

    names: tuple[str, ...]
    cells: tuple[StageCell, ...]


def stages_of(trail: Trail, document: Document | None, target: Target) -> Stages:
    """The stages of the pipeline to one version, with the tags that the document has now.

    Raises ExportError, naming the cell, where the code cannot be divided.
    """
    found = joint_slice(trail, [(target.run, target.name)])
    plan = plan_of_slice(trail, document, found, [target])
    tags = {cell.id: cell.tags for cell in document.code} if document else {}
    return Stages(tuple(stage.name for stage in plan.stages), _cells(plan, tags))


def _cells(plan: Plan, tags: Mapping[str, tuple[str, ...]]) -> tuple[StageCell, ...]:
    staged: dict[str, dict[str, None]] = {}
    for stage in plan.stages:
        for piece in stage.pieces:
            staged.setdefault(piece.run.cell_id, {})[stage.name] = None
    runs = {part.run.cell_id: part.run for part in plan.found.parts}
    return tuple(
        StageCell(cell_id, label_of(run.source), tuple(staged.get(cell_id, ())), tag_of(tags.get(cell_id, ())))
        for cell_id, run in runs.items()
    )
