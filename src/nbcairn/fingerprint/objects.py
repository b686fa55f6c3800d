"""Any other object: its type and its state, walked part by part and never pickled.

State is what the object itself holds: its dictionary and slots. Of a type that is partly made in C the rest is not
visible there; it is taken apart by its own reduce protocol, whose parts are walked and never called. What offers
neither is opaque. Values that a ``cached_property`` or a library's own ``_cache`` keeps do not count: they follow
from the rest, and looking at an object must not change it.
"""

from __future__ import annotations

import copyreg
import random
import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from itertools import chain
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any

from nbcairn.fingerprint.code import is_user_code
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.family import WIDE
from nbcairn.fingerprint.plain import dump
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES", "add_object", "add_objects", "has_visible_parts", "parts_of", "state_of"]

_REDUCERS = ("__reduce_ex__", "__reduce__", "__getstate__", "__getnewargs_ex__", "__getnewargs__")
_UNSEEN = frozenset({"__weakref__", "__dict__", "__vectorcalloffset__", "__weaklistoffset__", "__dictoffset__"})
_CACHES = frozenset({"_cache", "_item_cache", "_stop_words_id"})
_ANSWERS = frozenset({"_cache", "_summary_cache", "_summary_statistics_cache", "_nobs_int", "diagn"})
DERIVED: dict[str, frozenset[str]] = {
    "statsmodels.base.model.Results": _ANSWERS,
    "statsmodels.genmod.generalized_linear_model.GLM": frozenset({"_tmp_like_exog"}),
    "statsmodels.base.data.ModelData": frozenset({"predict_start", "predict_end", "predict_dates"}),
    "statsmodels.iolib.table.Row": frozenset({"table"}),
    "statsmodels.iolib.table.Cell": frozenset({"row"}),
}
"""Attributes that say nothing, as their libraries define them: answers kept when asked for (``summary()`` of statsmodels
leaves some), memory that is written before each use and never read before (``_tmp_like_exog``, made by ``np.empty_like``),
the dates that the last prediction was made for, and ways back to the whole that a part lies in.
"""
_UNSET = NotImplemented
_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_POINTER = struct.calcsize("P")
_SCALARS = (int, float, complex, str, bytes, bytearray)
_BUILTIN = frozenset({object, list, tuple, set, frozenset, dict, OrderedDict, *_SCALARS})


def add_object(walk: Walk, digest: Digest, value: Any) -> None:
    """Add an object of a type that no family knows."""
    kind = type(value)
    digest.text(f"object:{kind.__module__}.{kind.__qualname__}")
    walk.mutable(value)
    if is_user_code(kind.__module__):
        walk.add(digest, kind)
    _builtin_part(walk, digest, value)
    state = state_of(value)
    for name in sorted(state):
        digest.text(name)
        walk.add(digest, state[name])
    if _partly_c(kind):
        _reduced(walk, digest, value)


def add_objects(walk: Walk, digest: Digest, group: list[Any]) -> list[list[Any]] | None:
    """Take objects of one type apart together: names once for all that have the same, then all values."""
    kind = type(group[0])
    if issubclass(kind, (dict, set, frozenset, *_SCALARS)):
        return None
    reduced = [_reduced_parts(value) for value in group] if _partly_c(kind) else []
    if any(isinstance(parts, str) for parts in reduced):
        return None
    states = [state_of(value) for value in group]
    if any(_holds_much(state) for state in states):
        return None
    walk.mutable(*group)
    if is_user_code(kind.__module__):
        walk.add(digest, kind)
    names = [tuple(sorted(state)) for state in states]
    known = {name: number for number, name in enumerate(dict.fromkeys(names))}
    digest.buffer(dump([list(known), [known[name] for name in names]]))
    parts = [[state[name] for state, held in zip(states, names, strict=True) for name in held]]
    if issubclass(kind, list | tuple):
        plain = [list((list if issubclass(kind, list) else tuple).__iter__(value)) for value in group]
        digest.buffer(dump(list(map(len, plain))))
        parts.append(list(chain.from_iterable(plain)))
    if reduced:
        digest.buffer(dump([len(told) for told in reduced]))
        parts += [[told[n] for told in reduced if n < len(told)] for n in range(5)]
    return parts


def _holds_much(state: Mapping[str, object]) -> bool:
    """True for an object with a long container of its own: often one object stands in the group many times, as an
    interpreter that each parameter of a model refers to, and walked one by one it is walked once.
    """
    return any((type(part) is dict or type(part) is list) and len(part) > WIDE for part in state.values())


