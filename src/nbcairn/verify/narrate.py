"""A verification in words: sentences about the whole, about one difference, about one cause."""

from __future__ import annotations

from nbcairn.lineage.narrate import in_words
from nbcairn.verify.result import Cause, Difference, Outcome, Root, StopReason, Verification, VerifiedCell, What

__all__ = [
    "headline",
    "told_agreement",
    "told_cause",
    "told_difference",
    "told_differences",
    "told_roots",
    "told_stop",
]

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
    """Each cause that is no other cell's, in which cells it lies, and which follow from them."""
    grouped: dict[str, list[Root]] = {}
    for root in found.roots:
        grouped.setdefault(root.cause.message, []).append(root)
    return [_told_root(message, roots) for message, roots in grouped.items()]


def _told_root(message: str, roots: list[Root]) -> str:
    cells = [f"{root.cell + 1}" for root in roots]
    follows = sorted({index + 1 for root in roots for index in root.follows})
    line = f"cell{'s' if len(cells) > 1 else ''} {in_words(cells)}: {message}."
    if not follows:
        return line
    ends, verb = ("", "follows") if len(follows) == 1 else ("s", "follow")
    return f"{line} Cell{ends} {in_words([str(number) for number in follows])} {verb} from {'it' if len(cells) == 1 else 'them'}."


def told_difference(difference: Difference) -> str:
    """One difference on a line, with both sides where they are known."""
    name = f" (“{difference.name}”)" if difference.what == "figure" and difference.name else ""
    if difference.what is What.ERROR and not (difference.before and difference.after):
        return f"{difference.message}: {difference.after or difference.before}"
    sides = f": {difference.before or '(nothing)'} → {difference.after or '(nothing)'}"
    return f"{difference.message}{name}{sides if difference.before or difference.after else ''}"


def told_differences(cell: VerifiedCell) -> list[str]:
    """A cell's differences, a line each. What only follows from its error is left out; names with no more to say share one."""
    failed = [difference for difference in cell.differences if difference.what is What.ERROR and difference.after]
    if failed:
        return [told_difference(failed[0])]
    bare = [d.name for d in cell.differences if d.what is What.VALUE and d.name and not d.before and not d.after]
    lines = [told_difference(d) for d in cell.differences if d.what is not What.VALUE or d.name not in bare]
    return lines + (
        [f"{in_words([f'`{name}`' for name in bare])} differ{'s' if len(bare) == 1 else ''}"] if bare else []
    )


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
        cells = f"all {len(judged)} cells" if len(judged) > 1 else "the one cell"
        return f"`nbcairn check` had said so beforehand for {cells} that it judged."
    parts = [f"`nbcairn check` was right about {right} of the {len(judged)} cells that it judged"]
    if found.missed:
        parts.append(f"it called {_named(found.missed)} fresh")
    if found.false_alarms:
        parts.append(f"it called {_named(found.false_alarms)} stale")
    return "; ".join(parts) + "."


def _named(cells: tuple[VerifiedCell, ...]) -> str:
    numbers = [f"{cell.index + 1}" for cell in cells]
    return f"cell{'s' if len(numbers) > 1 else ''} {in_words(numbers)}"
