"""One self-contained page to hand over: opens offline with no install, and loads nothing from anywhere.

A trail is untrusted. Every value in the page is escaped by the template; what a cell displayed as HTML is shown as the
text that came with it; and a content security policy lets run only the page's own script, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbcairn.errors import TrailError
from nbcairn.exporters.code import compose
from nbcairn.exporters.content import Content
from nbcairn.exporters.lanes import lay_out
from nbcairn.exporters.report import Report, gather, without_data
from nbcairn.exporters.safety import clean
from nbcairn.exporters.target import check_file, write_text
from nbcairn.lineage.graph import label_of
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.slices import slice_of
from nbcairn.lineage.targets import target_of
from nbcairn.model import Artifact, Document, Verdict
from nbcairn.store import Trail

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["export", "render"]

MOST_COLUMNS = 24
ALL_COLUMNS = 400
PREVIEW_COLUMNS = 10
PREVIEWS = 30
SLICE_RUNS = 60
SLICES_SECONDS = 2.0

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.FRESH: ("✓", "Restart & Run All would show and define the same."),
    Verdict.STALE: ("✗", "Restart & Run All would show or define something else."),
    Verdict.UNKNOWN: ("?", "What it depends on cannot be known from the record."),
    Verdict.NEVER_RUN: ("○", "Nothing is recorded of this source."),
}
"""Each verdict's sign and meaning."""

GLOSSARY = (
    ("trail", "the record of one project, kept in the folder .cairn"),
    ("session", "one kernel life: who, when, with which Python and packages"),
    ("run", "one execution of one cell: its source then, what it read, wrote and showed"),
    ("fingerprint", "the hash of a value's content: equal exactly when the content is equal"),
    ("version", "what a name held after a run"),
    ("artifact", "a version worth looking at: data, figure, model, metric or file"),
    ("replay", "the prediction of Restart & Run All from the trail alone; nothing is executed"),
    ("finding", "one flag from one rule: what, why, and what to do"),
)


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the page to ``target``; of a whole trail where there is no document.

    Without ``data`` there are no pictures, outputs, statistics or previews in it. Raises ExportError when the file
    cannot be written and TrailError when the trail cannot be read.
    """
    check_file(target)
    write_text(target, render(trail, document, data=data))


def render(trail: Trail, document: Document | None, *, data: bool = True) -> str:
    """The page as text."""
    report = gather(trail, document) if data else without_data(gather(trail, document))
    content = Content(trail, data=data)
    script = _template_text("report.js")
    environment = _environment()
    page = environment.get_template("report.html.j2").render(
        report=report,
        content=content,
        columns=_Columns(ALL_COLUMNS if data else 0),
        slices=_Slices(trail, document),
        lanes=lay_out(report.lineage),
        anchors=_Anchors(report),
        verdicts=VERDICTS,
        glossary=GLOSSARY,
        previews=PREVIEWS if data else 0,
        preview_columns=PREVIEW_COLUMNS,
        style=_template_text("report.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    )
    return str(page)


def _template_text(name: str) -> str:
    return (files("nbcairn.exporters") / "templates" / name).read_text(encoding="utf-8").strip()


# --------------------------------------------------------------------------- anchors and columns


class _Anchors:
    """Names for links: numbered by us, because ids in a trail may be anything."""

    def __init__(self, report: Report) -> None:
        self._runs = {run.run.id: f"r{n}" for n, run in enumerate(reversed(report.runs), 1)}
        self._cells = {cell.cell.id: f"c{cell.number}" for cell in report.cells}
        self._artifacts = {
            artifact.id: f"a{n}"
            for n, group in enumerate(report.artifacts, 1)
            for artifact in (group.artifact, *(earlier for earlier, _ in group.earlier))
        }
        self._numbers = {cell.cell.id: cell.number for cell in report.cells}

    def run(self, run_id: object) -> str | None:
        """The anchor of a run in the history, if it is there."""
        return self._runs.get(run_id) if isinstance(run_id, str) else None

    def artifact(self, artifact_id: object) -> str | None:
        """The anchor of the card that shows an artifact or a later version of it."""
        return self._artifacts.get(artifact_id) if isinstance(artifact_id, str) else None

    def cell(self, cell_id: object) -> str | None:
        """The anchor of a cell of the document."""
        return self._cells.get(cell_id) if isinstance(cell_id, str) else None

    def number(self, cell_id: object) -> int | None:
        """The number of a cell of the document."""
        return self._numbers.get(cell_id) if isinstance(cell_id, str) else None


class _Slices:
    """The minimal code of artifacts, until enough time was spent on it; for long chains of runs there is none."""

    def __init__(self, trail: Trail, document: Document | None) -> None:
        self._trail = trail
        self._document = document
        self._left = SLICES_SECONDS

    def of(self, artifact: Artifact) -> str:
        """The code of one artifact, or an empty string."""
        if self._left <= 0:
            return ""
        started = time.perf_counter()
        try:
            target = target_of(self._trail, artifact)
            if len(slice_of(self._trail, target.run.id, target.name)) > SLICE_RUNS:
                return ""
            code = compose(minimal_slice(self._trail, target.run.id, target.name))
            return "\n\n".join(block.text for block in code.blocks)
        except TrailError:
            return ""
        finally:
            self._left -= time.perf_counter() - started


class _Columns:
    """The columns of data artifacts, until there are enough of them in the page."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, detail: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The columns to show of one artifact."""
        found = detail.get("columns")
        columns = [part for part in found if isinstance(part, Mapping)] if isinstance(found, Sequence) else []
        shown = columns[: min(MOST_COLUMNS, self._left)]
        self._left -= len(shown)
        return shown


# --------------------------------------------------------------------------- words and numbers


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("nbcairn.exporters"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters.update(
        moment=_moment,
        seconds=_seconds,
        number=_number,
        bytes=_bytes,
        ticks=_ticks,
        bars=_bars,
        label=label_of,
    )
    return environment


def _moment(text: str) -> str:
    """``2026-01-31T12:34:56.789Z`` as ``2026-01-31 12:34:56``, without a zone: the page says once that it is UTC."""
    return text[:19].replace("T", " ")


def _seconds(value: float) -> str:
    if value >= 90:
        return f"{value / 60:.1f} min"
    return f"{value:.1f} s" if value >= 0.1 else f"{value * 1000:.0f} ms"


def _number(value: object) -> str:
    """A figure for a table; numbers with at most five significant digits, everything else as text."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return f"{value:,.0f}" if abs(value) >= 1e5 and abs(value) < 1e12 else f"{value:,.5g}"
    return str(value)[:60]


def _bytes(value: object) -> str:
    if not isinstance(value, int | float):
        return ""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.0f} B"


def _ticks(text: str) -> Any:
    """Escape a message, and show what it has in backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(clean(text)))))  # noqa: S704 - escaped


def _bars(histogram: object) -> str:
    """A histogram as the ``d`` of an SVG path, 80 wide and 20 high; empty when it is none."""
    counts = histogram.get("counts") if isinstance(histogram, Mapping) else None
    if not isinstance(counts, list) or not counts or len(counts) > 100:
        return ""
    if not all(isinstance(count, int | float) and math.isfinite(count) and count >= 0 for count in counts):
        return ""
    top, width = max(counts) or 1, 80 / len(counts)
    bars = (
        f"M{n * width:.1f} 20v{-max(20 * count / top, 1):.1f}h{width - 0.6:.1f}V20z"
        for n, count in enumerate(counts)
        if count
    )
    return "".join(bars)
