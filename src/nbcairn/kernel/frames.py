"""Who called: whether the user's own code asked for something, or a library in passing."""

from __future__ import annotations

import sys
import sysconfig
from functools import lru_cache
from pathlib import Path
from types import FrameType

__all__ = ["asked_by_user", "is_cell_file"]

_OURS = str(Path(__file__).parent.parent)
_STDLIB = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
_PACKAGES = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
_MAGIC_PARTS = ("IPython/utils", "IPython/core", "ipykernel/zmqshell")
_DISPLAYS = "IPython/core/display"
"""What shows things is no magic: the id that it draws for a display is its own affair."""


@lru_cache(maxsize=4096)
def is_cell_file(filename: str) -> bool:
    """True for code compiled from a cell: IPython names it in brackets or below a folder ``ipykernel_<pid>``."""
    return filename.startswith(("<ipython-input", "<cell")) or "ipykernel_" in filename


def asked_by_user() -> bool:
    """True when the nearest frame outside the standard library and ourselves is the user's, or one of IPython's magics."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    while frame is not None:
        file = frame.f_code.co_filename.replace("\\", "/")
        if is_cell_file(file) or not _is_library(file):
            return not frame.f_code.co_filename.startswith(_OURS)
        if any(part in file for part in _MAGIC_PARTS) and _DISPLAYS not in file:
            return True
        if _is_package(file):
            return False
        frame = frame.f_back
    return False


def _is_library(file: str) -> bool:
    return file.startswith((*_STDLIB, "<frozen", "<string", "<__array_function__")) or _is_package(file)


def _is_package(file: str) -> bool:
    """True below any folder of packages: people install for themselves, and environments see each other's."""
    return file.startswith(_PACKAGES) or "/site-packages/" in file or "/dist-packages/" in file
