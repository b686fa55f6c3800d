"""Which figure is being displayed or written just now, and what it is called."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from nbcairn.profile.text import shorten

__all__ = ["being_saved", "being_shown", "title_of"]

_DEPTH = 60
_HANDED = {"display": "obj", "__call__": "result"}
"""Functions that hand something to the front end, and what they call it."""


def being_shown() -> Any:
    """The matplotlib figure or PIL image that a caller hands to the front end; None when there is none.

    Asks the frames of ``display`` and of the display hook, and nothing of the user's objects but their type.
    """
    kinds = _picture_types()
    if not kinds:
        return None
    frame: FrameType | None = sys._getframe(1)
    for _ in range(_DEPTH):
        if frame is None:
            return None
        key = _HANDED.get(frame.f_code.co_name)
        if key and any(part in frame.f_code.co_filename for part in ("IPython", "matplotlib")):
            value = frame.f_locals.get(key)
            if issubclass(type(value), kinds):
                return _figure_of(value)
        frame = frame.f_back
    return None


def being_saved() -> Any:
    """The matplotlib figure whose ``savefig`` is opening a file just now; None when there is none."""
    kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
    frame: FrameType | None = sys._getframe(1) if kind is not None else None
    for _ in range(_DEPTH):
        if frame is None:
            return None
        if frame.f_code.co_name in {"savefig", "print_figure"} and "matplotlib" in frame.f_code.co_filename:
            figure = _figure_of(frame.f_locals.get("self"))
            if kind is not None and issubclass(type(figure), kind):
                return figure
        frame = frame.f_back
    return None


def _picture_types() -> tuple[type, ...]:
    wanted = (
        ("matplotlib.figure", "Figure"), ("matplotlib.backend_bases", "FigureCanvasBase"), ("PIL.Image", "Image"),
    )  # fmt: skip
    found = (getattr(sys.modules.get(module), name, None) for module, name in wanted)
    return tuple(kind for kind in found if isinstance(kind, type))


def _figure_of(value: Any) -> Any:
    """The figure of a canvas; anything else as it is."""
    kind = getattr(sys.modules.get("matplotlib.backend_bases"), "FigureCanvasBase", None)
    return value.figure if isinstance(kind, type) and issubclass(type(value), kind) else value


def title_of(figure: Any) -> str:
    """The super title, else the titles of the axes, else "y by x", shortened to 80 characters."""
    try:
        top = getattr(figure, "_suptitle", None)
        if top is not None and top.get_text():
            return shorten(top.get_text())
        axes = [axis for axis in figure.axes if axis.get_label() != "<colorbar>"]
        titles = [title for axis in axes if (title := _title(axis))]
        if titles:
            return shorten(", ".join(dict.fromkeys(titles)))
        for axis in axes:
            x, y = axis.get_xlabel(), axis.get_ylabel()
            if x or y:
                return shorten(f"{y} by {x}" if x and y else x or y)
    except Exception:  # noqa: BLE001 - a figure of an unknown kind has no title
        return ""
    return ""


def _title(axis: Any) -> str:
    return next((title for place in ("center", "left", "right") if (title := axis.get_title(place))), "")
