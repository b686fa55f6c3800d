"""Connections to ``trail.db``: one a thread, opened with care, every SQLite failure told as ours."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbcairn.errors import (
    TrailCorrupt,
    TrailError,
    TrailLocked,
    TrailNotFound,
    TrailReadOnly,
    TrailTooNew,
)
from nbcairn.store.migrations import migrate, version_of
from nbcairn.store.tables import SCHEMA_VERSION, TABLES

__all__ = ["Connections", "MemoryConnection", "decoding", "translated"]

WAIT_SECONDS = 5.0
_BEGIN = "Run a notebook with `%load_ext nbcairn`, or `nbcairn run NOTEBOOK`, to begin one."


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


@contextmanager
def decoding(file: Path) -> Iterator[None]:
    """The same around reading, where a row may hold what no record can."""
    with translated(file):
        try:
            yield
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise TrailCorrupt(
                f"A record in the trail {file} makes no sense ({type(error).__name__}: {error}).",
                "The file was changed by another program; move it aside, and recording starts anew.",
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
    if "full" in text:
        return TrailReadOnly(
            f"The disk refused to take a record into {file} ({error}).",
            "Free some space; what is recorded so far is safe.",
        )
    if "disk i/o" in text:
        return TrailReadOnly(
            f"The disk failed while the trail {file} was in use ({error}).",
            "Check the disk and its free space; what is recorded so far is kept.",
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

    def __init__(self, file: Path, *, create: bool, read_only: bool, copy: bool = True) -> None:
        self.file = file
        self.read_only = read_only
        self._may_copy = copy
        self.writing = threading.RLock()
        self._local = threading.local()
        self._all: list[tuple[int, threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        self._closed = False
        self._copy: _Copy | None = None
        if not create and not file.exists():
            raise TrailNotFound(f"There is no trail at {file.parent}.", _BEGIN)
        if file.is_dir():
            raise TrailCorrupt(f"{file} is a folder, where the trail's database belongs.", "Move the folder aside.")
        try:
            with translated(file):
                self._prepare()
                self._identity = _identity(file)
        except BaseException:
            self.close()
            raise

    @property
    def in_place(self) -> bool:
        """False where the file was deleted, moved or replaced since it was opened: nobody would find what is written."""
        return _identity(self.file) == self._identity

    def get(self) -> sqlite3.Connection:
        """The connection of this thread; opened anew in a forked child, as SQLite demands."""
        if self._copy is not None and not self._closed:
            return self._copy.get()
        known: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if known is not None and known[0] == os.getpid() and not self._closed:
            return known[1]
        if self._closed:
            raise TrailError(f"The trail {self.file.parent} was closed.", "Open it again with Trail.open.")
        connection = self._connect()
        self._local.held = (os.getpid(), connection)
        with self._lock:
            self._drop_of_ended_threads()
            self._all.append((os.getpid(), threading.current_thread(), connection))
        return connection

    def close(self) -> None:
        """Close every connection of this process."""
        with self._lock:
            self._closed = True
            if self._copy is not None:
                self._copy.close()
            for pid, _, connection in self._all:
                if pid == os.getpid():
                    connection.close()
            self._all.clear()
        self._local = threading.local()

    def _drop_of_ended_threads(self) -> None:
        for held in list(self._all):
            pid, thread, connection = held
            if pid == os.getpid() and not thread.is_alive():
                connection.close()
                self._all.remove(held)

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            return self._connect_read_only()
        connection = _opened(self.file.resolve().as_uri())
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _connect_read_only(self) -> sqlite3.Connection:
        uri = self.file.resolve().as_uri()
        try:
            connection = _opened(f"{uri}?mode=ro")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or os.access(self.file.parent, os.W_OK):
                raise
            # A folder that cannot be written has no place for the -shm file that WAL needs.
            connection = _opened(f"{uri}?immutable=1")
        return connection

    def _prepare(self) -> None:
        connection = self.get()
        version = version_of(connection)
        if version > SCHEMA_VERSION:
            raise TrailTooNew(
                f"The trail {self.file} was written by a later nbcairn"
                f" (schema {version}; this one knows {SCHEMA_VERSION}).",
                "Upgrade with `pip install --upgrade nbcairn`; the trail was not touched.",
            )
        _refuse_planted(connection, self.file)
        if version == SCHEMA_VERSION:
            connection.execute("SELECT id FROM runs LIMIT 1").fetchone()
            return
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and version == 0:
            raise TrailCorrupt(
                f"{self.file} is a database, but not a trail.",
                "Move it aside, or set NBCAIRN_TRAIL to another folder.",
            )
        if self.read_only and version == 0:
            raise TrailNotFound(f"The trail {self.file} is empty or unfinished.", _BEGIN)
        if self.read_only:
            self._copy = _Copy(connection, self.file, version, allowed=self._may_copy)
            return
        _use_wal(connection)
        migrate(connection)


class _Copy:
    """A trail that an older nbcairn wrote, copied into memory and brought up to date there: the file is only read.

    Copied again when somebody has written to the file.
    """

    LARGEST = 1 << 29

    def __init__(self, source: sqlite3.Connection, file: Path, version: int, *, allowed: bool) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._seen = self._written()
        try:
            if not allowed or file.stat().st_size > self.LARGEST:
                raise sqlite3.OperationalError("not to be copied")
            self._made = self._make()
        except sqlite3.Error as error:
            raise TrailReadOnly(
                f"The trail {file} was written by an older nbcairn (schema {version}, now {SCHEMA_VERSION}).",
                "Let a kernel that records open it once; nothing is lost by that.",
            ) from error

    def get(self) -> sqlite3.Connection:
        with self._lock:
            if (written := self._written()) != self._seen:
                self._seen, self._made = written, self._make()
            return self._made

    def close(self) -> None:
        self._made.close()

    def _written(self) -> int:
        return int(self._source.execute("PRAGMA data_version").fetchone()[0])

    def _make(self) -> sqlite3.Connection:
        made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        try:
            self._source.backup(made)
            made.execute("PRAGMA trusted_schema = OFF")
            if version_of(made) < SCHEMA_VERSION:
                migrate(made)
            made.execute("PRAGMA query_only = ON")
        except BaseException:
            made.close()
            raise
        return made


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return (state.st_dev, state.st_ino)


def _refuse_planted(connection: sqlite3.Connection, file: Path) -> None:
    """A trail is a file that others may have had in their hands: nothing in it may act by itself when it is used.

    Triggers run with every write, and a view in a table's place runs whatever its maker wrote. Views of other names are fine:
    people make them to query a trail. Raises TrailCorrupt.
    """
    ours = {info.name for info in TABLES}
    objects = connection.execute("SELECT lower(type), lower(name), lower(sql) FROM sqlite_master").fetchall()
    for kind, name, sql in objects:
        in_place = name in ours and (kind == "view" or (kind == "table" and not str(sql).startswith("create table")))
        if kind == "trigger" or in_place:
            what = "trigger" if kind == "trigger" else "view or virtual table"
            raise TrailCorrupt(
                f"The trail {file} has a {what} {name!r}, which no nbcairn makes: it would run whenever the trail is used.",
                f"Ask whoever gave you the file. If the {what} is your own, drop it with `sqlite3`; or move the file aside.",
            )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait by itself when others switch at the same time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _opened(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


class MemoryConnection(Connections):
    """One connection to a database in memory, shared by every thread of this process."""

    def __init__(self, file: Path) -> None:
        self._shared = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(self._shared)
        super().__init__(file, create=True, read_only=False)

    def get(self) -> sqlite3.Connection:
        """The one connection."""
        return self._shared

    def close(self) -> None:
        """Forget everything."""
        self._shared.close()

    def _prepare(self) -> None:
        """Nothing: the schema is in place already."""
