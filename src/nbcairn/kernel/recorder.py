"""The recorder: turns IPython's events into runs, one at a time in each thread, and hands them to the writer.

Whatever goes wrong in here is logged and told once; the user's cell never sees it. An interrupt while we work ends our
work, not the kernel's.
"""

from __future__ import annotations

import _thread
import logging
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbcairn.config import Cairn
from nbcairn.document import anonymous_id
from nbcairn.fingerprint import fingerprint
from nbcairn.kernel import calls
from nbcairn.kernel.ambient import AmbientObserver
from nbcairn.kernel.collection import SetAside, no_collection
from nbcairn.kernel.displays import DisplayObserver
from nbcairn.kernel.effects import EffectObserver
from nbcairn.kernel.figures import FigureObserver
from nbcairn.kernel.files import FileObserver
from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.interrupts import one_interrupt
from nbcairn.kernel.modules import ProjectModules
from nbcairn.kernel.names import NameObserver
from nbcairn.kernel.observation import Observation, Observer
from nbcairn.kernel.privacy import masked
from nbcairn.kernel.request import cell_id, cell_tags, request_id
from nbcairn.kernel.salt import project_salt
from nbcairn.kernel.session import notebook_file
from nbcairn.kernel.statistics import StatisticsQueue
from nbcairn.kernel.writer import Record, Writer
from nbcairn.lineage.magics import is_inert
from nbcairn.lineage.normal import text_digest
from nbcairn.lineage.source import source_key
from nbcairn.model import Display, Run, RunStatus, Session, now
from nbcairn.profile import describe
from nbcairn.store import Trail

__all__ = ["Recorder"]

log = logging.getLogger("nbcairn")
SETTLE_SECONDS = 60.0
_recorders: weakref.WeakSet[Recorder] = weakref.WeakSet()


@dataclass(slots=True)
class _Open:
    """A run that goes on in one thread."""

    observation: Observation
    clock: float
    tags: tuple[str, ...]
    request: str | None
    watching: list[Observer] = field(default_factory=list)
    """The observers whose ``before`` went well, and whose ``after`` has something to say."""


