"""Records as JSON: the shapes of ``server/schema/api.json``, for the server, ``--json`` and the exporters.

Every function gives plain dicts, lists, strings and numbers, ready for ``json.dumps``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nbcairn.lineage.elsewhere import Known, told_known
from nbcairn.lineage.graph import Lineage
from nbcairn.lineage.minimal import Slice
from nbcairn.model import (
    Artifact,
    Check,
    Display,
    FileAccess,
    Finding,
    Fingerprint,
    LastVerified,
    Plan,
    Read,
    Run,
    Session,
    Write,
    is_ambient,
)
from nbcairn.store import Note, Trail

__all__ = [
    "Place",
    "artifact_json",
    "artifact_places",
    "artifacts_json",
    "check_json",
    "display_json",
    "file_json",
    "finding_json",
    "fingerprint_json",
    "known_json",
    "last_verified_json",
    "lineage_json",
    "note_json",
    "plan_json",
    "read_json",
    "run_json",
    "run_summary_json",
    "session_json",
    "slice_json",
    "write_json",
]

JsonDict = dict[str, Any]


# --------------------------------------------------------------------------- parts of a run


def fingerprint_json(fingerprint: Fingerprint | None) -> JsonDict | None:
    """``Fingerprint``, or None where a name held nothing."""
    if fingerprint is None:
        return None
    return {
        "digest": fingerprint.digest,
        "coverage": str(fingerprint.coverage),
        "method": fingerprint.method,
        "note": fingerprint.note,
    }


def read_json(read: Read) -> JsonDict:
    """``Read``."""
    return {"name": read.name, "fingerprint": fingerprint_json(read.fingerprint), "run_id": read.run_id}


def write_json(write: Write) -> JsonDict:
    """``Write``."""
    return {
        "name": write.name,
        "fingerprint": fingerprint_json(write.fingerprint),
        "how": str(write.how),
        "type_name": write.type_name,
        "summary": write.summary,
    }


def file_json(file: FileAccess) -> JsonDict:
    """``FileAccess``."""
    return {
        "path": file.path,
        "mode": str(file.mode),
        "md5": file.md5,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "note": file.note,
    }


def display_json(display: Display) -> JsonDict:
    """``Display``."""
    return {
        "kind": display.kind,
        "digest": display.digest,
        "media_types": list(display.media_types),
        "blob": display.blob,
        "text": display.text,
    }


# --------------------------------------------------------------------------- runs and sessions


def _run_head(run: Run) -> JsonDict:
    return {
        "id": run.id,
        "session_id": run.session_id,
        "seq": run.seq,
        "notebook": run.notebook,
        "cell_id": run.cell_id,
        "source": run.source,
        "started": run.started,
        "ended": run.ended,
        "seconds": run.seconds,
        "status": str(run.status),
        "execution_count": run.execution_count,
        "error_type": run.error_type,
        "error_message": run.error_message,
        "effects": [str(effect) for effect in run.effects],
    }


def run_summary_json(run: Run, artifacts: int) -> JsonDict:
    """``RunSummary``; ``artifacts`` is the number of those it made."""
    return {
        **_run_head(run),
        "reads": _ambient_last(read.name for read in run.reads),
        "writes": _ambient_last(write.name for write in run.writes),
        "artifacts": artifacts,
    }


def run_json(run: Run, artifacts: Sequence[JsonDict] = ()) -> JsonDict:
    """``Run``; ``artifacts`` as ``artifacts_json`` gives them."""
    return {
        **_run_head(run),
        "source_key": run.source_key,
        "reads": [read_json(read) for read in run.reads],
        "writes": [write_json(write) for write in run.writes],
        "files": [file_json(file) for file in run.files],
        "displays": [display_json(display) for display in run.displays],
        "tags": list(run.tags),
        "notes": list(run.notes),
        "artifacts": list(artifacts),
    }


def _ambient_last(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (is_ambient(name), name))


def session_json(session: Session) -> JsonDict:
    """``Session``."""
    return {
        "id": session.id,
        "kernel_id": session.kernel_id,
        "notebook": session.notebook,
        "user": session.user,
        "host": session.host,
        "started": session.started,
        "ended": session.ended,
        "python": session.python,
        "platform": session.platform,
        "nbcairn": session.nbcairn,
        "git_commit": session.git_commit,
        "git_dirty": session.git_dirty,
        "cwd": session.cwd,
        "packages": {str(name): str(version) for name, version in session.packages.items()},
    }


# --------------------------------------------------------------------------- artifacts


@dataclass(frozen=True, slots=True)
class Place:
    """Where an artifact stands: the run's notebook, cell and end, and which of how many versions it is."""

    notebook: str | None
    cell_id: str
    made: str
    version: int
    versions: int


