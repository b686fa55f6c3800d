"""What other packages add to Cairn, by entry points whose group begins with ``nbcairn.``.

Nearly always there is nothing, and to find that out by ``importlib.metadata`` takes as long as a hundred small cells: each
installed package's entry points are parsed. So the files are searched for our groups first, once for all of them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Set
from functools import cache
from importlib.metadata import EntryPoint, entry_points

__all__ = ["declared"]

_OURS = re.compile(rb"^\[\s*(nbcairn\.[^\]\s]*)", re.MULTILINE)
_ANY = "*"


def declared(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group, such as ``nbcairn.fingerprints``."""
    named = _groups(tuple(sys.path))
    return tuple(entry_points(group=group)) if group in named or _ANY in named else ()


@cache
def _groups(path: tuple[str, ...]) -> Set[str]:
    return frozenset().union(*(_in_folder(entry or os.curdir) for entry in path))


def _in_folder(folder: str) -> Set[str]:
    """Our groups to which a package in this folder adds; any, where that can only be told by importlib (archives)."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - many small files
    except NotADirectoryError:
        return {_ANY}
    except OSError:
        return frozenset()
    files = (f"{folder}/{name}/entry_points.txt" for name in names if name.endswith("-info"))
    return {group for file in files for group in _named_in(file)}


def _named_in(file: str) -> list[str]:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            return [group.decode("utf-8", "replace") for group in _OURS.findall(stream.read())]
    except OSError:
        return []
