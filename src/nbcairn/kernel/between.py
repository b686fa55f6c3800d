"""Whether code of the user's can run between two cells: threads, timers, tasks, widgets. What such code changed is looked for
before the next cell reads it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import MutableMapping
from types import FrameType
from typing import Any

from nbcairn.kernel.frames import is_cell_file

__all__ = ["is_busy"]

_DEPTH = 60


def is_busy(namespace: MutableMapping[str, object]) -> bool:
    """True when something outside of this thread runs, or waits to run, code of the user's."""
    return _threads(namespace) or _tasks() or _widgets()


def _threads(namespace: MutableMapping[str, object]) -> bool:
    if threading.active_count() < 2:
        return False
    here = threading.get_ident()
    frames = sys._current_frames()
    for thread in threading.enumerate():
        if thread.ident == here or thread.name.startswith("nbcairn"):
            continue
        if isinstance(thread, threading.Timer) or type(thread).__module__ == "__main__":
            return True
        if _is_in_users_code(frames.get(thread.ident or 0), namespace):
            return True
    return False


def _is_in_users_code(frame: FrameType | None, namespace: MutableMapping[str, object]) -> bool:
    for _ in range(_DEPTH):
        if frame is None:
            return False
        if frame.f_globals is namespace or is_cell_file(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


def _tasks() -> bool:
    try:
        loop = asyncio.get_running_loop()
        tasks = asyncio.all_tasks(loop)
        current = asyncio.current_task(loop)
    except RuntimeError:
        return False
    waiting: tuple[Any, ...] = tuple(getattr(loop, "_scheduled", ()))
    return any(task is not current and _is_cells(task.get_coro()) for task in tasks) or any(
        _is_cells(getattr(handle, "_callback", None)) for handle in waiting
    )


def _is_cells(call: object) -> bool:
    code = getattr(call, "cr_code", None) or getattr(call, "__code__", None)
    return code is not None and is_cell_file(str(getattr(code, "co_filename", "")))


def _widgets() -> bool:
    """Open widgets: what their callbacks do is not seen otherwise."""
    comm = sys.modules.get("comm")
    if comm is None or "ipywidgets" not in sys.modules:
        return False
    return bool(getattr(comm.get_comm_manager(), "comms", None))
