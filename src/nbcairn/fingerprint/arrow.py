"""Arrow data, and polars through it: canonical, whatever its chunks, offsets and what lies under its nulls.

Layouts as in the Arrow columnar format (https://arrow.apache.org/docs/format/Columnar.html).
"""

from __future__ import annotations

from typing import Any, Literal

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.leaves import Span
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES", "add_arrow"]

MOST_CHUNKS = 64


def add_arrow(walk: Walk, digest: Digest, array: Any) -> None:
    """Add an array or chunked array of any type."""
    chunks = array.chunks if hasattr(array, "chunks") else [array]
    buffers = [buffer for chunk in chunks[:MOST_CHUNKS] for buffer in chunk.buffers() if buffer is not None]
    walk.touched.update([buffer.address for buffer in buffers if buffer.is_mutable])
    digest.text(f"arrow:{array.type}:{len(array)}:{array.null_count}")
    spans: tuple[Span, ...] = ()
    if len(chunks) <= MOST_CHUNKS and not _has_dictionary(array.type):
        spans = tuple(Span(buffer.address, buffer.size) for buffer in buffers if buffer.size)
    layout = f"{array.type}:{[(chunk.offset, len(chunk), chunk.null_count) for chunk in chunks[:MOST_CHUNKS]]}"
    walk.kept(digest, spans, layout, lambda own: _array_content(walk, own, array))


def _has_dictionary(kind: Any) -> bool:
    """True for types some of whose content is not among the array's own buffers."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return _has_dictionary(kind.storage_type)
    return pa.types.is_dictionary(kind) or any(_has_dictionary(kind.field(n).type) for n in range(kind.num_fields))


def _array_content(walk: Walk, digest: Digest, array: Any) -> None:
    import pyarrow as pa

    if isinstance(array, pa.ChunkedArray):
        array = _one_chunk(array)
    if array.null_count:
        _bytes(digest, array.is_valid().cast(pa.uint8()))
    _content(walk, digest, array)


def _one_chunk(array: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        array = array.unify_dictionaries()
    if array.num_chunks == 1:
        return array.chunk(0)
    joined = array.combine_chunks()
    return joined if not isinstance(joined, pa.ChunkedArray) else pa.concat_arrays(joined.chunks)


def _content(walk: Walk, digest: Digest, array: Any) -> None:
    """The values: fixed-width ones and texts as buffers, nested ones part by part, the rest as Python values."""
    import pyarrow as pa

    kind, types = array.type, pa.types
    if isinstance(array, pa.ExtensionArray):
        add_arrow(walk, digest, array.storage)
    elif types.is_null(kind):
        return
    elif types.is_boolean(kind):
        _bytes(digest, _filled(array.cast(pa.uint8())))
    elif types.is_primitive(kind) or types.is_decimal(kind) or types.is_fixed_size_binary(kind):
        _bytes(digest, _fixed(array, kind.bit_width))
    elif types.is_dictionary(kind):
        add_arrow(walk, digest, array.indices)
        add_arrow(walk, digest, array.dictionary)
    elif _is_text(kind):
        _texts(digest, array)
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        _lists(walk, digest, array)
    elif types.is_struct(kind):
        for part in array.flatten():
            add_arrow(walk, digest, part)
    else:
        walk.items(digest, array.to_pylist())


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    text = pa.types.is_large_string(kind) or pa.types.is_string(kind) or pa.types.is_string_view(kind)
    return bool(text or pa.types.is_large_binary(kind) or pa.types.is_binary(kind) or pa.types.is_binary_view(kind))


def _fixed(array: Any, bits: int) -> Any:
    """Values of one width as whole numbers, or as bytes where no number is so wide; nulls are nought."""
    import pyarrow as pa

    numbers = {8: pa.uint8(), 16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}
    if pa.types.is_primitive(array.type) and bits in numbers:
        return _filled(array.view(numbers[bits]))
    raw = array.view(pa.binary(bits // 8)) if bits else array
    return raw.fill_null(bytes(bits // 8)) if raw.null_count else raw


def _filled(array: Any) -> Any:
    return array.fill_null(0) if array.null_count else array


def _bytes(digest: Digest, array: Any) -> None:
    """A fixed-width array without nulls, from its own beginning to its own end."""
    width, buffer = array.type.bit_width // 8, array.buffers()[1]
    view = memoryview(buffer) if buffer is not None else memoryview(b"")
    digest.buffer(view[array.offset * width : (array.offset + len(array)) * width])


def _texts(digest: Digest, array: Any) -> None:
    """Where each ends, and characters; nulls are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    views = pa.types.is_string_view(array.type) or pa.types.is_binary_view(array.type)
    if views or array.null_count:
        text = pa.types.is_string_view(array.type)
        array = array.cast(pa.large_string() if text else pa.large_binary()) if views else array
        array = array.fill_null(b"" if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type) else "")
    _, offsets, content = array.buffers()
    if offsets is None or not len(array):
        digest.buffer(b"")
        return
    width: Literal["q", "i"] = "q" if _is_wide(array.type) else "i"
    ends = memoryview(offsets).cast(width)[array.offset : array.offset + len(array) + 1]
    start, stop = ends[0], ends[-1]
    if start:  # a slice: as if it began where it begins
        kind = pa.int64() if width == "q" else pa.int32()
        shifted = pc.subtract(
            pa.Array.from_buffers(kind, len(ends), [None, pa.py_buffer(ends)]), pa.scalar(start, kind)
        )
        ends = memoryview(shifted.buffers()[1]).cast(width)[: len(ends)]
    digest.buffer(ends)
    digest.buffer(memoryview(content)[start:stop] if content is not None else b"")


