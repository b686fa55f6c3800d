"""The figures that pyplot holds: a cell may change them without looking up any name that holds one.

Whether a figure is stale does not tell: in interactive mode every change is drawn at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from types import ModuleType

__all__ = ["may_draw", "open_figures"]

_MODULES = frozenset({"matplotlib", "seaborn", "pylab"})
_WORDS = re.compile("plot|hist|draw|gram|tree|map|show|chart")


def may_draw(values: Iterable[object], words: Iterable[str]) -> bool:
    """True when code that looks up these values and uses these attributes may draw on the figure that is open.

    Modules that draw on it, and methods of other libraries (pandas, networkx, scipy) that are called like a plot.
    """
    modules = (value.__name__ for value in values if type(value) is ModuleType)
    return any(name.partition(".")[0] in _MODULES for name in modules) or any(map(_WORDS.search, words))


def open_figures() -> set[int]:
    """Identities of the figures that are open."""
    manager = getattr(sys.modules.get("matplotlib._pylab_helpers"), "Gcf", None)
    return {id(held.canvas.figure) for held in list(manager.figs.values())} if manager is not None else set()
