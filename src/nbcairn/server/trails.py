"""Open trails, one a folder, shared by the requests of a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nbcairn.errors import TrailReadOnly
from nbcairn.store import Trail

__all__ = ["Trails"]

KEPT = 16
"""How many trails stay open when nobody asks for them."""


@dataclass(slots=True)
class _Held:
    """An open trail, the file it reads, and how many requests use it now."""

    trail: Trail
    file: tuple[int, int]
    users: int = 0
    retired: bool = False


class Trails:
    """Lends trails, opened read-only. One whose file was replaced is opened again; in use, it is closed later."""

    def __init__(self) -> None:
        self._held: dict[Path, _Held] = {}
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, folder: Path) -> Iterator[Trail]:
        """The trail of this ``.cairn`` folder, for the time of the block. Raises what ``Trail.open`` raises."""
        held = self._take(folder)
        try:
            yield held.trail
        finally:
            self._give_back(held)

    def close(self) -> None:
        """Close every trail that nobody uses; the others close when they are given back."""
        with self._lock:
            for folder in list(self._held):
                self._retire(folder)

    def _take(self, folder: Path) -> _Held:
        file = _identity(folder)
        with self._lock:
            held = self._held.get(folder)
            if held is not None and held.file != file:
                self._retire(folder)
                held = None
            if held is None:
                held = _Held(_opened(folder), file)
                self._make_room()
            self._held.pop(folder, None)
            self._held[folder] = held
            held.users += 1
            return held

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.users -= 1
            if held.retired and not held.users:
                held.trail.close()

    def _retire(self, folder: Path) -> None:
        held = self._held.pop(folder)
        held.retired = True
        if not held.users:
            held.trail.close()

    def _make_room(self) -> None:
        for folder in list(self._held)[: max(0, len(self._held) - KEPT + 1)]:
            self._retire(folder)


def _opened(folder: Path) -> Trail:
    """The trail, read-only. One that an older nbcairn wrote is brought up to date first, as a kernel would, where it can be."""
    try:
        return Trail.open(folder, read_only=True, copy=False)
    except TrailReadOnly:
        with suppress(TrailReadOnly):
            Trail.open(folder).close()
        return Trail.open(folder, read_only=True)


def _identity(folder: Path) -> tuple[int, int]:
    """What changes when the database file is replaced by another."""
    try:
        state = (folder / "trail.db").stat()
    except OSError:
        return (0, 0)
    return (state.st_dev, state.st_ino)
