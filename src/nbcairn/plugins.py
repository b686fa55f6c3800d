"""What other packages add to Cairn, by entry points whose group begins with ``nbcairn.``.

Nearly always there is nothing, and to find that out by ``importlib.metadata`` takes as long as a hundred small cells: each
installed package's entry points are parsed. So the files are searched for our name first, once for all groups.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points

__all__ = ["declared"]

_OURS = b"[nbcairn."


def declared(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group, such as ``nbcairn.fingerprints``."""
    return tuple(entry_points(group=group)) if _anything(tuple(sys.path)) else ()


@cache
def _anything(path: tuple[str, ...]) -> bool:
    return any(_in_folder(entry or os.curdir) for entry in path)


def _in_folder(folder: str) -> bool:
    """True when a package in this folder adds something, or when that can only be told by importlib (archives)."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - many small files
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(_names_us(f"{folder}/{name}/entry_points.txt") for name in names if name.endswith("-info"))


def _names_us(file: str) -> bool:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            return _OURS in stream.read()
    except OSError:
        return False
