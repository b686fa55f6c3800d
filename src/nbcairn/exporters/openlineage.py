"""Runs as OpenLineage events, one JSON object a line: a START and a COMPLETE or FAIL for each run.

https://openlineage.io/docs/spec/object-model. A cell is a job, a version or file a dataset named by what it is called, with its
fingerprint as the dataset's version.
"""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

from nbcairn.exporters.record import Activity, Entity, Record, Step, gather_record
from nbcairn.exporters.target import check_file, write_text
from nbcairn.model import Document, Session
from nbcairn.store import Trail

__all__ = ["events", "export"]

Facet = dict[str, Any]
PRODUCER = "https://pypi.org/project/nbcairn"
_SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets"


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the events in the order of time. Raises ExportError or TrailError."""
    check_file(target)
    record = gather_record(trail, document, data=data)
    write_text(target, "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events(record)))


def events(record: Record) -> list[dict[str, Any]]:
    """Every event of a record."""
    entities = {entity.id: entity for entity in record.entities}
    steps = {step.id: step for step in record.steps}
    sessions = {session.id: session for session in record.sessions}
    namespace = _name(record.project)
    found: list[dict[str, Any]] = []
    for activity in record.activities:
        run = {"runId": _run_id(activity.id), "facets": _run_facets(activity, sessions[activity.session])}
        job = _job(record, namespace, steps[activity.step], activity)
        inputs = [_dataset(namespace, entities[identity]) for identity in activity.used]
        outputs = [_dataset(namespace, entities[identity]) for identity in activity.made]
        end = "COMPLETE" if activity.status == "ok" else "FAIL" if activity.status == "error" else "ABORT"
        for kind, at, made in (("START", activity.started, []), (end, activity.ended, outputs)):
            found.append(
                {
                    "eventType": kind,
                    "eventTime": at,
                    "producer": PRODUCER,
                    "schemaURL": _SPEC,
                    "run": run,
                    "job": job,
                    "inputs": inputs,
                    "outputs": made,
                }
            )
    return found


def _facet(spec: str, kind: str, /, **fields: object) -> Facet:
    schema = f"{_FACETS}/{spec}/{kind}.json#/$defs/{kind}"
    return {"_producer": PRODUCER, "_schemaURL": schema, **fields}


def _run_id(run_id: str) -> str:
    """A run's id as a UUID: ours has 32 hex digits, others get one made of their text."""
    if re.fullmatch(r"[0-9a-f]{32}", run_id):
        return str(uuid.UUID(run_id))
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"nbcairn:{run_id}"))


def _run_facets(activity: Activity, session: Session) -> dict[str, Facet]:
    facets = {
        "processing_engine": _facet(
            "1-1-1", "ProcessingEngineRunFacet", name="Python", version=session.python,
            openlineageAdapterVersion=session.nbcairn,
        )
    }  # fmt: skip
    if activity.error:
        facets["errorMessage"] = _facet(
            "1-0-1", "ErrorMessageRunFacet", message=activity.error, programmingLanguage="PYTHON"
        )
    return facets


def _job(record: Record, namespace: str, step: Step, activity: Activity) -> dict[str, Any]:
    facets = {
        "jobType": _facet(
            "2-0-4", "JobTypeJobFacet", processingType="BATCH", integration="JUPYTER", jobType="NOTEBOOK_CELL"
        ),
        "sourceCode": _facet("1-0-1", "SourceCodeJobFacet", language="PYTHON", sourceCode=activity.source),
        "documentation": _facet("1-1-0", "DocumentationJobFacet", description=step.label),
    }
    return {"namespace": namespace, "name": f"{record.notebook or record.title}.{step.cell_id}", "facets": facets}


def _dataset(namespace: str, entity: Entity) -> dict[str, Any]:
    version = f"{entity.fingerprint.method}:{entity.fingerprint.digest}"
    facets = {"version": _facet("1-0-1", "DatasetVersionDatasetFacet", datasetVersion=version)}
    if entity.columns:
        fields = [{"name": name, "type": dtype} for name, dtype in entity.columns]
        facets["schema"] = _facet("1-2-0", "SchemaDatasetFacet", fields=fields)
    where = "file" if entity.kind == "file" else namespace
    return {"namespace": where, "name": entity.name or "unnamed", "facets": facets}


def _name(text: str) -> str:
    return f"nbcairn://{re.sub(r'[^A-Za-z0-9._-]', '-', text) or 'project'}"
