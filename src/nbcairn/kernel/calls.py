"""Calls by which a run reaches out of its process: files opened, removed and renamed, connections, child processes, entropy.

Stand-ins take the place of the functions of the standard library that do such things, wherever a module holds them. An
audit hook (PEP 578) would hear the same and more, but it cannot be removed, and while there is one each ``id()`` and each
look at a ``__code__`` takes four times as long: ``copy.deepcopy`` 1.8 times, the imports of a notebook 1.03 times.

Listeners are called in the thread of the call, before it, with its arguments. Calls of threads without an open run, and
those that our own work makes, are not passed on.
"""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from nbcairn.kernel.wrapping import ORIGINAL, Replacements

__all__ = ["Listener", "StandIn", "listen", "muted", "silence", "switch_off", "switch_on"]

Listener = Callable[..., None]
_FUNCTIONS = (
    ("open", "builtins", "open"),
    ("os.open", "os", "open"),
    ("sqlite3.connect", "sqlite3", "connect"),
    *(("remove", "os", name) for name in ("remove", "unlink")),
    *(("rename", "os", name) for name in ("rename", "replace")),
    ("getaddrinfo", "socket", "getaddrinfo"),
    *(("process", "os", name) for name in ("system", "posix_spawn", "posix_spawnp", "fork", "forkpty")),
    ("entropy", "os", "urandom"),
)
"""Kinds of calls, modules and functions; all of the modules are imported by us."""

_METHODS = (("connect", socket.socket, "connect"), ("process", subprocess.Popen, "__init__"))

_listeners: dict[str, list[Listener]] = {}
_open_threads: set[int] = set()
_local = threading.local()
_placed: list[StandIn] = []
_methods = Replacements()


class StandIn:
    """In the place of a builtin function: its names, signature and pickle, and like it no method of a class that holds it."""

    def __init__(self, original: Callable[..., Any], call: str) -> None:
        functools.update_wrapper(self, original, updated=())
        setattr(self, ORIGINAL, original)
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """As the original, after those who listen."""
        # ``__tracebackhide__`` keeps our frame out of the tracebacks that IPython shows.
        __tracebackhide__ = True
        if _open_threads:
            _hear(self._call, *args, **kwargs)
        return self.__wrapped__(*args, **kwargs)  # type: ignore[attr-defined]

    def __reduce__(self) -> str:
        return str(self.__name__)  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return repr(self.__wrapped__)  # type: ignore[attr-defined]


def _hear(call: str, *args: Any, **kwargs: Any) -> None:
    if threading.get_ident() not in _open_threads or getattr(_local, "muted", False):
        return
    _local.muted = True
    try:
        for listener in _listeners.get(call, ()):
            listener(*args, **kwargs)
    except Exception:  # noqa: BLE001, S110 - nothing of ours may reach the user's call
        pass
    finally:
        _local.muted = False


def listen(call: str, listener: Listener) -> Callable[[], None]:
    """Hear a kind of call while a run is open in its thread; returns what ends the listening.

    The kinds are open, os.open, sqlite3.connect, remove, rename, getaddrinfo, connect, process and entropy. The listener
    gets the arguments of the call as they are given.
    """
    if not any(_listeners.values()):
        _take_places()
    _listeners.setdefault(call, []).append(listener)

    def stop() -> None:
        if listener in _listeners.get(call, []):
            _listeners[call].remove(listener)
            if not any(_listeners.values()):
                _give_back()

    return stop


def _take_places() -> None:
    for call, module, name in _FUNCTIONS:
        original = getattr(sys.modules.get(module), name, None)
        if original is not None and not isinstance(original, StandIn):
            _placed.append(StandIn(original, call))
    _exchange({id(_original(stand_in)): stand_in for stand_in in _placed})
    for held in _supported():
        held.update([stand_in for stand_in in _placed if _original(stand_in) in held])
    for call, owner, name in _METHODS:
        _methods.put(owner, name, functools.partial(_hear, call))


def _give_back() -> None:
    _exchange({id(stand_in): _original(stand_in) for stand_in in _placed})
    for held in _supported():
        held.difference_update(_placed)
    _placed.clear()
    _methods.undo()


def _supported() -> Iterator[set[Any]]:
    """The sets of functions that take an option."""
    yield from (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks)


def _original(stand_in: StandIn) -> Any:
    return vars(stand_in)[ORIGINAL]


def _exchange(instead: Mapping[int, Any]) -> None:
    """Put other objects in the place of these, by identity, wherever a module holds them: ``from os import remove``."""
    wanted = frozenset(instead)
    for module in list(sys.modules.values()):
        if issubclass(type(module), ModuleType):  # some say of themselves that they are one, and have no names
            names = object.__getattribute__(module, "__dict__")  # asking a lazy module itself would load it
            if not wanted.isdisjoint(map(id, names.values())):
                names.update({name: instead[id(value)] for name, value in list(names.items()) if id(value) in instead})


def switch_on() -> None:
    """Hear the calls of this thread from now on."""
    _open_threads.add(threading.get_ident())


def switch_off() -> None:
    """Hear the calls of this thread no longer."""
    _open_threads.discard(threading.get_ident())


@contextmanager
def muted() -> Iterator[None]:
    """Our own work, whose calls are not the user's."""
    before = getattr(_local, "muted", False)
    _local.muted = True
    try:
        yield
    finally:
        _local.muted = before


def silence() -> None:
    """Hear nothing any more, in any thread (after unloading, and for tests)."""
    _open_threads.clear()
