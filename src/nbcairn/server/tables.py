"""The rows of a table that the trail holds: of the value that was kept, else of its preview. Read as data, never unpickled.

A kept value may come from a stranger: Parquet is read batch by batch and npy by its header, and what claims to be larger than
its limit, or cannot be read, is shown by its preview instead.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbcairn.errors import TrailError
from nbcairn.model import Artifact
from nbcairn.profile.text import cell_text
from nbcairn.store import Trail

__all__ = ["MOST_COLUMNS", "Table", "table_of"]

MOST_COLUMNS = 500
MOST_BYTES = 1 << 30
"""A kept table that is larger than this in memory is not opened."""
WIDTH = 200
"""Characters of one cell."""

Row = tuple[str, ...]
Reader = Callable[[int, int, bool], tuple[tuple[str, ...], tuple[Row, ...]]]
"""``read(offset, limit, exact)``: labels of the rows (none where there are none), and the rows.

Numbers have six digits for people; with ``exact``, where the table can, equal text means equal values.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text. ``total`` counts those of the value, or is None where that is not known.

    ``whole`` is true when every row can be had; otherwise ``rows`` are the first ones, and ``why`` says what is missing.
    ``labelled`` is true when the index is more than a count from 0; ``exact`` when the rows can be read exactly.
    """

    columns: tuple[str, ...]
    dtypes: tuple[str, ...]
    total: int | None
    whole: bool
    labelled: bool
    why: str
    exact: bool
    read: Reader
    available: int
    """How many rows can be read."""


def table_of(trail: Trail, artifact: Artifact) -> Table | None:
    """What can be shown of an artifact as rows; None where it has none."""
    kept = artifact.detail.get("kept")
    if isinstance(kept, Mapping) and isinstance(kept.get("blob"), str):
        try:
            found = _kept(str(kept.get("format")), lambda: trail.blobs.get(str(kept["blob"])))
        except TrailError as error:
            return _preview(artifact, f"The kept value cannot be read ({error.fact.rstrip('.')}).")
        if isinstance(found, Table):
            return found
        return _preview(artifact, found)
    return _preview(artifact, "The value was not kept, only its first rows.")


# --------------------------------------------------------------------------- kept values


def _kept(format_name: str, content: Callable[[], bytes]) -> Table | str:
    """The table, or why there is none."""
    reader = {"npy": _npy}.get(format_name) or (_parquet if format_name.startswith("parquet") else None)
    if reader is None:
        return ""
    try:
        return reader(content())
    except TrailError:
        raise
    except ImportError as error:
        return f"All rows are kept; with {error.name} in the environment of the server they would be shown."
    except Exception as error:  # noqa: BLE001 - a stranger's bytes may break a reader in any way
        return f"The kept value cannot be read ({type(error).__name__})."


def _parquet(content: bytes) -> Table | str:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content))
    groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MOST_BYTES:
        return f"The value takes more than {MOST_BYTES >> 30} GB, so only its first rows are shown."
    schema = file.schema_arrow
    index, counted = _index_of(schema)
    columns = [name for name in schema.names if name not in index][:MOST_COLUMNS]
    dtypes = tuple(str(schema.field(name).type) for name in columns)

    def read(offset: int, limit: int, exact: bool) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        text = _exactly if exact else _text
        rows: list[Row] = []
        labels: list[str] = []
        for record in _batches(file, [*index, *columns], offset, limit):
            data = record.to_pydict()
            rows += zip(*(map(text, data[name]) for name in columns), strict=True)
            keys = zip(*(map(_text, data[name]) for name in index), strict=True)
            labels += [", ".join(key) for key in keys]
        if not index and counted is not None:
            start, step = counted
            labels = [str(start + step * n) for n in range(offset, offset + len(rows))]
        return tuple(labels), tuple(rows)

    labelled = bool(index) or counted not in {None, (0, 1)}
    return Table(tuple(columns), dtypes, file.metadata.num_rows, True, labelled, "", True, read, file.metadata.num_rows)


def _batches(file: Any, columns: Sequence[str], offset: int, limit: int) -> Iterator[Any]:
    """The wanted rows in batches; row groups before them are not read."""
    groups: list[int] = []
    start = place = 0
    for n in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(n).num_rows
        if start + size > offset and start < offset + limit:
            place = place if groups else start
            groups.append(n)
        start += size
    for batch in file.iter_batches(batch_size=4096, row_groups=groups, columns=list(columns)) if groups else ():
        low, high = max(offset - place, 0), min(offset + limit - place, batch.num_rows)
        if low < high:
            yield batch.slice(low, high - low)
        place += batch.num_rows
        if place >= offset + limit:
            return


def _index_of(schema: Any) -> tuple[list[str], tuple[int, int] | None]:
    """Columns that pandas keeps its index in, or start and step of an index that counts."""
    raw = (schema.metadata or {}).get(b"pandas")
    told = json.loads(raw) if raw else {}
    entries = told.get("index_columns", []) if isinstance(told, dict) else []
    names = [entry for entry in entries if isinstance(entry, str) and entry in schema.names]
    ranges = [entry for entry in entries if isinstance(entry, dict) and entry.get("kind") == "range"]
    counted = (int(ranges[0].get("start", 0)), int(ranges[0].get("step", 1))) if ranges else None
    return names, counted


def _npy(content: bytes) -> Table | str:
    import numpy as np

    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = header(stream)
    if dtype.hasobject or not 1 <= len(shape) <= 2:
        return ""
    values = np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran else "C")
    table = values.reshape(-1, 1) if values.ndim == 1 else values[:, :MOST_COLUMNS]
    columns = tuple(str(n) for n in range(table.shape[1])) if values.ndim > 1 else ("",)

    def read(offset: int, limit: int, exact: bool) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        rows = table[offset : offset + limit].tolist()
        labels = tuple(str(n) for n in range(offset, offset + len(rows)))
        return labels, tuple(tuple(map(_exactly if exact else _text, row)) for row in rows)

    return Table(columns, (str(dtype),) * len(columns), len(table), True, False, "", True, read, len(table))


def _text(value: object) -> str:
    return "" if value is None else cell_text(value, WIDTH)


def _exactly(value: object) -> str:
    if isinstance(value, str):
        return value
    return repr(value) if isinstance(value, float | bytes | list | dict) else _text(value)


# --------------------------------------------------------------------------- previews


def _preview(artifact: Artifact, why: str) -> Table | None:
    """The first rows as the profile kept them. What is odd in a record is left out."""
    raw = artifact.detail.get("preview")
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        return None
    rows = [
        tuple(_plain(cell) for cell in (row if isinstance(row, Sequence) and not isinstance(row, str) else [row]))
        for row in raw
    ]
    width = min(max(map(len, rows)), MOST_COLUMNS)
    rows = [(*row, *[""] * (width - len(row)))[:width] for row in rows]
    described = [part for part in _listed(artifact.detail.get("columns")) if isinstance(part, Mapping)][:width]
    names = [_plain(part.get("name", "")) for part in described]
    dtypes = [_plain(part.get("dtype", "")) for part in described]
    labels = [_plain(label) for label in _listed(artifact.detail.get("index"))][: len(rows)]
    total = artifact.detail.get("rows")
    count = total if isinstance(total, int) and total >= len(rows) else None

    def read(offset: int, limit: int, _: bool) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        return tuple(labels[offset : offset + limit]), tuple(rows[offset : offset + limit])

    whole = count == len(rows)
    padding = [""] * width
    return Table(
        tuple([*names, *padding][:width]),
        tuple([*dtypes, *padding][:width]),
        count,
        whole,
        labels != [str(n) for n in range(len(rows))] and bool(labels),
        "" if whole else why,
        False,
        read,
        len(rows),
    )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _plain(value: object) -> str:
    return value[:WIDTH] if isinstance(value, str) else _text(value)
