"""numpy: arrays by dtype, shape, order and bytes; scalars and dtypes; random generators by state.

Fortran order is content (sums round differently); other strides are not. Every NaN payload counts as it is stored.
Values under a mask, between the fields of a structure and in the padding of a long double are garbage and do not
count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nbcairn.fingerprint.digest import SMALL, Digest
from nbcairn.fingerprint.dtypes import dtype_name, is_unpadded, used_bytes
from nbcairn.fingerprint.leaves import LEAF, Leaves, Span, cut, masked, strided
from nbcairn.fingerprint.plain import SCALARS, dump
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES", "add_array", "add_header", "add_masked", "add_objects", "address_of", "base_of", "reach"]

BATCH = 8 << 20


def base_of(array: Any) -> Any:
    """The object that owns an array's memory."""
    base = array
    while getattr(base, "base", None) is not None:
        base = base.base
    return base


def address_of(array: Any) -> int:
    """Where an array's first value lies."""
    return int(array.__array_interface__["data"][0])


def reach(walk: Walk, array: Any) -> None:
    """Note that the value reaches an array's memory: by its owner, and by its address, all that Arrow and torch know of it."""
    import numpy as np

    owner = base_of(array)
    touched = walk.touched
    touched.add(id(array))
    touched.add(id(owner))
    if isinstance(owner, np.ndarray) or hasattr(owner, "__array_interface__"):
        touched.add(address_of(owner))


def add_array(walk: Walk, digest: Digest, array: Any, *, copied: bool = False) -> None:
    """Add an array of any dtype and layout; ``copied`` says that its memory is no part of the user's value."""
    if not copied:
        reach(walk, array)
    fortran = add_header(digest, array)
    array = _sampled(walk, array)
    if array.dtype.names is not None:
        _add_structure(walk, digest, array.T if fortran else array, copied)
    elif array.nbytes <= SMALL and is_unpadded(array.dtype):
        digest.small(array.tobytes("F" if fortran else "C"))
    elif array.dtype.hasobject or array.dtype.kind == "T":
        add_objects(walk, digest, array.ravel(order="F" if fortran else "C"))
    else:
        walk.leaves(digest, _leaves(array.T if fortran else array, copied))


def _add_structure(walk: Walk, digest: Digest, array: Any, copied: bool) -> None:
    """An array of structures, whose rows are to be added in C order."""
    used = used_bytes(array.dtype)
    if used is not None and len(used) == array.dtype.itemsize:
        walk.leaves(digest, _leaves(array, copied))
    elif used is not None and array.nbytes <= LEAF:
        walk.leaves(digest, cut(_packed(array, used)))
    else:
        for name in array.dtype.names:
            add_array(walk, digest, array[name], copied=copied)


def _packed(array: Any, used: Any) -> Any:
    """The bytes that count of an array of structures, in C order."""
    import numpy as np

    if not array.size:
        return b""
    rows = np.ascontiguousarray(array).reshape(-1).view(np.uint8).reshape(array.size, -1)
    return rows if len(used) == rows.shape[1] else np.ascontiguousarray(rows[:, used])


def add_header(digest: Digest, array: Any) -> bool:
    """Add all of an array but its values; True if these follow in Fortran order."""
    fortran = bool(array.flags.f_contiguous and not array.flags.c_contiguous)
    digest.text(f"ndarray:{dtype_name(array.dtype)}:{array.shape}:{fortran}")
    return fortran


class _NotPlain(Exception):  # noqa: N818 - control flow, not an error
    """An array of objects holds more than scalars."""


def add_objects(walk: Walk, digest: Digest, values: Any) -> None:
    """Add a one-dimensional array of objects.

    Scalars never change, and the array keeps them alive: while its pointers are unwritten, so is its content.
    """
    spans: tuple[Span, ...] = ()
    if values.dtype.kind == "O" and values.flags.c_contiguous and values.nbytes:
        spans = (Span(address_of(values), values.nbytes),)

    def scalars(own: Digest) -> None:
        items = values.tolist()
        if not set(map(type, items)) <= SCALARS:
            raise _NotPlain
        own.buffer(dump(items))

    try:
        walk.kept(digest, spans, "scalars", scalars)
    except _NotPlain:
        walk.items(digest, values.tolist())


