"""What replay asks of a trail: the newest runs of a document's cells, and runs by their source and inputs."""

from __future__ import annotations

import json
from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
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
SELECT t.run_id, o.session_id, o.outcome FROM traces t JOIN outcomes o ON o.run_id = t.run_id
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

    def runs_of_lost_cells(self, document: Document, keys: Mapping[str, str]) -> dict[str, Run]:
        """For cells without a run, by id in the order of the document, with the key of their source: the last run of a cell
        with that source which the document has no more by its id, as when ids were lost on the way through another program.

        Of cells with equal source the first takes the one that was run first.
        """
        lost = self._lost(document, list(dict.fromkeys(keys.values())))
        taken = {cell_id: lost[key].pop(0) for cell_id, key in keys.items() if lost.get(key)}
        found = {run.id: run for run in self._load(list(taken.values()))}
        return {cell_id: found[run_id] for cell_id, run_id in taken.items()}

    def _lost(self, document: Document, keys: Sequence[str]) -> dict[str, list[str]]:
        """By source: the last runs of cells that the document has no more, in the order in which the cells were run first."""
        with translated(self._connections.file):
            own, _ = self._sessions_of(document)
        present = {cell.id for cell in document.code}
        sql = "SELECT source_key, cell_id, min(id), max(id) FROM runs WHERE source_key IN ({}) GROUP BY source_key, cell_id"
        last = "SELECT id, session_id FROM runs WHERE cell_id = ? ORDER BY id DESC LIMIT 1"
        found: dict[str, list[str]] = {}
        for key, cell_id, _, run_id in sorted(chunks(self._rows, sql, keys), key=itemgetter(2)):
            newest, session_id = self._rows(last, cell_id)[0]
            if cell_id not in present and newest == run_id and session_id in own:
                found.setdefault(key, []).append(run_id)
        return found

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
