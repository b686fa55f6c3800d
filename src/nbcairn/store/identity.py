"""Which sessions belong to a notebook, also when it was renamed on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import pairwise
from typing import Any

__all__ = ["renamed", "sessions_by_notebook"]


def sessions_by_notebook(connection: sqlite3.Connection) -> dict[str | None, list[str]]:
    """Session ids by the path their notebook has now, oldest first.

    A kernel seen under two paths means a rename: it holds for every earlier session of the old path.
    """
    sessions, paths = _seen(connection)
    renames = _renames(paths)
    found: dict[str | None, list[str]] = {}
    for session, kernel, notebook, started in sessions:
        later = (path for when, path in paths.get(kernel, ()) if when >= started)
        path = notebook or next(later, None)
        found.setdefault(_now(path, started, renames), []).append(session)
    return found


def renamed(connection: sqlite3.Connection) -> Callable[[str, str], str | None]:
    """Tells what a notebook that had this path at a moment is called now."""
    renames = _renames(_seen(connection)[1])
    return lambda path, moment: _now(path, moment, renames)


def _seen(connection: sqlite3.Connection) -> tuple[list[Any], dict[str, list[tuple[str, str]]]]:
    """The sessions, and when each kernel's notebook was seen under which path."""
    sessions = connection.execute("SELECT id, kernel_id, notebook, started FROM sessions ORDER BY id").fetchall()
    return sessions, _paths(
        sessions, connection.execute("SELECT kernel_id, notebook, seen FROM session_paths").fetchall()
    )


def _now(path: str | None, moment: str, renames: list[tuple[str, str, str]]) -> str | None:
    for when, before, after in renames:
        if when >= moment and path == before:
            path = after
    return path


def _paths(sessions: list[Any], seen: list[Any]) -> dict[str, list[tuple[str, str]]]:
    """When each kernel's notebook was seen under which path, in order of time."""
    paths: dict[str, list[tuple[str, str]]] = {}
    starts = ((kernel, notebook, started) for _, kernel, notebook, started in sessions)
    for kernel, notebook, when in (*starts, *seen):
        if kernel and notebook:
            paths.setdefault(kernel, []).append((when, notebook))
    for steps in paths.values():
        steps.sort()
    return paths


def _renames(paths: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    """When a notebook was first seen under a new path: (time, before, after), in order of time."""
    renames = []
    for steps in paths.values():
        for (_, before), (when, after) in pairwise(steps):
            if before != after:
                renames.append((when, before, after))
    return sorted(renames)
