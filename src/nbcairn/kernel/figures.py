"""Figures as artifacts: what a run showed, saved or left changed, once each, under a name that stays.

Displays bring their pictures along (``pictures.py``). Figures that nothing displayed are found here: those that are open
(agg, widgets), those that a name holds and this run changed, and those that were only saved. These are drawn by us, unless
that would take long; a figure that the backend drew is never drawn again.
"""

from __future__ import annotations

import io
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbcairn.config import Cairn
from nbcairn.document import document_path
from nbcairn.fingerprint import fingerprint
from nbcairn.fingerprint.digest import hash_bytes
from nbcairn.kernel import calls
from nbcairn.kernel.deadline import TooLong, within
from nbcairn.kernel.drawn import origins
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.pictures import LONGEST, Allowance, Picture, picture_of
from nbcairn.kernel.titles import being_saved
from nbcairn.model import AccessMode, Artifact, ArtifactKind, Fingerprint, is_ambient, new_id
from nbcairn.profile.figures import panels_detail
from nbcairn.profile.text import json_safe

__all__ = ["FigureObserver", "draw_svg"]

MOST_FIGURES = 100
MOST_OPEN = 20
MOST_DRAWN = 5
SECONDS = 0.1
"""How long figures that were not shown may be looked at after one run, the newest first; the others' turn comes."""

MOST_POINTS = 300_000
"""Figures with more points are not drawn by us."""

PIXELS = 4_000_000
_SUFFIXES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml", ".pdf": "application/pdf",
    ".gif": "image/gif", ".webp": "image/webp",
}  # fmt: skip


@dataclass(slots=True)
class _Known:
    """What the trail has of a figure that lives: under which name, what it showed last, and as which artifact."""

    name: str
    digest: str
    artifact_id: str
    drawn_from: list[str] = field(default_factory=list)
    slow: bool = False


@dataclass(slots=True)
class _Run:
    """What a run did with figures so far."""

    allowance: Allowance
    saved: dict[str, Picture] = field(default_factory=dict)


