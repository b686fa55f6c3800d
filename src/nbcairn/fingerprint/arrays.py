"""numpy: arrays by dtype, shape, order and bytes; scalars and dtypes; random generators by state.

Fortran order is content (sums round differently); other strides are not. Every NaN payload counts as it is stored.
Values under a mask are garbage and do not count.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES", "add_array", "base_of"]

SAMPLE_ROWS = 1 << 16


def base_of(array: Any) -> Any:
    """The object that owns an array's memory."""
    base = array
    while getattr(base, "base", None) is not None:
        base = base.base
    return base


def add_array(walk: Walk, digest: Digest, array: Any) -> None:
    """Add an array of any dtype and layout."""
    import numpy as np

    walk.mutable(array, base_of(array))
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    digest.text(f"ndarray:{array.dtype.str if array.dtype.names is None else array.dtype.descr}:{array.shape}:{fortran}")
    if array.dtype.hasobject:
        for item in array.ravel(order="K" if fortran else "C").tolist():
            walk.add(digest, item)
        return
    array = _sampled(walk, array)
    plain = array.T if fortran else array
    if not plain.flags.c_contiguous:
        plain = np.ascontiguousarray(plain)
    digest.buffer(plain.reshape(-1).view(np.uint8) if plain.size else b"")


def _sampled(walk: Walk, array: Any) -> Any:
    if walk.max_bytes is None or array.nbytes <= walk.max_bytes or array.ndim == 0:
        return array
    step = -(-array.nbytes // walk.max_bytes)
    walk.sample(f"every {step}th row of {array.shape[0]:,}")
    return array[::step]


def _array(walk: Walk, digest: Digest, value: Any) -> None:
    kind = type(value).__name__
    if kind == "MaskedArray":
        import numpy as np

        digest.text("masked")
        add_array(walk, digest, np.ma.getmaskarray(value))
        add_array(walk, digest, value.filled(value.dtype.type()))
        return
    if kind != "ndarray":
        digest.text(kind)
    add_array(walk, digest, _plain(value))


def _plain(value: Any) -> Any:
    import numpy as np

    return value if type(value) is np.ndarray else np.asarray(value)


def _scalar(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"numpy.{type(value).__name__}:{value.dtype.str}")
    digest.raw(value.tobytes())


def _dtype(_: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"dtype:{value!r}")


def _generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value, value.bit_generator)
    digest.text("numpy.Generator")
    walk.add(digest, value.bit_generator.state)


def _bit_generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.BitGenerator")
    walk.add(digest, value.state)


def _random_state(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("numpy.RandomState")
    walk.add(digest, value.get_state(legacy=False))


FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("numpy.ndarray", "numpy.memmap", "numpy.matrix", "numpy.recarray"), Family(_array)),
    **dict.fromkeys(("numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray"), Family(_array)),
    "numpy.generic": Family(_scalar, nested=False),
    "numpy.dtype": Family(_dtype, nested=False),
    "numpy.random._generator.Generator": Family(_generator),
    "numpy.random.bit_generator.BitGenerator": Family(_bit_generator),
    "numpy.random.mtrand.RandomState": Family(_random_state),
}
