"""The recorder: turns IPython's events into runs, one at a time in each thread, and hands them to the trail.

Whatever goes wrong in here is logged and told once; the user's cell never sees it. A run that the trail does not take
(locked, full) is kept and offered again with the next one.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbcairn.config import Cairn
from nbcairn.document import anonymous_id
from nbcairn.errors import CairnError
from nbcairn.kernel import audit
from nbcairn.kernel.ambient import AmbientObserver
from nbcairn.kernel.displays import DisplayObserver
from nbcairn.kernel.effects import EffectObserver
from nbcairn.kernel.figures import FigureObserver
from nbcairn.kernel.files import FileObserver
from nbcairn.kernel.names import NameObserver
from nbcairn.kernel.observation import Observation, Observer
from nbcairn.kernel.session import make_session, notebook_file
from nbcairn.kernel.statistics import StatisticsQueue
from nbcairn.lineage.magics import is_inert
from nbcairn.lineage.normal import text_digest
from nbcairn.lineage.source import source_key
from nbcairn.model import Artifact, Display, Run, RunStatus, Session, now
from nbcairn.store import Trail

__all__ = ["Recorder"]

log = logging.getLogger("nbcairn")
MOST_PENDING = 1000


@dataclass(slots=True)
class _Open:
    """A run that goes on in one thread."""

    observation: Observation
    clock: float
    overhead: float
    tags: tuple[str, ...]
    request: str | None


@dataclass(frozen=True, slots=True)
class _Record:
    """A finished run that waits for the trail."""

    run: Run
    artifacts: tuple[Artifact, ...]
    blobs: dict[str, bytes]


class Recorder:
    """Records the runs of one shell into one trail."""

    def __init__(self, shell: Any, config: Cairn) -> None:
        start = notebook_file()
        folder = Path(config.trail) if config.trail else Trail.place(start or Path.cwd())
        self.shell = shell
        self.config = config
        self.folder = folder.absolute()
        self.root = self.folder.parent.resolve()
        self.trouble: str | None = None
        self.names = NameObserver(shell.user_ns, getattr(shell, "user_ns_hidden", ()), config)
        self.displays = DisplayObserver(shell, config)
        # After the run, displays come first (ambient state asks what was shown) and names before ambient state.
        self._observers: tuple[Observer, ...] = (
            self.displays,
            FigureObserver(config),
            self.names,
            FileObserver(self.root, config, lambda: self.folder),
            AmbientObserver(self.root, config),
            EffectObserver(shell),
        )
        self._open: dict[int, list[_Open | None]] = {}
        self._lock = threading.RLock()
        self._pending: list[_Record] = []
        self._trail: Trail | None = None
        self._session: Session | None = None
        self._gathering = threading.Thread(target=self._gather, name="nbcairn-session", daemon=True)
        self._count = 0
        self._anonymous: dict[str, int] = {}
        self._told: set[str] = set()
        self.statistics = StatisticsQueue(self)

    # ------------------------------------------------------------------ life

    def install(self) -> None:
        """Begin to listen."""
        self._gathering.start()
        for observer in self._observers:
            with self._guard(f"install {type(observer).__name__}"):
                observer.install()
        self.shell.events.register("pre_run_cell", self.pre_run_cell)
        self.shell.events.register("post_run_cell", self.post_run_cell)

    def uninstall(self) -> None:
        """Stop listening, write what is left, leave the shell as it was."""
        for event, callback in (("pre_run_cell", self.pre_run_cell), ("post_run_cell", self.post_run_cell)):
            try:
                self.shell.events.unregister(event, callback)
            except ValueError:
                continue
        audit.silence()
        for observer in self._observers:
            with self._guard(f"uninstall {type(observer).__name__}"):
                observer.uninstall()
        self.close()

    def close(self) -> None:
        """Write what waits and close the trail."""
        with self._guard("close"):
            self.statistics.flush()
            self._drain()
            if self._trail is not None and self._session is not None:
                self._trail.end(self._session.id, now())
                self._trail.close()
                self._trail = None

    @property
    def trail(self) -> Trail:
        """The trail, opened when first asked for. Raises a TrailError when it cannot be used."""
        with self._lock:
            if self._trail is None:
                self._trail = Trail.open(self.folder, create=True)
                self._trail.begin(self.session)
            return self._trail

    @property
    def session(self) -> Session:
        """The kernel's session; waits for its description, which is gathered beside the first cell."""
        if self._session is None:
            if self._gathering.is_alive():
                self._gathering.join()
            if self._session is None:
                self._gather()
        assert self._session is not None
        return self._session

    @property
    def notebook(self) -> str | None:
        """The notebook as the session began with it."""
        return self.session.notebook

    @property
    def observation(self) -> Observation | None:
        """What is seen of the run that goes on in this thread."""
        running = [entry for entry in self._stack() if entry is not None]
        return running[-1].observation if running else None

    def _gather(self) -> None:
        if self._session is None:
            self._session = make_session(self.root)

    # ------------------------------------------------------------------ events

    def pre_run_cell(self, info: Any) -> None:
        """IPython is about to run a cell."""
        with self._guard("before a cell"):
            source = info.raw_cell or ""
            if self._is_nested():
                self._stack().append(None)
            elif self.config.enabled and source.strip() and not is_inert(source):
                self.open(source, _cell_id(self.shell, info), _tags(self.shell, info))
            else:
                self._stack().append(None)

    def _is_nested(self) -> bool:
        """True for a cell run by a cell (``%%capture``, ``%run book.ipynb``): it is a part of that run.

        A run that never ended, as when its thread was killed, belongs to another request: it is given up.
        """
        stack, request = self._stack(), _request(self.shell)
        if any(entry is not None and entry.request != request for entry in stack):
            stack.clear()
        return any(entry is not None for entry in stack)

    def post_run_cell(self, result: Any) -> None:
        """IPython ran a cell; one that began before we listened has nothing open."""
        with self._guard("after a cell"):
            stack = self._stack()
            current = stack.pop() if stack else None
            if current is not None:
                self._finish(current, result)

    def open(self, source: str, cell_id: str | None, tags: tuple[str, ...] = ()) -> None:
        """Open the observation of a run in this thread."""
        started = time.perf_counter()
        observation = Observation(source, cell_id or self._anonymous_id(source), self.shell.user_ns)
        for observer in self._observers:
            with self._guard(f"{type(observer).__name__}.before"):
                observer.before(observation)
        audit.switch_on()
        clock = time.perf_counter()
        self._stack().append(_Open(observation, clock, clock - started, tags, _request(self.shell)))

    def _finish(self, current: _Open, result: Any) -> None:
        ended = time.perf_counter()
        audit.switch_off()
        observation = current.observation
        error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
        if error is not None:
            text = f"{type(error).__name__}: {error}"
            observation.displays.append(Display("error", text_digest(text), text=text[:2000]))
        for observer in self._observers:
            with self._guard(f"{type(observer).__name__}.after", observation):
                observer.after(observation)
        if error is not None:
            observation.displays.append(observation.displays.pop(0))
        run = self._run(current, result, error, ended - current.clock)
        self._submit(_Record(run, tuple(observation.artifacts), observation.blobs))
        self.statistics.add(observation.artifacts, observation.namespace)

    def _run(self, current: _Open, result: Any, error: BaseException | None, seconds: float) -> Run:
        seen = current.observation
        with self._lock:
            self._count += 1
            seq = self._count
        return Run(
            id=seen.run_id,
            session_id=self.session.id,
            seq=seq,
            notebook=self.notebook,
            cell_id=seen.cell_id,
            source=seen.source,
            source_key=source_key(seen.source),
            started=seen.started,
            ended=now(),
            seconds=seconds,
            status=_status(error),
            execution_count=getattr(result, "execution_count", None),
            error_type=type(error).__name__ if error else "",
            error_message=_message(error),
            reads=tuple(seen.reads.values()),
            writes=tuple(seen.writes.values()),
            files=tuple(seen.files),
            displays=tuple(seen.displays),
            effects=tuple(sorted(seen.effects)),
            tags=current.tags,
            notes=tuple(seen.notes),
        )

    # ------------------------------------------------------------------ writing

    def _submit(self, record: _Record) -> None:
        with self._lock:
            self._pending.append(record)
            del self._pending[:-MOST_PENDING]
        self._drain()

    def _drain(self) -> None:
        with self._lock:
            while self._pending:
                record = self._pending[0]
                try:
                    self.trail.record(record.run, record.artifacts, record.blobs)
                except CairnError as error:
                    self._tell(f"Cairn could not record this run, and will try again: {error}")
                    return
                self.trouble = None
                self._pending.pop(0)

    @property
    def pending(self) -> int:
        """Runs that the trail has not taken yet."""
        return len(self._pending)

    # ------------------------------------------------------------------ inside

    def _stack(self) -> list[_Open | None]:
        return self._open.setdefault(threading.get_ident(), [])

    def _anonymous_id(self, source: str) -> str:
        """Where the front end names no cell: the source, and how often it has run."""
        key = source_key(source)
        self._anonymous[key] = self._anonymous.get(key, 0) + 1
        return anonymous_id(source, 1)

    @contextmanager
    def _guard(self, what: str, observation: Observation | None = None) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            log.debug("nbcairn: %s failed", what, exc_info=True)
            if observation is not None:
                observation.notes.append(f"{what}: {type(error).__name__}")
            self._tell(f"Cairn missed something ({what}: {type(error).__name__}: {error}). Your cell was not affected.")

    def _tell(self, text: str) -> None:
        """Say it once, quietly; ``%cairn`` repeats it."""
        self.trouble = text
        kind = text.split(":", maxsplit=1)[0]
        if kind not in self._told:
            self._told.add(kind)
            log.warning(text)
            print(text, file=sys.stderr)  # noqa: T201 - the one place where the user looks


def _parent(shell: Any) -> dict[str, Any]:
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return {}
    try:
        return dict(kernel.get_parent("shell"))
    except Exception:  # noqa: BLE001 - an old or foreign kernel
        return {}


def _request(shell: Any) -> str | None:
    """The request that the shell is at, where a front end sent one."""
    found = _parent(shell).get("header", {}).get("msg_id")
    return str(found) if found else None


def _cell_id(shell: Any, info: Any) -> str | None:
    found = getattr(info, "cell_id", None) or _parent(shell).get("metadata", {}).get("cellId")
    return str(found) if found else None


def _tags(shell: Any, info: Any) -> tuple[str, ...]:
    metadata = getattr(info, "cell_meta", None) or _parent(shell).get("metadata", {})
    tags = metadata.get("tags", ()) if isinstance(metadata, dict) else ()
    return tuple(map(str, tags)) if isinstance(tags, list | tuple) else ()


def _status(error: BaseException | None) -> RunStatus:
    if error is None:
        return RunStatus.OK
    return RunStatus.INTERRUPTED if isinstance(error, KeyboardInterrupt) else RunStatus.ERROR


def _message(error: BaseException | None) -> str:
    if error is None:
        return ""
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - the user's exception may not print
        return "(its message could not be read)"