def artifact_places(trail: Trail, artifacts: Sequence[Artifact]) -> dict[str, Place]:
    """The place of each artifact, by its id; one look-up for each run and each name, however many versions."""
    runs = {run.id: run for run in trail.runs_of(list(dict.fromkeys(artifact.run_id for artifact in artifacts)))}
    series: dict[tuple[str | None, str, str], dict[str, int]] = {}
    places = {}
    for artifact in artifacts:
        run = runs.get(artifact.run_id)
        notebook = run.notebook if run else None
        key = (notebook, str(artifact.kind), artifact.name)
        if key not in series:
            series[key] = _series(trail, *key)
        version = series[key].get(artifact.id, len(series[key]) or 1)
        places[artifact.id] = Place(
            notebook,
            run.cell_id if run else "",
            run.ended if run else "",
            version,
            max(version, len(series[key])),
        )
    return places


def _series(trail: Trail, notebook: str | None, kind: str, name: str) -> dict[str, int]:
    """The versions of a name and kind, numbered from 1 for the oldest, by artifact id."""
    known = trail.series(name, kind, notebook) or trail.series(name, kind)
    return {artifact_id: number for number, artifact_id in enumerate(known, 1)}


def artifact_json(artifact: Artifact, place: Place) -> JsonDict:
    """``Artifact``."""
    return {
        "id": artifact.id,
        "run_id": artifact.run_id,
        "kind": str(artifact.kind),
        "name": artifact.name,
        "fingerprint": fingerprint_json(artifact.fingerprint),
        "type_name": artifact.type_name,
        "summary": artifact.summary,
        "media_type": artifact.media_type,
        "blob": artifact.blob,
        "detail": dict(artifact.detail),
        "notebook": place.notebook,
        "cell_id": place.cell_id,
        "made": place.made,
        "versions": place.versions,
        "version": place.version,
    }


def artifacts_json(trail: Trail, artifacts: Sequence[Artifact]) -> list[JsonDict]:
    """Several ``Artifact``, in the same order."""
    places = artifact_places(trail, artifacts)
    return [artifact_json(artifact, places[artifact.id]) for artifact in artifacts]


# --------------------------------------------------------------------------- check and lineage


def finding_json(finding: Finding) -> JsonDict:
    """``Finding``."""
    return {
        "code": finding.code,
        "title": finding.title,
        "message": finding.message,
        "remedy": finding.remedy,
        "severity": str(finding.severity),
        "names": list(finding.names),
        "because": dict(finding.because),
    }


def check_json(check: Check) -> JsonDict:
    """``Check``."""
    return {
        "document": check.document,
        "trail": check.trail,
        "cells": [
            {
                "cell_id": cell.cell_id,
                "index": cell.index,
                "verdict": str(cell.verdict),
                "findings": [finding_json(finding) for finding in cell.findings],
                "run_id": cell.run_id,
            }
            for cell in check.cells
        ],
        "findings": [finding_json(finding) for finding in check.findings],
        "summary": check.summary,
        "plan": plan_json(check.plan),
        "verified": last_verified_json(check.verified),
    }


def plan_json(plan: Plan) -> JsonDict:
    """``Plan``."""
    return {
        "restart": plan.restart,
        "run": list(plan.run),
        "obstacles": [
            {"cell_id": one.cell_id, "index": one.index, "why": one.why, "edit": one.edit} for one in plan.obstacles
        ],
    }


def last_verified_json(verified: LastVerified | None) -> JsonDict | None:
    """``LastVerified``, or None where the document was never run for real."""
    if verified is None:
        return None
    return {
        "made": verified.made,
        "same": verified.same,
        "counts": dict(verified.counts),
        "edited": verified.edited,
    }


def lineage_json(lineage: Lineage) -> JsonDict:
    """``Lineage``."""
    return {
        "nodes": [
            {
                "id": node.id,
                "kind": node.kind,
                "label": node.label,
                "run_id": node.run_id,
                "cell_id": node.cell_id,
                "artifact_id": node.artifact_id,
                "seq": node.seq,
                "at": node.at,
                "focus": node.focus,
            }
            for node in lineage.nodes
        ],
        "edges": [{"source": edge.source, "target": edge.target, "names": list(edge.names)} for edge in lineage.edges],
        "truncated": lineage.truncated,
    }


def slice_json(found: Slice) -> JsonDict:
    """``Slice``."""
    return {
        "parts": [
            {
                "run_id": part.run.id,
                "cell_id": part.run.cell_id,
                "notebook": part.run.notebook,
                "execution_count": part.run.execution_count,
                "source": part.source,
                "whole": part.is_whole,
            }
            for part in found.parts
        ],
        "lines": found.lines,
        "inputs": [file_json(file) for file in found.inputs],
        "missing": list(found.missing),
    }


def note_json(note: Note) -> JsonDict:
    """``Note``."""
    return {"id": note.id, "subject": note.subject, "author": note.author, "made": note.made, "text": note.text}


def known_json(known: Known) -> JsonDict:
    """``Known``."""
    holder = known.holder
    return {
        "name": known.name,
        "run_id": known.run.id,
        "cell_id": known.run.cell_id,
        "read": known.read,
        "user": known.session.user,
        "host": known.session.host,
        "own": known.own,
        "since": holder.started,
        "notebook": holder.notebook,
        "elsewhere": holder.name,
        "was_read": holder.reading,
        "other_run_id": holder.run_id,
        "session_id": holder.session_id,
        "artifact_id": holder.artifact_id,
        "times": known.times,
        "told": told_known(known),
    }
