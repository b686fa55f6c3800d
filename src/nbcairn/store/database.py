"""Connections to ``trail.db``: one a thread, opened with care, every SQLite failure told as ours."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from nbcairn.errors import (
    TrailCorrupt,
    TrailError,
    TrailLocked,
    TrailNotFound,
    TrailReadOnly,
    TrailTooNew,
)
from nbcairn.store.migrations import migrate
from nbcairn.store.tables import SCHEMA_VERSION

__all__ = ["Connections", "MemoryConnection", "translated"]

WAIT_SECONDS = 5.0


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into errors that say what to do."""
    try:
        yield
    except TrailError:
        raise
    except sqlite3.Error as error:
        raise _translation(error, file) from error
    except PermissionError as error:
        raise _read_only(file, str(error)) from error
    except OSError as error:
        raise TrailReadOnly(
            f"The trail {file.parent} could not be written: {error.strerror or error}.",
            "Free some space or choose another place with NBCAIRN_TRAIL; what is recorded so far is safe.",
        ) from error


def _translation(error: sqlite3.Error, file: Path) -> TrailError:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return TrailLocked(
            f"Another process has held the trail {file} for more than {WAIT_SECONDS:.0f} seconds.",
            "Close the program that has it open (a database browser, perhaps) and try again.",
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return _read_only(file, str(error))
    if "full" in text or "disk i/o" in text:
        return TrailReadOnly(
            f"The disk refused to take a record into {file} ({error}).",
            "Free some space; what is recorded so far is safe.",
        )
    return TrailCorrupt(
        f"The trail {file} cannot be read as a database ({error}).",
        "Move the file aside (nothing is overwritten, the blobs beside it are kept) or mend it with "
        "`sqlite3 trail.db .recover`; recording starts anew without it.",
    )


def _read_only(file: Path, reason: str) -> TrailReadOnly:
    return TrailReadOnly(
        f"The trail {file} cannot be written ({reason}).",
        "Make the folder writable for this account, or set NBCAIRN_TRAIL to a folder that is.",
    )


class Connections:
    """Hands each thread of each process its own connection to one database file."""

    def __init__(self, file: Path, *, create: bool, read_only: bool) -> None:
        self.file = file
        self.read_only = read_only
        self.writing = threading.RLock()
        self._local = threading.local()
        self._all: list[tuple[int, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        if not create and not file.exists():
            raise TrailNotFound(
                f"There is no trail at {file.parent}.",
                "Run a notebook with `%load_ext nbcairn`, or `nbcairn run NOTEBOOK`, to begin one.",
            )
        with translated(file):
            self._prepare()

    def get(self) -> sqlite3.Connection:
        """The connection of this thread; opened anew in a forked child, as SQLite demands."""
        known: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if known is None or known[0] != os.getpid():
            known = (os.getpid(), self._connect())
            self._local.held = known
            with self._lock:
                self._all.append(known)
        return known[1]

    def close(self) -> None:
        """Close every connection of this process."""
        with self._lock:
            for pid, connection in self._all:
                if pid == os.getpid():
                    connection.close()
            self._all.clear()
        self._local = threading.local()

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            return self._connect_read_only()
        connection = _opened(self.file.resolve().as_uri())
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _connect_read_only(self) -> sqlite3.Connection:
        uri = self.file.resolve().as_uri()
        connection = _opened(f"{uri}?mode=ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or os.access(self.file.parent, os.W_OK):
                raise
            # A folder that cannot be written has no place for the -shm file that WAL needs.
            connection.close()
            connection = _opened(f"{uri}?immutable=1")
        return connection

    def _prepare(self) -> None:
        connection = self.get()
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            self.close()
            raise TrailTooNew(
                f"The trail {self.file} was written by a later nbcairn"
                f" (schema {version}; this one knows {SCHEMA_VERSION}).",
                "Upgrade with `pip install --upgrade nbcairn`; the trail was not touched.",
            )
        if self.read_only or version == SCHEMA_VERSION:
            connection.execute("SELECT id FROM runs LIMIT 1").fetchone()
            return
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and version == 0 and not _ours(connection):
            raise TrailCorrupt(
                f"{self.file} is a database, but not a trail.",
                "Move it aside, or set NBCAIRN_TRAIL to another folder.",
            )
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(Database(connection))


def _opened(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)


class MemoryConnection(Connections):
    """One connection to a database in memory, shared by every thread of this process."""

    def __init__(self, file: Path) -> None:
        self._shared = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(Database(self._shared))
        super().__init__(file, create=True, read_only=False)

    def get(self) -> sqlite3.Connection:
        """The one connection."""
        return self._shared

    def close(self) -> None:
        """Forget everything."""
        self._shared.close()

    def _prepare(self) -> None:
        """Nothing: the schema is in place already."""


def _ours(connection: sqlite3.Connection) -> bool:
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return "runs" in names or names <= {"_sqlite_migrations"}
