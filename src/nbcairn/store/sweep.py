"""Making room: which blobs nothing needs any more. Records are never removed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbcairn.store.blobs import LocalBlobs
from nbcairn.store.blobs.base import KEY

if TYPE_CHECKING:
    from nbcairn.store.trail import Trail

__all__ = ["GRACE_SECONDS", "Sweep", "sweep"]

GRACE_SECONDS = 3600.0
"""A blob is written before the record that names it: a younger one may still get its record."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was removed, or with ``dry`` would be: blobs and their bytes; and what is left."""

    blobs: int
    bytes: int
    left: int
    left_bytes: int
    dry: bool


def sweep(trail: Trail, *, before: str | None = None, dry: bool = False) -> Sweep:
    """Remove the blobs that no record names, and those that only runs before this moment (ISO 8601, UTC) name.

    What the newest artifact of each name in each notebook needs is always kept. Raises a TrailError when the
    trail cannot be read, or a file not be removed.
    """
    needed = _named(trail, before) | _named_by_the_newest(trail)
    files = list(_files(trail))
    gone = [(file, key, size) for file, key, size in files if key not in needed]
    if not dry:
        for file, key, _ in gone:
            trail.blobs.remove(key) if key else file.unlink(missing_ok=True)
    freed = sum(size for _, _, size in gone)
    total = sum(size for _, _, size in files)
    return Sweep(len(gone), freed, len(files) - len(gone), total - freed, dry)


def _files(trail: Trail) -> Iterator[tuple[Path, str, int]]:
    """Files in the blob folder that are old enough to judge: path, key (empty for a forgotten draft), bytes."""
    if not isinstance(trail.blobs, LocalBlobs):
        return
    limit = time.time() - GRACE_SECONDS
    for file in sorted(trail.blobs.folder.glob("files/md5/??/*")):
        key = file.parent.name + file.name
        is_draft = file.name.startswith("draft-")
        if (is_draft or KEY.fullmatch(key)) and file.stat().st_mtime < limit:
            yield file, "" if is_draft else key, file.stat().st_size


_RUNS = "run_id IN (SELECT id FROM runs WHERE ended >= ?)"
_NAMING = (
    f"SELECT blob FROM displays WHERE blob IS NOT NULL AND {_RUNS}",
    f"SELECT blob FROM artifacts WHERE blob IS NOT NULL AND {_RUNS}",
    f"SELECT md5 FROM files WHERE md5 IS NOT NULL AND {_RUNS}",
    f"SELECT detail FROM artifacts WHERE {_RUNS}",
    f"SELECT e.detail FROM enrichments e JOIN artifacts a ON a.id = e.artifact_id WHERE a.{_RUNS}",
)
"""Columns that hold keys of blobs, or JSON in which keys may stand."""


def _named(trail: Trail, before: str | None) -> set[str]:
    return {key for sql in _NAMING for row in trail.query(sql, before or "") for key in KEY.findall(row[0])}


def _named_by_the_newest(trail: Trail) -> set[str]:
    newest = "SELECT max(a.id) FROM artifacts a JOIN runs r ON r.id = a.run_id GROUP BY r.notebook, a.kind, a.name"
    artifacts = f"SELECT coalesce(blob, '') || ' ' || detail FROM artifacts WHERE id IN ({newest})"
    enrichments = f"SELECT detail FROM enrichments WHERE artifact_id IN ({newest})"
    return {key for sql in (artifacts, enrichments) for row in trail.query(sql) for key in KEY.findall(row[0])}
