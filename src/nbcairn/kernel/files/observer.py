"""What a run did with files, as records and as ambient names ``<file:…>``."""

from __future__ import annotations

import glob
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbcairn.config import Cairn
from nbcairn.kernel import calls
from nbcairn.kernel.files.descriptors import newly_open, open_descriptors
from nbcairn.kernel.files.hashes import FileHashes, FileState, Hashed, state_of
from nbcairn.kernel.files.mentions import Mentions, mentions
from nbcairn.kernel.files.paths import Paths
from nbcairn.kernel.files.readers import ReaderWatch
from nbcairn.kernel.files.urls import UrlWatch
from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.observation import Observation
from nbcairn.model import AccessMode, FileAccess, Fingerprint, Read, Write, ambient_file

__all__ = ["FileObserver"]

WAIT_SECONDS = 0.03
"""How long a cell's end waits for the hash of a large file; then the run is finished beside the next cells."""
MOST_BEFORE_WRITE = 64 << 20
MOST_MATCHES = 1000


@dataclass(slots=True)
class _Seen:
    """What happened to files during one run. ``made`` are files that were not there before the run wrote them."""

    mentions: Mentions
    descriptors: frozenset[str]
    reads: dict[str, Hashed] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    mentioned: dict[str, FileState | None] = field(default_factory=dict)
    urls: dict[str, FileAccess] = field(default_factory=dict)


