"""The rule about a document whose kernel has ended: its verdicts stand, its values are gone."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.memory import Memory
from nbcairn.lineage.rules.base import DocumentRule, names_in_words
from nbcairn.model import Finding, Severity

__all__ = ["GoneWithKernel", "gone"]


class GoneWithKernel(DocumentRule):
    """Variables that only a kernel held which is no longer there."""

    code = "CN404"
    title = "Values gone with the kernel"
    severity = Severity.INFO

    def findings(self, memory: Memory) -> Iterator[Finding]:
        """One finding for all such names."""
        names = memory.gone()
        if names:
            yield self.finding(
                f"The kernel that held {names_in_words(names)} has ended. What the cells show still stands; the values "
                "are no longer in memory.",
                "Run the cells that make what you need, or `%cairn restore NAME` where the value was kept.",
                names,
            )


def gone(memory: Memory) -> Iterator[Finding]:
    """The findings about the document as a whole."""
    return GoneWithKernel().findings(memory)