class Recorder:
    """Records the runs of one shell into one trail."""

    def __init__(self, shell: Any, config: Cairn) -> None:
        start = notebook_file()
        folder = Path(config.trail) if config.trail else Trail.place(start or Path.cwd())
        self.shell = shell
        self.config = config
        self.folder = folder.absolute()
        # A verification records into a scratch folder, with paths as the project's own trail has them.
        self.root = Path(os.environ.get("NBCAIRN_PROJECT") or self.folder.parent).resolve()
        self.trouble: str | None = None
        self._imports = PostImport()
        modules = ProjectModules(self.root)
        self.names = NameObserver(shell.user_ns, getattr(shell, "user_ns_hidden", ()), config, modules)
        self.displays = DisplayObserver(shell, config)
        self.figures = FigureObserver(config, self.root)
        # After the run, displays come first (ambient state asks what was shown) and names before ambient state. Figures come
        # last: they ask what was read and written, and may be drawn.
        self._observers: tuple[Observer, ...] = (
            self.displays,
            self.names,
            FileObserver(self.root, config, self._imports, lambda: self.folder, self._recall),
            AmbientObserver(self.root, config, modules, self._imports, self._salt),
            EffectObserver(shell),
            self.figures,
        )
        self._writer = Writer(self.folder, self.root, self._tell)
        self._open: dict[int, list[_Open | None]] = {}
        self._lock = threading.RLock()
        self._count = 0
        self._told: set[str] = set()
        self._set_aside = SetAside()
        self.statistics = StatisticsQueue(self)

    # ------------------------------------------------------------------ life

    def install(self) -> None:
        """Begin to listen."""
        self._writer.start(_warm_up)
        if self.config.enabled:
            self._writer.announce()
        self._imports.install()
        for observer in self._observers:
            with self._guard(f"install {type(observer).__name__}"):
                observer.install()
        self.shell.events.register("pre_run_cell", self.pre_run_cell)
        self.shell.events.register("post_run_cell", self.post_run_cell)
        _recorders.add(self)

    def uninstall(self) -> None:
        """Stop listening, write what is left, leave the shell as it was."""
        _recorders.discard(self)
        for event, callback in (("pre_run_cell", self.pre_run_cell), ("post_run_cell", self.post_run_cell)):
            try:
                self.shell.events.unregister(event, callback)
            except ValueError:
                continue
        with self._guard("statistics"):
            self.statistics.flush()  # by what is known of the names, which the observers forget
        calls.silence()
        self._set_aside.undo()
        self._imports.uninstall()
        for observer in self._observers:
            with self._guard(f"uninstall {type(observer).__name__}"):
                observer.uninstall()
        self.close()

    def close(self) -> None:
        """Write what waits and close the trail."""
        with self._guard("close"):
            self.statistics.flush()
            self._writer.close()

    def abandon(self) -> None:
        """Record nothing: this process is a fork of the one that records."""
        self._lock = threading.RLock()
        self._open.clear()
        self.config.enabled = False
        self._writer.abandon()

    @property
    def trail(self) -> Trail:
        """The trail, opened when first asked for. Raises a TrailError when it cannot be used."""
        return self._writer.trail

    @property
    def session(self) -> Session:
        """The kernel's session."""
        return self._writer.session

    @property
    def notebook(self) -> str | None:
        """The notebook as the session began with it."""
        return self.session.notebook

    @property
    def observation(self) -> Observation | None:
        """What is seen of the run that goes on in this thread."""
        running = [entry for entry in self._stack() if entry is not None]
        return running[-1].observation if running else None

    @property
    def pending(self) -> int:
        """Runs that the trail has not taken yet."""
        return self._writer.pending

    def _recall(self, path: str, size: int, mtime_ns: int) -> str | None:
        """The hash of a large file that an earlier run has read in this state."""
        return self._writer.trail.known_md5(path, size, mtime_ns)

    def _salt(self) -> bytes:
        return project_salt(self.folder)

    # ------------------------------------------------------------------ events

    def pre_run_cell(self, info: Any) -> None:
        """IPython is about to run a cell."""
        interrupted = False
        with self._guard("before a cell"):
            self._set_aside.once(self.names.own_values)
        with self._guard("before a cell"), no_collection():
            try:
                self._begin(info)
            except KeyboardInterrupt:
                interrupted = True
        if interrupted:
            self._pass_on_interrupt()

    def _begin(self, info: Any) -> None:
        source = info.raw_cell or ""
        if self._is_nested():
            self._stack().append(None)
        elif is_inert(source) or not self.config.enabled or not source.strip():
            self._stack().append(None)
            self._writer.settle(SETTLE_SECONDS)  # `%cairn` speaks of every run before it
        else:
            self.open(source, cell_id(self.shell, info), cell_tags(self.shell, info))

    def _is_nested(self) -> bool:
        """True for a cell run by a cell (``%%capture``, ``%run book.ipynb``): it is a part of that run.

        A run that never ended, as when its thread was killed, belongs to another request: it is given up.
        """
        stack, request = self._stack(), request_id(self.shell)
        if any(entry is not None and entry.request != request for entry in stack):
            stack.clear()
        return any(entry is not None for entry in stack)

    def _pass_on_interrupt(self) -> None:
        """The user interrupted the cell while we were looking: the cell is what shall stop."""
        if not hasattr(signal, "pthread_kill"):
            _thread.interrupt_main()
            return
        stack = self._stack()
        entry = stack[-1] if stack else None

        def interrupt() -> None:
            if stack and stack[-1] is entry:
                # A signal to the main thread, because only that ends a sleep.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        timer = threading.Timer(0.05, interrupt)
        timer.name, timer.daemon = "nbcairn-interrupt", True
        timer.start()

    def post_run_cell(self, result: Any) -> None:
        """IPython ran a cell; one that began before we listened has nothing open."""
        with self._guard("after a cell"), one_interrupt(self.shell), no_collection():
            stack = self._stack()
            current = stack.pop() if stack else None
            if current is not None:
                self._finish(current, result)
        self._stay_next_to_the_cell()

    def _stay_next_to_the_cell(self) -> None:
        """Be the last before and the first after a cell: what other extensions do there (autoreload) is not the cell's doing."""
        callbacks = getattr(self.shell.events, "callbacks", {})
        before, after = callbacks.get("pre_run_cell", []), callbacks.get("post_run_cell", [])
        if self.pre_run_cell in before and before[-1] != self.pre_run_cell:
            before.remove(self.pre_run_cell)
            before.append(self.pre_run_cell)
        if self.post_run_cell in after and after[0] != self.post_run_cell:
            after.remove(self.post_run_cell)
            after.insert(0, self.post_run_cell)

    def open(self, source: str, identity: str | None, tags: tuple[str, ...] = ()) -> None:
        """Open the observation of a run in this thread."""
        observation = Observation(source, identity or anonymous_id(source, 1), self.shell.user_ns)
        entry = _Open(observation, time.perf_counter(), tags, request_id(self.shell))
        self._stack().append(entry)
        for observer in self._observers:
            with self._guard(f"{type(observer).__name__}.before", observation):
                observer.before(observation)
                entry.watching.append(observer)
        self._writer.prepare()
        calls.switch_on()
        entry.clock = time.perf_counter()

    def _finish(self, current: _Open, result: Any) -> None:
        ended = time.perf_counter()
        calls.switch_off()
        observation = current.observation
        error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
        observation.failed = error is not None
        for observer in current.watching:
            with self._guard(f"{type(observer).__name__}.after", observation):
                try:
                    observer.after(observation)
                except KeyboardInterrupt:
                    observation.notes.append(f"{type(observer).__name__}: interrupted")
        if error is not None:
            text = f"{type(error).__name__}: {_message(error)}"
            observation.displays.append(Display("error", text_digest(text), text=text[:2000]))
        run = self._run(current, result, error, ended - current.clock)
        self._submit(observation, run)
        self.statistics.add(observation)

    def _submit(self, observation: Observation, run: Run) -> None:
        if observation.later:
            self._writer.submit_later(lambda: masked(_finished(observation, run), self.config))
        else:
            self._writer.submit(masked(_record(observation, run), self.config))
            self.trouble = None if not self._writer.pending else self.trouble

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

    # ------------------------------------------------------------------ inside

    def _stack(self) -> list[_Open | None]:
        return self._open.setdefault(threading.get_ident(), [])

    @contextmanager
    def _guard(self, what: str, observation: Observation | None = None) -> Iterator[None]:
        """Nothing that happens inside reaches the cell, not even an exit that some object asks for."""
        try:
            yield
        except KeyboardInterrupt:
            if observation is not None:
                raise  # one level up it is known whether a cell shall be stopped
            log.debug("nbcairn: %s was interrupted", what)
        except BaseException as error:
            log.debug("nbcairn: %s failed", what, exc_info=True)
            if observation is not None:
                observation.notes.append(f"{what}: {type(error).__name__}")
            self._tell(f"Cairn missed something ({what}: {_described(error)}). Your cell was not affected.")

    def _tell(self, text: str) -> None:
        """Say it once, quietly; ``%cairn`` repeats it."""
        self.trouble = text
        kind = text.split(":", maxsplit=1)[0]
        if kind not in self._told:
            self._told.add(kind)
            log.info(text)  # a warning would come a second time, from Python's handler of last resort
            try:
                print(text, file=sys.stderr)  # noqa: T201 - the one place where the user looks
            except Exception:  # noqa: BLE001 - the user may have put anything in place of the stream
                log.debug("nbcairn: stderr takes nothing")


