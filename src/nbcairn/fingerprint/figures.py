"""Pictures: matplotlib figures by the marks on them, PIL images by their pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbcairn.fingerprint.artists import Marks, mark_artist, mark_figure
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import FOREIGN, Family, Walk

__all__ = ["FAMILIES"]


def _figure(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("Figure")
    _marked(walk, digest, value, mark_figure)


def _artist(walk: Walk, digest: Digest, value: Any) -> None:
    """An artist of its own shares the figure it is drawn in."""
    digest.text("Artist")
    walk.mutable(value, getattr(value, "figure", None) or value)
    _marked(walk, digest, value, mark_artist)


def _marked(walk: Walk, digest: Digest, value: Any, mark: Callable[[Marks, Any], None]) -> None:
    marks = Marks(walk.drawn)
    mark(marks, value)
    walk.mutable(value)
    walk.touched.update(marks.artists)
    walk.items(digest, marks.parts)
    for part in (*marks.arrays, *marks.values):
        walk.add(digest, part)
    if marks.unread:
        walk.sample(f"not read: {', '.join(sorted(set(marks.unread)))}")


def _colormap(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"colormap:{value.name}:{value.N}")
    walk.mutable(value)
    walk.add(digest, value(range(value.N)))


def _image(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    if getattr(value, "readonly", 0):  # ``fromarray`` and mapped files: pixels that somebody else may write
        walk.touched.add(FOREIGN)
    digest.text(f"Image:{value.mode}:{value.size}")
    walk.add(digest, value.getpalette() if value.mode == "P" else None)
    digest.buffer(value.tobytes())


FAMILIES: dict[str, Family] = {
    "matplotlib.figure.FigureBase": Family(_figure),
    "matplotlib.artist.Artist": Family(_artist),
    "matplotlib.colors.Colormap": Family(_colormap),
    "PIL.Image.Image": Family(_image, nested=False),
}
