"""Our own work and our own modules leave the garbage collector alone.

What we make while we look at a cell is gone a moment later, by its own count of references. A collection that happens to
begin meanwhile would take it for the user's, to be looked at in each later one, and a full collection of a kernel with some
packages loaded takes longer than ten cells of ours.

Our modules add a fifth to what a fresh kernel holds, all for good. Each full collection would look at them again, and would
come earlier: in the user's imports, as a rule. What a kernel holds before its user did anything is therefore set aside.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType, ModuleType

__all__ = ["SetAside", "no_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """No automatic collection begins in the block. Afterwards the collector is on if it was before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_CODE = frozenset({ModuleType, FunctionType, BuiltinFunctionType, type})
"""What start-up files and front ends put into a namespace: it stays."""


class SetAside:
    """What a fresh kernel holds, kept out of collections: once, and only where nobody else does such a thing."""

    def __init__(self) -> None:
        self._asked = self._done = False

    def once(self, held: Callable[[], Iterable[object]]) -> None:
        """Set it aside if this is what names hold of a namespace in which the user has put no data yet."""
        if self._asked:
            return
        self._asked = True
        if gc.isenabled() and not gc.get_freeze_count() and all(type(value) in _CODE for value in held()):
            gc.freeze()
            self._done = True

    def undo(self) -> None:
        """Hand it back to the collector."""
        if self._done:
            gc.unfreeze()
            self._done = False
