"""Our own work leaves the garbage collector alone.

What we make while we look at a cell is gone a moment later, by its own count of references. A collection that happens to
begin meanwhile would take it for the user's, to be looked at in each later one, and a full collection of a kernel with some
packages loaded takes longer than ten cells of ours.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collection"]


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
