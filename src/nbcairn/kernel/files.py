"""Files that a run read or wrote: path, size, time and the md5 that DVC gives the same bytes.

The audit hook sees whatever goes through Python's ``open``; readers that bypass it are found by the paths that the cell's
code names. A file is hashed once for each (inode, size, time of change).
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import sysconfig
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from nbcairn.config import Cairn
from nbcairn.kernel import audit
from nbcairn.kernel.observation import Observation
from nbcairn.lineage.magics import plain_python
from nbcairn.model import AccessMode, FileAccess, Fingerprint, Read, Write, ambient_file

__all__ = ["FileHashes", "FileObserver"]

CHUNK = 1 << 20
_WRITING = re.compile(r"^(to_|write|save|sink_|dump|export|imsave|imwrite)")
_READING = re.compile(r"^(read|load|scan_|open|from_|File$|Dataset$|imread|connect|memmap|genfromtxt|fromfile)")
_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/var/lib", "/run")


@dataclass(frozen=True, slots=True)
class _Stat:
    inode: int
    size: int
    mtime_ns: int


def _stat(path: str) -> _Stat | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every open of the user's
    except (OSError, ValueError):
        return None
    return _Stat(found.st_ino, found.st_size, found.st_mtime_ns)


class FileHashes:
    """md5 of files, computed once for each state of a file."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._known: dict[tuple[str, _Stat], str] = {}

    def of(self, path: str) -> tuple[str | None, _Stat | None, str]:
        """Hash, state and a note why there is no hash."""
        state = _stat(path)
        if state is None:
            return None, None, "no such file"
        if Path(path).is_dir():
            return None, state, "folder"
        if (path, state) in self._known:
            return self._known[path, state], state, ""
        if state.size > self.max_bytes:
            return None, state, f"larger than {self.max_bytes:,} bytes"
        digest = self._hash(path)
        if digest is None:
            return None, state, "could not be read"
        self._known[path, state] = digest
        return digest, state, ""

    @staticmethod
    def _hash(path: str) -> str | None:
        digest = hashlib.md5(usedforsecurity=False)
        try:
            with open(path, "rb", buffering=0) as stream:  # noqa: PTH123
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
        except OSError:
            return None
        return digest.hexdigest()


@dataclass(slots=True)
class _Seen:
    """What happened to files during one run."""

    reads: dict[str, tuple[str | None, _Stat | None, str]] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    mentioned: dict[str, _Stat | None] = field(default_factory=dict)
    calls: frozenset[str] = frozenset()


