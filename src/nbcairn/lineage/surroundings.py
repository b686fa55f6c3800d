"""What the cells of one session say of names together: to cut one of them, the others have to be known."""

from __future__ import annotations

from functools import cached_property

from nbcairn.lineage.purity import Purity, imported_as
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse
from nbcairn.lineage.units import UnitKind, late_names, units_of
from nbcairn.model import Run

__all__ = ["Surroundings", "top_package"]


class Surroundings:
    """What the runs of one session say of names: imports, the notebook's own definitions, types, deferred look-ups."""

    def __init__(self, session: list[Run]) -> None:
        self.imports: dict[str, str] = {}
        self.own: set[str] = set()
        self.late: set[str] = set()
        self.deferred_writes: set[str] = set()
        self.looked_up: set[str] = set()
        self.looks_up: dict[str, frozenset[str]] = {}
        self._types: dict[tuple[str, str], str] = {}
        self._session = session
        for run in session:
            facts = analyse(run.source)
            self.imports |= _imports(run.source)
            self.own |= {item.name for item in facts.definitions}
            self.looks_up |= {item.name: item.reads | item.writes | item.mutates for item in facts.definitions}
            self.deferred_writes |= {name for item in facts.definitions for name in item.writes}
            self.late |= late_names(run.source)
            self.looked_up |= facts.reads | late_names(run.source)
            for write in run.writes:
                self._types[run.id, write.name] = write.type_name

    @cached_property
    def for_effect(self) -> list[tuple[Run, set[str]]]:
        """Runs with imports whose names nobody looks up, each with the packages that these are of."""
        found = []
        for run in self._session:
            units = [unit for unit in units_of(run.source) or () if unit.kind is UnitKind.IMPORT]
            packages = {
                top_package(name) for unit in units if not unit.binds & self.looked_up for name in unit.facts.imports
            }
            if packages:
                found.append((run, packages))
        return found

    def purity(self, run: Run) -> Purity:
        """The knowledge around one run."""
        types = {read.name: self._types.get((read.run_id or "", read.name), "") for read in run.reads}
        for write in run.writes:
            types[write.name] = write.type_name if types.get(write.name, write.type_name) == write.type_name else ""
        return Purity(self.imports, lambda name: types.get(name, ""), frozenset(self.own))


def _imports(source: str) -> dict[str, str]:
    tree = parse(source)[0]
    return imported_as(tree) if tree is not None else {}


def top_package(module: str) -> str:
    """``a`` of ``a.b``."""
    return module.partition(".")[0]