class FigureObserver:
    """Makes the figure artifacts of each run. Remembers figures as long as they live, and keeps none alive."""

    def __init__(self, config: Cairn, root: Path) -> None:
        self._config = config
        self._root = root
        self._known: weakref.WeakKeyDictionary[Any, _Known] = weakref.WeakKeyDictionary()
        self._open: dict[str, _Run] = {}
        self._threads: dict[int, str] = {}
        self._stop: Callable[[], None] = lambda: None

    def install(self) -> None:
        """Listen for figures that are written to files."""
        self._stop = calls.listen("open", self._opened)

    def uninstall(self) -> None:
        """Forget the figures seen."""
        self._stop()
        self._known.clear()
        self._open.clear()

    def before(self, observation: Observation) -> None:
        """Nothing to note: what was seen of figures is kept from run to run."""
        self._open[observation.run_id] = _Run(Allowance(self._config.max_image_bytes))
        self._threads[observation.thread] = observation.run_id

    def after(self, observation: Observation) -> None:
        """Make one artifact of each figure that is new or shows something else now."""
        run = self._open.pop(observation.run_id, None)
        if self._threads.get(observation.thread) == observation.run_id:
            del self._threads[observation.thread]
        if run is None:
            return
        pictures = _once_each(observation.pictures)
        self._add_saved(run, pictures)
        seen = {id(picture.figure) for picture in pictures if picture.figure is not None}
        drawn = 0
        for figure in self._changed(observation, seen):
            picture = picture_of(figure, run.allowance)
            known = self._known.get(figure)
            if (picture.panels or picture.slow) and (known is None or known.digest != picture.print_.digest):
                drawn = _draw(picture, figure, run.allowance, drawn) if self._config.keep_images else drawn
                pictures.append(picture)
        for picture in pictures[:MOST_FIGURES]:
            self._add(observation, picture)
        if len(pictures) > MOST_FIGURES:
            observation.notes.append(f"{len(pictures) - MOST_FIGURES} more figures were not kept")
        self._add_files(observation)

    # ------------------------------------------------------------------ saved

    def _opened(self, file: object, mode: str = "r", *_: object, **__: object) -> None:
        """A file is opened: note it if ``savefig`` does that, and read the figure while it is there."""
        if "w" not in mode or "matplotlib.figure" not in sys.modules:
            return
        run = self._open.get(self._threads.get(threading.get_ident(), ""))
        figure = being_saved() if run is not None else None
        if run is None or figure is None or not isinstance(file, str | bytes | Path):
            return
        path = str(Path(file.decode() if isinstance(file, bytes) else file).absolute())
        if len(run.saved) < MOST_FIGURES:
            run.saved[path] = picture_of(figure, run.allowance)

    def _add_saved(self, run: _Run, pictures: list[Picture]) -> None:
        """Files belong to the figure that was shown as it was saved; else the file shows the figure."""
        for path, saved in run.saved.items():
            same = next((known for known in pictures if known.print_ == saved.print_), None)
            if same is None:
                saved.media_type = _SUFFIXES.get(Path(path).suffix.lower(), "")
                if saved.media_type.startswith("image/"):
                    saved.content = _read(path, run.allowance)
                pictures.append(saved)
                same = saved
            same.files.append(path)

    def _add_files(self, observation: Observation) -> None:
        """One artifact of each file that a figure was saved to, linked to the figure."""
        names = {access.path: access for access in observation.files if access.mode is AccessMode.WRITE}
        for figure in [artifact for artifact in observation.artifacts if artifact.kind is ArtifactKind.FIGURE]:
            for name in figure.detail.get("files", ()):  # type: ignore[attr-defined]
                content = _read(str(self._root / name), Allowance(self._config.max_image_bytes))
                access = names.get(name)
                md5 = access.md5 if access is not None else None
                if access is None or (content is None and md5 is None):
                    continue
                media_type = _SUFFIXES.get(Path(name).suffix.lower())
                blob = observation.blob(content) if content is not None and self._config.keep_images else None
                observation.artifacts.append(
                    Artifact(
                        new_id(), observation.run_id, ArtifactKind.FILE, name, Fingerprint(md5 or blob or "", method="md5"),
                        "file", f"{access.size or 0:,} bytes, saved from “{figure.name}”", media_type, blob,
                        {"title": figure.detail.get("title", ""), "figure": figure.id},
                    )
                )  # fmt: skip

    # ------------------------------------------------------------------ changed and not shown

    def _changed(self, observation: Observation, seen: set[int]) -> Iterator[Any]:
        """Figures that may show something else than what the trail has, and that this run did not show."""
        ends = time.perf_counter() + SECONDS
        for figure in (*self._held(observation), *_open_figures()):
            if id(figure) not in seen and time.perf_counter() < ends:
                seen.add(id(figure))
                if self._is_news(figure):
                    yield figure

    def _is_news(self, figure: Any) -> bool:
        """True for a figure that shows something else than it did. Whether it is stale says nothing: a backend may draw it."""
        known = self._known.get(figure)
        if known is None:
            return bool(figure.axes)
        if known.slow:
            return False
        try:
            with within(LONGEST):
                return fingerprint(figure).digest != known.digest
        except TooLong:
            known.slow = True
            return False

    def _held(self, observation: Observation) -> Iterator[Any]:
        """Figures already in the trail of which this run changed a name: the figure itself, its axes, a line in it."""
        kind = getattr(sys.modules.get("matplotlib.artist"), "Artist", None)
        for name in observation.writes if kind is not None else ():
            value = observation.namespace.get(name)
            figure = getattr(value, "figure", None) if kind and issubclass(type(value), kind) else None
            if figure is not None and figure in self._known:
                yield figure

    # ------------------------------------------------------------------ artifacts

    def _add(self, observation: Observation, picture: Picture) -> None:
        figure = picture.figure
        known = self._known.get(figure) if figure is not None else None
        if known is not None and known.digest == picture.print_.digest and not picture.shown and not picture.files:
            return
        before = known.drawn_from if known else []
        read, bound = ([name for name in names if not is_ambient(name)] for names in _names_used(observation))
        found = origins(picture.panels, [*before, *read], bound, observation.namespace)
        sources = list(dict.fromkeys((*before, *found.names)))
        name = known.name if known else _name(observation, picture, found.names)
        detail = self._detail(observation, picture, found.parts)
        detail["drawn_from"], detail["drawn_from_how"] = sources, found.how
        blob = observation.blob(picture.content) if picture.content is not None and self._config.keep_images else None
        artifact = Artifact(
            new_id(), observation.run_id, ArtifactKind.FIGURE, name, picture.print_, "Figure",
            picture.size or _summary(picture), picture.media_type if blob else None, blob, json_safe(detail),
        )  # fmt: skip
        observation.artifacts.append(artifact)
        if figure is not None:
            self._known[figure] = _Known(name, picture.print_.digest, artifact.id, sources, picture.slow)

    def _detail(self, observation: Observation, picture: Picture, parts: dict[str, str]) -> dict[str, object]:
        axes = panels_detail(picture.panels)
        for panel in axes:
            for series in panel["series"]:  # type: ignore[attr-defined]
                used = {key: parts[digest] for key, digest in series["data"].items() if digest in parts}
                series.update({"from": used} if used else {})
        number = 1 + sum(artifact.kind is ArtifactKind.FIGURE for artifact in observation.artifacts)
        detail: dict[str, object] = {"engine": picture.engine, "title": picture.title, "number": number}
        if axes:
            detail.update(axes=axes, plotted=_plotted(picture))
        if picture.inches:
            detail["inches"] = list(picture.inches)
        if picture.files:
            detail["files"] = [document_path(Path(path), self._root) for path in picture.files]
        if picture.svg is not None and self._config.keep_images:
            detail["svg"] = observation.blob(picture.svg)
        if not picture.shown:
            detail["shown"] = False
        if picture.skipped:
            detail["skipped"] = picture.skipped
        return detail

    # ------------------------------------------------------------------ on demand

    def svg_of(self, artifact_id: str) -> bytes | None:
        """A figure as SVG, if it lives and still shows what the artifact says; None otherwise."""
        for figure, known in list(self._known.items()):
            if known.artifact_id == artifact_id and fingerprint(figure).digest == known.digest:
                return draw_svg(figure)
        return None


