"""Pictures: matplotlib figures by the marks on them, PIL images by their pixels."""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]

MAX_DEPTH = 8
_ASKED = (
    "get_xydata", "get_offsets", "get_array", "get_text", "get_title", "get_xlabel", "get_ylabel", "get_zlabel",
    "get_xlim", "get_ylim", "get_zlim", "get_xscale", "get_yscale", "get_color", "get_facecolor", "get_edgecolor",
    "get_linestyle", "get_linewidth", "get_marker", "get_markersize", "get_alpha", "get_visible", "get_zorder",
    "get_width", "get_height", "get_xy", "get_sizes", "get_fontsize", "get_hatch", "get_label", "get_clim",
    "get_cmap", "get_segments", "get_rotation", "get_position_rgba", "get_extent", "get_aspect",
)  # fmt: skip


def _figure(walk: Walk, digest: Digest, value: Any) -> None:
    """Size, then texts, data and style of every artist."""
    walk.mutable(value)
    digest.text("Figure")
    walk.add(digest, (value.get_size_inches().tolist(), float(value.get_dpi())))
    for artist in value.get_children():
        _artist(walk, digest, artist, 0)


def _any_artist(walk: Walk, digest: Digest, value: Any) -> None:
    """An artist of its own shares the figure it is drawn in."""
    walk.mutable(value, getattr(value, "figure", None) or value)
    _artist(walk, digest, value, 0)


def _artist(walk: Walk, digest: Digest, artist: Any, depth: int) -> None:
    walk.mutable(artist)
    digest.text(type(artist).__name__)
    for name in _ASKED:
        getter = getattr(artist, name, None)
        if getter is not None:
            try:
                part = getter()
            except Exception:  # noqa: BLE001, S112 - not every artist answers every question
                continue
            digest.text(name)
            _answer(walk, digest, part)
    if _is_axis(artist):
        _axis(walk, digest, artist)
    elif depth < MAX_DEPTH:
        for child in artist.get_children():
            _artist(walk, digest, child, depth + 1)


def _answer(walk: Walk, digest: Digest, part: Any) -> None:
    if type(part).__module__.startswith("matplotlib."):
        digest.text(f"{type(part).__name__}:{getattr(part, 'name', '')}")
    else:
        walk.add(digest, part)


def _is_axis(artist: Any) -> bool:
    return any(base.__module__ == "matplotlib.axis" and base.__name__ == "Axis" for base in type(artist).__mro__)


def _axis(walk: Walk, digest: Digest, axis: Any) -> None:
    """An axis by its label, locators and formatters: its ticks come and go when it is drawn."""
    _artist(walk, digest, axis.label, MAX_DEPTH)
    parts = (axis.get_major_locator(), axis.get_minor_locator(), axis.get_major_formatter())
    for part in parts:
        digest.text(type(part).__name__)
    for name in ("locs", "seq"):
        for part in parts:
            walk.add(digest, getattr(part, name, None) if "Fixed" in type(part).__name__ else None)


def _colormap(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"colormap:{value.name}:{value.N}")
    walk.mutable(value)
    walk.add(digest, value(range(value.N)))


def _image(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text(f"Image:{value.mode}:{value.size}")
    walk.add(digest, value.getpalette() if value.mode == "P" else None)
    digest.buffer(value.tobytes())


FAMILIES: dict[str, Family] = {
    "matplotlib.figure.FigureBase": Family(_figure, shared=True),
    "matplotlib.artist.Artist": Family(_any_artist, shared=True),
    "matplotlib.colors.Colormap": Family(_colormap),
    "PIL.Image.Image": Family(_image, nested=False),
}