def state_of(value: object) -> dict[str, object]:
    """Instance dictionary and slots, read without running the object's own code, short of what is derived."""
    state: dict[str, object] = {}
    kind = type(value)
    held = _dictionary(kind)
    if held is not None:
        state.update(_named(value, held.__get__(value)))
    for name, slot in _slots(kind):
        try:
            state[name] = slot.__get__(value)
        except AttributeError:
            continue
    derived = _derived(kind)
    return {name: part for name, part in state.items() if name not in derived} if derived else state


def parts_of(value: Any) -> list[Any]:
    """All that the digest of an object follows from, as the object holds it: attributes with their names, slots, items.

    Raises Opaque where that cannot be seen.
    """
    kind = type(value)
    parts: list[Any] = [kind] if is_user_code(kind.__module__) else []
    held = _dictionary(kind)
    own = None if held is None else held.__get__(value)
    if own is not None and own is not value:
        parts += _told(own, _derived(kind))
    parts += [_slot(slot, value) for _, slot in _slots(kind)]
    if issubclass(kind, dict):
        parts += [part for pair in dict.items(value) for part in pair]
    elif issubclass(kind, list | tuple):
        parts += (list if issubclass(kind, list) else tuple).__iter__(value)
    return parts


def has_visible_parts(kind: type) -> bool:
    """True for types whose objects ``parts_of`` sees whole."""
    hidden = (set, frozenset, OrderedDict, *_SCALARS)
    return not issubclass(kind, hidden) and not _partly_c(kind)


def _told(own: Any, derived: frozenset[str]) -> list[Any]:
    if type(own) is not dict:
        raise Opaque("its attributes cannot be read without running code of its own")
    if not derived:
        return [*own, *own.values()]
    return [part for pair in own.items() if type(pair[0]) is not str or pair[0] not in derived for part in pair]


def _slot(slot: Any, value: object) -> object:
    try:
        return slot.__get__(value)
    except AttributeError:
        return _UNSET


def _named(value: object, held: Any) -> dict[str, object]:
    """Attributes by name; a dict whose attributes are its items holds nothing beside them."""
    if held is value:
        return {}
    if not issubclass(type(held), dict) or not set(map(type, dict.keys(held))) <= {str}:
        raise Opaque("its attributes cannot be read without running code of its own")
    return dict(dict.items(held))


def _find_dictionary(kind: type) -> Any:
    """The descriptor that reads an object's dictionary; None where there is none."""
    for base in type.mro(kind):
        found = vars(base).get("__dict__")
        if found is not None and not isinstance(found, GetSetDescriptorType | MemberDescriptorType):
            raise Opaque(f"the attributes of {kind.__name__} cannot be read without running code of its own")
        if found is not None:
            return found
    return None


def _find_slots(kind: type) -> tuple[tuple[str, Any], ...]:
    """The slots that the classes of this type made, with the descriptors that read them."""
    found = []
    for base in type.mro(kind):
        if base not in _BUILTIN and not _c_made(base):
            for name, part in vars(base).items():
                if type(part).__name__ == "member_descriptor" and name not in _UNSEEN:
                    found.append((f"{base.__qualname__}.{name}", part))
    return tuple(found)


def _find_derived(kind: type) -> frozenset[str]:
    """Names in the instance dictionary that only remember what follows from the rest."""
    bases = type.mro(kind)
    names = {name for base in bases for name, part in vars(base).items() if isinstance(part, cached_property)}
    if not is_user_code(kind.__module__):
        names |= _CACHES
    return frozenset(names.union(*(DERIVED.get(f"{base.__module__}.{base.__qualname__}", ()) for base in bases)))


def _c_made(kind: type) -> bool:
    """True for a type whose instances hold something that Python cannot see."""
    held = vars(kind)
    if not kind.__flags__ & _HEAP or type(held.get("__new__")).__name__ == "builtin_function_or_method":
        return True
    return _hidden(kind, held) > 0


def _hidden(kind: type, held: Mapping[str, object]) -> int:
    """Bytes that a type adds to its instances beside slots, dictionary and weak references: state that C alone reads."""
    added = kind.__basicsize__ - (kind.__base__ or object).__basicsize__
    seen = sum(1 for part in held.values() if type(part).__name__ == "member_descriptor")
    return added - _POINTER * (seen + ("__dict__" in held) + ("__weakref__" in held))


def _is_partly_c(kind: type) -> bool:
    return any(_c_made(base) for base in type.mro(kind) if base not in _BUILTIN)


