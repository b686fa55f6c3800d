"""Rules about order: names that the cells above would leave otherwise than the cell's last run found them."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.environment import Cause
from nbcairn.lineage.replay import Difference
from nbcairn.lineage.rules.base import DifferenceRule, Rule, View, because, made_by, names_in_words, numbered
from nbcairn.model import Cell, Finding, How, Severity, Verdict, is_ambient

__all__ = [
    "Accumulates",
    "ChangedBelow",
    "DependsOnUpstream",
    "OrphanName",
    "ReadsFromBelow",
    "StaleInput",
    "UndefinedName",
]


def _is_value(difference: Difference) -> bool:
    return difference.slot.known


class Accumulates(DifferenceRule):
    """The cell read what an earlier run of itself had made."""

    code = "CN108"
    title = "Builds on its own earlier run"

    def claims(self, view: View, difference: Difference) -> bool:
        """The maker of what it saw is this very cell."""
        maker = view.maker(difference)
        own = maker is not None and maker.cell_id in {view.this.cell.id, view.this.last and view.this.last.cell_id}
        return own and _is_value(difference) and difference.slot.fingerprint is not None

    def explain(self, view: View, difference: Difference) -> Finding:
        """One run on top of another."""
        return self.finding(
            f"The cell ran more than once, and its last run started from the `{difference.name}` that an earlier run of it "
            "had left. Run from the top, it would run once.",
            "Run the cells that make its inputs, then this cell once; or bind the result to a new name.",
            (difference.name,),
            because(view, difference),
        )


class ChangedBelow(DifferenceRule):
    """A cell further down changed the value in place before this cell ran."""

    code = "CN107"
    title = "Changed in place further down"

    def claims(self, view: View, difference: Difference) -> bool:
        """The maker stands below and mutated the name."""
        maker = view.maker(difference)
        if not (_is_value(difference) and view.is_below(view.maker_cell(difference)) and maker):
            return False
        return any(write.name == difference.name and write.how is How.MUTATED for write in maker.writes)

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which cell changed it."""
        cell = view.maker_cell(difference)
        assert cell is not None
        return self.finding(
            f"When this cell last ran, {view.label(cell)} had changed `{difference.name}` in place; "
            "run from the top, it would see it unchanged.",
            "Re-run the cells from where the name is made down to this one; or let the lower cell change a copy.",
            (difference.name,),
            because(view, difference),
        )


