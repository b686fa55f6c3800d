"""What there is to tell of a notebook: the one report that every format starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from nbcairn.document import document_path
from nbcairn.lineage.check import check
from nbcairn.lineage.graph import Lineage, lineage
from nbcairn.lineage.source import analyse
from nbcairn.model import (
    Artifact,
    ArtifactKind,
    Cell,
    CellVerdict,
    Check,
    Document,
    Finding,
    Run,
    Session,
    Verdict,
    now,
)
from nbcairn.store import Note, Trail

__all__ = [
    "Picture",
    "Report",
    "ReportArtifact",
    "ReportCell",
    "ReportRun",
    "gather",
    "headline",
    "imported_packages",
    "in_project",
    "known_as",
]

MOST_RUNS = 1000
MOST_ARTIFACTS = 60
MOST_VERSIONS = 20
IMAGES = ("image/png", "image/jpeg", "image/svg+xml")

# Modules whose distribution has another name.
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A kept image: the key of its blob, its media type, and what stands for it in words."""

    key: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A cell of the document with its verdict, and what its last run showed. ``number`` counts from 1."""

    cell: Cell
    number: int
    verdict: CellVerdict | None = None
    run: Run | None = None
    pictures: tuple[Picture, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A run, and the number of its cell where the document still has it.

    ``current`` when the cell still has the source that ran.
    """

    run: Run
    cell: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class ReportArtifact:
    """The newest version of a name and kind, with those before it, newest first."""

    artifact: Artifact
    made: ReportRun
    picture: Picture | None
    earlier: tuple[tuple[Artifact, ReportRun], ...]
    versions: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a hand-over of one notebook (or, without a document, of a whole trail) tells.

    ``packages`` are those that the cells import, of all that the newest session had. ``left_out`` says what is
    missing and why.
    """

    title: str
    project: str
    made: str
    headline: str
    check: Check | None
    cells: tuple[ReportCell, ...]
    artifacts: tuple[ReportArtifact, ...]
    lineage: Lineage
    runs: tuple[ReportRun, ...]
    sessions: tuple[Session, ...]
    packages: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    left_out: tuple[str, ...]

    @property
    def findings(self) -> tuple[tuple[ReportCell | None, Finding], ...]:
        """Every finding with its cell; those of the document as a whole first."""
        whole = self.check.findings if self.check else ()
        return (
            *((None, finding) for finding in whole),
            *((cell, finding) for cell in self.cells if cell.verdict for finding in cell.verdict.findings),
        )


def gather(trail: Trail, document: Document | None) -> Report:
    """Ask the trail everything that a report tells. Raises a TrailError when it cannot be read."""
    document = in_project(trail, document)
    checked = check(document, trail) if document else None
    last = trail.last_runs(document) if document else {}
    notebook = known_as(trail, document, last) if document else None
    title = PurePosixPath(document.path).name if document and document.path else trail.root.name
    cells = tuple(_cells(document, checked, last))
    numbered = {cell.cell.id: cell for cell in cells}
    found = trail.runs(notebook=notebook, limit=MOST_RUNS)
    runs = tuple(_run(run, numbered) for run in found)
    artifacts, left_out = _artifacts(trail, notebook, {run.run.id: run for run in runs}, numbered)
    total = trail.count_runs(notebook)
    if total > len(runs):
        left_out.append(f"The history has the newest {len(runs):,} of {total:,} runs.")
    sessions = tuple(reversed(trail.sessions(notebook, used=True)))
    return Report(
        title=title,
        project=trail.root.name,
        made=now(),
        headline=headline(checked) if checked else _totals(total, len(sessions)),
        check=checked,
        cells=cells,
        artifacts=artifacts,
        lineage=lineage(trail, notebook),
        runs=runs,
        sessions=sessions,
        packages=imported_packages(sessions, [cell.cell.source for cell in cells] or [run.source for run in found]),
        notes=_notes(trail, None if notebook is None else {run.id for run in found}, sessions, artifacts),
        left_out=tuple(left_out),
    )


def without_data(report: Report) -> Report:
    """The same without what tells of contents: sizes, values, statistics. Names, fingerprints and code stay."""

    def bare(told: ReportRun) -> ReportRun:
        writes = tuple(replace(write, summary="") for write in told.run.writes)
        return replace(told, run=replace(told.run, writes=writes))

    artifacts = tuple(
        replace(
            group,
            artifact=replace(group.artifact, summary="", detail={}),
            made=bare(group.made),
            earlier=tuple((replace(artifact, summary="", detail={}), bare(made)) for artifact, made in group.earlier),
        )
        for group in report.artifacts
    )
    return replace(report, artifacts=artifacts, runs=tuple(map(bare, report.runs)))


def headline(checked: Check) -> str:
    """One sentence: what Restart & Run All would do."""
    counts = checked.summary
    total = sum(counts.values())
    stale, unknown, never = (counts[str(v)] for v in (Verdict.STALE, Verdict.UNKNOWN, Verdict.NEVER_RUN))
    if not total:
        return "The notebook has no code cells."
    if counts[str(Verdict.FRESH)] == total:
        return f"Restart & Run All would show the same: {_cells_are(total)} fresh."
    cells = "code cell" if total == 1 else "code cells"
    first = f"Restart & Run All would change {stale} of {total} {cells}" if stale else ""
    rest = [
        *([f"{unknown} cannot be known"] if unknown else []),
        *([f"{never} never ran"] if never else []),
    ]
    if first:
        return "; ".join([first, *rest]) + "."
    return f"No cell is known to change on Restart & Run All, but of {total} {cells} {' and '.join(rest)}."


def _cells_are(total: int) -> str:
    return "its one code cell is" if total == 1 else f"all {total} code cells are"


def _totals(runs: int, sessions: int) -> str:
    return f"{runs:,} recorded run{'s' * (runs != 1)} in {sessions:,} session{'s' * (sessions != 1)}."


def in_project(trail: Trail, document: Document | None) -> Document | None:
    """The document under the path that the trail knows it by."""
    if document is None or document.path is None or not Path(document.path).is_absolute():
        return document
    return Document(document_path(Path(document.path), trail.root), document.cells)


def known_as(trail: Trail, document: Document, last: Mapping[str, Run]) -> str | None:
    """The path that the trail has for a document; that of its cells' runs where it was moved with no kernel."""
    if document.path is not None and trail.count_runs(document.path):
        return document.path
    newest = max(last.values(), key=lambda run: run.id, default=None)
    return newest.notebook if newest and newest.notebook else document.path or ""


