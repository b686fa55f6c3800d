"""Rules about order: names that the cells above would leave otherwise than the cell's last run found them."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.environment import Cause
from nbcairn.lineage.replay import Difference
from nbcairn.lineage.rules.base import DifferenceRule, Rule, View, because, names_in_words
from nbcairn.model import Finding, How, Severity, Verdict, is_ambient

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

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which cell, and what is wrong with it."""
        assert difference.slot.cell is not None
        cell = view.at(difference.slot.cell)
        state = view.replay.found[cell.index]
        generator = _GENERATORS.get(difference.name)
        what = f"state of {generator}" if generator else f"`{difference.name}`"
        known = {Verdict.NEVER_RUN: "was never run", Verdict.UNKNOWN: "may be stale"}
        why = known.get(state.verdict, "was edited" if state.edited else "is stale")
        return self.finding(
            f"{'The ' if generator else ''}{what} depends on {view.label(cell)}, which {why}.",
            f"Run cell {cell.index + 1} first; if it gives the same {what}, this cell is fresh again.",
            (difference.name,),
            because(view, difference),
        )


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