class FileObserver:
    """Reads and writes of files, as records and as ambient names ``<file:…>``."""

    def __init__(self, root: Path, config: Cairn, trail_folder: Callable[[], Path | None] = lambda: None) -> None:
        self.root = root
        self.config = config
        self._trail_folder = trail_folder
        self._hashes = FileHashes(config.max_file_bytes)
        self._open: dict[int, list[_Seen]] = {}
        self._owner: dict[str, str] = {}
        self._stops: list[Callable[[], None]] = []
        self._skipped = _skipped_folders()
        self._inner = _package_folders()

    def install(self) -> None:
        """Listen for opened files."""
        self._stops = [
            audit.listen("open", self._opened),
            audit.listen("sqlite3.connect", self._connected),
        ]

    def uninstall(self) -> None:
        """Listen no longer."""
        for stop in self._stops:
            stop()

    def before(self, observation: Observation) -> None:
        """Note the state of the files that the cell's code names."""
        calls, texts = _mentions(observation.source, observation.namespace)
        seen = _Seen(calls=calls)
        if any(_READING.match(name) or _WRITING.match(name) for name in calls):
            for text in texts:
                path = self._wanted(text)
                if path:
                    seen.mentioned[path] = _stat(path)
        self._open.setdefault(observation.thread, []).append(seen)

    def after(self, observation: Observation) -> None:
        """Hash what was read and written."""
        seen = self._open[observation.thread].pop()
        self._unseen(seen)
        for path, first in seen.reads.items():
            self._read(observation, path, first, path in seen.writes)
        for path in seen.writes:
            self._written(observation, path)

    # ------------------------------------------------------------------ as it happens

    def _opened(self, _: str, arguments: tuple[Any, ...]) -> None:
        target, mode, flags = arguments
        path = self._wanted(target)
        if not path:
            return
        seen = self._seen()
        if seen is None:
            return
        writing = _is_writing(mode, flags)
        if not writing or (isinstance(mode, str) and ("a" in mode or "+" in mode)):
            self._note_read(seen, path, also_write=writing)
        if writing:
            seen.writes[path] = None

    def _connected(self, _: str, arguments: tuple[Any, ...]) -> None:
        path = self._wanted(arguments[0])
        seen = self._seen()
        if path and seen is not None:
            seen.mentioned.setdefault(path, _stat(path))
            self._note_read(seen, path, also_write=False)

    def _note_read(self, seen: _Seen, path: str, *, also_write: bool) -> None:
        """The first read counts, with the content from before any write of this run."""
        if path in seen.reads or path in seen.writes:
            return
        state = _stat(path)
        if also_write:
            if state is not None:
                seen.reads[path] = self._hashes.of(path)
        else:
            seen.reads[path] = (None, state, "")

    def _seen(self) -> _Seen | None:
        found = self._open.get(threading.get_ident())
        return found[-1] if found else None

    # ------------------------------------------------------------------ afterwards

    def _unseen(self, seen: _Seen) -> None:
        """Files that the code names and that were read or written past Python's ``open``."""
        reading = any(_READING.match(name) for name in seen.calls)
        for path, old in seen.mentioned.items():
            now = _stat(path)
            if now != old:
                if path not in seen.writes and old is not None and path in seen.reads:
                    seen.reads.pop(path)
                seen.writes[path] = None
            elif (
                now is not None
                and reading
                and not {path} & (seen.reads.keys() | seen.writes.keys())
                and Path(path).is_file()
            ):
                seen.reads[path] = (None, now, "")

    def _read(
        self, observation: Observation, path: str, first: tuple[str | None, _Stat | None, str], rewritten: bool
    ) -> None:
        digest, state, note = first
        if digest is None and not rewritten and not note:
            digest, now, note = self._hashes.of(path)
            if now != state and state is not None:
                note = "changed while the cell ran"
        if note == "folder":
            return
        name = self._name(path)
        found = Fingerprint(digest, method="md5") if digest else None
        observation.read(Read(ambient_file(name), found, self._owner.get(path)))
        observation.files.append(_access(name, AccessMode.READ, digest, state, note))

    def _written(self, observation: Observation, path: str) -> None:
        digest, state, note = self._hashes.of(path)
        if note == "folder":
            return
        name = self._name(path)
        found = Fingerprint(digest, method="md5") if digest else None
        observation.write(Write(ambient_file(name), found, summary=f"{state.size:,} bytes" if state else "removed"))
        observation.files.append(_access(name, AccessMode.WRITE, digest, state, note))
        self._owner[path] = observation.run_id

    # ------------------------------------------------------------------ which files

    def _name(self, path: str) -> str:
        return Path(path).relative_to(self.root).as_posix() if Path(path).is_relative_to(self.root) else path

    def _wanted(self, target: object) -> str:
        """The absolute path of a file worth recording, else an empty string."""
        if isinstance(target, bytes):
            target = os.fsdecode(target)
        if not isinstance(target, str | os.PathLike):
            return ""
        text = os.fspath(target)
        if not isinstance(text, str) or not text or "\0" in text or "://" in text or text.startswith(":"):
            return ""
        path = os.path.realpath(text)
        inside = path.startswith(f"{self.root}{os.sep}")
        if not inside and path.startswith(self._skipped):
            return ""
        if inside and path.startswith(self._inner):
            return ""
        if path.endswith((".pyc", ".so", ".ipynb")) or _is_module_file(path) or "ipykernel_" in path:
            return ""
        folder = self._trail_folder()
        if (folder is not None and path.startswith(f"{folder}{os.sep}")) or f"{os.sep}.cairn{os.sep}" in path:
            return ""
        return "" if self.config.ignores_file(self._name(path)) else path


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


def _is_writing(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wxa+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


def _access(name: str, mode: AccessMode, digest: str | None, state: _Stat | None, note: str) -> FileAccess:
    if state is None:
        return FileAccess(name, mode, digest, note=note)
    return FileAccess(name, mode, digest, state.size, state.mtime_ns, note)


def _mentions(source: str, namespace: Mapping[str, object]) -> tuple[frozenset[str], list[str]]:
    """Names of the functions that a cell calls, and the texts that could be paths: constants, and names that hold one."""
    try:
        tree = ast.parse(plain_python(source)[0])
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(), []
    calls, texts = set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            calls.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 400:
            texts.append(node.value)
        elif isinstance(node, ast.Name):
            value = namespace.get(node.id)
            if isinstance(value, str | os.PathLike) and len(str(value)) < 400:
                texts.append(str(value))
    return frozenset(calls), [text for text in texts if "\n" not in text]
