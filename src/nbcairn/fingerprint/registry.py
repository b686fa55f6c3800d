"""Which family a type belongs to, and the two entrances to it all."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from nbcairn.fingerprint import arrays, builtins, code, frames, objects
from nbcairn.fingerprint.digest import METHOD, Digest
from nbcairn.fingerprint.walk import Family, Opaque, Walk
from nbcairn.model import Fingerprint

__all__ = ["Fingerprinter", "fingerprint"]

_EXACT_ONLY = frozenset(
    f"builtins.{name}"
    for name in ("int", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset")
)
_OBJECT = Family(objects.add_object)


@cache
def _families() -> dict[str, Family]:
    known: dict[str, Family] = {}
    for module in (builtins, arrays, frames, code, objects):
        known.update(module.FAMILIES)
    for point in entry_points(group="nbcairn.fingerprints"):
        known.update(point.load())
    return known


@cache
def family_of(kind: type) -> Family:
    """The family of a type: its own, or that of its nearest base; a subclass of a builtin is an object of its own."""
    known = _families()
    for base in type.mro(kind) if kind is not type else (type,):
        name = f"{base.__module__}.{base.__qualname__}"
        if name in known and not (base is not kind and name in _EXACT_ONLY):
            return known[name]
    return _OBJECT


def _refused(walk: Walk, digest: Digest, value: object) -> tuple[Fingerprint, frozenset[int]]:
    try:
        walk.add(digest, value)
    except Opaque as reason:
        return walk.opaque(str(reason)), frozenset(walk.touched | {id(value)})
    except RecursionError:
        return walk.opaque("nested too deep"), frozenset(walk.touched | {id(value)})
    except Exception as error:  # noqa: BLE001 - an object's own code may raise anything
        return walk.opaque(f"{type(error).__name__} while reading it"), frozenset(walk.touched | {id(value)})
    return walk.result(digest), frozenset(walk.touched)


class Fingerprinter:
    """Fingerprints with one setting: ``max_bytes`` bounds what is read of one array (None: everything)."""

    def __init__(self, max_bytes: int | None = None) -> None:
        self.max_bytes = max_bytes

    def of(self, value: object) -> Fingerprint:
        """The fingerprint of a value; opaque with a reason where it has none."""
        return self.look(value)[0]

    def look(self, value: object) -> tuple[Fingerprint, frozenset[int]]:
        """The fingerprint, and the identities of the objects the value reaches that can change in place."""
        return _refused(Walk(family_of, self.max_bytes), Digest(METHOD), value)

    def mutables(self, value: object) -> frozenset[int]:
        """Identities of the objects a value reaches that can change in place, to find what names share."""
        return self.look(value)[1]


def fingerprint(value: object, *, max_bytes: int | None = None) -> Fingerprint:
    """The content fingerprint of any value. Never raises: what cannot be hashed is opaque, with the reason."""
    return Fingerprinter(max_bytes).of(value)