class ReadsFromBelow(DifferenceRule):
    """A cell further down made what this cell read."""

    code = "CN104"
    title = "Reads from further down"

    def claims(self, view: View, difference: Difference) -> bool:
        """The maker stands below; or nothing above defines the name and a cell below does."""
        if not _is_value(difference) or is_ambient(difference.name):
            return view.is_below(view.maker_cell(difference)) and difference.slot.known
        if view.is_below(view.maker_cell(difference)):
            return True
        absent = difference.slot.fingerprint is None
        return absent and view.maker_cell(difference) is None and bool(view.writers_below(difference.name))

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which cell, and what would happen from the top."""
        cell = view.maker_cell(difference) or view.writers_below(difference.name)[0]
        absent = difference.slot.fingerprint is None
        then = "it would not exist yet" if absent else "it would hold something else"
        return self.finding(
            f"It used `{difference.name}` as {view.label(cell)} further down left it; run from the top, {then}.",
            f"Move cell {cell.index + 1} above this one."
            if absent
            else f"Re-run the cells from the top to this one; or let cell {cell.index + 1} use a name of its own.",
            (difference.name,),
            because(view, difference),
        )


class OrphanName(DifferenceRule):
    """The cell that made what it read is no longer in the document."""

    code = "CN105"
    title = "Made by code that is gone"

    def claims(self, view: View, difference: Difference) -> bool:
        """Its maker was recorded, and the document has no such cell, or that cell no longer makes it."""
        if not _is_value(difference) or is_ambient(difference.name):
            return False
        maker = view.maker(difference)
        if maker is None:
            return False
        nothing_makes_it = difference.slot.fingerprint is None and difference.slot.cell is None
        return view.maker_cell(difference) is None or nothing_makes_it

    def explain(self, view: View, difference: Difference) -> Finding:
        """Deleted, or edited away."""
        cell, maker = view.maker_cell(difference), view.maker(difference)
        assert maker is not None
        gone = f"an earlier version of {view.label(cell)}" if cell else "a cell that has since been deleted"
        missing = difference.slot.fingerprint is None
        then = "nothing would define it" if missing else "it would hold something else"
        return self.finding(
            f"It used `{difference.name}` as made by {gone}; run from the top, {then}.",
            "Bring that code back (its source is in the trail), or define the name in a cell above."
            if missing
            else "Re-run this cell in order, or bring that code back (its source is in the trail).",
            (difference.name,),
            because(view, difference),
        )


class StaleInput(DifferenceRule):
    """An input was made anew since."""

    code = "CN101"
    title = "An input has changed"

    def claims(self, view: View, difference: Difference) -> bool:
        """Whatever no other rule about content explains."""
        return _is_value(difference)

    def explain(self, view: View, difference: Difference) -> Finding:
        """Who makes it now."""
        slot = difference.slot
        if difference.read.fingerprint is None:
            what = f"`{difference.name}` was not defined when this cell ran, and is now"
        elif slot.fingerprint is None:
            what = f"`{difference.name}` would not exist any more"
        else:
            what = f"`{difference.name}` held something else when this cell ran"
        does = "deletes" if slot.fingerprint is None else "makes"
        source = f": {view.label(view.at(slot.cell))} {does} it" if slot.cell is not None else ""
        return self.finding(
            f"{what[0].upper() if what[0] != '`' else what[0]}{what[1:]}{source}.",
            "Re-run this cell.",
            (difference.name,),
            because(view, difference),
        )


_GENERATORS = {
    "<rng:python>": "Python's random generator",
    "<rng:numpy>": "NumPy's random generator",
    "<rng:torch>": "PyTorch's random generator",
}


class DependsOnUpstream(DifferenceRule):
    """A cell above is itself edited, never run or stale, and may make the input anew."""

    code = "CN109"
    title = "Depends on a cell that is not up to date"

    def claims(self, view: View, difference: Difference) -> bool:
        """The input is unknown because of a cell above."""
        return difference.slot.cause is Cause.UPSTREAM

    def findings(self, view: View) -> Iterator[Finding]:
        """One for all inputs together; what is in doubt, and the state of a generator, for itself."""
        together: list[Difference] = []
        for difference in view.claimed.get(type(self), ()):
            if difference.doubt or difference.read.name in _GENERATORS:
                yield self.told(view, difference)
            else:
                together.append(difference)
        if len(together) > 1:
            yield self._together(view, together)
        elif together:
            yield self.told(view, together[0])

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which cell, and what is wrong with it."""
        (cell,) = made_by(view, [difference])
        generator = _GENERATORS.get(difference.name)
        what = f"state of {generator}" if generator else f"`{difference.name}`"
        return self.finding(
            f"{'The ' if generator else ''}{what} depends on {view.label(cell)}, which {_why(view, cell)}.",
            f"Run cell {cell.index + 1} first; if it gives the same {what}, this cell is fresh again.",
            (difference.name,),
            because(view, difference),
        )

    def _together(self, view: View, differences: list[Difference]) -> Finding:
        """Several inputs, of one cell or of several; ``because`` is that of the topmost, with the cells of all."""
        names = tuple(difference.read.name for difference in differences)
        cells = made_by(view, differences)
        first = next(this for this in differences if this.slot.cell == cells[0].index)
        one = len(cells) == 1
        where = (
            f"{view.label(cells[0])}, which {_why(view, cells[0])}"
            if one
            else f"{numbered(cells)}, which are not up to date"
        )
        return self.finding(
            f"{names_in_words(names)} depend on {where}.",
            f"Run {numbered(cells)} first; if {'it gives' if one else 'they give'} the same, this cell is fresh again.",
            names,
            {**because(view, first), "made_anew_by_cells": [cell.id for cell in cells]},
        )


def _why(view: View, cell: Cell) -> str:
    """What is wrong with a cell above."""
    state = view.replay.found[cell.index]
    known = {Verdict.NEVER_RUN: "was never run", Verdict.UNKNOWN: "may be stale"}
    return known.get(state.verdict, "was edited" if state.edited else "is stale")


class UndefinedName(Rule):
    """The code looks up a name that nothing would have defined: a NameError on Run All."""

    code = "CN106"
    title = "Name would not be defined"
    severity = Severity.ERROR

    def findings(self, view: View) -> Iterator[Finding]:
        """One finding for all such names of the cell."""
        explained = {difference.name for difference in view.this.differences if view.maker(difference) is not None}
        names = tuple(name for name in view.this.undefined if name not in explained)
        if names:
            below = [cell for name in names for cell in view.writers_below(name)]
            remedy = (
                f"Move cell {below[0].index + 1} above this one."
                if below
                else "Define it in a cell above, or remove its use."
            )
            one = "it" if len(names) == 1 else "them"
            yield self.finding(
                f"{names_in_words(names)}: no cell above would define {one}, so Restart & Run All stops here "
                "with a NameError.",
                remedy,
                names,
            )
