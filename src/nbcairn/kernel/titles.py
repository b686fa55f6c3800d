"""What a figure is called, for people who look for it later: its title, or what its axes say."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

__all__ = ["figure_title", "title_of"]

_DEPTH = 40


def figure_title() -> str:
    """The title of the matplotlib figure that is being displayed just now; empty when there is none."""
    kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
    if kind is None:
        return ""
    figure = _figure_on_stack(kind)
    return title_of(figure) if figure is not None else ""


def _figure_on_stack(kind: type) -> Any:
    """The figure that some caller (``display``, ``flush_figures``, the display hook) is about to show."""
    frame: FrameType | None = sys._getframe(2)
    for _ in range(_DEPTH):
        if frame is None:
            return None
        names = frame.f_locals
        for key in ("figure_manager", "fig", "figure", "obj", "result", "objs"):
            value = names.get(key)
            value = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            value = getattr(getattr(value, "canvas", None), "figure", value)
            if isinstance(value, kind):
                return value
        frame = frame.f_back
    return None


def title_of(figure: Any) -> str:
    """The super title, else the titles of the axes, else "y by x", shortened to 80 characters."""
    try:
        top = getattr(figure, "_suptitle", None)
        if top is not None and top.get_text():
            return _short(top.get_text())
        axes = [axis for axis in figure.axes if axis.get_label() != "<colorbar>"]
        titles = [axis.get_title() for axis in axes if axis.get_title()]
        if titles:
            return _short(", ".join(dict.fromkeys(titles)))
        for axis in axes:
            x, y = axis.get_xlabel(), axis.get_ylabel()
            if x or y:
                return _short(f"{y} by {x}" if x and y else x or y)
    except Exception:  # noqa: BLE001 - a figure of an unknown kind has no title
        return ""
    return ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