def _leaves(array: Any, copied: bool) -> Leaves:
    """The bytes of an array in C order, without the padding of a long double."""
    import numpy as np

    if not array.nbytes:
        return cut(b"")
    if array.dtype.kind in "fc" and np.finfo(array.dtype).nmant == 63:  # 80 bits of number in 12 or 16 bytes
        numbers = np.ascontiguousarray(array).reshape(-1).view(np.longdouble)
        used = numbers.view(np.uint8).reshape(-1, numbers.dtype.itemsize)[:, :10]
        return cut(np.ascontiguousarray(used).reshape(-1))
    if array.flags.c_contiguous:
        return cut(array.reshape(-1).view(np.uint8), 0 if copied else address_of(array))
    if array.ndim == 1 and array.nbytes > SMALL and LEAF % array.itemsize == 0:
        return strided(array)
    return cut(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


def _sampled(walk: Walk, array: Any) -> Any:
    if walk.max_bytes is None or array.nbytes <= walk.max_bytes or array.ndim == 0:
        return array
    step = -(-array.nbytes // max(1, walk.max_bytes))
    walk.sample(f"every {step}th row of {array.shape[0]:,}")
    return array[::step]


def _array(walk: Walk, digest: Digest, value: Any) -> None:
    import numpy as np

    kind = type(value)
    if kind is not np.ndarray:
        digest.text(f"{kind.__module__}.{kind.__qualname__}")
    walk.mutable(value)
    add_array(walk, digest, np.asarray(value))


def _small_arrays(walk: Walk, digest: Digest, group: list[Any]) -> list[list[Any]] | None:
    """Many small arrays at once: what they are, then all their bytes."""
    if walk.max_bytes is not None and max(array.nbytes for array in group) > walk.max_bytes:
        return None
    kinds = dict.fromkeys(array.dtype for array in group)
    if not all(map(_is_bytes, kinds)) or max(array.nbytes for array in group) > LEAF:
        return None
    for array in group:
        reach(walk, array)
    fortran = [array.flags.f_contiguous and not array.flags.c_contiguous for array in group]
    digest.buffer(dump([(dtype_name(a.dtype), a.shape, f) for a, f in zip(group, fortran, strict=True)]))
    for batch in _batches([array.T if f else array for array, f in zip(group, fortran, strict=True)]):
        digest.buffer(b"".join(map(_all_bytes, batch)))
    return []


def _batches(arrays: list[Any]) -> Iterator[list[Any]]:
    """The arrays in order, so many at once that their copies stay small."""
    batch: list[Any] = []
    size = 0
    for array in arrays:
        batch.append(array)
        size += array.nbytes
        if size > BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _is_bytes(dtype: Any) -> bool:
    return is_unpadded(dtype) or (dtype.names is not None and used_bytes(dtype) is not None)


def _all_bytes(array: Any) -> bytes:
    if array.dtype.names is None:
        return bytes(array.tobytes())
    return bytes(memoryview(_packed(array, used_bytes(array.dtype))))


def _masked(walk: Walk, digest: Digest, value: Any) -> None:
    import numpy as np

    walk.mutable(value)
    digest.text(f"masked:{type(value).__qualname__}:{value.dtype!r}:{value.shape}:{value.hardmask}")
    walk.add(digest, value.fill_value)
    if value.dtype.names is not None:
        for name in value.dtype.names:
            _masked(walk, digest, value[name])
        return
    data, mask = np.asarray(value.data), np.ma.getmaskarray(value)
    walk.mutable(base_of(data), base_of(np.asarray(value.mask)))
    add_masked(walk, digest, data, mask)


def add_masked(walk: Walk, digest: Digest, data: Any, mask: Any) -> None:
    """Add values of which some are missing; what lies under the mask is garbage."""
    import numpy as np

    walk.mutable(base_of(data), base_of(mask))
    bounded = walk.max_bytes is not None and data.nbytes > walk.max_bytes
    flat = data.ndim == 1 and data.flags.c_contiguous and mask.flags.c_contiguous
    if flat and data.nbytes >= LEAF and data.dtype.kind in "biufmM" and data.itemsize <= 8 and not bounded:
        digest.text(f"ndarray:{dtype_name(data.dtype)}:{data.shape}:False")
        walk.leaves(digest, masked(data, mask))
    else:
        if mask.any():
            data = data.copy()
            data[mask] = np.zeros((), data.dtype)
        add_array(walk, digest, data, copied=True)
    add_array(walk, digest, mask)


def _scalar(walk: Walk, digest: Digest, value: Any) -> None:
    """An array of no dimension; a structured scalar may be changed in place."""
    import numpy as np

    kind = type(value)
    digest.text(f"{kind.__module__}.{kind.__qualname__}")
    if kind.__itemsize__ or isinstance(value, np.void):
        walk.mutable(value)
    add_array(walk, digest, np.asarray(value), copied=True)


_FLAT = (
    "bool", "bool_", "integer", "float16", "float32", "float64", "complex64", "complex128", "str_", "bytes_",
    "datetime64", "timedelta64",
)  # fmt: skip
"""Scalars of one width, without padding and without parts."""


def _flat_scalar(_: Walk, value: Any) -> object:
    return value.dtype.str, value.tobytes()


def _dtype(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"dtype:{value!r}")


def _iterator(walk: Walk, digest: Digest, value: Any) -> None:
    """``array.flat``: the array, and how far it was read."""
    walk.mutable(value)
    digest.text(f"numpy.flatiter:{value.index}")
    walk.add(digest, value.base)


def _generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.Generator")
    walk.add(digest, value.bit_generator)


def _bit_generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.BitGenerator")
    walk.made(digest, value.state)
    walk.add(digest, getattr(value, "seed_seq", None))


def _seed_sequence(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.SeedSequence")
    walk.made(digest, dict(value.state))


def _random_state(walk: Walk, digest: Digest, value: Any) -> None:
    """By state; numpy's own generator, which many models hold on to, is an ambient name of its own."""
    import numpy as np

    walk.mutable(value)
    if value is getattr(np.random.mtrand, "_rand", None):
        digest.text("the generator of numpy.random")
        return
    digest.text("numpy.RandomState")
    walk.made(digest, value.get_state(legacy=False))


FAMILIES: dict[str, Family] = {
    "numpy.ndarray": Family(_array, spread=_small_arrays, ends=True),
    **dict.fromkeys(("numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray"), Family(_masked)),
    "numpy.generic": Family(_scalar, nested=False),
    **dict.fromkeys((f"numpy.{name}" for name in _FLAT), Family(_scalar, nested=False, flat=_flat_scalar)),
    "numpy.dtype": Family(_dtype, nested=False),
    "numpy.flatiter": Family(_iterator),
    "numpy.random._generator.Generator": Family(_generator),
    "numpy.random.bit_generator.BitGenerator": Family(_bit_generator),
    "numpy.random.bit_generator.SeedSequence": Family(_seed_sequence),
    "numpy.random.mtrand.RandomState": Family(_random_state),
}
