"""Runs out of tables. Runs never change, so those read once are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from nbcairn.model import Run
from nbcairn.store import rows

__all__ = ["RunLoader", "chunks"]

CACHED_RUNS = 4000
CHUNK = 500

Ask = Callable[..., list[tuple[Any, ...]]]

_PARTS: dict[str, Callable[[tuple[Any, ...]], object]] = {
    "reads": rows.read_of,
    "writes": rows.write_of,
    "files": rows.file_of,
    "displays": rows.display_of,
}
_KEY = {"reads": "name", "writes": "name", "files": "position", "displays": "position"}
_POSITION = {"reads": 7, "writes": 9}


def chunks(ask: Ask, sql: str, ids: Sequence[str], mark: str = "?") -> Iterator[tuple[Any, ...]]:
    """The rows of a query with ``IN ({})`` for any number of ids; or with ``VALUES {}``, where the mark of one is ``(?)``."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        yield from ask(sql.format(", ".join([mark] * len(some))), *some)


class RunLoader:
    """Reads runs by id, each once. Used from several threads."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, Run] = {}
        self._lock = threading.Lock()

    def keep(self, run: Run) -> None:
        """Remember a run that was just written."""
        with self._lock:
            if len(self._known) >= CACHED_RUNS:
                self._known.clear()
            self._known[run.id] = run

    def forget(self, run_id: str) -> None:
        """Read a run again: another telling of it took its place."""
        with self._lock:
            self._known.pop(run_id, None)

    def load(self, run_ids: Sequence[str]) -> list[Run]:
        """Runs in the order asked; unknown ids are left out."""
        with self._lock:
            found = {run_id: self._known[run_id] for run_id in run_ids if run_id in self._known}
        missing = [run_id for run_id in run_ids if run_id not in found]
        for run in self._assemble(missing) if missing else ():
            found[run.id] = run
            self.keep(run)
        return [found[run_id] for run_id in run_ids if run_id in found]

    def _assemble(self, run_ids: Sequence[str]) -> Iterator[Run]:
        sql = "SELECT r.*, s.text FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.id IN ({})"
        heads = list(chunks(self._ask, sql, run_ids))
        parts: dict[str, dict[str, list[Any]]] = {row[0]: {table: [] for table in _PARTS} for row in heads}
        for table, reader in _PARTS.items():
            sql = f"SELECT * FROM {table} WHERE run_id IN ({{}}) ORDER BY run_id, {_KEY[table]}"
            found = list(chunks(self._ask, sql, list(parts)))
            if table in _POSITION:
                found.sort(key=itemgetter(_POSITION[table]))
            for row in found:
                parts[row[0]][table].append(reader(row))
        for row in heads:
            yield rows.run_of(row[:-1], row[-1], parts[row[0]])
