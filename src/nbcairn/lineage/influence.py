"""What a source may write that was never run as it stands: directly, and through the functions it can call."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nbcairn.lineage.dependence import may_change
from nbcairn.lineage.source import Definition, SourceFacts, analyse

__all__ = ["Functions"]


class Functions:
    """The functions and classes that the cells of a document define, by name."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._known: dict[str, list[tuple[Definition, str]]] = {}
        for source in sources:
            for item in analyse(source).definitions:
                self._known.setdefault(item.name, []).append((item, source))

    @property
    def names(self) -> frozenset[str]:
        """Names that some cell defines as a function or class."""
        return frozenset(self._known)

    def may_write(self, source: str, type_of: Callable[[str], str]) -> frozenset[str]:
        """Names that running this source may bind, delete or change in place.

        ``type_of`` tells the type that a name last held; an object of a class typed in the notebook acts by its class.
        """
        facts = analyse(source)
        own = facts.binds | facts.deletes | may_change(source, type_of, self.names)
        return own | self._through(facts, type_of)

    def _through(self, facts: SourceFacts, type_of: Callable[[str], str]) -> frozenset[str]:
        waiting = set(facts.reads | facts.calls)
        waiting |= {type_of(name) for name in facts.reads | facts.mutates}
        done: set[str] = set()
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in done:
                continue
            done.add(name)
            for item, source in self._known.get(name, ()):
                found |= item.writes | (item.mutates & may_change(source, type_of, self.names))
                waiting |= item.reads | {type_of(read) for read in item.reads}
        return frozenset(found)
