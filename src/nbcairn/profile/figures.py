"""Figures: matplotlib, and the picture types of other libraries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import count, shorten

__all__ = ["FAMILIES"]

MAX_AXES = 50


def _axes_of(figure: Any) -> list[Any]:
    return list(figure.axes)[:MAX_AXES]


def _titles(figure: Any) -> list[str]:
    whole = figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""
    return [title for title in (whole, *(axes.get_title() for axes in _axes_of(figure))) if title]


def _figure(value: Any, _: str) -> tuple[ArtifactKind, str]:
    size = count(len(value.axes), "panel")
    titles = _titles(value)
    return ArtifactKind.FIGURE, shorten(f"{titles[0]} ({size})" if titles else f"figure with {size}", 120)


def _figure_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    width, height = value.get_size_inches()
    axes = [
        {"title": part.get_title(), "xlabel": part.get_xlabel(), "ylabel": part.get_ylabel()}
        for part in _axes_of(value)
    ]
    titles = _titles(value)
    return {"title": titles[0] if titles else "", "inches": [float(width), float(height)], "axes": axes}


def _axes(value: Any, _: str) -> tuple[None, str]:
    return None, shorten(value.get_title() or "axes of a figure", 120)


def _image(value: Any, _: str) -> tuple[ArtifactKind, str]:
    width, height = value.size
    return ArtifactKind.FIGURE, f"{width} × {height} {value.mode} image"


def _other(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.FIGURE, f"{type(value).__module__.partition('.')[0]} figure"


_OTHER = Family(_other)
FAMILIES: dict[str, Family] = {
    "matplotlib.figure.Figure": Family(_figure, _figure_statistics),
    "matplotlib.axes._base._AxesBase": Family(_axes),
    "PIL.Image.Image": Family(_image),
    "plotly.basedatatypes.BaseFigure": _OTHER,
    "altair.vegalite.v5.api.TopLevelMixin": _OTHER,
    "altair.vegalite.v6.api.TopLevelMixin": _OTHER,
    "bokeh.model.model.Model": _OTHER,
}
