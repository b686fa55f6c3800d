"""Imports of libraries without what they only import in case it is there, which can cost more than all the rest."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["without"]


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Let imports of these modules fail in this thread, where they are not imported yet."""
    refusal = _Refusal({name for name in modules if name not in sys.modules}, threading.get_ident())
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)


class _Refusal:
    def __init__(self, names: set[str], thread: int) -> None:
        self.names, self.thread = names, thread

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name in self.names and threading.get_ident() == self.thread:
            raise ImportError(name)
