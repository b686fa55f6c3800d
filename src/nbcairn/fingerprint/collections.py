"""The standard library's other containers and wrappers: ordered dicts, deques, partials, weak references."""

from __future__ import annotations

import gc
from collections import OrderedDict
from typing import Any

from nbcairn.fingerprint.code import is_user_code
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.objects import state_of
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["EXACT", "FAMILIES"]


def _ordered(walk: Walk, digest: Digest, value: Any) -> None:
    """By its own order, which is not that of the dict underneath once ``move_to_end`` was used."""
    digest.text("OrderedDict")
    walk.mutable(value)
    walk.items(digest, [part for pair in OrderedDict.items(value) for part in pair])


def _default(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("defaultdict")
    walk.mutable(value)
    walk.add(digest, value.default_factory)
    walk.items(digest, [part for pair in dict.items(value) for part in pair])


def _deque(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"deque:{value.maxlen}")
    walk.mutable(value)
    walk.items(digest, list(value))


def _proxy(walk: Walk, digest: Digest, value: Any) -> None:
    """A read-only view of a mapping: the mapping behind it may still change."""
    digest.text("mappingproxy")
    walk.mutable(value)
    walk.items(digest, [part for pair in value.items() for part in pair])


def _view(walk: Walk, digest: Digest, value: Any) -> None:
    """Keys, values or items of a dict."""
    digest.text(type(value).__name__)
    walk.mutable(value)
    walk.items(digest, [part for pair in value.mapping.items() for part in pair])


def _array(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"array:{value.typecode}")
    walk.mutable(value)
    digest.buffer(value.tobytes())


def _memory_file(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"{type(value).__name__}:{value.tell()}")
    walk.mutable(value)
    walk.add(digest, value.getvalue())


def _partial(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("partial")
    walk.mutable(value)
    for part in (value.func, value.args, value.keywords):
        walk.add(digest, part)


def _cached_function(walk: Walk, digest: Digest, value: Any) -> None:
    """A function under ``lru_cache``: what it remembers does not count."""
    digest.text(f"lru_cache:{value.cache_parameters()}")
    walk.mutable(value)
    walk.add(digest, value.__wrapped__)


def _cached_property(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("cached_property")
    walk.add(digest, value.func)


def _weak_reference(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("weakref")
    walk.mutable(value)
    walk.add(digest, value())


def _weak_container(walk: Walk, digest: Digest, value: Any) -> None:
    """Such a container is a cache: what it holds comes and goes with the garbage collector."""
    walk.mutable(value)
    digest.text(type(value).__name__)


def _exception(walk: Walk, digest: Digest, value: Any) -> None:
    """By type, arguments, attributes and causes, not by where it was raised."""
    kind = type(value)
    digest.text(f"exception:{kind.__module__}.{kind.__qualname__}")
    walk.mutable(value)
    slots: tuple[Any, ...] = (BaseException.args, BaseException.__cause__, BaseException.__context__)
    walk.add(digest, state_of(value))
    for slot in slots:
        walk.add(digest, slot.__get__(value))


def _object_proxy(walk: Walk, digest: Digest, value: Any) -> None:
    """An object of wrapt that stands for another, and answers for it when asked: the other, and what the proxy holds itself."""
    kind = type(value)
    digest.text(f"proxy:{kind.__module__}.{kind.__qualname__}")
    walk.mutable(value)
    if is_user_code(kind.__module__):
        walk.add(digest, kind)
    wrapped = object.__getattribute__(value, "__wrapped__")
    walk.add(digest, wrapped)
    for part in gc.get_referents(value):
        if part is kind or part is wrapped:
            continue
        own = (
            {name: held for name, held in part.items() if str(name).startswith("_self_")}
            if type(part) is dict
            else part
        )
        walk.add(digest, own)


EXACT: dict[str, Family] = {
    "collections.OrderedDict": Family(_ordered),
    "collections.defaultdict": Family(_default),
    "collections.deque": Family(_deque),
    "builtins.mappingproxy": Family(_proxy),
    **dict.fromkeys(("builtins.dict_keys", "builtins.dict_values", "builtins.dict_items"), Family(_view)),
    "array.array": Family(_array, nested=False),
    "_io.StringIO": Family(_memory_file, nested=False),
    "_io.BytesIO": Family(_memory_file, nested=False),
    "functools.partial": Family(_partial),
    "functools._lru_cache_wrapper": Family(_cached_function),
    "functools.cached_property": Family(_cached_property),
}
"""Types that count only as themselves."""

FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("weakref.ReferenceType", "builtins.weakref"), Family(_weak_reference)),
    **dict.fromkeys(
        ("weakref.WeakKeyDictionary", "weakref.WeakValueDictionary", "_weakrefset.WeakSet"),
        Family(_weak_container, nested=False),
    ),
    "builtins.BaseException": Family(_exception),
    **dict.fromkeys(("_wrappers.ObjectProxy", "builtins.ObjectProxy"), Family(_object_proxy)),
}
