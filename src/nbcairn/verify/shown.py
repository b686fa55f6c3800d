"""What a cell showed, from whichever record there is: the run in the trail, the outputs in the file, or both.

The trail keeps hashes, the beginning of texts, and pictures; the file keeps everything, but perhaps of another run. So the
file's output lends its content to a recorded display where both have the same hash.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbcairn.errors import TrailError
from nbcairn.lineage.normal import bundle_digest, text_digest
from nbcairn.model import Artifact, ArtifactKind, Display, Run
from nbcairn.store import Trail

__all__ = ["Plot", "Shown", "of_outputs", "of_run", "plot_of"]

KEPT = 4000
"""Characters of a text that the trail keeps: a longer one is not complete."""

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Plot:
    """The numbers in a figure as one digest and by series, and its words: titles, axis labels, legend."""

    digest: str
    series: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a cell showed.

    ``kind`` is that of ``Display``; ``data`` is the MIME bundle where it is known; ``complete`` says that ``text`` is all of
    the plain text; ``plot`` is what a figure plots, where that was read; ``title`` is what the figure is called.
    """

    kind: str
    digest: str
    text: str = ""
    complete: bool = True
    media_types: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    image: bytes | None = None
    plot: Plot | None = None
    title: str = ""

    @property
    def is_stream(self) -> bool:
        """True for what was printed."""
        return self.kind in {"stdout", "stderr"}

    @property
    def is_picture(self) -> bool:
        """True for what is looked at as a picture."""
        return any(media_type in IMAGES for media_type in self.media_types)

    @property
    def html(self) -> str | None:
        """Its HTML, where that is known."""
        found = self.data.get("text/html")
        return found if isinstance(found, str) else None


def of_outputs(outputs: Iterable[Mapping[str, Any]]) -> tuple[Shown, ...]:
    """What the outputs of a notebook file show. Streams of one kind that follow each other are one."""
    found: list[Shown] = []
    for output in outputs:
        shown = _of_output(output)
        if shown is None:
            continue
        if shown.is_stream and found and found[-1].kind == shown.kind:
            text = found[-1].text + shown.text
            found[-1] = replace(shown, digest=text_digest(text), text=text)
        else:
            found.append(shown)
    return tuple(found)


def _of_output(output: Mapping[str, Any]) -> Shown | None:
    kind = output.get("output_type")
    if kind == "stream":
        text = _joined(output.get("text", ""))
        return Shown(str(output.get("name", "stdout")), text_digest(text), text)
    if kind == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return Shown("error", text_digest(text), text)
    if kind in {"display_data", "execute_result", "pyout"}:
        raw = output.get("data")
        data = {str(key): _content(str(key), value) for key, value in raw.items()} if isinstance(raw, Mapping) else {}
        word = "display" if kind == "display_data" else "result"
        text = str(data.get("text/plain", ""))
        return Shown(word, bundle_digest(data), text, True, tuple(sorted(data)), data, _image(data))
    return None


def _joined(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _content(media_type: str, value: object) -> object:
    """Text in one piece; a picture without the line breaks that some writers put into it."""
    if isinstance(value, list | str) and not media_type.endswith("json"):
        text = _joined(value)
        return "".join(text.split()) if media_type in IMAGES[:3] else text
    return value


def _image(data: Mapping[str, Any]) -> bytes | None:
    for media_type in IMAGES:
        if media_type not in data:
            continue
        if media_type == "image/svg+xml":
            return str(data[media_type]).encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(str(data[media_type]), validate=False)
        except (binascii.Error, ValueError):
            return None
    return None


def of_run(
    run: Run, artifacts: Sequence[Artifact], trail: Trail, outputs: Iterable[Mapping[str, Any]] = ()
) -> tuple[Shown, ...]:
    """What a recorded run showed; ``outputs`` are of the file, and count only where they have the same hash."""
    contents = {shown.digest: shown for shown in of_outputs(outputs)}
    figures = {artifact.blob: artifact for artifact in artifacts if artifact.kind is ArtifactKind.FIGURE}
    return tuple(_of_display(display, contents.get(display.digest), figures, trail) for display in run.displays)


def _of_display(display: Display, content: Shown | None, figures: Mapping[str | None, Artifact], trail: Trail) -> Shown:
    figure = figures.get(display.blob) if display.blob else None
    known = content is not None and content.kind == display.kind
    return Shown(
        display.kind,
        display.digest,
        content.text if known and content else display.text,
        known or 0 < len(display.text) < KEPT,
        display.media_types,
        content.data if known and content else {},
        _kept(None if display.is_html else display.blob, trail) or (content.image if content else None),
        plot_of(figure),
        figure.name if figure else "",
    )


def _kept(key: str | None, trail: Trail) -> bytes | None:
    if key is None:
        return None
    try:
        return trail.blobs.get(key)
    except TrailError:
        return None


def plot_of(figure: Artifact | None) -> Plot | None:
    """What a figure plots, where the recorder read it; None where a part of it has no numbers that could be compared."""
    if figure is None or not isinstance(figure.detail.get("plotted"), str):
        return None
    series: list[tuple[str, str]] = []
    words = [str(figure.detail.get("title", ""))]
    for panel in _listed(figure.detail.get("axes")):
        words += [str(panel.get(key, "")) for key in ("title", "xlabel", "ylabel")]
        words += [str(word) for word in _listed(panel.get("legend"), of=str)]
        for part in _listed(panel.get("series")):
            if not part.get("data"):
                return None
            series.append((str(part.get("name", "")), repr(part["data"])))
    return Plot(str(figure.detail["plotted"]), tuple(series), tuple(words)) if series else None


def _listed(value: object, of: type = dict) -> list[Any]:
    """The items of a list in a record that may hold anything."""
    return [item for item in value if isinstance(item, of)] if isinstance(value, list | tuple) else []
