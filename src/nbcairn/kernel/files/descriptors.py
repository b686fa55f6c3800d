"""Files that are open in this process, where the system tells (Linux): what a library in C opened and keeps open."""

from __future__ import annotations

import os

__all__ = ["newly_open", "open_descriptors"]

_FOLDER = "/proc/self/fd"


def open_descriptors() -> frozenset[str]:
    """The numbers of the open descriptors, as texts; empty where the system does not tell."""
    # The descriptor of the listing itself is closed by now, and its number free for the user's next file.
    return frozenset(filter(_is_open, _listed()))


def _is_open(number: str) -> bool:
    try:
        os.get_inheritable(int(number))  # a tenth of what asking for the path would take
    except OSError:
        return False
    return True


def _listed() -> frozenset[str]:
    try:
        return frozenset(os.listdir(_FOLDER))  # noqa: PTH208 - names only, before and after every cell
    except OSError:
        return frozenset()


def newly_open(before: frozenset[str]) -> list[str]:
    """The files behind descriptors that were not open before.

    An open folder is no file that is read: SQLite opens one to settle a journal, in whichever thread writes, and whoever
    lists one does. Data sets that are folders are known by their readers.
    """
    found = []
    for number in _listed() - before if before else ():
        try:
            target = os.readlink(f"{_FOLDER}/{number}")  # noqa: PTH115
        except OSError:
            continue
        if target.startswith("/") and not target.endswith(" (deleted)") and not os.path.isdir(target):  # noqa: PTH112
            found.append(target)
    return found