def _find_users_bases(kind: type) -> tuple[type, ...]:
    """Of a type and its bases those that are the user's own."""
    return tuple(base for base in type.mro(kind) if is_user_code(base.__module__))


_dictionary: Callable[[type], Any] = lru_cache(maxsize=1024)(_find_dictionary)
_slots: Callable[[type], tuple[tuple[str, Any], ...]] = lru_cache(maxsize=1024)(_find_slots)
_derived: Callable[[type], frozenset[str]] = lru_cache(maxsize=1024)(_find_derived)
_users_bases: Callable[[type], tuple[type, ...]] = lru_cache(maxsize=1024)(_find_users_bases)
_partly_c: Callable[[type], bool] = lru_cache(maxsize=1024)(_is_partly_c)


def _builtin_part(walk: Walk, digest: Digest, value: Any) -> None:
    """The content that a subclass of a builtin inherits. Asks the type: ``value.__class__`` may lie."""
    kind = type(value)
    if issubclass(kind, dict):
        pairs = OrderedDict.items(value) if issubclass(kind, OrderedDict) else dict.items(value)
        walk.items(digest, [part for pair in pairs for part in pair])
    elif issubclass(kind, list | tuple):
        walk.items(digest, list((list if issubclass(kind, list) else tuple).__iter__(value)))
    elif issubclass(kind, set | frozenset):
        plain = (set if issubclass(kind, set) else frozenset).__iter__(value)
        walk.unordered(digest, list(plain))
    elif issubclass(kind, _SCALARS):
        walk.add(digest, _scalar(value, kind))


def _scalar(value: Any, kind: type) -> object:
    """The scalar that a subclass of a builtin is, by the builtin's own methods."""
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, complex):
        return complex(complex.__getattribute__(value, "real"), complex.__getattribute__(value, "imag"))
    return "".join(str.__iter__(value)) if issubclass(kind, str) else bytes(memoryview(value))


def _pickles_itself(kind: type) -> bool:
    """True where the user's own code would run to tell the state."""
    return any(isinstance(vars(base).get(name), FunctionType) for base in _users_bases(kind) for name in _REDUCERS)


def _reduced(walk: Walk, digest: Digest, value: Any) -> None:
    parts = _reduced_parts(value)
    if isinstance(parts, str):
        digest.text(parts)
        return
    digest.text("reduced")
    for part in parts:
        walk.add(digest, part)


def _reduced_parts(value: Any) -> str | list[Any]:
    """What the object's own reduce protocol says of it: a name, or function, arguments, state, items, pairs."""
    kind = type(value)
    if _pickles_itself(kind):
        raise Opaque(f"what {kind.__name__} holds could be read only by running code of its own")
    registered = copyreg.dispatch_table.get(kind)
    try:
        parts = registered(value) if registered is not None else value.__reduce_ex__(4)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise Opaque(f"{kind.__name__} does not let Python see what it holds") from error
    if isinstance(parts, str):
        return parts
    if not isinstance(parts, tuple) or len(parts) < 2:
        raise Opaque(f"{kind.__name__} does not let Python see what it holds")
    made_by = getattr(parts[0], "__name__", "")
    if made_by in {"_reconstructor", "__newobj__"} and len(parts) > 2 and parts[2] is None and len(parts[1]) < 2:
        raise Opaque(f"{kind.__name__} does not let Python see what it holds")
    return [*parts[:3], *(None if iterator is None else list(iterator) for iterator in parts[3:5])]


def _python_random(walk: Walk, digest: Digest, value: Any) -> None:
    """By state; the module's own generator is an ambient name of its own."""
    walk.mutable(value)
    if value is getattr(random, "_inst", None):
        digest.text("the generator of random")
        return
    digest.text(type(value).__name__)
    walk.made(digest, value.getstate())


def _bare(_: Walk, digest: Digest, __: Any) -> None:
    """``object()``: it says nothing but that it is one."""
    digest.text("object()")


def _handle(_: Walk, digest: Digest, value: Any) -> None:
    """A handle to a display by the id that the user gave it; one that was drawn says nothing."""
    given = str(value.display_id)
    digest.text("DisplayHandle:" + ("" if _DRAWN_ID.fullmatch(given) else given))


FAMILIES: dict[str, Family] = {
    "random.Random": Family(_python_random),
    "IPython.core.display_functions.DisplayHandle": Family(_handle, nested=False),
}
_DRAWN_ID = re.compile(r"[0-9a-f]{32}")
EXACT: dict[str, Family] = {"builtins.object": Family(_bare, nested=False)}
