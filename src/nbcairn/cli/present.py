"""Records as tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nbcairn.cli.verb import Output, plain
from nbcairn.lineage.narrate import first_line, headline
from nbcairn.lineage.verified import told_verified
from nbcairn.model import Artifact, Check, Document, Finding, Run, RunStatus, Severity, Verdict
from nbcairn.store import Trail
from nbcairn.verify import narrate as verified
from nbcairn.verify.result import Baseline, Outcome, Verification, VerifiedCell
from nbcairn.wire import artifact_places

__all__ = ["print_artifacts", "print_check", "print_runs", "print_verification", "recorded", "short"]

_MARKS = {
    Verdict.FRESH: ("✓", "green"),
    Verdict.STALE: ("✗", "red"),
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.NEVER_RUN: ("○", "dim"),
}

_STATUS = {RunStatus.OK: "✓", RunStatus.ERROR: "✗ error", RunStatus.INTERRUPTED: "✗ stopped"}


def short(digest: str | None) -> str:
    """Enough of a digest to tell it from others."""
    return digest[:10] if digest else ""


def print_check(out: Output, check: Check, document: Document, *, every_cell: bool = True) -> None:
    """The headline, a line for each cell, and under it its findings; else only what is amiss."""
    from rich.text import Text

    sources = {cell.id: cell.source for cell in document.cells}
    out.text(headline(check), style="bold")
    if check.verified is not None:
        out.text(told_verified(check.verified), style="dim")
    for cell in check.cells:
        if cell.verdict is Verdict.FRESH and not cell.findings and not every_cell:
            continue
        mark, style = _MARKS[cell.verdict]
        head = Text.assemble((f" {mark} {cell.verdict:<9}", style), (f" cell {cell.index + 1:<3} ", "bold"))
        head.append(plain(first_line(sources[cell.cell_id], 200)))
        head.truncate(out.console.width, overflow="ellipsis")
        out.draw(head)
        for finding in cell.findings:
            _print_finding(out, finding, style, indent=14)
    for finding in check.findings:
        if every_cell or finding.severity is not Severity.INFO:
            _print_finding(out, finding, "yellow", indent=1)


def _print_finding(out: Output, finding: Finding, style: str, indent: int) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    body = Table.grid(padding=(0, 1))
    body.add_row(Text(finding.code, style), Text(plain(finding.message)))
    body.add_row(Text("    →", style), Text(plain(finding.remedy), "italic"))
    out.draw(Padding(body, (0, 0, 0, indent), expand=False))


_OUTCOMES = {
    Outcome.SAME: ("✓", "green", "same"),
    Outcome.DIFFERENT: ("✗", "red", "differs"),
    Outcome.NOT_RUN: ("–", "yellow", "not run"),
    Outcome.NOTHING: ("·", "dim", "new"),
}


def print_verification(out: Output, found: Verification, document: Document, *, every_cell: bool = True) -> None:
    """The headline, the causes, and a line for each cell with what differs and why."""
    sources = {cell.id: cell.source for cell in document.cells}
    out.text(verified.headline(found), style="bold")
    if found.stop is not None:
        out.text(verified.told_stop(found), style="red")
    for line in verified.told_roots(found):
        out.text(f"  • {line}")
    for cell in found.cells:
        if every_cell or cell.causes:
            _print_verified_cell(out, cell, sources[cell.cell_id])
    for note in (*found.notes, verified.told_agreement(found)):
        if note:
            out.text(note, style="dim")


def _print_verified_cell(out: Output, cell: VerifiedCell, source: str) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark, style, word = _OUTCOMES[cell.outcome]
    head = Text.assemble((f" {mark} {word:<9}", style), (f" cell {cell.index + 1:<3} ", "bold"))
    head.append(plain(first_line(source, 200)))
    head.truncate(out.console.width, overflow="ellipsis")
    out.draw(head)
    body = Table.grid(padding=(0, 1))
    for told in verified.told_differences(cell):
        body.add_row(Text("≠", style), Text(plain(told)))
    for cause in cell.causes:
        body.add_row(Text("why", style), Text(plain(verified.told_cause(cause))))
    if cell.causes and cell.causes[0].remedy:
        body.add_row(Text("  →", style), Text(plain(cell.causes[0].remedy), "italic"))
    for note in cell.notes:
        body.add_row("", Text(plain(note), "dim"))
    if cell.baseline is Baseline.FILE and cell.differences:
        body.add_row("", Text("compared with the output saved in the file", "dim"))
    if body.row_count:
        out.draw(Padding(body, (0, 0, 0, 14), expand=False))


def print_artifacts(out: Output, trail: Trail, artifacts: Sequence[Artifact], title: str | None = None) -> None:
    """Artifacts, newest first, with the number by which ``NAME@N`` calls them, and their hash."""
    places = artifact_places(trail, artifacts)
    rows = (
        [str(a.kind), a.name, f"@{places[a.id].version}", short(a.fingerprint.digest), a.summary, a.type_name]
        for a in artifacts
    )
    out.table(("kind", "~name", ">@", "hash", "~what", "~type"), rows, title)


def print_runs(out: Output, runs: Iterable[Run], title: str | None = None) -> None:
    """Runs, newest first."""
    rows = (
        [
            run.id[:12],
            run.started[:16].replace("T", " "),
            f"[{run.execution_count}]" if run.execution_count else "",
            _STATUS[run.status],
            f"{run.seconds:.2f} s",
            ", ".join(write.name for write in run.writes),
            first_line(run.source, 200),
        ]
        for run in runs
    )
    out.table(("run", "when (UTC)", ">[ ]", "", ">took", "~wrote", "~source"), rows, title)


def recorded(runs: Sequence[Run], artifacts: Sequence[Artifact]) -> list[tuple[str, str]]:
    """What a session left in the trail, as pairs of what and how much."""
    kinds = Counter(str(artifact.kind) for artifact in artifacts)
    files = {(access.path, str(access.mode)) for run in runs for access in run.files}
    named = {write.name for run in runs for write in run.writes}
    return [
        ("runs", f"{len(runs)} ({sum(run.seconds for run in runs):.1f} s of code)"),
        ("versions of names", f"{sum(len(run.writes) for run in runs)} of {len(named)} names"),
        ("artifacts", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"),
        ("files read", ", ".join(sorted(path for path, mode in files if mode == "read")) or "none"),
        ("files written", ", ".join(sorted(path for path, mode in files if mode == "write")) or "none"),
    ]