# --------------------------------------------------------------------------- cells and runs


def _cells(document: Document | None, checked: Check | None, last: dict[str, Run]) -> Iterable[ReportCell]:
    verdicts = {verdict.cell_id: verdict for verdict in checked.cells} if checked else {}
    for cell in document.cells if document else ():
        run = last.get(cell.id)
        yield ReportCell(cell, cell.index + 1, verdicts.get(cell.id), run, _pictures(run), _shown_text(run))


def _pictures(run: Run | None) -> tuple[Picture, ...]:
    return tuple(
        Picture(display.blob, media_type, display.text)
        for display in (run.displays if run else ())
        if display.blob
        for media_type in IMAGES
        if media_type in display.media_types
    )


def _shown_text(run: Run | None) -> str:
    """The text that a run showed; of what has a picture, the picture is enough."""
    parts = (d.text for d in (run.displays if run else ()) if d.text and (not d.blob or d.is_html))
    return "\n".join(part.rstrip("\n") for part in parts)


def _run(run: Run, cells: dict[str, ReportCell]) -> ReportRun:
    cell = cells.get(run.cell_id)
    return ReportRun(
        run, cell.number if cell else None, cell is not None and cell.cell.source.strip() == run.source.strip()
    )


# --------------------------------------------------------------------------- artifacts


def _artifacts(
    trail: Trail, notebook: str | None, runs: dict[str, ReportRun], cells: dict[str, ReportCell]
) -> tuple[tuple[ReportArtifact, ...], list[str]]:
    """The newest version of each name and kind, and what was left out."""
    series: dict[tuple[str, str], list[Artifact]] = {}
    for artifact in trail.artifacts(notebook=notebook, limit=None, enriched=False):
        series.setdefault((str(artifact.kind), artifact.name), []).append(artifact)

    def made(artifact: Artifact) -> ReportRun:
        if artifact.run_id not in runs:
            runs[artifact.run_id] = _run(trail.run(artifact.run_id), cells)
        return runs[artifact.run_id]

    found = []
    for versions in list(series.values())[:MOST_ARTIFACTS]:
        newest = trail.artifact(versions[0].id)
        earlier = tuple((artifact, made(artifact)) for artifact in versions[1 : MOST_VERSIONS + 1])
        found.append(ReportArtifact(newest, made(newest), _thumbnail(newest), earlier, len(versions)))
    left_out = []
    if len(series) > MOST_ARTIFACTS:
        left_out.append(f"The newest {MOST_ARTIFACTS} of {len(series):,} artifacts are shown.")
    found.sort(key=_rank)
    return tuple(found), left_out


def _rank(group: ReportArtifact) -> tuple[int, bool]:
    """What is small and looked for first comes first; the newest first within that."""
    order = (ArtifactKind.FIGURE, ArtifactKind.METRIC, ArtifactKind.MODEL, ArtifactKind.FILE, ArtifactKind.DATA)
    return order.index(group.artifact.kind), "columns" not in group.artifact.detail


def _thumbnail(artifact: Artifact) -> Picture | None:
    if artifact.blob is None or artifact.media_type not in IMAGES:
        return None
    return Picture(artifact.blob, artifact.media_type, artifact.name)


# --------------------------------------------------------------------------- environment and notes


def imported_packages(sessions: Sequence[Session], sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The packages that some source imports, with the version that the newest session had."""
    if not sessions:
        return ()
    modules = {name.partition(".")[0] for source in sources for name in analyse(source).imports}
    names = {_DISTRIBUTIONS.get(module, module).lower().replace("_", "-") for module in modules if module}
    return tuple((name, str(version)) for name, version in sorted(sessions[0].packages.items()) if name in names)


def _notes(
    trail: Trail, runs: set[str] | None, sessions: Sequence[Session], artifacts: Sequence[ReportArtifact]
) -> tuple[Note, ...]:
    """People's notes about what the report shows; all of the trail where ``runs`` is None."""
    notes = trail.notes()
    if runs is None:
        return tuple(notes)
    shown = runs | {session.id for session in sessions}
    for group in artifacts:
        shown.update((group.artifact.id, *(artifact.id for artifact, _ in group.earlier)))
    return tuple(note for note in notes if note.subject in shown)
