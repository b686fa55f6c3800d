"""``check``: the verdict and the findings for every cell of a document, from the trail alone."""

from __future__ import annotations

from nbcairn.lineage.memory import Lives, Memory, until_its_end
from nbcairn.lineage.origins import Origins
from nbcairn.lineage.plan import plan_of
from nbcairn.lineage.replay import CellReplay, Replay, replay
from nbcairn.lineage.rules import View, findings_of
from nbcairn.lineage.rules.memory import gone
from nbcairn.lineage.verified import last_verified
from nbcairn.model import CellVerdict, Check, Document, Finding
from nbcairn.store import Trail

__all__ = ["check"]


def check(document: Document, trail: Trail, target: str | None = None, lives: Lives = until_its_end) -> Check:
    """What Restart & Run All would do now. Runs nothing; needs no kernel.

    With a ``target``, the id of a cell, the plan is the one for that cell. ``lives`` says which kernels
    still hold what they held.
    Raises a TrailError when the trail cannot be read.
    """
    played = replay(document, trail)
    origins = Origins(trail)
    cells = tuple(_verdict(played, this, origins) for this in played.cells)
    memory = Memory(trail, played.last, lives)
    plan, verified = plan_of(played, cells, memory, target), last_verified(document, trail)
    return Check(document.path, str(trail.folder), cells, tuple(gone(memory)), plan, verified)


def _verdict(played: Replay, this: CellReplay, origins: Origins) -> CellVerdict:
    view = View(played, this, origins)
    found: dict[tuple[str, str], Finding] = {}
    for finding in findings_of(view):
        found.setdefault((finding.code, finding.message), finding)
    run_id = this.last.id if this.last else None
    return CellVerdict(this.cell.id, this.cell.index, this.verdict, tuple(found.values()), run_id)
