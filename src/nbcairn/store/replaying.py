"""What replay asks of a trail: the newest runs of a document's cells, and runs by their source and inputs."""

from __future__ import annotations

import json
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbcairn.model import Document, Fingerprint, Layout, Run
from nbcairn.store import rows
from nbcairn.store.database import Connections, decoding, translated
from nbcairn.store.identity import sessions_by_notebook
from nbcairn.store.load import RunLoader, chunks
from nbcairn.store.traces import Trace, inputs_key, shape_key

__all__ = ["SHAPES", "TRACES", "ReplayQueries"]

TRACES = """
SELECT t.run_id, r.session_id,
  coalesce((SELECT group_concat(kind || char(31) || digest, char(30)) FROM
    (SELECT kind, digest FROM displays WHERE run_id = t.run_id ORDER BY position)), '') || char(29) ||
  coalesce((SELECT group_concat(
    name || char(31) || CASE coverage WHEN 'opaque' THEN coverage ELSE coalesce(digest, '') END, char(30))
    FROM (SELECT name, coverage, digest FROM writes WHERE run_id = t.run_id ORDER BY name)), '')
FROM traces t JOIN runs r ON r.id = t.run_id
WHERE t.source_key = ? AND t.shape = ? AND t.inputs = ? ORDER BY t.run_id DESC LIMIT ?
"""
SHAPES = """
WITH RECURSIVE keys(id) AS (VALUES {}), found(source_key, shape) AS (
  SELECT id, (SELECT min(shape) FROM traces WHERE source_key = id) FROM keys
  UNION ALL
  SELECT source_key, (SELECT min(t.shape) FROM traces t WHERE t.source_key = found.source_key AND t.shape > found.shape)
  FROM found WHERE shape IS NOT NULL)
SELECT source_key, shape FROM found WHERE shape IS NOT NULL
"""
"""From one shape of a source to the next by index: most sources have been run many times, and all in one shape."""


class ReplayQueries(ABC):
    """The part of ``Trail`` that replay stands on. Raises a ``TrailError`` as ``Trail`` does."""

    root: Path
    _connections: Connections
    _loader: RunLoader
    _shapes: dict[str, frozenset[str]]

    def last_runs(self, document: Document) -> dict[str, Run]:
        """The newest run of each cell of a document, by cell id.

        Follows renames. A cell that has no run under the document's path takes the newest one of the same
        cell id from a notebook that is gone.
        """
        with translated(self._connections.file):
            found = list(self._newest(document))
        return {run.cell_id: run for run in self._load(found)}

    def _newest(self, document: Document) -> Iterator[str]:
        own, gone = self._sessions_of(document)
        ids = list(dict.fromkeys(cell.id for cell in document.code))
        sql = (
            "WITH cells(id) AS (VALUES {}) SELECT r.cell_id, r.id, r.session_id FROM cells "
            "JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE cell_id = cells.id)"
        )
        for cell_id, run_id, session_id in chunks(self._rows, sql, ids, "(?)"):
            found = run_id if session_id in own else self._newest_of(cell_id, own, gone)
            if found is not None:
                yield found

    def _newest_of(self, cell_id: str, own: set[str], gone: set[str]) -> str | None:
        """The newest run of a cell that other notebooks have run since."""
        fallback: str | None = None
        for run_id, session_id in self._rows(
            "SELECT id, session_id FROM runs WHERE cell_id = ? ORDER BY id DESC", cell_id
        ):
            if session_id in own:
                return str(run_id)
            if fallback is None and session_id in gone:
                fallback = run_id
        return fallback

    def _sessions_of(self, document: Document) -> tuple[set[str], set[str]]:
        """Sessions of this document, and those of notebooks that are no longer where they were."""
        groups = sessions_by_notebook(self._connections.get())
        own = set(groups.pop(document.path, []))
        gone = (ids for path, ids in groups.items() if path is None or not (self.root / path).exists())
        return own, {session for ids in gone for session in ids}

    def shapes(self, source_keys: Iterable[str]) -> dict[str, list[frozenset[str]]]:
        """By source: the different sets of names that its successful runs looked up."""
        found = list(chunks(self._rows, SHAPES, list(dict.fromkeys(source_keys)), "(?)"))
        new = sorted({shape for _, shape in found} - self._shapes.keys())
        with decoding(self._connections.file):
            for shape, names in chunks(self._rows, "SELECT shape, names FROM shapes WHERE shape IN ({})", new):
                self._shapes[shape] = frozenset(json.loads(names))
        by_source: dict[str, list[frozenset[str]]] = {}
        for source_key, shape in found:
            if shape in self._shapes:
                by_source.setdefault(source_key, []).append(self._shapes[shape])
        return by_source

    def layouts(self, digests: Iterable[str]) -> dict[str, Layout]:
        """Tables column by column, by the digest of the whole; those that no run has told so are left out."""
        found = chunks(self._rows, "SELECT * FROM layouts WHERE digest IN ({})", list(dict.fromkeys(digests)))
        with decoding(self._connections.file):
            return {row[0]: rows.layout_of(row) for row in found}

    def newest_of(self, source_key: str, limit: int = 8) -> list[Run]:
        """Successful runs of this source whatever they looked up, newest first."""
        sql = "SELECT id FROM runs WHERE source_key = ? AND status = 'ok' ORDER BY id DESC LIMIT ?"
        return self._load([row[0] for row in self._rows(sql, source_key, limit)])

    def traces(self, source_key: str, inputs: Mapping[str, Fingerprint | None], limit: int = 8) -> list[Trace]:
        """Successful runs of this source whose reads are exactly these, newest first, found by index."""
        key = inputs_key(inputs)
        if key is None:
            return []
        return [Trace(*row) for row in self._rows(TRACES, source_key, shape_key(inputs), key, limit)]

    # ------------------------------------------------------------------ inside

    def _load(self, run_ids: Sequence[str]) -> list[Run]:
        with decoding(self._connections.file):
            return self._loader.load(run_ids)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with translated(self._connections.file):
            return self._connections.get().execute(sql, values).fetchall()
