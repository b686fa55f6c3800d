"""Taking a bundle into a trail: the union, whichever comes first and however often. Conflicting claims stay side by side."""

from __future__ import annotations

from dataclasses import dataclass

from nbcairn.exporters.bundle import Bundle
from nbcairn.exporters.claims import Claims
from nbcairn.model import Artifact
from nbcairn.store import Trail
from nbcairn.store.remarks import Remarks

__all__ = ["TakenIn", "take_in"]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was new, which claims conflict with what the trail had (ids), and what was refused and why."""

    sessions: int
    runs: int
    artifacts: int
    notes: int
    blobs: int
    conflicts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def take_in(trail: Trail, bundle: Bundle) -> TakenIn:
    """Add to a trail what only the bundle has. Raises a TrailError when the trail cannot be written."""
    before = trail.sizes()
    known = set(trail.blobs.keys())
    wanted = bundle.records.blobs
    blobs = {key: content for key, content in bundle.blobs.items() if key not in known and key in wanted}
    claims = Claims(trail, bundle.records)
    for session in bundle.records.sessions:
        trail.take_session(session)
    made: dict[str, list[Artifact]] = {}
    for artifact in bundle.records.artifacts:
        made.setdefault(artifact.run_id, []).append(artifact)
    for run in bundle.records.runs:
        trail.take_run(run, made.get(run.id, ()))
    for content in blobs.values():
        trail.blobs.put(content)
    trail.add_remarks(bundle.records.remarks)
    trail.add_remarks(Remarks(notes=tuple(claims.notes)))
    for verified in bundle.records.verifications:
        trail.verified(verified)
    trail.lay_out({laid.digest: laid.layout for laid in bundle.records.layouts})
    after = trail.sizes()
    grown = {table: after[table] - before[table] for table in ("sessions", "runs", "artifacts", "notes")}
    return TakenIn(
        grown["sessions"], grown["runs"], grown["artifacts"], grown["notes"], len(blobs),
        tuple(dict.fromkeys(claims.conflicts)), bundle.refused,
    )  # fmt: skip
