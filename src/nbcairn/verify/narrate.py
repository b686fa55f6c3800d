"""A verification in words: one sentence, then the causes, then each cell that is not the same."""

from __future__ import annotations

from nbcairn.lineage.narrate import first_line
from nbcairn.model import Document
from nbcairn.verify.result import Baseline, Cause, Difference, Outcome, StopReason, Verification, VerifiedCell

__all__ = [
    "headline",
    "told_agreement",
    "told_cause",
    "told_difference",
    "told_roots",
    "told_stop",
    "told_verification",
]

MARKS = {Outcome.SAME: "✓", Outcome.DIFFERENT: "✗", Outcome.NOT_RUN: "–", Outcome.NOTHING: "·"}
_WORDS = {
    StopReason.ERROR: "stopped at",
    StopReason.TIME_LIMIT: "ran out of time in",
    StopReason.KERNEL_DIED: "lost its kernel in",
}


def headline(found: Verification) -> str:
    """One sentence on how many cells are the same."""
    counts, compared = found.summary, found.compared
    if not found.cells:
        return "The notebook has no code cells; nothing was run."
    if not compared:
        return f"All {_cells(len(found.cells))} ran, and none had been run before: there was nothing to compare with."
    if found.same:
        what = f"all {_cells(compared)} are" if compared > 1 else "its one cell is"
        extra = f"; {counts[Outcome.NOTHING]} had nothing to compare with" if counts[Outcome.NOTHING] else ""
        return f"Verified: {what} the same after a real Restart & Run All{extra}."
    parts = [f"{counts[Outcome.SAME]} of {compared} cells are the same"]
    parts += [f"{counts[Outcome.DIFFERENT]} differ" if counts[Outcome.DIFFERENT] != 1 else "1 differs"] * bool(
        counts[Outcome.DIFFERENT]
    )
    parts += [f"{counts[Outcome.NOT_RUN]} not run"] * bool(counts[Outcome.NOT_RUN])
    return f"After a real Restart & Run All {', '.join(parts)}."


def _cells(number: int) -> str:
    return f"{number} code cell{'s' if number != 1 else ''}"


def told_stop(found: Verification) -> str:
    """Where the run ended too early; empty when it did not."""
    if found.stop is None:
        return ""
    return f"The run {_WORDS[found.stop.reason]} cell {found.stop.index + 1}: {found.stop.message}."


def told_roots(found: Verification) -> list[str]:
    """Each cause that is no other cell's, and which cells follow from it."""
    lines = []
    for root in found.roots:
        follows = [f"{index + 1}" for index in root.follows]
        also = ""
        if follows:
            also = f" Cell{'s' if len(follows) > 1 else ''} {_listed(follows)} follow{'s' if len(follows) == 1 else ''} from it."
        lines.append(f"cell {root.cell + 1}: {root.cause.message}.{also}")
    return lines


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def told_difference(difference: Difference) -> str:
    """One difference on a line, with both sides where they are known."""
    name = f" (“{difference.name}”)" if difference.what == "figure" and difference.name else ""
    sides = f": {difference.before or '(nothing)'} → {difference.after or '(nothing)'}"
    return f"{difference.message}{name}{sides if difference.before or difference.after else ''}"


def told_cause(cause: Cause) -> str:
    """One cause as a sentence."""
    return f"{cause.message[0].upper() if cause.message[:1].isalpha() else cause.message[:1]}{cause.message[1:]}."


def told_agreement(found: Verification) -> str:
    """Whether ``check`` had been right; empty where it had said nothing."""
    judged = [cell for cell in found.cells if cell.agrees is not None]
    if not judged:
        return ""
    right = sum(bool(cell.agrees) for cell in judged)
    if right == len(judged):
        return f"`nbcairn check` had said so beforehand for all {len(judged)} cells that it judged."
    parts = [f"`nbcairn check` was right about {right} of the {len(judged)} cells that it judged"]
    if found.missed:
        parts.append(f"it called {_named(found.missed)} fresh")
    if found.false_alarms:
        parts.append(f"it called {_named(found.false_alarms)} stale")
    return "; ".join(parts) + "."


def _named(cells: tuple[VerifiedCell, ...]) -> str:
    numbers = [f"{cell.index + 1}" for cell in cells]
    return f"cell{'s' if len(numbers) > 1 else ''} {_listed(numbers)}"


def told_verification(found: Verification, document: Document) -> str:
    """All of it as plain text."""
    sources = {cell.id: cell.source for cell in document.cells}
    lines = [headline(found), told_stop(found), *(f"  {line}" for line in told_roots(found)), *found.notes]
    for cell in found.cells:
        if cell.outcome in {Outcome.SAME, Outcome.NOTHING}:
            continue
        lines += ["", f"{MARKS[cell.outcome]} cell {cell.index + 1}: {first_line(sources[cell.cell_id])}"]
        lines += [f"    {told_difference(difference)}" for difference in cell.differences]
        lines += [f"    → {told_cause(cause)}" for cause in cell.causes]
        if cell.baseline is Baseline.FILE:
            lines.append("    (compared with the output saved in the file)")
    return "\n".join([line for line in [*lines, told_agreement(found)] if line or lines])
