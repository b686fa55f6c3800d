"""Which sessions belong to a notebook, also when it was renamed on the way."""

from __future__ import annotations

import sqlite3

__all__ = ["sessions_by_notebook"]


def sessions_by_notebook(connection: sqlite3.Connection) -> dict[str | None, list[str]]:
    """Session ids by the path their notebook has now, oldest first.

    A kernel seen under two paths means a rename: it holds for every earlier session of the old path.
    """
    seen = connection.execute("SELECT kernel_id, seen, notebook FROM session_paths ORDER BY seen").fetchall()
    sessions = connection.execute(
        "SELECT id, kernel_id, notebook, started FROM sessions ORDER BY id"
    ).fetchall()
    first = {kernel: notebook for _, kernel, notebook, _ in sessions if kernel}
    current: dict[str, str] = {}
    renames: list[tuple[str, str, str]] = []
    for kernel, when, notebook in seen:
        before = current.get(kernel, first.get(kernel))
        if before and before != notebook:
            renames.append((when, before, notebook))
        current[kernel] = notebook
    found: dict[str | None, list[str]] = {}
    for session, _kernel, notebook, started in sessions:
        path = notebook
        for when, before, after in renames:
            if when >= started and path == before:
                path = after
        found.setdefault(path, []).append(session)
    return found
