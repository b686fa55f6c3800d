"""Two trails into one: ids are unique across machines and records never change, so merging is union.

Records are read one by one through the same code that reads one's own, so that a foreign trail can bring in
nothing but records; blobs count only if their bytes give their key. In whatever order trails are merged, and
however often, the result is the same: where two tell one record differently, its content decides (``settle.py``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbcairn.errors import RecordNotFound, TrailCorrupt
from nbcairn.model import Artifact

if TYPE_CHECKING:
    from nbcairn.store.trail import Trail

__all__ = ["Merged", "merge"]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Merged:
    """What was new: how many sessions, runs, artifacts, blobs, notes; and which blobs were damaged."""

    sessions: int = 0
    runs: int = 0
    artifacts: int = 0
    blobs: int = 0
    notes: int = 0
    damaged: tuple[str, ...] = ()


def merge(target: Trail, source: Trail) -> Merged:
    """Add to ``target`` what only ``source`` has."""
    blobs, damaged = _blobs(target, source)
    before = target.sizes()
    for session in source.sessions():
        target.take_session(session)
    _runs(target, source)
    target.adopt(source)
    after = target.sizes()
    grown = {table: after[table] - before[table] for table in after}
    return Merged(grown["sessions"], grown["runs"], grown["artifacts"], blobs, grown["notes"], damaged)


def _runs(target: Trail, source: Trail) -> None:
    made: dict[str, list[Artifact]] = defaultdict(list)
    for artifact in source.artifacts(limit=None, enriched=False):
        made[artifact.run_id].append(artifact)
    last: str | None = None
    while batch := source.runs(since=last, limit=BATCH, newest_first=False):
        for run in batch:
            target.take_run(run, made.get(run.id, ()))
        last = batch[-1].id


def _blobs(target: Trail, source: Trail) -> tuple[int, tuple[str, ...]]:
    copied, damaged = 0, []
    for key in list(source.blobs.keys()):
        if not target.blobs.has(key):
            try:
                target.blobs.put(source.blobs.get(key))
            except (TrailCorrupt, RecordNotFound):
                damaged.append(key)
            else:
                copied += 1
    return copied, tuple(damaged)
