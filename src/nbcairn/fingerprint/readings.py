"""What a value shows of itself at a glance: facts to be compared, and parts that it holds itself.

A glance is for one question, whether a value is as it was (``witness.py``). All that the value's fingerprint and what it
reaches follow from is in the facts, or in the parts and what a glance at each of them shows. Parts are objects that the
value itself keeps alive, never made for the asking: their identities are what is compared.
"""

from __future__ import annotations

import collections
import functools
import sys
import types
from collections.abc import Callable
from typing import Any

from nbcairn.fingerprint.arrays import address_of, base_of
from nbcairn.fingerprint.code import is_replaced
from nbcairn.fingerprint.digest import SMALL
from nbcairn.fingerprint.family import Opaque
from nbcairn.fingerprint.leaves import cut
from nbcairn.fingerprint.memory import LEAST

__all__ = ["Glance", "Reading", "reading_of"]

Glance = tuple[object, list[Any]]
"""Facts, made of builtin scalars and tuples of them, and parts."""

Reading = Callable[[Any], Glance]
_FEW = 64
_LARGE = "the fingerprint itself knows which of its memory was not written, and hashes what was, once"


def _namespace(_: Any) -> Glance:
    """Each of its names is tracked on its own."""
    return None, []


def _dict(value: Any) -> Glance:
    return None, [*value, *dict.values(value)]


def _items(value: Any) -> Glance:
    return None, list(value)


def _simple(value: Any) -> Glance:
    held = vars(value)
    return None, [*held, *held.values()]


def _ordered(value: Any) -> Glance:
    return None, [part for pair in collections.OrderedDict.items(value) for part in pair]


def _default(value: Any) -> Glance:
    return None, [value.default_factory, *value, *dict.values(value)]


def _deque(value: Any) -> Glance:
    return value.maxlen, list(value)


def _method(value: Any) -> Glance:
    return None, [value.__func__, value.__self__]


def _builtin(value: Any) -> Glance:
    return value.__qualname__, [value.__self__]


def _slice(value: Any) -> Glance:
    return None, [value.start, value.stop, value.step]


def _partial(value: Any) -> Glance:
    return None, [value.func, value.args, value.keywords]


def _function(value: Any) -> Glance:
    cells = value.__closure__ or ()
    facts = (value.__qualname__, value.__module__, tuple(map(id, cells)))
    held = [value.__code__, value.__defaults__, value.__kwdefaults__, *map(_held_by, cells), vars(value)]
    return facts, held


def _of_function(value: Any) -> Reading | None:
    return None if is_replaced(value) else _function


