"""The project's own modules: their source as it was when the kernel imported or reloaded it, which the file may no longer be."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from nbcairn.store.blobs.base import md5_of

__all__ = ["Loaded", "ProjectModules"]

_INSTALLED = tuple(f"{sysconfig.get_path(name)}{os.sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_LIBRARY_PARTS = ("site-packages", "dist-packages", f"{os.sep}nbcairn{os.sep}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """One state of a module: the spec it was executed with, the file, the md5 and size of its source then, and the
    identities of its functions' code.
    """

    spec: Any
    path: str
    md5: str
    size: int
    mtime_ns: int
    codes: frozenset[int]


class ProjectModules:
    """Knows which imported modules are the project's, and what they were loaded from.

    Every import and every reload gives a module another spec, which is how both are noticed. Autoreload may also exchange
    the code of single functions: noticed where the file has changed and the code has, too.
    ``reloads`` lists the modules that were executed again, in order.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._start = os.path.realpath(os.getcwd())  # noqa: PTH109
        self._places: dict[str, bool] = {}
        self._tops: dict[str, bool] = {}
        self.reloads: list[str] = []
        self._loaded: dict[str, Loaded] = {}

    def path(self, module: object) -> str:
        """The source file of a project's own module, else an empty string."""
        file = getattr(module, "__file__", None) if type(module) is ModuleType else None
        if not isinstance(file, str) or not file.endswith(".py") or getattr(module, "__name__", "") == "__main__":
            return ""
        if file not in self._places:
            self._places[file] = self._is_ours(file)
        return file if self._places[file] else ""

    def _is_ours(self, file: str) -> bool:
        if file.startswith(_INSTALLED) or any(part in file for part in _LIBRARY_PARTS):
            return False  # told by its name: to resolve thousands of links would take as long as the import
        real = os.path.realpath(file)
        inside = real.startswith((f"{self.root}{os.sep}", f"{self._start}{os.sep}"))
        return inside and not any(part in real for part in _LIBRARY_PARTS) and not real.startswith(sys.prefix + os.sep)

    def loaded(self, name: str) -> Loaded | None:
        """What the module in ``sys.modules`` was loaded from; None where it is not ours or cannot be read."""
        module = sys.modules.get(name)
        path = self.path(module)
        if not path:
            return None
        spec = getattr(module, "__spec__", None)
        known = self._loaded.get(name)
        if known is not None and known.spec is spec and not _is_patched(known, module):
            return known
        try:
            content = Path(path).read_bytes()
            state = Path(path).stat()
        except OSError:
            return None
        md5 = md5_of(content)
        found = self._loaded[name] = Loaded(spec, path, md5, state.st_size, state.st_mtime_ns, _codes(module))
        if known is not None:
            self.reloads.append(name)
        return found

    def reloaded_since(self, count: int) -> set[str]:
        """Names of modules that were executed again since ``reloads`` had this many entries."""
        for name in list(self._loaded):
            if name in sys.modules:
                self.loaded(name)
        return set(self.reloads[count:])

    def new_since(self, count: int) -> set[str]:
        """Project modules among those imported since ``sys.modules`` had this many entries."""
        if len(sys.modules) <= count:
            return set()
        return {
            name for name in list(sys.modules)[count:] if self._may_be_ours(name) and self.path(sys.modules.get(name))
        }

    def _may_be_ours(self, name: str) -> bool:
        """False for what is inside an installed package: thousands of modules may come with one import."""
        top = name.partition(".")[0]
        if top not in self._tops:
            file = getattr(sys.modules.get(top), "__file__", None)
            self._tops[top] = not isinstance(file, str) or not file.startswith(_INSTALLED)
        return self._tops[top]


def _is_patched(known: Loaded, module: object) -> bool:
    try:
        state = os.stat(known.path)  # noqa: PTH116 - asked before and after every run
    except OSError:
        return False
    unchanged = (state.st_size, state.st_mtime_ns) == (known.size, known.mtime_ns)
    return not unchanged and _codes(module) != known.codes


def _codes(module: object) -> frozenset[int]:
    """Identities of the code of a module's functions, and of those in its classes."""
    parts = list(vars(module).values())
    parts += [part for held in parts if isinstance(held, type) for part in vars(held).values()]
    return frozenset(id(part.__code__) for part in parts if type(part) is FunctionType)