# --------------------------------------------------------------------------- which pictures


def _names_used(observation: Observation) -> tuple[list[str], list[str]]:
    """Names that held something when the run read them, and names that it bound."""
    return [name for name, read in observation.reads.items() if read.fingerprint is not None], list(observation.writes)


def _once_each(pictures: list[Picture]) -> list[Picture]:
    """A figure that was shown several times counts once, as it was shown last; so do equal pictures."""
    found: dict[object, Picture] = {}
    for picture in pictures:
        figure = picture.figure
        key: object = id(figure) if figure is not None else picture.print_.digest
        before = found.pop(key, None)
        found[key] = before if before is not None and before.print_ == picture.print_ else picture
    prints: dict[str, Picture] = {}
    for picture in found.values():
        prints.setdefault(picture.print_.digest, picture)
    return list(prints.values())


def _open_figures() -> list[Any]:
    """Figures that pyplot manages and whose backend does not show and close them itself."""
    manager = getattr(sys.modules.get("matplotlib._pylab_helpers"), "Gcf", None)
    matplotlib = sys.modules.get("matplotlib")
    if manager is None or matplotlib is None:
        return []
    if "inline" in str(dict.get(matplotlib.rcParams, "backend", "")).lower():
        return []
    figures = [manager.figs[number].canvas.figure for number in sorted(manager.figs)]
    return figures[: -MOST_OPEN - 1 : -1]


def _read(path: str, allowance: Allowance) -> bytes | None:
    file = Path(path)
    try:
        with calls.muted():
            return file.read_bytes() if allowance.keeps(file.stat().st_size) else None
    except OSError:
        return None


# --------------------------------------------------------------------------- drawing


