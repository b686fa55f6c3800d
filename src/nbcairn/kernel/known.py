"""What is known of the names' present values, and which names share mutable memory."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace

from nbcairn.fingerprint import Witness
from nbcairn.model import Fingerprint

__all__ = ["Known", "KnownNames"]

WIDE = 256
"""A value that reaches more mutable objects than this is not entered in the index, but asked."""
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """Content of a name's value, the run that made it, the mutable objects it reaches.

    ``identity`` is the object's id, kept without a reference to it, so that nothing of the user's is kept alive.
    ``witness`` can tell that the value is as it was, and is the ``witnesses``th that was made of it. ``again`` counts how often
    a look that took long found nothing new.
    """

    fingerprint: Fingerprint
    identity: int
    touched: frozenset[int]
    run_id: str | None = None
    witness: Witness | None = field(default=None, compare=False)
    witnesses: int = 0
    again: int = 0

    def holds(self, value: object) -> bool:
        """True only where it is seen at once that all of this still holds for a value."""
        return self.witness is not None and self.identity == id(value) and self.witness.holds(value)

    def seen_again(self) -> Known:
        """The same, and what else the witness has just found that the value reaches."""
        more = frozenset() if self.witness is None else self.witness.reached - self.touched
        return replace(self, touched=self.touched | more) if more else self


class KnownNames:
    """One ``Known`` a name, and an index from mutable objects to the names that reach them."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._reaching: dict[int, set[str]] = {}
        self._wide: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def get(self, name: str) -> Known | None:
        """What is known of a name, if anything."""
        return self._known.get(name)

    def put(self, name: str, known: Known) -> None:
        """Know this of a name from now on."""
        old = self._known.get(name)
        self._known[name] = known
        if old is not None:
            if old.touched == known.touched:
                return
            self._leave(name, old)
        if len(known.touched) > WIDE:
            self._wide.add(name)
        else:
            for identity in known.touched:
                self._reaching.setdefault(identity, set()).add(name)

    def forget(self, name: str) -> None:
        """Know nothing of a name any more."""
        old = self._known.pop(name, None)
        if old is not None:
            self._leave(name, old)

    def clear(self) -> None:
        """Know nothing."""
        self._known.clear()
        self._reaching.clear()
        self._wide.clear()

    def reaching(self, touched: Set[int]) -> set[str]:
        """Names that reach one of these mutable objects."""
        if not touched:
            return set()
        found = {name for name in self._wide if not self._known[name].touched.isdisjoint(touched)}
        few = touched if len(touched) < len(self._reaching) else touched & self._reaching.keys()
        for identity in few:
            found |= self._reaching.get(identity, _NOBODY)
        return found

    def _leave(self, name: str, old: Known) -> None:
        self._wide.discard(name)
        if len(old.touched) > WIDE:
            return
        for identity in old.touched:
            names = self._reaching.get(identity)
            if names is not None:
                names.discard(name)
                if not names:
                    del self._reaching[identity]
