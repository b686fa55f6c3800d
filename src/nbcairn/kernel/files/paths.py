"""Which paths are worth recording, and how they are called: relative to the project where they lie inside it."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path, PurePath
from types import FrameType

from nbcairn.config import Cairn

__all__ = ["Paths"]

_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/var/lib", "/run")
_CODE = (".pyc", ".so")


class Paths:
    """Decides about paths. What a library reads and writes for itself, and what is ours, does not count."""

    def __init__(self, root: Path, config: Cairn, trail_folder: Callable[[], Path | None]) -> None:
        self.root = root
        self.config = config
        self._trail_folder = trail_folder
        self._skipped = _skipped_folders()
        self._inner = _package_folders()

    def name(self, path: str) -> str:
        """The path as the trail has it."""
        return Path(path).relative_to(self.root).as_posix() if Path(path).is_relative_to(self.root) else path

    def wanted(self, target: object) -> str:
        """The absolute path of a file worth recording, else an empty string. Runs no code of the target's."""
        text = _text(target)
        if not text or "\0" in text or "://" in text or text.startswith(":") or len(text) > 4000:
            return ""
        if text.endswith(_CODE):  # also where it is a link to a file of another name
            return ""
        path = os.path.realpath(text)
        inside = path.startswith(f"{self.root}{os.sep}")
        if not inside and path.startswith(self._skipped):
            return ""
        if inside and path.startswith(self._inner):
            return ""
        if path.endswith((*_CODE, ".ipynb")) or "ipykernel_" in path or _is_compiled(path) or _is_module_file(path):
            return ""
        folder = self._trail_folder()
        if os.path.isdir(path) and _importing():  # noqa: PTH112 - an import lists the folders that it searches
            return ""
        inner = f"{path}{os.sep}"
        if (folder is not None and inner.startswith(f"{folder}{os.sep}")) or f"{os.sep}.cairn{os.sep}" in inner:
            return ""
        return "" if self.config.ignores_file(self.name(path)) else path


def _text(target: object) -> str:
    if type(target) is str:
        return target
    if type(target) is bytes:
        return os.fsdecode(target)
    return str(target) if issubclass(type(target), PurePath) else ""


def _package_folders() -> tuple[str, ...]:
    """Where installed code lives; also inside a project, as a virtual environment often does."""
    folders = [sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")]
    folders += [sys.prefix, sys.base_prefix, os.environ.get("IPYTHONDIR") or "/"]
    return tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in folders if folder != "/")


def _skipped_folders() -> tuple[str, ...]:
    """Where a library reads and writes for itself."""
    caches = [Path.home() / name for name in (".cache", ".config", ".ipython", ".jupyter", ".local", ".matplotlib")]
    folders = [*_SYSTEM, *map(str, caches)]
    return (*_package_folders(), *(f"{os.path.realpath(folder)}{os.sep}" for folder in folders))


def _is_compiled(path: str) -> bool:
    """An import writes compiled code under another name first."""
    return f"{os.sep}__pycache__{os.sep}" in path


def _is_module_file(path: str) -> bool:
    """Imports of modules are the ambient observer's business."""
    if not path.endswith(".py"):
        return False
    return any(getattr(module, "__file__", None) == path for module in list(sys.modules.values())) or _importing()


def _importing() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename or frame.f_code.co_filename.endswith("linecache.py"):
            return True
        frame = frame.f_back
    return False
