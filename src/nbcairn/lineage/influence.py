"""What a source may write that was never run as it stands: directly, and through the functions it can call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

from nbcairn.lineage.ambience import may_set
from nbcairn.lineage.dependence import may_change
from nbcairn.lineage.saves import Saves, texts_of
from nbcairn.lineage.source import Definition, SourceFacts, analyse
from nbcairn.lineage.within import changed_outside

__all__ = ["Functions"]


class Functions:
    """The functions and classes that the cells of a document define, by name."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._known: dict[str, list[tuple[Definition, str]]] = {}
        sources = list(sources)
        self._texts = texts_of(sources)
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
        return facts.binds | facts.deletes | self.may_change(source, type_of)

    def may_change(self, source: str, type_of: Callable[[str], str]) -> frozenset[str]:
        """Of these the names that it does not bind itself, or whose value from before it changes in place."""
        return changed_outside(source, type_of, self.names) | self._through(analyse(source), type_of)

    def may_read(self, source: str, type_of: Callable[[str], str]) -> frozenset[str]:
        """Names that running this source may look up: its own, and those of the functions that it can call."""
        facts = analyse(source)
        return facts.reads | {read for item, _ in self._called(facts, type_of) for read in item.reads}

    def may_save(self, source: str, type_of: Callable[[str], str], paths: Iterable[str]) -> frozenset[str]:
        """Those of the paths that running this source may write or remove, itself or by a function of the document."""
        called = (Saves.of(defined) for _, defined in self._called(analyse(source), type_of))
        return reduce(or_, called, Saves.of(source)).among(paths, self._texts)

    def may_set(self, source: str, type_of: Callable[[str], str], imports: Mapping[str, str]) -> frozenset[str]:
        """Ambient state that running this source may set, itself or by a function of the document."""
        called = (may_set(text, imports, item.name) for item, text in self._called(analyse(source), type_of))
        return reduce(or_, called, may_set(source, imports))

    def _through(self, facts: SourceFacts, type_of: Callable[[str], str]) -> frozenset[str]:
        found: set[str] = set()
        for item, source in self._called(facts, type_of):
            found |= item.writes | (item.mutates & may_change(source, type_of, self.names, bodies=True))
        return frozenset(found)

    def _called(self, facts: SourceFacts, type_of: Callable[[str], str]) -> Iterator[tuple[Definition, str]]:
        if not self._known:
            return
        waiting = set(facts.reads | facts.calls | facts.mutates)
        waiting |= {type_of(name) for name in facts.reads | facts.mutates}
        waiting &= self._known.keys()
        done: set[str] = set()
        while waiting:
            name = waiting.pop()
            done.add(name)
            for item, source in self._known[name]:
                waiting |= (item.reads | {type_of(read) for read in item.reads}) & self._known.keys() - done
                yield item, source
