"""The figures that pyplot holds: a cell may change them without looking up any name that holds one."""

from __future__ import annotations

import sys

__all__ = ["open_figures"]


def open_figures() -> set[int]:
    """Identities of the open figures that were changed since they were drawn last."""
    manager = getattr(sys.modules.get("matplotlib._pylab_helpers"), "Gcf", None)
    figures = [held.canvas.figure for held in list(manager.figs.values())] if manager is not None else []
    return {id(figure) for figure in figures if getattr(figure, "stale", True)}
