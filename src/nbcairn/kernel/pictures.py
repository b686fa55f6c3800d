"""Pictures as they pass: a display's image or chart, with what the figure behind it plots, read while it is still there.

Looking is bounded: a run has a budget of time for reading figures and of memory for images. What is left out for it is
said in ``skipped``.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbcairn.fingerprint import fingerprint
from nbcairn.fingerprint.digest import hash_bytes
from nbcairn.kernel.deadline import TooLong, within
from nbcairn.kernel.titles import being_shown, title_of
from nbcairn.model import Coverage, Fingerprint, new_id
from nbcairn.profile.charts import Chart, read_chart
from nbcairn.profile.figures import Panel, read_panels
from nbcairn.profile.text import shorten

__all__ = ["IMAGES", "LONGEST", "Allowance", "Picture", "picture_in", "picture_of"]

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
SECONDS = 0.5
"""How long reading figures may hold up one run."""

LONGEST = 2.0
"""Seconds after which reading or drawing one figure is broken off."""

KEPT_BYTES = 64 << 20
"""How much of images and specifications one run keeps until it is recorded."""

_VIDEO = re.compile(r"data:(video/\w+|image/gif);base64,")


@dataclass(slots=True)
class Allowance:
    """What is left for the pictures of one run."""

    largest: int
    seconds: float = SECONDS
    memory: int = KEPT_BYTES

    def keeps(self, size: int) -> bool:
        """True when so many bytes more may be kept; they then are."""
        if size > min(self.largest, self.memory):
            return False
        self.memory -= size
        return True


@dataclass(slots=True)
class Picture:
    """One picture that a run showed or saved. ``content`` is None where it was too large to be kept.

    ``owner`` is the matplotlib figure, held weakly: figures that the user is done with must go.
    """

    engine: str
    media_type: str
    content: bytes | None
    print_: Fingerprint
    title: str = ""
    size: str = ""
    panels: list[Panel] = field(default_factory=list)
    inches: tuple[float, float] | None = None
    owner: weakref.ref[Any] | None = None
    variable: object = None
    svg: bytes | None = None
    files: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    shown: bool = True
    slow: bool = False

    @property
    def figure(self) -> Any:
        """The matplotlib figure, where there is one and it lives."""
        return self.owner() if self.owner is not None else None


def picture_in(data: Mapping[str, object], allowance: Allowance) -> Picture | None:
    """The picture that a MIME bundle shows; None when it shows none."""
    media_type = next((kind for kind in IMAGES if kind in data), None)
    chart = read_chart(data) if media_type is None or len(data) > 2 else None
    if chart is not None:
        return _of_chart(chart, data, media_type, allowance)
    if media_type is None:
        return _of_video(data.get("text/html"), allowance)
    content = _bytes(data[media_type], media_type)
    if content is None:
        return None
    picture = Picture("image", media_type, content, Fingerprint(hash_bytes(media_type, content)), size=_size(data))
    vector = data.get("image/svg+xml")
    if isinstance(vector, str) and media_type != "image/svg+xml":
        picture.svg = vector.encode("utf-8", "surrogatepass")
    value = being_shown()
    if value is not None:
        describe(picture, value, allowance)
    _keep(picture, allowance)
    return picture


def picture_of(figure: Any, allowance: Allowance) -> Picture:
    """A matplotlib figure that was not displayed, without an image yet."""
    picture = Picture("matplotlib", "image/png", None, Fingerprint(new_id(), Coverage.OPAQUE), shown=False)
    describe(picture, figure, allowance)
    return picture


def _keep(picture: Picture, allowance: Allowance) -> None:
    if picture.content is not None and not allowance.keeps(len(picture.content)):
        picture.skipped.append(f"the image ({len(picture.content):,} bytes)")
        picture.content = None
    if picture.svg is not None and not allowance.keeps(len(picture.svg)):
        picture.svg = None


def describe(picture: Picture, value: Any, allowance: Allowance) -> None:
    """Read what a figure plots, or which image it is, as long as there is time for it."""
    started = time.perf_counter()
    if not hasattr(value, "get_size_inches"):
        picture.variable = value
        return
    picture.engine = "matplotlib"
    picture.owner = weakref.ref(value)
    picture.title = title_of(value)
    width, height = value.get_size_inches()
    picture.inches = (float(width), float(height))
    if allowance.seconds <= 0:
        picture.skipped.append(f"what it plots (more than {SECONDS:g} s for the figures of one cell)")
        return
    try:
        with within(LONGEST):
            found = fingerprint(value)
            if found.coverage is not Coverage.OPAQUE or picture.content is None:
                picture.print_ = found
            picture.panels = read_panels(value)
    except TooLong:
        picture.slow = True
        picture.skipped.append(f"what it plots (longer than {LONGEST:g} s)")
    except Exception as error:  # noqa: BLE001 - artists of other libraries may answer anything
        picture.skipped.append(f"what it plots ({type(error).__name__})")
    allowance.seconds -= time.perf_counter() - started


def _of_chart(chart: Chart, data: Mapping[str, object], media_type: str | None, allowance: Allowance) -> Picture:
    image = _bytes(data[media_type], media_type) if media_type else None
    content, kind = (image, media_type) if image is not None and media_type else (chart.spec, chart.media_type)
    picture = Picture(chart.engine, kind, content, Fingerprint(chart.digest), chart.title, panels=list(chart.panels))
    _keep(picture, allowance)
    return picture


def _of_video(html: object, allowance: Allowance) -> Picture | None:
    """A film inside HTML: matplotlib's animations, ``IPython.display.Video``."""
    if not isinstance(html, str) or ("<video" not in html[:2000] and "data:image/gif;base64," not in html[:2000]):
        return None
    start = _VIDEO.search(html)
    if start is None:
        return None
    length = html.find('"', start.end()) - start.end()
    if length * 3 // 4 > allowance.largest:
        film = Picture("video", start[1], None, Fingerprint(hash_bytes(start[1], html.encode("utf-8", "replace"))))
        film.skipped.append(f"the film ({length * 3 // 4:,} bytes)")
        return film
    content = _bytes("".join(html[start.end() : start.end() + length].split()), start[1])
    if content is None:
        return None
    film = Picture("video", start[1], content, Fingerprint(hash_bytes(start[1], content)))
    _keep(film, allowance)
    return film


def _bytes(content: object, media_type: str) -> bytes | None:
    if isinstance(content, bytes):
        return content
    if media_type == "image/svg+xml":
        return str(content).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(content), validate=False)
    except (binascii.Error, ValueError):
        return None


def _size(data: Mapping[str, object]) -> str:
    """``640x480`` of matplotlib's text beside a figure; nothing of other texts, which are no sizes."""
    text = str(data.get("text/plain", ""))[:200]
    return shorten(text.removeprefix("<Figure size ").partition(" with ")[0]) if text.startswith("<Figure size") else ""
