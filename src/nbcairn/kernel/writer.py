"""Hands finished runs to the trail, in the order they began; keeps what the trail does not take and offers it again.

Nearly every run is written before its cell ends. One that waits for something slow (the hash of a large file) is finished
and written by a thread beside the next cells: it is the run in flight that a killed kernel may lose.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from nbcairn.errors import CairnError
from nbcairn.kernel.session import make_session
from nbcairn.model import Artifact, Layout, Run, Session, now
from nbcairn.store import Trail

__all__ = ["Record", "Writer"]

log = logging.getLogger("nbcairn")
MOST_PENDING = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """A finished run that waits for the trail."""

    run: Run
    artifacts: Sequence[Artifact] = ()
    blobs: Mapping[str, bytes] | None = None
    layouts: Mapping[str, Layout] = field(default_factory=dict)


class Writer:
    """The trail of one kernel, its session, and the runs that are on their way to it.

    ``tell`` is called with what the user should know when the trail refuses a run.
    """

    def __init__(self, folder: Path, root: Path, tell: Callable[[str], None]) -> None:
        self.folder = folder
        self.root = root
        self._tell = tell
        self._lock = threading.RLock()
        self._pending: list[Record] = []
        self._trail: Trail | None = None
        self._session: Session | None = None
        self._gathering = threading.Thread(target=self._gather, name="nbcairn-session", daemon=True)
        self._worker: ThreadPoolExecutor | None = None
        self._later: set[Future[None]] = set()
        self._prepared = self._closed = False

    # ------------------------------------------------------------------ life

    def start(self, besides: Callable[[], None] = lambda: None) -> None:
        """Begin to find out about the session, beside whatever the kernel does first, and whatever else may be done there."""
        self._gathering.start()
        threading.Thread(target=besides, name="nbcairn-start", daemon=True).start()

    def announce(self) -> None:
        """Let a trail that is there know of the session before its first run; a new one is not made for it."""
        if (self.folder / "trail.db").exists():
            self.prepare()

    def prepare(self) -> None:
        """Open the trail beside whatever the kernel does: that it is needed is sure now."""
        if not self._prepared:
            self._prepared = True
            threading.Thread(target=self._open, name="nbcairn-trail", daemon=True).start()

    def _open(self) -> None:
        try:
            self.session  # noqa: B018 - gathered without the lock
            with self._lock:
                if not self._closed:
                    self.trail  # noqa: B018 - opened by being asked for
        except Exception:
            log.debug("nbcairn: the trail could not be opened beside the cell", exc_info=True)

    def close(self) -> None:
        """Write what waits, say that the session ended, close the trail."""
        with self._lock:
            self._closed = True
        self.settle(30)
        self.drain()
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            if self._trail is not None and self._session is not None:
                self._trail.end(self._session.id, now())
                self._trail.close()
                self._trail = None

    def abandon(self) -> None:
        """Forget everything without writing: this process is a fork of the one that records."""
        self._lock = threading.RLock()
        self._pending, self._later = [], set()
        self._trail = self._worker = None

    @property
    def session(self) -> Session:
        """The kernel's session; waits for its description, which is gathered beside the first cell."""
        if self._session is None:
            if self._gathering.is_alive():
                self._gathering.join()
            self._gather()
        assert self._session is not None
        return self._session

    @property
    def trail(self) -> Trail:
        """The trail, opened when first asked for, and anew where it was taken away. Raises a TrailError when it cannot be."""
        session = self.session  # waited for without the lock
        with self._lock:
            self._leave_lost()
            if self._trail is None:
                trail = Trail.open(self.folder, create=True)
                trail.begin(session)
                self._trail = trail
            return self._trail

    def _leave_lost(self) -> None:
        """Let go of a trail that is no longer where it was. One whose project moved with it is still the right one."""
        if self._trail is None or self._trail.in_place or not self.root.is_dir():
            return
        self._trail.close()
        self._trail = None
        self._tell(
            f"Cairn's trail {self.folder} was deleted, moved or replaced while this kernel ran: the runs it had recorded are "
            "where the trail went, and recording goes on in the one that is there now."
        )

    def _gather(self) -> None:
        if self._session is None:
            self._session = make_session(self.root)

    # ------------------------------------------------------------------ runs

    @property
    def pending(self) -> int:
        """Runs that the trail has not taken yet."""
        return len(self._pending) + len(self._later)

    def submit(self, record: Record) -> None:
        """Write a run now; if the trail refuses, with the next one."""
        with self._lock:
            self._pending.append(record)
            del self._pending[:-MOST_PENDING]
        self.drain()

    def submit_later(self, finish: Callable[[], Record]) -> None:
        """Finish a run and write it, beside the next cells."""
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "nbcairn-writer")
        future = self._worker.submit(self._finish, finish)
        self._later.add(future)
        future.add_done_callback(self._later.discard)

    def _finish(self, finish: Callable[[], Record]) -> None:
        try:
            self.submit(finish())
        except Exception:
            log.warning("nbcairn: a run could not be finished", exc_info=True)

    def settle(self, seconds: float) -> None:
        """Wait for the runs that are being finished, so that what the trail says is complete."""
        if self._later:
            wait(list(self._later), timeout=seconds)

    def drain(self) -> None:
        """Offer the trail what it has not taken."""
        with self._lock:
            while self._pending:
                record = self._pending[0]
                try:
                    self.trail.record(record.run, record.artifacts, record.blobs, record.layouts)
                except CairnError as error:
                    self._tell(f"Cairn could not record this run, and will try again: {error}")
                    return
                self._pending.pop(0)
