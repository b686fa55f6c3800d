"""numpy's dtypes: in words, and which bytes of a value say something.

A name follows from what numpy compares when it asks whether two dtypes are equal, so that it can be kept by dtype:
metadata and alignment flags do not count.
"""

from __future__ import annotations

from typing import Any

__all__ = ["dtype_name", "is_unpadded", "used_bytes"]

_MOST = 1000
_names: dict[Any, str] = {}
_used: dict[Any, Any] = {}


def dtype_name(dtype: Any) -> str:
    """All of a dtype in words, with its byte order; a structure by its fields, their offsets and its size."""
    name = _names.get(dtype)
    if name is None:
        name = _named(dtype)
        if len(_names) < _MOST:
            _names[dtype] = name
    return name


def _named(dtype: Any) -> str:
    if dtype.names is not None:
        fields = [(name, dtype_name(dtype.fields[name][0]), *dtype.fields[name][1:]) for name in dtype.names]
        return f"structure:{dtype.itemsize}:{fields!r}"
    if dtype.subdtype is not None:
        return f"{dtype_name(dtype.subdtype[0])}{dtype.shape}"
    return str(dtype.str) if dtype.kind in "biufcmMSUO" else repr(dtype)


def is_unpadded(dtype: Any) -> bool:
    """True where every bit of a value counts: not so for objects, structures and long doubles."""
    return dtype.kind in "biumMSU" or (dtype.kind in "fc" and dtype.itemsize <= (8 if dtype.kind == "f" else 16))


def used_bytes(dtype: Any) -> Any:
    """The places of the bytes of a structure that say something, as a numpy array.

    None where a field is more than bytes, such as an object or a long double.
    """
    if dtype not in _used:
        import numpy as np

        places = _places(dtype, 0)
        found = None if places is None else np.unique(np.array(places, np.intp))
        if len(_used) > _MOST:
            return found
        _used[dtype] = found
    return _used[dtype]


def _places(dtype: Any, start: int) -> list[int] | None:
    if dtype.names is not None:
        fields = [_places(dtype.fields[name][0], start + dtype.fields[name][1]) for name in dtype.names]
        return None if None in fields else [place for field in fields for place in field or ()]
    if dtype.subdtype is not None:
        kind = dtype.subdtype[0]
        items = [_places(kind, start + n * kind.itemsize) for n in range(dtype.itemsize // kind.itemsize)]
        return None if None in items else [place for item in items for place in item or ()]
    return list(range(start, start + dtype.itemsize)) if is_unpadded(dtype) or dtype.kind == "V" else None
