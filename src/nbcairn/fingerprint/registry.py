"""Which family a type belongs to, and the two entrances to it all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from blake3 import blake3

from nbcairn.fingerprint import (
    arrays,
    arrow,
    builtins,
    charts,
    code,
    collections,
    figures,
    frames,
    models,
    objects,
    queries,
    refused,
    spark,
    sparse,
)
from nbcairn.fingerprint.digest import METHOD, Digest
from nbcairn.fingerprint.memory import Memory
from nbcairn.fingerprint.plain import SCALARS, dump
from nbcairn.fingerprint.walk import Family, Opaque, Parts, Walk
from nbcairn.model import Fingerprint, Layout
from nbcairn.plugins import declared

__all__ = ["Fingerprinter", "family_of", "fingerprint", "is_any_object"]

_OBJECT = Family(objects.add_object, spread=objects.add_objects)
_NOTHING: frozenset[int] = frozenset()
_SMALL = 1 << 12


@cache
def _exact() -> Mapping[str, Family]:
    return {**objects.EXACT, **builtins.EXACT, **collections.EXACT}


@cache
def _inherited() -> Mapping[str, Family]:
    known: dict[str, Family] = {}
    for module in (
        collections,
        code,
        objects,
        arrays,
        sparse,
        frames,
        arrow,
        figures,
        charts,
        models,
        queries,
        refused,
        spark,
    ):
        known.update(module.FAMILIES)
    for point in declared("nbcairn.fingerprints"):
        known.update(point.load())
    return known


@lru_cache(maxsize=4096)
def family_of(kind: type) -> Family:
    """The family of a type: its own, or that of its nearest base; a subclass of a builtin is an object of its own."""
    own = _exact().get(f"{kind.__module__}.{kind.__qualname__}")
    if own is not None:
        return own
    known = _inherited()
    if kind.__name__ in code.CYTHON:
        return known[kind.__name__]
    for base in type.mro(kind) if kind is not type else (type,):
        family = known.get(f"{base.__module__}.{base.__qualname__}")
        if family is not None:
            return family
    return _OBJECT


def is_any_object(kind: type) -> bool:
    """True for types that no family knows: their objects are taken apart as such."""
    return family_of(kind) is _OBJECT


class Fingerprinter:
    """Fingerprints with two settings.

    ``max_bytes`` bounds what is read of one array (None: everything). ``memory`` knows which memory was not written
    since it was last hashed (None: all is hashed each time).
    """

    def __init__(self, max_bytes: int | None = None, memory: Memory | None = None) -> None:
        self.max_bytes = max_bytes
        self.memory = memory

    def of(self, value: object) -> Fingerprint:
        """The fingerprint of a value; opaque with a reason where it has none."""
        return self.look(value)[0]

    def look(
        self,
        value: object,
        parts: Parts | None = None,
        ends: float | None = None,
        layouts: dict[str, Layout] | None = None,
    ) -> tuple[Fingerprint, frozenset[int]]:
        """The fingerprint, and the identities of the objects the value reaches that can change in place.

        ``parts`` is handed from one look to the next as long as nothing can change: a value that holds another that was
        looked at before is spared that. After ``ends`` (of ``time.monotonic``) what is left of a large value is opaque.
        ``layouts`` takes up what is found of a table column by column, by the digest of its fingerprint.
        """
        if any(type(value) is kind for kind in SCALARS):  # a metaclass may refuse to be looked up in a set
            content = dump(value)
            if len(content) < _SMALL:
                return Fingerprint(blake3(b"scalar " + content).hexdigest(length=16)), _NOTHING
        walk, digest = Walk(family_of, self.max_bytes, self.memory, parts, ends), Digest(METHOD)
        reason = _added(walk, digest, value)
        if reason:
            return walk.opaque(reason), frozenset(walk.touched | {id(value)})
        part = walk.part(value) if parts is not None else None
        if parts is not None and part is not None:
            parts[id(value)] = part
        print_ = walk.result(digest)
        if layouts is not None and walk.layout is not None and not walk.sampled:
            layouts[print_.digest] = walk.layout
        return print_, frozenset(walk.touched)

    def mutables(self, value: object) -> frozenset[int]:
        """Identities of the objects a value reaches that can change in place, to find what names share."""
        return self.look(value)[1]


def _added(walk: Walk, digest: Digest, value: object) -> str:
    """Add the value; the reason why it cannot be, or nothing."""
    try:
        walk.add(digest, value)
    except Opaque as reason:
        return str(reason)
    except RecursionError:
        return "it is nested too deep"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - an object's own code may raise anything
        return f"reading it raised {type(error).__name__}"
    return ""


def fingerprint(value: object, *, max_bytes: int | None = None) -> Fingerprint:
    """The content fingerprint of any value. Never raises: what cannot be hashed is opaque, with the reason."""
    return Fingerprinter(max_bytes).of(value)
