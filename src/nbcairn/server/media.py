"""Which kept blobs a browser may have, and as what: never as a type that can run script in the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from nbcairn.server.answers import Refused

__all__ = ["Media", "media_of"]


@dataclass(frozen=True, slots=True)
class Media:
    """A content type; ``attachment`` when a browser must save it and not open it."""

    content_type: str
    attachment: bool = False


def media_of(content: bytes) -> Media:
    """The type of a blob, by its bytes alone: what a record says of it may be forged.

    Raises Refused (415) for everything that is no raster image, SVG, JSON or text.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media("image/png")
    if content.startswith(b"\xff\xd8\xff"):
        return Media("image/jpeg")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "This blob is neither an image nor text, so it is not served.",
            "Use `nbcairn restore` to have it as a file.",
        ) from None
    if _is_svg(text):
        return Media("image/svg+xml", attachment=True)
    return Media("application/json" if _is_json(text) else "text/plain; charset=UTF-8")


def _is_svg(text: str) -> bool:
    head = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    return head.startswith(("<svg", "<?xml", "<!doctype svg", "<!--")) and "<svg" in head


def _is_json(text: str) -> bool:
    if text[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
