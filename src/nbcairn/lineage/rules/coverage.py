"""Rules about how much a verdict rests on: opaque and sampled values, values older than the trail."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.environment import Cause
from nbcairn.lineage.replay import Difference
from nbcairn.lineage.rules.base import DifferenceRule, Rule, View, because, names_in_words
from nbcairn.model import Coverage, Finding, Severity, is_ambient

__all__ = ["OpaqueValue", "RanBeforeTracking", "SampledValue"]


class OpaqueValue(DifferenceRule):
    """An input cannot be hashed."""

    code = "CN401"
    title = "A value cannot be compared"

    def claims(self, view: View, difference: Difference) -> bool:
        """Opaque as it was read, or as it would be made."""
        return difference.slot.cause is Cause.OPAQUE or difference.opaque

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which value, and why."""
        print_ = difference.read.fingerprint or difference.slot.fingerprint
        reason = f" ({print_.note})" if print_ and print_.note else ""
        return self.finding(
            f"`{difference.name}` holds something whose content cannot be compared{reason}.",
            "Keep plain values in names that other cells use, or open and use such objects in one cell.",
            (difference.name,),
            because(view, difference),
        )


class SampledValue(Rule):
    """An input was too large to hash whole."""

    code = "CN402"
    title = "A value was sampled"
    severity = Severity.INFO

    def findings(self, view: View) -> Iterator[Finding]:
        """One finding for all sampled inputs of the run that the verdict rests on."""
        run = view.this.match or view.this.last
        prints = [(read.name, read.fingerprint) for read in run.reads] if run else []
        names = tuple([name for name, print_ in prints if print_ is not None and print_.coverage is Coverage.SAMPLED])
        if names:
            yield self.finding(
                f"{names_in_words(names)} was compared by a sample of its content.",
                "Raise `c.Cairn.max_bytes` to compare everything.",
                names,
            )


class RanBeforeTracking(DifferenceRule):
    """The value was there before Cairn began to record."""

    code = "CN403"
    title = "Made before tracking began"

    def claims(self, view: View, difference: Difference) -> bool:
        """Read, with content, and no run is known to have made it."""
        read = difference.read
        return (
            not is_ambient(read.name)
            and read.fingerprint is not None
            and read.run_id is None
            and difference.slot.known
            and not view.writers_below(read.name)
        )

    def explain(self, view: View, difference: Difference) -> Finding:
        """Which name."""
        return self.finding(
            f"`{difference.name}` was made before Cairn began to record, and the cells above would not make the same.",
            "Restart the kernel, load Cairn in the first cell, and run the notebook once.",
            (difference.name,),
            because(view, difference),
        )
