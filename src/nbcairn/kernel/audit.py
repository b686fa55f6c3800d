"""One audit hook for the whole process (PEP 578). It cannot be removed again, so it is a switch: off unless a run is open.

Listeners are called in the thread of the event, with its arguments. Events of threads without an open run, and those
that our own work causes, are not passed on.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Listener", "listen", "muted", "silence", "switch_off", "switch_on"]

Listener = Callable[[str, tuple[Any, ...]], None]

_listeners: dict[str, list[Listener]] = {}
_open_threads: set[int] = set()
_local = threading.local()
_installed = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _open_threads or event not in _listeners:
        return
    if threading.get_ident() not in _open_threads or getattr(_local, "muted", False):
        return
    _local.muted = True
    try:
        for listener in _listeners[event]:
            listener(event, arguments)
    except Exception:  # noqa: BLE001, S110 - nothing of ours may reach the user's call
        pass
    finally:
        _local.muted = False


def listen(event: str, listener: Listener) -> Callable[[], None]:
    """Hear an audit event while a run is open in its thread; returns what ends the listening."""
    global _installed
    if not _installed:
        sys.addaudithook(_hook)
        _installed = True
    _listeners.setdefault(event, []).append(listener)

    def stop() -> None:
        if listener in _listeners.get(event, []):
            _listeners[event].remove(listener)

    return stop


def switch_on() -> None:
    """Hear the events of this thread from now on."""
    _open_threads.add(threading.get_ident())


def switch_off() -> None:
    """Hear the events of this thread no longer."""
    _open_threads.discard(threading.get_ident())


@contextmanager
def muted() -> Iterator[None]:
    """Our own work, whose events are not the user's."""
    before = getattr(_local, "muted", False)
    _local.muted = True
    try:
        yield
    finally:
        _local.muted = before


def silence() -> None:
    """Hear nothing any more, in any thread (after unloading, and for tests)."""
    _open_threads.clear()