def _is_wide(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_large_string(kind) or pa.types.is_large_binary(kind))


def _lists(walk: Walk, digest: Digest, array: Any) -> None:
    import pyarrow.compute as pc

    _bytes(digest, _filled(pc.list_value_length(array)))
    add_arrow(walk, digest, array.flatten())


def _table(walk: Walk, digest: Digest, table: Any) -> None:
    schema = table.schema.to_string(truncate_metadata=False, show_field_metadata=True, show_schema_metadata=True)
    digest.text(f"arrow.{type(table).__name__}:{schema}")
    walk.mutable(table)
    for column in table.columns:
        own = Digest("column")
        add_arrow(walk, own, column)
        digest.text(own.hex())


def _array(walk: Walk, digest: Digest, array: Any) -> None:
    walk.mutable(array)
    digest.text(type(array).__name__ if type(array).__name__ == "ChunkedArray" else "Array")
    add_arrow(walk, digest, array)


def _shown(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"{type(value).__name__}:{value!s}")


def _scalar(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"arrow scalar:{value.type}")
    walk.add(digest, value.as_py())


# --------------------------------------------------------------------------- polars


def _polars(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text(f"polars.DataFrame:{frame.shape}")
    for column in frame.get_columns():
        own = Digest("column")
        _polars_series(walk, own, column)
        digest.text(own.hex())


def _polars_series(walk: Walk, digest: Digest, series: Any) -> None:
    walk.mutable(series)
    digest.text(f"polars.Series:{series.name}:{series.dtype!r}")
    try:
        array = _exported(series)
    except Exception:  # noqa: BLE001 - pyarrow is not there, or has no type for it (Python objects)
        walk.items(digest, series.to_list())
    else:
        add_arrow(walk, digest, array)


def _exported(series: Any) -> Any:
    """The series' own buffers, which are copied only where it consists of several pieces."""
    import polars as pl

    newest = {"compat_level": pl.CompatLevel.newest()} if hasattr(pl, "CompatLevel") else {}
    return (series if series.n_chunks() == 1 else series.rechunk()).to_arrow(**newest)


FAMILIES: dict[str, Family] = {
    "pyarrow.lib.Table": Family(_table),
    "pyarrow.lib.RecordBatch": Family(_table),
    "pyarrow.lib.Array": Family(_array),
    "pyarrow.lib.ChunkedArray": Family(_array),
    "pyarrow.lib.DataType": Family(_shown, nested=False),
    "pyarrow.lib.Scalar": Family(_scalar),
    "polars.dataframe.frame.DataFrame": Family(_polars),
    "polars.series.series.Series": Family(_polars_series),
}
