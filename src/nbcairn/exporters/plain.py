"""The neutral record as JSON, in a schema of our own: ``exporters/schema/record.json``, version in ``format``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbcairn.exporters.record import Entity, Record, gather_record, used_packages
from nbcairn.exporters.target import check_file, write_text
from nbcairn.model import Document, Session
from nbcairn.store import Trail

__all__ = ["FORMAT", "as_json", "export"]

FORMAT = "nbcairn-record/1"


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the record. Raises ExportError or TrailError."""
    check_file(target)
    record = gather_record(trail, document, data=data)
    write_text(target, json.dumps(as_json(record), indent=1, ensure_ascii=False) + "\n")


def as_json(record: Record) -> dict[str, Any]:
    """The record as plain dicts, lists and strings."""
    return {
        "format": FORMAT,
        "title": record.title,
        "project": record.project,
        "notebook": record.notebook,
        "made": record.made,
        "generator": record.generator,
        "agents": [asdict(agent) for agent in record.agents],
        "sessions": [_session(session) for session in record.sessions],
        "packages": dict(used_packages(record)),
        "cells": [asdict(step) for step in record.steps],
        "runs": [
            {**asdict(run), "used": list(run.used), "made": list(run.made), "revised": [list(p) for p in run.revised]}
            for run in record.activities
        ],
        "entities": [_entity(entity) for entity in record.entities],
        "left_out": list(record.left_out),
        "secrets_removed": record.secrets,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    found = asdict(entity)
    found["fingerprint"]["coverage"] = str(entity.fingerprint.coverage)
    found["columns"] = [{"name": name, "dtype": dtype} for name, dtype in entity.columns]
    return found


def _session(session: Session) -> dict[str, Any]:
    """What a kernel life was, without the whole list of packages."""
    kept = (
        "id",
        "notebook",
        "user",
        "host",
        "started",
        "ended",
        "python",
        "platform",
        "nbcairn",
        "git_commit",
        "git_dirty",
    )
    told = asdict(session)
    return {name: told[name] for name in kept}
