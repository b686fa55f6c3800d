"""A verification as JSON: what ``nbcairn verify --json`` prints, and what the trail keeps of it."""

from __future__ import annotations

from typing import Any

from nbcairn.verify.result import Cause, Difference, Verification, VerifiedCell

__all__ = ["verification_json"]

JsonDict = dict[str, Any]


def verification_json(found: Verification) -> JsonDict:
    """``Verification`` of ``docs/verify.md``."""
    return {
        "document": found.document,
        "trail": found.trail,
        "made": found.made,
        "seconds": round(found.seconds, 3),
        "kernel": found.kernel,
        "python": found.python,
        "same": found.same,
        "settled": found.settled,
        "stopped": None
        if found.stop is None
        else {"index": found.stop.index, "reason": str(found.stop.reason), "message": found.stop.message},
        "summary": found.summary,
        "roots": [
            {"index": root.cell, "cause": _cause(root.cause), "follows": list(root.follows)} for root in found.roots
        ],
        "prediction": {
            "right": sum(cell.agrees is True for cell in found.cells),
            "judged": sum(cell.agrees is not None for cell in found.cells),
            "missed": [cell.index for cell in found.missed],
            "false_alarms": [cell.index for cell in found.false_alarms],
        },
        "cells": [_cell(cell) for cell in found.cells],
        "notes": list(found.notes),
    }


def _cell(cell: VerifiedCell) -> JsonDict:
    return {
        "cell_id": cell.cell_id,
        "index": cell.index,
        "outcome": str(cell.outcome),
        "baseline": str(cell.baseline),
        "predicted": str(cell.predicted) if cell.predicted else None,
        "agrees": cell.agrees,
        "seconds": None if cell.seconds is None else round(cell.seconds, 3),
        "differences": [_difference(difference) for difference in cell.differences],
        "causes": [_cause(cause) for cause in cell.causes],
        "notes": list(cell.notes),
    }


def _difference(difference: Difference) -> JsonDict:
    return {
        "what": str(difference.what),
        "message": difference.message,
        "name": difference.name,
        "before": difference.before,
        "after": difference.after,
    }


def _cause(cause: Cause) -> JsonDict:
    return {
        "kind": str(cause.kind),
        "message": cause.message,
        "remedy": cause.remedy,
        "index": cause.cell,
        "names": list(cause.names),
    }
