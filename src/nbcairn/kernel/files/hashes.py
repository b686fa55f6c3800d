"""md5 of files and folders, computed once for each state of a file; large ones by a thread beside the user's code."""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from nbcairn.store.filehash import TooMany, file_md5, folder_md5

__all__ = ["FileHashes", "FileState", "Hashed", "state_of"]

LARGE = 4 << 20
"""From this size on a file is hashed by a thread; hashing runs without the interpreter's lock."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells one content of a file from another without reading it, as DVC does."""

    inode: int
    size: int
    mtime_ns: int
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Hashed:
    """The md5 of a file in a state, or why there is none."""

    md5: str | None
    state: FileState | None
    note: str = ""


def state_of(path: str) -> FileState | None:
    """The state of a file now; None when there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every open of the user's
    except (OSError, ValueError):
        return None
    return FileState(found.st_ino, found.st_size, found.st_mtime_ns, modes.S_ISDIR(found.st_mode))


class FileHashes:
    """Hashes by state. ``recall`` may know the md5 of a large file from an earlier session."""

    def __init__(self, max_bytes: int, recall: Callable[[str, FileState], str | None] = lambda _, __: None) -> None:
        self.max_bytes = max_bytes
        self._recall = recall
        self._known: dict[tuple[str, FileState], str] = {}
        self._running: dict[tuple[str, FileState], Future[Hashed]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def begin(self, path: str, state: FileState) -> None:
        """Begin to hash a large file, so that the hash is there when the cell ends."""
        key = (path, state)
        if state.folder or state.size < LARGE or state.size > self.max_bytes or key in self._known:
            return
        if key not in self._running:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, "nbcairn-md5")
            self._running[key] = self._pool.submit(self._compute, path, state)

    def soon(self, path: str, seconds: float) -> Hashed | None:
        """The hash, or None when that takes longer than so many seconds."""
        state = state_of(path)
        if state is not None and not state.folder and state.size >= LARGE:
            self.begin(path, state)
            running = self._running.get((path, state))
            if running is not None:
                try:
                    return running.result(seconds)
                except TimeoutError:
                    return None
        return self.of(path)

    def of(self, path: str, expected: FileState | None = None) -> Hashed:
        """The hash of a file as it is now, or as it was in an expected state if it is unchanged."""
        state = state_of(path)
        if state is None:
            return Hashed(None, None, "no such file")
        if expected is not None and state != expected:
            return Hashed(None, expected, "changed before it was hashed")
        running = self._running.get((path, state))
        return running.result() if running is not None else self._compute(path, state)

    def forget_running(self) -> None:
        """Drop what a fork does not have."""
        self._running.clear()
        self._pool = None

    def _compute(self, path: str, state: FileState) -> Hashed:
        key = (path, state)
        known = self._known.get(key)
        if known is None:
            known = self._recall(path, state) if state.size >= LARGE else None
        if known is None:
            if state.size > self.max_bytes:
                return Hashed(None, state, f"larger than {self.max_bytes:,} bytes")
            try:
                known = folder_md5(path, self._part) if state.folder else file_md5(path)
            except TooMany as reason:
                return Hashed(None, state, str(reason))
            except OSError:
                return Hashed(None, state, "could not be read")
            if state_of(path) != state:
                return Hashed(None, state, "changed while it was hashed")
        if not state.folder:  # a folder's own state says nothing of the files in it
            self._known[key] = known
        self._running.pop(key, None)
        return Hashed(known, state)

    def _part(self, path: str) -> str:
        found = self.of(path)
        if found.md5 is None:
            raise OSError(found.note)
        return found.md5
