"""What the routes about one artifact's value answer: its rows, what changed in them, how to have it again, its stages."""

from __future__ import annotations

from typing import Any

from nbcairn.errors import ExportError
from nbcairn.exporters.pipeline.stages import ORDER, stages_of
from nbcairn.lineage.restore import restoring_record
from nbcairn.lineage.targets import target_of
from nbcairn.model import Document
from nbcairn.server.changes import Change, Changes, compare_rows
from nbcairn.server.tables import MOST_COLUMNS, Table, table_of
from nbcairn.store import Trail

__all__ = ["changes", "restore", "rows", "stages"]

JsonDict = dict[str, Any]


def rows(trail: Trail, artifact_id: str, offset: int, limit: int) -> JsonDict:
    """``Rows``. Raises RecordNotFound."""
    table = table_of(trail, trail.artifact(artifact_id))
    if table is None:
        return {
            "columns": [], "dtypes": [], "labels": [], "rows": [], "offset": offset, "available": 0, "total": None,
            "note": "No rows were kept.",
        }  # fmt: skip
    labels, found = table.read(offset, limit, False)
    return {
        "columns": list(table.columns),
        "dtypes": list(table.dtypes),
        "labels": list(labels),
        "rows": [list(row) for row in found],
        "offset": offset,
        "available": table.available,
        "total": table.total,
        "note": _cut(table),
    }


def _cut(table: Table) -> str:
    cut = len(table.columns) >= MOST_COLUMNS
    return " ".join(filter(None, (table.why, f"At most {MOST_COLUMNS} columns are shown." if cut else "")))


def changes(trail: Trail, before_id: str, after_id: str, key: tuple[str, ...] | None) -> JsonDict:
    """``RowChanges``. Raises RecordNotFound."""
    before, after = (table_of(trail, trail.artifact(one)) for one in (before_id, after_id))
    if before is None or after is None:
        found = Changes("nothing", (), (), (0, 0), 0, 0, None, None, ())
        return _changes_json(found, None, None, "Of one of the two versions no rows were kept.")
    note = before.why or after.why
    return _changes_json(compare_rows(before, after, key), before, after, note)


def _changes_json(found: Changes, before: Table | None, after: Table | None, note: str) -> JsonDict:
    return {
        "matched": found.matched,
        "key": list(found.key),
        "keys": [list(key) for key in found.keys],
        "before": {"compared": found.compared[0], "total": before.total if before else None},
        "after": {"compared": found.compared[1], "total": after.total if after else None},
        "exact": bool(before and after and before.exact and after.exact),
        "same": found.same,
        "changed": found.changed,
        "added": found.added,
        "removed": found.removed,
        "rows": [_change_json(change) for change in found.changes],
        "note": note,
    }


def _change_json(change: Change) -> JsonDict:
    cells = [{"column": column, "before": before, "after": after} for column, before, after in change.cells]
    return {"change": change.kind, "key": list(change.key), "cells": cells}


def restore(trail: Trail, artifact_id: str, variable: str | None) -> JsonDict:
    """``Restore``. Raises RecordNotFound."""
    found = restoring_record(trail, trail.artifact(artifact_id), variable)
    return {"kept": found.kept, "variable": found.variable, "source": found.source, "message": found.told}


def stages(trail: Trail, artifact_id: str, document: Document) -> JsonDict:
    """``Stages``; code that cannot be divided is told, not an error. Raises RecordNotFound."""
    target = target_of(trail, trail.artifact(artifact_id))
    try:
        found = stages_of(trail, document, target)
    except ExportError as error:
        return {"names": [], "usual": list(ORDER), "cells": [], "problem": f"{error.fact} {error.remedy}"}
    return {
        "names": list(found.names),
        "usual": list(ORDER),
        "cells": [
            {"cell_id": cell.cell_id, "label": cell.label, "stages": list(cell.stages), "tagged": cell.tagged}
            for cell in found.cells
        ],
        "problem": "",
    }
