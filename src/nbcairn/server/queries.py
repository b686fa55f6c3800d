"""What each route answers, from an open trail: plain functions that block and know nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbcairn import wire
from nbcairn.lineage.elsewhere import known_elsewhere, newest_known
from nbcairn.lineage.graph import lineage as graph
from nbcairn.lineage.memory import Lives, until_its_end
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.targets import target_of
from nbcairn.model import Document
from nbcairn.server.description import contract
from nbcairn.store import Trail

__all__ = [
    "NO_TRAIL",
    "ArtifactQuery",
    "RunQuery",
    "Span",
    "artifact",
    "artifacts",
    "check",
    "known",
    "lineage",
    "no_artifacts",
    "no_known",
    "no_lineage",
    "no_notes",
    "no_runs",
    "no_status",
    "notes",
    "run",
    "runs",
    "session",
    "slice_of_artifact",
    "status",
]

JsonDict = dict[str, Any]

Span = tuple[str | None, str | None]
"""From this moment on, and up to but not at that one, in the trail's notation; None where it is open."""

NO_TRAIL = "No trail yet: run %load_ext nbcairn in a cell, and what you run from then on is recorded."


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs are asked for; ``since`` and ``before`` are run ids and exclusive, ``span`` is of their start."""

    cell: str | None = None
    since: str | None = None
    before: str | None = None
    span: Span = (None, None)
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ArtifactQuery:
    """Which artifacts are asked for."""

    everywhere: bool = False
    kind: str | None = None
    text: str | None = None
    name: str | None = None
    digest: str | None = None
    notebook: str | None = None
    session: str | None = None
    user: str | None = None
    tag: str | None = None
    span: Span = (None, None)
    stacked: bool = False
    offset: int = 0
    limit: int = 50


# --------------------------------------------------------------------------- status


def no_status() -> JsonDict:
    """``Status`` where there is no trail."""
    return _status(None, 0, 0, 0, None, all_runs=0, told=0, recording=False, message=NO_TRAIL)


def status(trail: Trail, notebook: str, lives: Lives) -> JsonDict:
    """``Status``."""
    sessions = trail.sessions(notebook)
    newest = trail.runs(notebook=notebook, limit=1)
    count = trail.count_runs(notebook)
    recording = any(
        lives(session) and (session.kernel_id is not None or session is sessions[-1]) for session in sessions
    )
    return _status(
        str(trail.folder),
        count,
        len(sessions),
        trail.count_artifacts(notebook=notebook),
        newest[0].id if newest else None,
        all_runs=trail.count_runs(None),
        told=trail.told(),
        recording=recording,
        message=_message(count, recording=recording),
    )


def _status(
    folder: str | None,
    runs: int,
    sessions: int,
    artifacts: int,
    last_run: str | None,
    *,
    all_runs: int,
    told: int,
    recording: bool,
    message: str,
) -> JsonDict:
    from nbcairn import __version__

    return {
        "contract": contract(),
        "nbcairn": __version__,
        "trail": folder,
        "runs": runs,
        "sessions": sessions,
        "artifacts": artifacts,
        "last_run": last_run,
        "all_runs": all_runs,
        "told": told,
        "recording": recording,
        "message": message,
    }


def _message(runs: int, *, recording: bool) -> str:
    if recording:
        return "Recording." if runs else "Recording; no cell has run yet."
    if runs:
        return "Not recording now: run %load_ext nbcairn in a cell to go on."
    return "Nothing is recorded for this notebook yet: run %load_ext nbcairn in a cell."


# --------------------------------------------------------------------------- runs and sessions


def no_runs() -> JsonDict:
    """``RunPage`` where there is no trail."""
    return {"items": [], "total": 0, "next": None}


def runs(trail: Trail, notebook: str, query: RunQuery) -> JsonDict:
    """``RunPage``."""
    found = trail.runs(
        notebook=notebook,
        cell_id=query.cell,
        since=query.since,
        before=query.before,
        started_from=query.span[0],
        started_to=query.span[1],
        offset=query.offset,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    return {
        "items": [wire.run_summary_json(run, trail.count_artifacts(run_id=run.id)) for run in shown],
        "total": trail.count_runs(notebook, query.cell, None, *query.span),
        "next": shown[-1].id if len(found) > len(shown) else None,
    }


def run(trail: Trail, run_id: str) -> JsonDict:
    """``Run``. Raises RecordNotFound."""
    found = trail.run(run_id)
    made = trail.artifacts(run_id=run_id, limit=None)
    return wire.run_json(found, wire.artifacts_json(trail, made[::-1]))


def session(trail: Trail, session_id: str) -> JsonDict:
    """``Session``. Raises RecordNotFound."""
    return wire.session_json(trail.session(session_id))


# --------------------------------------------------------------------------- artifacts and lineage


def no_artifacts() -> JsonDict:
    """``ArtifactPage`` where there is no trail."""
    return {"items": [], "total": 0, "next": None}


def artifacts(trail: Trail, notebook: str, query: ArtifactQuery) -> JsonDict:
    """``ArtifactPage``."""
    wanted: dict[str, Any] = {
        "notebook": query.notebook or (None if query.everywhere else notebook),
        "kind": query.kind,
        "name": query.name,
        "query": query.text,
        "digest": query.digest,
        "session_id": query.session,
        "user": query.user,
        "tag": query.tag,
        "made_from": query.span[0],
        "made_to": query.span[1],
        "stacked": query.stacked,
    }
    found, total = trail.artifact_page(query.offset, query.limit, **wanted)
    end = query.offset + len(found)
    return {
        "items": wire.artifacts_json(trail, found),
        "total": total,
        "next": end if found and end < total else None,
    }


def artifact(trail: Trail, artifact_id: str) -> JsonDict:
    """``Artifact``. Raises RecordNotFound."""
    return wire.artifacts_json(trail, [trail.artifact(artifact_id)])[0]


def slice_of_artifact(trail: Trail, artifact_id: str) -> JsonDict:
    """``Slice``. Raises RecordNotFound."""
    target = target_of(trail, trail.artifact(artifact_id))
    return wire.slice_json(minimal_slice(trail, target.run.id, target.name))


def no_lineage() -> JsonDict:
    """``Lineage`` where there is no trail."""
    return {"nodes": [], "edges": [], "truncated": False}


def lineage(trail: Trail, notebook: str, artifact_id: str | None, run_id: str | None, limit: int) -> JsonDict:
    """``Lineage``. Raises RecordNotFound for an unknown focus."""
    return wire.lineage_json(graph(trail, notebook, artifact_id, run_id, limit))


# --------------------------------------------------------------------------- notes


def no_notes() -> JsonDict:
    """``NotePage`` where there is no trail."""
    return {"items": []}


def notes(trail: Trail, subject: str) -> JsonDict:
    """``NotePage``."""
    return {"items": [wire.note_json(note) for note in trail.notes(subject)]}


# --------------------------------------------------------------------------- somebody has this already


def no_known() -> JsonDict:
    """``KnownPage`` where there is no trail."""
    return {"items": []}


def known(trail: Trail, notebook: str, run_id: str | None) -> JsonDict:
    """``KnownPage``, of one run or of the newest run of each cell. Raises RecordNotFound for an unknown run."""
    found = known_elsewhere(trail, [trail.run(run_id)]) if run_id else newest_known(trail, notebook)
    return {"items": [wire.known_json(one) for one in found]}


# --------------------------------------------------------------------------- check


def check(
    trail: Trail, document: Document, folder: str | None, target: str | None = None, lives: Lives = until_its_end
) -> JsonDict:
    """``Check`` of a document as it stands; ``folder`` is null where nothing was ever recorded."""
    from nbcairn.lineage.check import check as replay

    return {**wire.check_json(replay(document, trail, target, lives)), "trail": folder}
