"""What the front end sent with a cell: its id, its tags, the id of the request."""

from __future__ import annotations

from typing import Any

__all__ = ["cell_id", "cell_tags", "parent_message", "request_id"]


def parent_message(shell: Any) -> dict[str, Any]:
    """The message that the shell is answering; empty where there is none."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return {}
    try:
        return dict(kernel.get_parent("shell"))
    except Exception:  # noqa: BLE001 - an old or foreign kernel
        return {}


def request_id(shell: Any) -> str | None:
    """The request that the shell is at, where a front end sent one."""
    found = parent_message(shell).get("header", {}).get("msg_id")
    return str(found) if found else None


def cell_id(shell: Any, info: Any) -> str | None:
    """The cell's id, where the front end names one."""
    found = getattr(info, "cell_id", None) or parent_message(shell).get("metadata", {}).get("cellId")
    return str(found) if found else None


def cell_tags(shell: Any, info: Any) -> tuple[str, ...]:
    """The cell's tags."""
    metadata = getattr(info, "cell_meta", None) or parent_message(shell).get("metadata", {})
    tags = metadata.get("tags", ()) if isinstance(metadata, dict) else ()
    return tuple(map(str, tags)) if isinstance(tags, list | tuple) else ()
