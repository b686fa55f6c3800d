"""Taking a bundle into a trail: the union, whichever comes first and however often. Conflicting claims stay side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbcairn.exporters.bundle import Bundle, Records
from nbcairn.exporters.claims import Claims
from nbcairn.model import Artifact
from nbcairn.store import Trail
from nbcairn.store.remarks import Remarks

__all__ = ["TakenIn", "take_in"]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was new, which claims conflict with what the trail had (ids), and what was refused and why.

    ``settled`` names what is told in two ways and is no record that people look at, so there are no notes on it.
    """

    sessions: int
    runs: int
    artifacts: int
    notes: int
    blobs: int
    conflicts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


def take_in(trail: Trail, bundle: Bundle) -> TakenIn:
    """Add to a trail what only the bundle has. Raises a TrailError when the trail cannot be written."""
    before = trail.sizes()
    known = set(trail.blobs.keys())
    wanted = bundle.records.blobs
    blobs = {key: content for key, content in bundle.blobs.items() if key not in known and key in wanted}
    claims = Claims(trail, bundle.records)
    settled = tuple(_settled(trail, bundle.records))
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
        tuple(dict.fromkeys(claims.conflicts)), bundle.refused, settled,
    )  # fmt: skip


def _settled(trail: Trail, records: Records) -> Iterator[str]:
    """What both sides tell differently of the columns of tables and of where notebooks were."""
    known = trail.layouts([laid.digest for laid in records.layouts])
    for laid in records.layouts:
        if known.get(laid.digest, laid.layout) != laid.layout:
            yield f"the columns of the table {laid.digest[:10]}"
    seen = {(path.kernel_id, path.seen): path.notebook for path in trail.remarks().paths}
    for path in records.remarks.paths:
        if seen.get((path.kernel_id, path.seen), path.notebook) != path.notebook:
            yield f"the path of the notebook of kernel {path.kernel_id[:40]} ({path.seen})"
