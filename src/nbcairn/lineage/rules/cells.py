"""Rules about the cell itself: edited, never run, failed."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.rules.base import Rule, View
from nbcairn.model import Finding, RunStatus, Severity, Verdict

__all__ = ["EditedSinceRun", "Failed", "NeverRun"]


class EditedSinceRun(Rule):
    """The code in the cell is not the code that ran."""

    code = "CN102"
    title = "Edited since it ran"

    def findings(self, view: View) -> Iterator[Finding]:
        """Comments and spacing do not count as an edit."""
        if view.this.edited and view.this.last is not None and view.this.verdict is not Verdict.FRESH:
            yield self.finding(
                "The code was edited after it ran, so the output below it belongs to other code.",
                "Run the cell; or take the edit back (the code that ran is in its history).",
                because={"run": view.this.last.id, "ran": view.this.last.source},
            )


class NeverRun(Rule):
    """No run of the cell is recorded."""

    code = "CN103"
    title = "Never run"
    severity = Severity.INFO

    def findings(self, view: View) -> Iterator[Finding]:
        """A cell with output was run without Cairn."""
        if view.this.verdict is Verdict.NEVER_RUN:
            if view.this.cell.executed:
                message = "It has output, but no run of it was recorded: it ran before tracking began, or elsewhere."
            else:
                message = "The cell has not been run."
            yield self.finding(message, "Run the cell, or delete it if it is not needed.")


class Failed(Rule):
    """The last run of the cell ended with an error or was interrupted."""

    code = "CN110"
    title = "Failed"
    severity = Severity.ERROR

    def findings(self, view: View) -> Iterator[Finding]:
        """Run All stops at the first cell that fails."""
        last = view.this.last
        if last is None or last.status is RunStatus.OK or view.this.edited:
            return
        if last.status is RunStatus.INTERRUPTED:
            yield self.finding("Its last run was interrupted.", "Run the cell to its end.", because={"run": last.id})
            return
        again = view.this.verdict is Verdict.FRESH
        message = f"Its last run failed with {last.error_type}: {last.error_message[:120]}"
        yield self.finding(
            f"{message}. Restart & Run All would stop here." if again else f"{message}.",
            "Mend the error, or tag the cell `raises-exception` if it is meant.",
            because={"run": last.id, "error": last.error_type},
        )