def _warm_up() -> None:
    """Look once for what other packages add to the families of types: it takes as long as a hundred small cells."""
    fingerprint([object()])
    describe(0)


def _finished(observation: Observation, run: Run) -> Record:
    """A run whose slow parts are filled in now."""
    for part in observation.later:
        part()
    run = replace(
        run,
        reads=tuple(observation.reads.values()),
        writes=tuple(observation.writes.values()),
        files=tuple(observation.files),
    )
    return _record(observation, run)


def _record(observation: Observation, run: Run) -> Record:
    """The run with what belongs to it. Of tables that it did not change, an earlier run has told what they are."""
    new = {write.fingerprint.digest for write in run.writes if write.fingerprint}
    new |= {read.fingerprint.digest for read in run.reads if read.fingerprint and read.run_id is None}
    layouts = {digest: layout for digest, layout in observation.layouts.items() if digest in new}
    return Record(run, tuple(observation.artifacts), observation.blobs, layouts)


def _status(error: BaseException | None) -> RunStatus:
    if error is None:
        return RunStatus.OK
    return RunStatus.INTERRUPTED if isinstance(error, KeyboardInterrupt) else RunStatus.ERROR


def _message(error: BaseException | None) -> str:
    if error is None:
        return ""
    try:
        return str(error)[:2000]
    except BaseException:  # noqa: BLE001 - the user's exception may not print
        return "(its message could not be read)"


def _described(error: BaseException) -> str:
    return f"{type(error).__name__}: {_message(error)}"[:300]


def _after_fork() -> None:
    calls.silence()
    for recorder in list(_recorders):
        recorder.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
