"""Figures: what matplotlib plots, and the picture types of other libraries.

The JSON object of a figure has these keys, which the report, the server's answers and the panel read:

- ``engine``: ``matplotlib``, ``plotly``, ``altair``, ``bokeh`` or ``image``;
- ``title``; ``inches``: width and height;
- ``axes``: a list of objects with ``name`` (``axes 1``), ``title``, ``xlabel``, ``ylabel``, ``xlim``, ``ylim``,
  ``legend`` (its entries) and ``series``;
- each of ``series`` has ``name`` (its label, else its kind and number), ``kind``, ``points``, and ``data``: a digest of
  the numbers plotted by what they are for (``x``, ``y``, ``colour``, ``values`` …). Equal digests are equal numbers;
- ``skipped``: what was left out and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.series import Plotted, Series, series_of
from nbcairn.profile.text import count, json_safe, shorten

__all__ = ["FAMILIES", "Panel", "panels_detail", "read_panels"]

MAX_AXES = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes: what stands around it, and what it plots."""

    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    legend: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    limits: Mapping[str, object] | None = None

    @property
    def plotted(self) -> list[Plotted]:
        """The numbers of all its series."""
        return [part for series in self.series for part in series.data.values()]


def read_panels(figure: Any) -> list[Panel]:
    """The axes of a matplotlib figure, at most 50, without colour bars."""
    return [_panel(axes) for axes in _axes_of(figure)]


def _axes_of(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"][:MAX_AXES]


def _panel(axes: Any) -> Panel:
    legend = axes.get_legend()
    entries = tuple(shorten(text.get_text()) for text in legend.get_texts()) if legend is not None else ()
    limits = {f"{letter}lim": list(map(float, getattr(axes, f"get_{letter}lim")())) for letter in "xy"}
    return Panel(_title(axes), axes.get_xlabel(), axes.get_ylabel(), entries, tuple(series_of(axes)), limits)


def _title(axes: Any) -> str:
    places = (axes.get_title(loc) for loc in ("center", "left", "right"))
    return next((title for title in places if title), "")


def panels_detail(panels: list[Panel]) -> list[dict[str, object]]:
    """Panels as JSON."""
    return [
        {
            "name": f"axes {number}",
            "title": panel.title,
            "xlabel": panel.xlabel,
            "ylabel": panel.ylabel,
            **(panel.limits or {}),
            "legend": list(panel.legend),
            "series": [_series_detail(series, place) for place, series in enumerate(panel.series, 1)],
        }
        for number, panel in enumerate(panels, 1)
    ]


def _series_detail(series: Series, place: int) -> dict[str, object]:
    return {
        "name": series.label or f"{series.kind} {place}",
        "kind": series.kind,
        "points": series.points,
        "data": {name: part.digest for name, part in series.data.items()},
        **series.more,
    }


# --------------------------------------------------------------------------- families


def _titles(figure: Any) -> list[str]:
    whole = figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""
    return [title for title in (whole, *map(_title, _axes_of(figure))) if title]


def _figure(value: Any, _: str) -> tuple[ArtifactKind, str]:
    size = count(len(value.axes), "panel")
    titles = _titles(value)
    return ArtifactKind.FIGURE, shorten(f"{titles[0]} ({size})" if titles else f"figure with {size}", 120)


def _figure_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    width, height = value.get_size_inches()
    titles = _titles(value)
    axes = json_safe(panels_detail(read_panels(value)))
    inches = [float(width), float(height)]
    return {"engine": "matplotlib", "title": titles[0] if titles else "", "inches": inches, "axes": axes}


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
