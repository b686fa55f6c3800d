"""Records in words, for terminals and notebooks: one line a run, one a version, a check as a short report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nbcairn.lineage.differences import Change, Difference
from nbcairn.lineage.verified import told_verified
from nbcairn.model import Artifact, Cell, Check, Document, Plan, Run, RunStatus, Verdict
from nbcairn.store.trail import Version

__all__ = [
    "first_line",
    "headline",
    "in_words",
    "told_artifact",
    "told_artifacts",
    "told_check",
    "told_difference",
    "told_plan",
    "told_run",
    "told_runs",
    "told_version",
]

MOST_CHANGES = 40
"""Changes of one kind that are listed; the rest is counted."""

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


def in_words(items: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


@lru_cache(maxsize=4096)
def first_line(source: str, width: int = 60) -> str:
    """The first line of a source that says something."""
    lines = [line.strip() for line in source.splitlines()]
    telling = [line for line in lines if line and not line.startswith("#")] or [line for line in lines if line] or [""]
    return telling[0] if len(telling[0]) <= width else f"{telling[0][: width - 1]}…"


def told_check(check: Check, document: Document) -> str:
    """A check as text: the headline, then each cell that is not fresh, with why and what to do."""
    cells: dict[str, Cell] = {cell.id: cell for cell in document.cells}
    lines = [headline(check), *([told_verified(check.verified)] if check.verified else [])]
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


def told_plan(plan: Plan, document: Document) -> str:
    """A plan as text: what to run, in order, and what no run makes fresh."""
    cells = {cell.id: cell for cell in document.cells}
    lines = []
    if plan.run:
        first = "Restart the kernel, then run" if plan.restart else "Run"
        lines.append(f"{first} {_count(len(plan.run), 'cell')}, in this order:")
        lines += [f"  cell {cells[name].index + 1:<3} {first_line(cells[name].source, 70)}" for name in plan.run]
    elif not plan.obstacles:
        lines.append("Nothing to run: every cell is fresh.")
    if plan.obstacles:
        lines.append("No run alone makes these cells fresh:")
    for one in plan.obstacles:
        lines += [f"  cell {one.index + 1}: {one.why}", f"        → {one.edit}"]
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


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


def told_artifact(artifact: Artifact) -> str:
    """One artifact on a line."""
    what = artifact.summary or artifact.type_name
    return f"{artifact.kind:<7} {artifact.name:<24} {artifact.fingerprint.digest[:10]}  {what}"


def told_artifacts(artifacts: Sequence[Artifact]) -> str:
    """Artifacts as a list, newest first."""
    return "\n".join(map(told_artifact, artifacts)) or "Nothing found."


_VERDICTS = {True: "Equal content.", False: "Different content.", None: "The contents cannot be compared."}


def told_difference(found: Difference) -> str:
    """What differs between two records, part by part."""
    lines = [f"- {found.left.label}", f"+ {found.right.label}", _VERDICTS[found.same]]
    for title, changes in (("What it is", found.content), ("Inputs", found.inputs), ("Packages", found.packages)):
        lines += ["", f"{title}:"] if changes else []
        lines += [f"  {_told_change(change)}" for change in changes[:MOST_CHANGES]]
        lines += [f"  … and {len(changes) - MOST_CHANGES} more"] if len(changes) > MOST_CHANGES else []
    if found.source:
        lines += ["", "Code:", *(f"  {line}" for line in found.source)]
    return "\n".join(lines)


def _told_change(change: Change) -> str:
    return f"{change.what}: {_short(change.left)} → {_short(change.right)}"


def _short(text: str) -> str:
    return (text if len(text) <= 60 else f"{text[:59]}…") or "(absent)"