class FileObserver:
    """Reads and writes of files. The first read of a file counts, with the content from before any write of the run."""

    def __init__(
        self,
        root: Path,
        config: Cairn,
        imports: PostImport,
        trail_folder: Callable[[], Path | None] = lambda: None,
        recall: Callable[[str, int, int], str | None] = lambda _, __, ___: None,
    ) -> None:
        self._paths = Paths(root, config, trail_folder)
        self._hashes = FileHashes(
            config.max_file_bytes, lambda path, state: recall(self._paths.name(path), state.size, state.mtime_ns)
        )
        self._open: dict[int, list[_Seen]] = {}
        self._owner: dict[str, str] = {}
        self._stops: list[Callable[[], None]] = []
        self._readers = ReaderWatch(imports, self._noted)
        self._urls = UrlWatch(imports, self._fetched)

    def install(self) -> None:
        """Listen for opened files, and to the readers that open them otherwise."""
        heard: dict[str, calls.Listener] = {
            "open": self._opened,
            "os.open": self._opened_by_flags,
            "sqlite3.connect": self._connected,
            "remove": self._removed,
            "rename": self._renamed,
        }
        self._stops = [calls.listen(call, listener) for call, listener in heard.items()]
        self._readers.attach()
        self._urls.attach()

    def uninstall(self) -> None:
        """Listen no longer."""
        for stop in self._stops:
            stop()
        self._readers.detach()
        self._urls.detach()

    def before(self, observation: Observation) -> None:
        """Note the state of the files that the cell's code names."""
        found = mentions(observation.source)
        seen = _Seen(found, open_descriptors())
        if found.either:
            for text in found.paths(observation.namespace):
                path = self._paths.wanted(text)
                if path:
                    seen.mentioned[path] = state_of(path)
        self._open.setdefault(observation.thread, []).append(seen)

    def after(self, observation: Observation) -> None:
        """Hash what was read and written."""
        seen = self._open[observation.thread].pop()
        self._unseen(seen)
        for path, first in seen.reads.items():
            self._settle(observation, path, first, AccessMode.READ)
        for path in seen.writes:
            if path in seen.made and state_of(path) is None:
                continue  # a file for the time of the run
            self._settle(observation, path, Hashed(None, state_of(path)), AccessMode.WRITE)
            self._owner[path] = observation.run_id
        observation.files += seen.urls.values()

    # ------------------------------------------------------------------ as it happens

    def _opened(self, file: object, mode: str = "r", *_: object, **__: object) -> None:
        self._begun(
            file, writing=any(letter in mode for letter in "wxa+"), reading=not any(letter in mode for letter in "wx")
        )

    def _opened_by_flags(self, path: object, flags: int, *_: object, **__: object) -> None:
        writing = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        self._begun(path, writing=writing, reading=not writing)

    def _begun(self, target: object, *, writing: bool, reading: bool) -> None:
        path = self._paths.wanted(target)
        seen = self._seen()
        if not path or seen is None:
            return
        if reading:
            self._note_read(seen, path, rewritten=writing)
        if writing:
            self._note_write(seen, path)

    def _noted(self, target: object, writing: bool) -> None:
        """A reader or writer that is watched by name was called."""
        seen = self._seen()
        if seen is None:
            return
        for path in self._matching(target):
            if writing:
                self._note_write(seen, path)
            elif state_of(path) is not None:
                self._note_read(seen, path, rewritten=False)

    def _matching(self, target: object) -> list[str]:
        path = self._paths.wanted(target)
        if path and glob.has_magic(path) and state_of(path) is None:
            found = [self._paths.wanted(name) for name in sorted(glob.glob(path, recursive=True))[:MOST_MATCHES]]  # noqa: PTH207
            return [name for name in found if name]
        return [path] if path else []

    def _connected(self, database: object, *_: object, **__: object) -> None:
        path = self._paths.wanted(database)
        seen = self._seen()
        if path and seen is not None:
            seen.mentioned.setdefault(path, state_of(path))
            self._note_read(seen, path, rewritten=True)

    def _removed(self, path: object, **_: object) -> None:
        absolute, seen = self._paths.wanted(path), self._seen()
        if absolute and seen is not None:
            seen.writes[absolute] = None

    def _renamed(self, src: object, dst: object, **_: object) -> None:
        seen = self._seen()
        if seen is not None:
            for target in (src, dst):
                path = self._paths.wanted(target)
                if path:
                    self._note_write(seen, path)

    def _note_read(self, seen: _Seen, path: str, *, rewritten: bool) -> None:
        if path in seen.reads or path in seen.writes:
            return
        state = state_of(path)
        if rewritten:
            if state is not None:
                seen.reads[path] = self._now(path, state)
        else:
            seen.reads[path] = Hashed(None, state)
            if state is not None:
                self._hashes.begin(path, state)

    def _note_write(self, seen: _Seen, path: str) -> None:
        """The file is about to be changed: the last moment to see what this run has read from it."""
        state = state_of(path)
        if state is None:
            seen.made.add(path)
        elif path in seen.reads and path not in seen.writes and seen.reads[path].md5 is None:
            seen.reads[path] = self._now(path, state)
        seen.writes[path] = None

    def _now(self, path: str, state: FileState) -> Hashed:
        if state.size > MOST_BEFORE_WRITE and not state.folder:
            return Hashed(None, state, "too large to be hashed before it was changed")
        return self._hashes.of(path, state)

    def _fetched(self, access: FileAccess) -> None:
        seen = self._seen()
        if seen is not None:
            seen.urls.setdefault(access.path, access)

    def _seen(self) -> _Seen | None:
        found = self._open.get(threading.get_ident())
        return found[-1] if found else None

    # ------------------------------------------------------------------ afterwards

    def _unseen(self, seen: _Seen) -> None:
        """Files that the code names, or that are open now, and that were read or written past Python's ``open``."""
        for target in newly_open(seen.descriptors):
            path = self._paths.wanted(target)
            if path and not _within(path, seen.reads):
                self._note_read(seen, path, rewritten=False)
        for path, old in seen.mentioned.items():
            now = state_of(path)
            if now != old:
                if path not in seen.writes and path in seen.reads and seen.reads[path].md5 is None:
                    del seen.reads[path]
                if old is None and path not in seen.writes:
                    seen.made.add(path)
                seen.writes[path] = None
            elif now is not None and not now.folder and seen.mentions.reading and path not in seen.writes:
                seen.reads.setdefault(path, Hashed(None, now))

    def _settle(self, observation: Observation, path: str, first: Hashed, mode: AccessMode) -> None:
        """Record the access with its hash; where that takes long, beside the next cells."""
        if first.md5 is not None or first.note:
            self._record(observation, path, first, mode)
            return
        if first.state is None:
            self._record(observation, path, Hashed(None, None, "no such file"), mode)
            return
        if state_of(path) != first.state:
            note = "changed while the cell ran" if mode is AccessMode.READ else ""
            self._record(observation, path, Hashed(None, first.state, note), mode)
            return
        found = self._hashes.soon(path, WAIT_SECONDS)
        if found is not None:
            self._record(observation, path, found, mode)
        else:
            state = first.state
            observation.later.append(lambda: self._record(observation, path, self._hashes.of(path, state), mode))

    def _record(self, observation: Observation, path: str, found: Hashed, mode: AccessMode) -> None:
        name = self._paths.name(path)
        print_ = Fingerprint(found.md5, method="md5") if found.md5 else None
        if mode is AccessMode.READ:
            if found.state is not None and found.state.folder and found.md5 is None:
                return
            observation.read(Read(ambient_file(name), print_, self._owner.get(path)))
        else:
            summary = f"{found.state.size:,} bytes" if found.state else "removed"
            observation.write(Write(ambient_file(name), print_, summary=summary))
        size, mtime = (found.state.size, found.state.mtime_ns) if found.state else (None, None)
        observation.files.append(FileAccess(name, mode, found.md5, size, mtime, found.note))


def _within(path: str, reads: dict[str, Hashed]) -> bool:
    """Whether the file lies in a folder that was read as one; a library's thread may not have closed it yet."""
    return any(
        read.state is not None and read.state.folder and path.startswith(folder + os.sep)
        for folder, read in reads.items()
    )
