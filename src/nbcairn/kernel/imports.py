"""Do something to a library as soon as the user imports it, in the same cell, without importing it ourselves.

A finder before all others passes every request on; for the few modules that somebody waits for it runs the
callbacks when the module's code has run, and then it is out of the way: loader and spec are the original ones.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

__all__ = ["PostImport"]

log = logging.getLogger("nbcairn")
Callback = Callable[[ModuleType], None]
Around = Callable[[], Callable[[], None]]
"""Called before a module's code runs; what it gives is called after that."""


class PostImport:
    """The finder. ``install`` puts it in ``sys.meta_path``; what is imported already is handled at once."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Callback]] = {}
        self._around: dict[str, Around] = {}

    def around(self, name: str, begin: Around) -> None:
        """Look before and after the code of this module runs, if that is still to come."""
        if name not in sys.modules:
            self._around[name] = begin

    def when(self, name: str, callback: Callback) -> None:
        """Call back with this module now if it is imported, else when it is."""
        module = sys.modules.get(name)
        if module is not None:
            _call(callback, module)
        else:
            self._waiting.setdefault(name, []).append(callback)

    def install(self) -> None:
        """Begin to listen."""
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        """Listen no longer, and wait for nothing."""
        self._waiting.clear()
        self._around.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that the path finder gives, with a loader that calls back; None for all other modules."""
        if name not in self._waiting and name not in self._around:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return None
        # Who asks for a spec may only want to know whether there is such a module: what waits is told when its code has run.
        spec.loader = _Loader(spec.loader, self, name)  # type: ignore[assignment]
        return spec

    def begin(self, name: str) -> Callable[[], None] | None:
        """The code of a module is about to run; what is to be called after it."""
        around = self._around.get(name)
        return around() if around is not None else None

    def end(self, name: str, module: ModuleType) -> None:
        """It ran: nobody waits for it any more. A module whose code failed is waited for still."""
        self._around.pop(name, None)
        for callback in self._waiting.pop(name, []):
            _call(callback, module)


class _Loader:
    """Runs the module by its own loader, then the callbacks."""

    def __init__(self, loader: Any, listening: PostImport, name: str) -> None:
        self._loader = loader
        self._listening = listening
        self._name = name

    def create_module(self, spec: ModuleSpec) -> Any:
        """As the original."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the original; the module never sees us."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        end = self._listening.begin(self._name)
        self._loader.exec_module(module)
        if end is not None:
            end()
        self._listening.end(self._name, module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def _call(callback: Callback, module: ModuleType) -> None:
    try:
        callback(module)
    except Exception:
        log.debug("nbcairn: a look at %s failed", getattr(module, "__name__", "a module"), exc_info=True)
