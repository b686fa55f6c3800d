"""What a rule is: one class, one code. Rules look at a replayed cell and say why it is as it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from nbcairn.lineage.environment import Cause
from nbcairn.lineage.memory import Memory
from nbcairn.lineage.narrate import first_line, in_words
from nbcairn.lineage.origins import Origins
from nbcairn.lineage.replay import CellReplay, Difference, Replay
from nbcairn.model import Cell, Effect, Finding, Json, Run, Severity, is_ambient

__all__ = [
    "Coded",
    "DifferenceRule",
    "DocumentRule",
    "Rule",
    "View",
    "because",
    "made_by",
    "names_in_words",
    "numbered",
]


@dataclass(frozen=True)
class View:
    """One replayed cell with all that a rule may ask about it."""

    replay: Replay
    this: CellReplay
    origins: Origins

    @cached_property
    def claimed(self) -> dict[type[Rule], list[Difference]]:
        """The differences that each rule explains."""
        from nbcairn.lineage.rules import DIFFERENCE_RULES
        from nbcairn.lineage.rules.order import DependsOnUpstream

        found: dict[type[Rule], list[Difference]] = {}
        for difference in self.this.differences:
            plain = not is_ambient(difference.read.name) and not difference.opaque
            rule: type[Rule] | None = None
            if plain and difference.slot.cause is Cause.UPSTREAM:
                rule = DependsOnUpstream
            elif not plain or difference.slot.cause not in _OF_OTHERS:
                rule = next((type(rule) for rule in DIFFERENCE_RULES if rule.claims(self, difference)), None)
            if rule is not None:
                found.setdefault(rule, []).append(difference)
        return found

    @cached_property
    def causes(self) -> frozenset[Cause | Effect | None]:
        """Why inputs are not known, and the effects of the run that the verdict rests on, or of those above."""
        run = self.this.match or self.this.last
        found: set[Cause | Effect | None] = set(run.effects if run else ())
        for difference in self.this.differences:
            found.add(difference.slot.cause)
            found.update(difference.slot.effects)
        return frozenset(found)

    def maker(self, difference: Difference) -> Run | None:
        """The run that made what the cell saw, if it was recorded."""
        return self.origins.run(difference.read.run_id) if difference.read.run_id else None

    def maker_cell(self, difference: Difference) -> Cell | None:
        """The cell of that run, if the document still has it."""
        maker = self.maker(difference)
        return self.replay.by_id.get(maker.cell_id) if maker else None

    def is_below(self, cell: Cell | None) -> bool:
        """True for a cell further down than this one."""
        return cell is not None and cell.index > self.this.cell.index

    def at(self, index: int) -> Cell:
        """The cell at an index of the document."""
        return self.replay.at[index]

    def writers_below(self, name: str) -> list[Cell]:
        """Cells further down whose last run wrote the name."""
        return [self.at(index) for index in self.replay.writers.get(name, ()) if index > self.this.cell.index]

    def label(self, cell: Cell) -> str:
        """How a person recognises a cell: its place and its first line."""
        return f"cell {cell.index + 1} (`{first_line(cell.source, 40)}`)"


_OF_OTHERS = frozenset({Cause.VARIES, Cause.EFFECT})
"""Causes that rules speak of which look at a cell as a whole."""


class Coded:
    """What has a code of its own, and a page in ``docs/findings/``."""

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING

    def finding(self, message: str, remedy: str, names: tuple[str, ...] = (), because: Json | None = None) -> Finding:
        """A finding under this rule's code."""
        return Finding(self.code, self.title, message, remedy, self.severity, names, because or {})


class Rule(Coded, ABC):
    """One reason why a cell is not fresh, or why its verdict rests on less than everything."""

    def applies(self, view: View) -> bool:
        """False where there is surely nothing to say: asked first, since it is asked of every cell."""
        return True

    @abstractmethod
    def findings(self, view: View) -> Iterator[Finding]:
        """What this rule has to say about one cell."""


class DocumentRule(Coded, ABC):
    """Something about a document as a whole."""

    @abstractmethod
    def findings(self, memory: Memory) -> Iterator[Finding]:
        """What this rule has to say."""


class DifferenceRule(Rule):
    """A rule about names that would hold something else. Of these rules the first that claims a difference has it."""

    @abstractmethod
    def claims(self, view: View, difference: Difference) -> bool:
        """True when this rule explains the difference."""

    @abstractmethod
    def explain(self, view: View, difference: Difference) -> Finding:
        """The finding for one difference."""

    def applies(self, view: View) -> bool:
        """True where a difference is this rule's."""
        return type(self) in view.claimed

    def findings(self, view: View) -> Iterator[Finding]:
        """One finding for each difference that this rule has."""
        for difference in view.claimed.get(type(self), ()):
            yield self.told(view, difference)

    def told(self, view: View, difference: Difference) -> Finding:
        """The finding for one difference, with the doubt where nothing tells whether it counts."""
        found = self.explain(view, difference)
        if not difference.doubt:
            return found
        return replace(found, message=f"{found.message} {_DEFERRED if difference.deferred else _IN_PART}")


_IN_PART = "The cell looks at some attributes of it alone, and nothing tells whether these differ."
_DEFERRED = "Only the body of a decorated function mentions it, and nothing tells whether the decorator calls that."


def names_in_words(names: tuple[str, ...]) -> str:
    """``a``, ``b`` and 3 more."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > 4:
        return f"{', '.join(quoted[:3])} and {len(quoted) - 3} more"
    return in_words(quoted)


def numbered(cells: Sequence[Cell]) -> str:
    """``cell 3``; ``cells 3, 4 and 9``; of many the topmost three."""
    numbers = [str(cell.index + 1) for cell in cells]
    rest = len(numbers) - 3
    told = in_words(numbers if rest < 2 else [*numbers[:3], f"{rest} more"])
    return f"cell{'s' if len(numbers) > 1 else ''} {told}"


def made_by(view: View, differences: Sequence[Difference]) -> list[Cell]:
    """The cells that would make these names, from the top."""
    return [view.at(index) for index in sorted({this.slot.cell for this in differences if this.slot.cell is not None})]


def because(view: View, difference: Difference) -> Json:
    """The chain behind a difference, for faces that show it: runs, cells, fingerprints."""
    maker = view.maker(difference)
    cell = view.maker_cell(difference)
    read, slot = difference.read, difference.slot
    return {
        "name": difference.name,
        "saw": read.fingerprint.digest if read.fingerprint else None,
        "made_by_run": read.run_id,
        "made_by_cell": cell.id if cell else None,
        "made_at": maker.started if maker else None,
        "made_by_source": maker.source if maker and cell is None else None,
        "would_see": slot.fingerprint.digest if slot.known and slot.fingerprint else None,
        "would_be_made_by_cell": view.at(slot.cell).id if slot.cell is not None else None,
        "unknown_because": str(slot.cause) if slot.cause else None,
    }
