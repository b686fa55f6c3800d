"""What a request asks for: query parameters and bodies, checked before anything is looked up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from nbcairn.model import ArtifactKind, Cell, at
from nbcairn.server.answers import Refused
from nbcairn.server.queries import ArtifactQuery, RunQuery, Span

__all__ = [
    "CheckRequest",
    "NoteRequest",
    "artifact_query",
    "check_request",
    "note_request",
    "number",
    "row_key",
    "run_query",
]

Argument = Callable[[str], str | None]

MOST = 500
"""The largest page."""
LONGEST_NOTE = 20_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """``CheckRequest`` of the description."""

    path: str
    kernel_id: str | None
    cells: tuple[Cell, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True)
class NoteRequest:
    """``NoteRequest`` of the description."""

    path: str
    subject: str
    text: str


def run_query(argument: Argument) -> RunQuery:
    """The parameters of ``/runs``. Raises Refused (400)."""
    return RunQuery(
        argument("cell"),
        argument("since"),
        argument("before"),
        _span(argument),
        number(argument, "offset", 0, 0, most=None),
        number(argument, "limit", 50, 1),
    )


def artifact_query(argument: Argument) -> ArtifactQuery:
    """The parameters of ``/artifacts``. Raises Refused (400)."""
    kind = argument("kind") or None
    if kind is not None and kind not in set(ArtifactKind):
        raise _bad("kind", f"one of {', '.join(ArtifactKind)}")
    return ArtifactQuery(
        everywhere=_flag(argument, "all"),
        kind=kind,
        text=argument("q") or None,
        name=argument("name") or None,
        digest=argument("digest") or None,
        notebook=argument("notebook") or None,
        session=argument("session") or None,
        user=argument("user") or None,
        tag=argument("tag") or None,
        span=_span(argument),
        stacked=_flag(argument, "stacked"),
        offset=number(argument, "offset", 0, 0, most=None),
        limit=number(argument, "limit", 50, 1),
    )


def _flag(argument: Argument, name: str) -> bool:
    return (argument(name) or "").lower() in {"1", "true", "yes"}


def _span(argument: Argument) -> Span:
    return _moment(argument, "from"), _moment(argument, "to")


def _moment(argument: Argument, name: str) -> str | None:
    text = argument(name)
    if not text:
        return None
    try:
        return at(datetime.fromisoformat(text[:40]))
    except (ValueError, OverflowError):
        raise _bad(name, "a moment with its time zone, such as 2026-11-24T00:00:00Z") from None


def number(argument: Argument, name: str, default: int, least: int, most: int | None = MOST) -> int:
    """A whole number, brought down to ``most``. Raises Refused (400) when it is none or too small."""
    text = argument(name)
    if not text:
        return default
    try:
        value = int(text[:12])
    except ValueError:
        raise _bad(name, "a whole number") from None
    if value < least:
        raise _bad(name, f"at least {least}")
    return value if most is None else min(value, most)


def row_key(names: list[str]) -> tuple[str, ...] | None:
    """The columns to match rows by: one ``key`` a column, one empty ``key`` for the index, none to let us choose."""
    return tuple(filter(None, names)) if names else None


def check_request(body: bytes) -> CheckRequest:
    """The body of ``/check``. Raises Refused (400) where it is not as described."""
    data = _object(body)
    path, kernel, cells, target = data.get("path"), data.get("kernel_id"), data.get("cells"), data.get("target")
    if not isinstance(path, str):
        raise _bad("path", "the notebook's path")
    if kernel is not None and not isinstance(kernel, str):
        raise _bad("kernel_id", "a kernel id or null")
    if target is not None and not isinstance(target, str):
        raise _bad("target", "a cell id or null")
    if not isinstance(cells, list):
        raise _bad("cells", "a list of cells")
    return CheckRequest(path, kernel, tuple(_cell(raw, index) for index, raw in enumerate(cells)), target)


def note_request(body: bytes) -> NoteRequest:
    """The body of a new note. Raises Refused (400) where it is not as described."""
    data = _object(body)
    path, subject, text = data.get("path"), data.get("subject"), data.get("text")
    if not isinstance(path, str):
        raise _bad("path", "the notebook's path")
    if not isinstance(subject, str) or not subject:
        raise _bad("subject", "the id of a run, an artifact or a session")
    if not isinstance(text, str) or not text.strip():
        raise _bad("text", "some text")
    if len(text) > LONGEST_NOTE:
        raise _bad("text", f"at most {LONGEST_NOTE} characters")
    return NoteRequest(path, subject, text.strip())


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise _bad("body", "JSON") from None
    if not isinstance(data, dict):
        raise _bad("body", "a JSON object")
    return data


def _cell(raw: Any, index: int) -> Cell:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not isinstance(raw.get("source"), str):
        raise _bad(f"cells[{index}]", "a cell with id and source")
    kind, tags = raw.get("kind", "code"), raw.get("tags", [])
    if kind not in {"code", "markdown", "raw"} or not isinstance(tags, list):
        raise _bad(f"cells[{index}]", "a code, markdown or raw cell with a list of tags")
    executed = raw.get("executed", False) is True
    return Cell(raw["id"], index, raw["source"], kind, executed, tuple(map(str, tags)))


def _bad(name: str, expected: str) -> Refused:
    return Refused(
        HTTPStatus.BAD_REQUEST,
        f"{name} is not as expected: it must be {expected}.",
        "Compare the request with docs/reference/rest.md.",
    )
