"""What is written to the kernel's output streams, noted before it is buffered, for the run of the thread that writes.

What a thread writes in which no run goes on counts for the run that is open, if there is only one.

IPython puts its own ``write`` on the streams for the time of each cell, and takes it off in whatever order cells of several
threads end. So the kernel's streams are watched below that, at their class; streams of other shells one by one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any

from nbcairn.kernel.wrapping import ORIGINAL, Replacements

__all__ = ["StreamTee"]

Note = Callable[[str, str], None]


class StreamTee:
    """``begin`` and ``end`` frame the run of the calling thread."""

    def __init__(self) -> None:
        self._notes: dict[int, list[Note]] = {}
        self._replaced = Replacements()
        self._kinds: dict[int, str] = {}
        self._streams: list[Any] = []

    def watch(self, streams: Mapping[str, Any]) -> None:
        """Look at what is written to these streams from now on."""
        self._kinds = {id(stream): kind for kind, stream in streams.items()}
        self._streams = list(streams.values())
        for stream in streams.values():
            if type(stream).__name__ == "OutStream":
                self._replaced.put(type(stream), "write", self._written)
                _renew(stream, vars(type(stream).write).get(ORIGINAL), type(stream).write)
            elif type(stream).__name__ == "StringIO":
                self._replaced.put(stream, "write", lambda *args, stream=stream: self._written(stream, *args))

    def begin(self, note: Note) -> None:
        """Tell ``note(kind, text)`` of what this thread writes from now on."""
        self._notes.setdefault(threading.get_ident(), []).append(note)

    def end(self, note: Note) -> None:
        """Tell it no longer."""
        notes = self._notes.get(threading.get_ident(), [])
        if note in notes:
            del notes[notes.index(note) :]
        if not notes:
            self._notes.pop(threading.get_ident(), None)

    def undo(self) -> None:
        """Leave the streams as they were."""
        self._notes.clear()
        wrappers = [(stream, type(stream).write) for stream in self._streams if hasattr(type(stream), "write")]
        self._replaced.undo()
        for stream, wrapper in wrappers:
            _renew(stream, wrapper, type(stream).write)
        self._streams = []

    def _written(self, stream: Any, text: Any = "", *_: Any) -> None:
        notes = self._notes.get(threading.get_ident())
        if notes is None and len(self._notes) == 1:
            notes = next(iter(self._notes.values()), None)
        kind = self._kinds.get(id(stream))
        if notes and kind and type(text) is str:
            notes[-1](kind, text)


def _renew(stream: Any, old: Any, new: Any) -> None:
    """Put ``new`` where the stream, or what IPython put on it for this cell, holds the method ``old`` from before."""
    held = vars(stream).get("write")
    if _is_method(held, old, stream):
        del vars(stream)["write"]
    for cell in getattr(held, "__closure__", None) or ():
        if _is_method(cell.cell_contents, old, stream):
            cell.cell_contents = MethodType(new, stream)


def _is_method(held: Any, function: Any, stream: Any) -> bool:
    return type(held) is MethodType and held.__func__ is function and held.__self__ is stream
