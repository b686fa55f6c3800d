"""A value as bytes in an open format, and back: npy, Parquet, JSON or text, never a pickle.

What comes back must be the same content, so a value is only packed when its own bytes give its fingerprint again.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbcairn.errors import ConfigError
from nbcairn.fingerprint import fingerprint

__all__ = ["FORMATS", "MOST_BYTES", "NotKept", "Packed", "kept", "pack", "suffix_of", "unpack"]

MOST_BYTES = 64 << 20
"""Values that take more bytes than this (as packed) are not kept."""


_PACKS_TO = 20
"""A value this many times as large as the limit is not even tried; tables are packed to a fraction of their size."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A value's content, and the name of the format it is in."""

    format: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NotKept:
    """Why a value cannot be kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Format:
    """One way to write values of some types. ``library`` is what reading it needs."""

    suffix: str
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]
    library: str = ""


def pack(value: object, most: int = MOST_BYTES) -> Packed | NotKept:
    """The value in the first open format that gives back equal content. Never raises."""
    name = _format_of(value)
    if name is None:
        return NotKept(f"there is no open format for a {type(value).__name__}")
    if _bytes_in_memory(value) > _PACKS_TO * most:
        return NotKept(f"it takes {_bytes_in_memory(value) / 1e6:.0f} MB, and at most {most / 1e6:.0f} MB are kept")
    try:
        content = FORMATS[name].write(value)
    except Exception as error:  # noqa: BLE001 - a library may refuse a value in any way
        return NotKept(f"it cannot be written as {name} ({type(error).__name__}: {error})")
    if len(content) > most:
        return NotKept(f"it takes {len(content) / 1e6:.0f} MB as {name}, and at most {most / 1e6:.0f} MB are kept")
    return (
        Packed(name, content) if _gives_back(name, content, value) else NotKept(f"{name} would not give it back whole")
    )


def kept(packed: Packed | NotKept) -> dict[str, object]:
    """What an artifact's detail says of its value: its md5, under which its content is kept, or why it was not."""
    if isinstance(packed, NotKept):
        return {"reason": packed.reason}
    md5 = hashlib.md5(packed.content, usedforsecurity=False).hexdigest()
    return {"blob": md5, "format": packed.format, "bytes": len(packed.content)}


def unpack(format_name: str, content: bytes) -> Any:
    """The value again. Raises ConfigError for a format that is not known or whose library is missing."""
    known = FORMATS.get(format_name)
    if known is None:
        raise ConfigError(
            f"The value is kept in the format {format_name!r}, which this nbcairn does not know.",
            "Upgrade with `pip install --upgrade nbcairn`.",
        )
    try:
        return known.read(content)
    except ImportError as error:
        raise ConfigError(
            f"A value kept as {format_name} needs {known.library}.", f"pip install {known.library}"
        ) from error


def suffix_of(format_name: str) -> str:
    """The ending of a file that holds a value in this format, with its dot."""
    return FORMATS[format_name].suffix if format_name in FORMATS else ".bin"


def _bytes_in_memory(value: Any) -> int:
    """Bytes of a value that says so itself; 0 for others."""
    if isinstance(value, str | bytes):
        return len(value)
    if hasattr(value, "memory_usage"):
        used = value.memory_usage()
        return int(used.sum() if hasattr(used, "sum") else used)
    return int(getattr(value, "nbytes", 0) or 0)


def _gives_back(name: str, content: bytes, value: object) -> bool:
    try:
        return fingerprint(FORMATS[name].read(content)).same(fingerprint(value))
    except Exception:  # noqa: BLE001 - what cannot be read back is not kept
        return False


def _format_of(value: object) -> str | None:
    kind = type(value)
    if kind is str:
        return "text"
    if kind is bytes:
        return "bytes"
    if kind in {bool, int, float, type(None), list, dict}:
        return "json"
    return _of_library(value)


def _of_library(value: object) -> str | None:
    """The format of a value of a library's type; a library that is not imported has made no value."""
    for module, class_name, format_name in _TYPES:
        found = getattr(sys.modules.get(module), class_name, None)
        if isinstance(found, type) and isinstance(value, found):
            return format_name
    return None


_TYPES = (
    ("numpy", "ndarray", "npy"),
    ("numpy", "generic", "npy-scalar"),
    ("pandas", "DataFrame", "parquet"),
    ("pandas", "Series", "parquet-series"),
    ("polars", "DataFrame", "parquet-polars"),
    ("pyarrow", "Table", "parquet-arrow"),
)


def _write_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "strict")


def _write_npy(value: Any) -> bytes:
    import numpy as np

    stream = io.BytesIO()
    np.save(stream, value, allow_pickle=False)
    return stream.getvalue()


def _read_npy(content: bytes) -> Any:
    import numpy as np

    return np.load(io.BytesIO(content), allow_pickle=False)


def _write_frame(frame: Any) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


def _read_frame(content: bytes) -> Any:
    import pandas as pd

    return pd.read_parquet(io.BytesIO(content))


_SERIES = "nbcairn:series"


def _write_series(series: Any) -> bytes:
    """A series as a frame of one column, named as it is, or by a name of ours where it has none."""
    return _write_frame(series.to_frame(_SERIES if series.name is None else series.name))


def _read_series(content: bytes) -> Any:
    series = _read_frame(content).iloc[:, 0]
    return series.rename(None) if series.name == _SERIES else series


def _write_polars(frame: Any) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def _read_polars(content: bytes) -> Any:
    import polars as pl

    return pl.read_parquet(io.BytesIO(content))


def _write_arrow(table: Any) -> bytes:
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def _read_arrow(content: bytes) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content))


FORMATS: dict[str, _Format] = {
    "text": _Format(".txt", str.encode, bytes.decode),
    "bytes": _Format(".bin", bytes, bytes),
    "json": _Format(".json", _write_json, json.loads),
    "npy": _Format(".npy", _write_npy, _read_npy, "numpy"),
    "npy-scalar": _Format(".npy", _write_npy, lambda content: _read_npy(content)[()], "numpy"),
    "parquet": _Format(".parquet", _write_frame, _read_frame, "pandas pyarrow"),
    "parquet-series": _Format(".parquet", _write_series, _read_series, "pandas pyarrow"),
    "parquet-polars": _Format(".parquet", _write_polars, _read_polars, "polars"),
    "parquet-arrow": _Format(".parquet", _write_arrow, _read_arrow, "pyarrow"),
}
"""Every format, by the name that the trail keeps with the content."""