def _draw(picture: Picture, figure: Any, allowance: Allowance, drawn: int) -> int:
    """Draw a figure that nothing drew for the user to see; how many were drawn in this run."""
    points = sum(series.points for panel in picture.panels for series in panel.series)
    if drawn >= MOST_DRAWN or points > MOST_POINTS or allowance.seconds <= 0 or picture.slow:
        picture.skipped.append(f"the image ({points:,} points)" if points > MOST_POINTS else "the image (for time)")
        return drawn
    started = time.perf_counter()
    content = _drawn(figure, "png")
    allowance.seconds -= time.perf_counter() - started
    if content is not None and allowance.keeps(len(content)):
        picture.content = content
        width, height = (int(side * _dpi(figure)) for side in figure.get_size_inches())
        picture.size = f"{width}x{height}"
    else:
        picture.skipped.append(
            "the image (it could not be drawn in time)" if content is None else "the image (too large)"
        )
    return drawn + 1


def draw_svg(figure: Any) -> bytes | None:
    """A matplotlib figure as SVG; None when it cannot be drawn."""
    return _drawn(figure, "svg")


def _dpi(figure: Any) -> float:
    width, height = figure.get_size_inches()
    return float(min(100.0, (PIXELS / max(1.0, width * height)) ** 0.5))


def _drawn(figure: Any, form: str) -> bytes | None:
    """A figure as an image. The user's listeners are not called, and nothing is warned of."""
    stream = io.BytesIO()
    try:
        quiet = figure.canvas.callbacks.blocked(signal="draw_event")
        with within(LONGEST), calls.muted(), warnings.catch_warnings(), quiet:
            warnings.simplefilter("ignore")
            figure.savefig(stream, format=form, dpi=_dpi(figure))
    except TooLong:
        return None
    except Exception:  # noqa: BLE001 - an artist may fail to draw; the user will see that elsewhere
        return None
    return stream.getvalue()


# --------------------------------------------------------------------------- words


def _name(observation: Observation, picture: Picture, sources: list[str]) -> str:
    """A figure's title, else its axes' labels, else what it is and of what, else its number; once in a run."""
    held = _names_of(picture.variable, observation)
    kinds = list(dict.fromkeys(series.kind for panel in picture.panels for series in panel.series))
    name = picture.title or _labels(picture) or (held[0] if held else "")
    if not name and kinds and sources:
        name = f"{kinds[0]} of {', '.join(sources[:3])}"
    number = 1 + sum(artifact.kind is ArtifactKind.FIGURE for artifact in observation.artifacts)
    name = name or f"{'film' if picture.engine == 'video' else 'figure'} {number}"
    taken = {artifact.name for artifact in observation.artifacts if artifact.kind is ArtifactKind.FIGURE}
    unique, count = name, 2
    while unique in taken:
        unique, count = f"{name} ({count})", count + 1
    return unique


def _names_of(value: object, observation: Observation) -> list[str]:
    """The variables that hold just this image."""
    if value is None:
        return []
    held = [name for name, other in list(observation.namespace.items()) if other is value]
    return [name for name in held if not name.startswith("_")]


def _labels(picture: Picture) -> str:
    if picture.engine == "matplotlib":
        return ""  # in the title already
    for panel in picture.panels:
        if panel.title or panel.xlabel or panel.ylabel:
            both = f"{panel.ylabel} by {panel.xlabel}"
            return panel.title or (both if panel.xlabel and panel.ylabel else panel.xlabel or panel.ylabel)
    return ""


def _summary(picture: Picture) -> str:
    """``2 lines, 1 scatter``: how many series of each kind."""
    kinds = [series.kind for panel in picture.panels for series in panel.series]
    parts = [f"{kinds.count(kind)} × {kind}" for kind in dict.fromkeys(kinds)]
    return ", ".join(parts[:5]) or picture.engine


def _plotted(picture: Picture) -> str:
    """One digest of all the numbers plotted, whatever they look like."""
    numbers = [[series.kind, *sorted((key, part.digest) for key, part in series.data.items())]
               for panel in picture.panels for series in panel.series]  # fmt: skip
    return hash_bytes("figure", repr(numbers).encode())
