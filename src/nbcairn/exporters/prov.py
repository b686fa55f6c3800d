"""The record as W3C PROV, through the library ``prov``: PROV-JSON, PROV-N, or PROV-O in Turtle and other RDF notations.

The target's suffix chooses: ``.json``, ``.provn``, ``.ttl``, ``.jsonld``, ``.nt``, ``.xml`` (PROV-XML).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbcairn.errors import ExportError
from nbcairn.exporters.record import Activity, Entity, Record, gather_record
from nbcairn.exporters.target import check_file, write_text
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["export", "prov_document"]

_FORMATS: Mapping[str, tuple[str, str | None]] = {
    ".json": ("json", None),
    ".provn": ("provn", None),
    ".ttl": ("rdf", "turtle"),
    ".jsonld": ("rdf", "json-ld"),
    ".nt": ("rdf", "nt"),
    ".rdf": ("rdf", "xml"),
    ".xml": ("xml", None),
}


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the record as PROV. Raises ExportError or TrailError."""
    check_file(target)
    if target.suffix not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise ExportError(f"PROV has no notation for {target.suffix or target.name!r}.", f"Use one of {known}.")
    kind, notation = _FORMATS[target.suffix]
    found = prov_document(gather_record(trail, document, data=data))
    more = {"rdf_format": notation} if notation else {}
    try:
        text = found.serialize(format=kind, **({"indent": 2} if kind == "json" else {}), **more)
    except ImportError as error:
        raise _missing(error) from error
    write_text(target, str(text))


def _missing(error: ImportError) -> ExportError:
    return ExportError(f"PROV needs the package {error.name or 'prov'}.", "pip install 'nbcairn[formats]'")


def prov_document(record: Record) -> Any:
    """The record as a ``prov.model.ProvDocument``. Raises ExportError where ``prov`` is not installed."""
    try:
        from prov.model import ProvDocument
    except ImportError as error:
        raise _missing(error) from error
    made: Any = ProvDocument()
    made.add_namespace("nbcairn", "https://pypi.org/project/nbcairn/terms#")
    made.add_namespace("run", "urn:nbcairn:run:")
    made.add_namespace("entity", "urn:nbcairn:entity:")
    made.add_namespace("agent", "urn:nbcairn:agent:")
    made.add_namespace("cell", "urn:nbcairn:cell:")
    made.add_namespace("session", "urn:nbcairn:session:")
    _agents(made, record)
    for step in record.steps:
        told = {"prov:type": _name(made, "prov:Plan"), "prov:label": step.label, "nbcairn:source": step.source}
        made.entity(f"cell:{_safe(step.id)}", told)
    entities = {entity.id: entity for entity in record.entities}
    for entity in record.entities:
        made.entity(f"entity:{_safe(entity.id)}", _described(entity))
    for activity in record.activities:
        _activity(made, activity, entities)
    return made


def _name(made: Any, text: str) -> Any:
    return made.valid_qualified_name(text)


def _safe(text: str) -> str:
    """A local name: whatever is not plain is percent-encoded, then without the percent sign that PROV-N forbids."""
    return quote(text, safe="").replace("%", "_").replace("~", "_7E")


def _agents(made: Any, record: Record) -> None:
    for agent in record.agents:
        made.agent(f"agent:{_safe(agent.id)}", {"prov:type": _name(made, "prov:Person"), "prov:label": agent.name})
    for session in record.sessions:
        kernel = made.agent(
            f"session:{_safe(session.id)}",
            {
                "prov:type": _name(made, "prov:SoftwareAgent"),
                "prov:label": f"Python {session.python} on {session.platform}",
                "nbcairn:python": session.python,
                "nbcairn:recorder": session.nbcairn,
                **({"nbcairn:git_commit": session.git_commit} if session.git_commit else {}),
            },
        )
        made.actedOnBehalfOf(kernel, f"agent:{_safe(f'{session.user}@{session.host}')}")


def _described(entity: Entity) -> dict[str, Any]:
    told = {
        "prov:label": entity.name,
        "nbcairn:kind": entity.kind,
        "nbcairn:fingerprint": entity.fingerprint.digest,
        "nbcairn:fingerprint_method": entity.fingerprint.method,
        "nbcairn:coverage": str(entity.fingerprint.coverage),
    }
    more = {"nbcairn:type": entity.type_name, "nbcairn:summary": entity.summary, "nbcairn:path": entity.path or ""}
    return told | {key: value for key, value in more.items() if value}


def _activity(made: Any, activity: Activity, entities: Mapping[str, Entity]) -> None:
    run = f"run:{_safe(activity.id)}"
    told = {"prov:label": activity.label, "nbcairn:source": activity.source, "nbcairn:status": activity.status}
    if activity.error:
        told["nbcairn:error"] = activity.error
    made.activity(run, _time(activity.started), _time(activity.ended), told)
    made.wasAssociatedWith(run, f"session:{_safe(activity.session)}", f"cell:{_safe(activity.step)}")
    made.wasAssociatedWith(run, f"agent:{_safe(activity.agent)}")
    for identity in activity.used:
        made.used(run, f"entity:{_safe(identity)}")
    for identity in activity.made:
        made.wasGeneratedBy(f"entity:{_safe(identity)}", run, _time(entities[identity].at))
    for new, old in activity.revised:
        if new in entities and old in entities:
            made.wasDerivedFrom(f"entity:{_safe(new)}", f"entity:{_safe(old)}", run)


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