def _held_by(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _where(value: Any) -> tuple[object, ...]:
    """Whose memory an array is, and how it lies there."""
    return address_of(value), id(base_of(value)), value.shape, value.strides


def _array(value: Any) -> Glance:
    return (_where(value), value.tobytes("A")), [value.dtype]


def _larger_array(value: Any) -> Glance:
    """By the tags of its leaves, which are not its bytes."""
    import numpy as np

    turned = value.T if value.flags.f_contiguous else value
    content = cut(np.ascontiguousarray(turned).reshape(-1).view(np.uint8)).tags()
    return (_where(value), content), [value.dtype]


def _array_of_objects(value: Any) -> Glance:
    return _where(value), value.ravel(order="K").tolist()


def _frame(value: Any) -> Glance:
    manager = value._mgr
    blocks = manager.blocks
    places = tuple([block.mgr_locs.as_array.tobytes() for block in blocks])
    held = [*manager.axes, *[block.values for block in blocks], value._attrs]
    return (places, value._flags.allows_duplicate_labels), held


def _series(value: Any) -> Glance:
    manager = value._mgr
    held = [*manager.axes, *[block.values for block in manager.blocks], value._attrs, value._name]
    return value._flags.allows_duplicate_labels, held


def _range_index(value: Any) -> Glance:
    span = value._range
    return (span.start, span.stop, span.step), [value._name]


def _index(value: Any) -> Glance:
    return None, [value._name, value._data]


def _dates_index(value: Any) -> Glance:
    return value.freqstr, [value._name, value._data]


def _levels(value: Any) -> Glance:
    return None, [*value._levels, *value._codes, *value._names]


def _dates(value: Any) -> Glance:
    return None, [value._ndarray, value._dtype]


def _text_dtype(value: Any) -> Glance:
    return repr(value), []


def _arrow_texts(value: Any) -> Glance:
    return (len(value), tuple(value._pa_array.to_pylist())), [value._dtype]


def _of_array(value: Any) -> Reading | None:
    if value.nbytes >= LEAST:
        raise Opaque(_LARGE)
    if value.dtype.kind == "T":
        return None
    if value.dtype.hasobject:
        return _array_of_objects if value.dtype.names is None else None
    return _array if value.nbytes <= SMALL else _larger_array


def _of_table(value: Any) -> Reading | None:
    """Of a large table the fingerprint knows which memory was not written."""
    manager = getattr(value, "_mgr", None)
    if manager is None:
        return None
    if any(block.values.nbytes >= LEAST for block in manager.blocks):
        raise Opaque(_LARGE)
    return _frame if len(manager.axes) > 1 else _series


def _of_texts(value: Any) -> Reading | None:
    return _arrow_texts if len(value) <= _FEW else None


def _of_dict(value: Any) -> Reading | None:
    return _namespace if value is getattr(sys.modules.get("__main__"), "__dict__", None) else _dict


_BY_TYPE: dict[type, Reading] = {
    list: _items,
    tuple: _items,
    set: _items,
    frozenset: _items,
    collections.OrderedDict: _ordered,
    collections.defaultdict: _default,
    collections.deque: _deque,
    functools.partial: _partial,
    slice: _slice,
    types.SimpleNamespace: _simple,
    types.MethodType: _method,
    types.BuiltinFunctionType: _builtin,
}
_BY_NAME: dict[str, Reading] = {
    **dict.fromkeys(("pandas.RangeIndex", "pandas.core.indexes.range.RangeIndex"), _range_index),
    **dict.fromkeys(("pandas.Index", "pandas.core.indexes.base.Index"), _index),
    **dict.fromkeys(("pandas.DatetimeIndex", "pandas.core.indexes.datetimes.DatetimeIndex"), _dates_index),
    **dict.fromkeys(("pandas.arrays.DatetimeArray", "pandas.core.arrays.datetimes.DatetimeArray"), _dates),
    **dict.fromkeys(("pandas.MultiIndex", "pandas.core.indexes.multi.MultiIndex"), _levels),
    **dict.fromkeys(("pandas.StringDtype", "pandas.core.arrays.string_.StringDtype"), _text_dtype),
}
_BY_VALUE: dict[str, Callable[[Any], Reading | None]] = {
    "builtins.dict": _of_dict,
    "builtins.function": _of_function,
    "numpy.ndarray": _of_array,
    **dict.fromkeys(("pandas.DataFrame", "pandas.core.frame.DataFrame"), _of_table),
    **dict.fromkeys(("pandas.Series", "pandas.core.series.Series"), _of_table),
    **dict.fromkeys(("pandas.arrays.ArrowStringArray", "pandas.core.arrays.string_arrow.ArrowStringArray"), _of_texts),
}
"""Exact types, of the libraries themselves: what a subclass adds, these would not see."""


def reading_of(value: Any) -> Reading | None:
    """How to glance at a value; None where only its fingerprint tells whether it changed. Raises Opaque for large memory."""
    kind = type(value)
    known = _BY_TYPE.get(kind)
    if known is not None:
        return known
    name = f"{kind.__module__}.{kind.__qualname__}"
    choose = _BY_VALUE.get(name)
    return _BY_NAME.get(name) if choose is None else choose(value)
