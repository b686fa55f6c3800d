"""Records in words, for terminals and notebooks: one line a run, one a version, a check as a short report."""

from __future__ import annotations

from collections.abc import Sequence

from nbcairn.model import Cell, Check, Document, Run, RunStatus, Verdict
from nbcairn.store.trail import Version

__all__ = ["headline", "told_check", "told_run", "told_runs", "told_version"]

_MARKS = {Verdict.FRESH: "✓", Verdict.STALE: "✗", Verdict.UNKNOWN: "?", Verdict.NEVER_RUN: "○"}


def headline(check: Check) -> str:
    """One sentence on what Restart & Run All would do now."""
    counts = check.summary
    total = sum(counts.values())
    if total == 0:
        return "The notebook has no code cells."
    if counts["fresh"] == total:
        return f"Restart & Run All would show the same: all {total} code cells are fresh."
    parts = [f"{counts[str(verdict)]} {verdict}" for verdict in Verdict if counts[str(verdict)]]
    return f"Of {total} code cells: {', '.join(parts)}."


def first_line(source: str, width: int = 60) -> str:
    """The first line of a source that says something."""
    lines = [line.strip() for line in source.splitlines()]
    telling = [line for line in lines if line and not line.startswith("#")] or [line for line in lines if line] or [""]
    return telling[0] if len(telling[0]) <= width else f"{telling[0][: width - 1]}…"


def told_check(check: Check, document: Document) -> str:
    """A check as text: the headline, then each cell that is not fresh, with why and what to do."""
    cells: dict[str, Cell] = {cell.id: cell for cell in document.cells}
    lines = [headline(check)]
    for verdict in check.cells:
        if verdict.verdict is Verdict.FRESH and not verdict.findings:
            continue
        cell = cells[verdict.cell_id]
        lines.append("")
        lines.append(
            f"{_MARKS[verdict.verdict]} cell {verdict.index + 1} ({verdict.verdict}): {first_line(cell.source)}"
        )
        for finding in verdict.findings:
            lines.append(f"    {finding.code} {finding.message}")
            lines.append(f"          → {finding.remedy}")
    for finding in check.findings:
        lines += ["", f"  {finding.code} {finding.message}", f"        → {finding.remedy}"]
    return "\n".join(lines)


def told_run(run: Run) -> str:
    """One run with its source, reads and writes."""
    wrote = ", ".join(f"{write.name} ({write.summary or write.type_name})" for write in run.writes) or "nothing"
    read = ", ".join(read.name for read in run.reads if read.fingerprint is not None) or "nothing"
    body = "\n".join(f"    {line}" for line in run.source.splitlines())
    return f"run {run.id[:12]} of {run.started[:19]}Z, {run.status}\n{body}\n  read:  {read}\n  wrote: {wrote}"


def told_runs(runs: Sequence[Run]) -> str:
    """Runs as a list, newest first."""
    lines = []
    for run in runs:
        mark = "✓" if run.status is RunStatus.OK else "✗"
        count = f"[{run.execution_count}]" if run.execution_count else ""
        lines.append(f"{mark} {run.started[11:19]}  {count:>5}  {run.seconds:7.2f} s  {first_line(run.source)}")
    return "\n".join(lines) or "No runs yet."


def told_version(version: Version, run: Run) -> str:
    """One version of a name."""
    write = version.write
    print_ = write.fingerprint.digest[:12] if write.fingerprint else "deleted"
    return f"{run.started[:19]}Z  {print_:<12}  {write.how:<8} {write.summary or write.type_name}"
