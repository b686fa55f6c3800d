"""numpy: arrays by dtype, shape, order and bytes; scalars and dtypes; random generators by state.

Fortran order is content (sums round differently); other strides are not. Every NaN payload counts as it is stored.
Values under a mask, between the fields of a structure and in the padding of a long double are garbage and do not
count.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES", "add_array", "base_of"]


def base_of(array: Any) -> Any:
    """The object that owns an array's memory."""
    base = array
    while getattr(base, "base", None) is not None:
        base = base.base
    return base


def add_array(walk: Walk, digest: Digest, array: Any) -> None:
    """Add an array of any dtype and layout."""
    walk.mutable(array, base_of(array))
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    digest.text(f"ndarray:{array.dtype!r}:{array.shape}:{fortran}")
    array = _sampled(walk, array)
    if array.dtype.names is not None:
        for name in array.dtype.names:
            add_array(walk, digest, array[name])
    elif array.dtype.hasobject or array.dtype.kind == "T":
        walk.items(digest, array.ravel(order="F" if fortran else "C").tolist())
    else:
        _buffer(digest, array.T if fortran else array)


def _buffer(digest: Digest, array: Any) -> None:
    import numpy as np

    plain = array if array.flags.c_contiguous else np.ascontiguousarray(array)
    if not plain.nbytes:
        digest.buffer(b"")
    elif plain.dtype.kind in "fc" and np.finfo(plain.dtype).nmant == 63:
        # 80 bits of number in 12 or 16 bytes
        numbers = plain.reshape(-1).view(np.longdouble)
        used = numbers.view(np.uint8).reshape(-1, numbers.dtype.itemsize)[:, :10]
        digest.buffer(np.ascontiguousarray(used).reshape(-1))
    else:
        digest.buffer(plain.reshape(-1).view(np.uint8))


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
    if mask.any():
        data = data.copy()
        data[mask] = np.zeros((), data.dtype)
    add_array(walk, digest, data)
    add_array(walk, digest, mask)


def _scalar(walk: Walk, digest: Digest, value: Any) -> None:
    """An array of no dimension; a structured scalar may be changed in place."""
    import numpy as np

    kind = type(value)
    digest.text(f"{kind.__module__}.{kind.__qualname__}")
    if kind.__itemsize__ or isinstance(value, np.void):
        walk.mutable(value)
    own = Walk(walk._find)
    add_array(own, digest, np.asarray(value))


def _dtype(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"dtype:{value!r}")


def _generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.Generator")
    walk.add(digest, value.bit_generator)


def _bit_generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.BitGenerator")
    walk.add(digest, value.state)
    walk.add(digest, getattr(value, "seed_seq", None))


def _seed_sequence(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.SeedSequence")
    walk.add(digest, dict(value.state))


def _random_state(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.RandomState")
    walk.add(digest, value.get_state(legacy=False))


FAMILIES: dict[str, Family] = {
    "numpy.ndarray": Family(_array, shared=True),
    **dict.fromkeys(("numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray"), Family(_masked, shared=True)),
    "numpy.generic": Family(_scalar, nested=False),
    "numpy.dtype": Family(_dtype, nested=False),
    "numpy.random._generator.Generator": Family(_generator),
    "numpy.random.bit_generator.BitGenerator": Family(_bit_generator),
    "numpy.random.bit_generator.SeedSequence": Family(_seed_sequence),
    "numpy.random.mtrand.RandomState": Family(_random_state),
}
