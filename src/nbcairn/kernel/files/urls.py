"""URLs that a run fetched through urllib, requests or httpx: the address and what identifies the answer, never fetched again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.wrapping import Replacements
from nbcairn.model import AccessMode, FileAccess

__all__ = ["UrlWatch"]

_PLACES = (
    ("urllib.request", "OpenerDirector", "open"),
    ("requests.sessions", "Session", "send"),
    ("httpx._client", "Client", "send"),
)


class UrlWatch:
    """Tells ``note`` of each answer."""

    def __init__(self, imports: PostImport, note: Callable[[FileAccess], None]) -> None:
        self._imports = imports
        self._note = note
        self._replaced = Replacements()

    def attach(self) -> None:
        """Watch what is imported now, and the rest when it is."""
        for module, owner, name in _PLACES:
            self._imports.when(module, self._watching(owner, name))

    def detach(self) -> None:
        """Put the originals back."""
        self._replaced.undo()

    def _watching(self, owner: str, name: str) -> Callable[[Any], None]:
        def callback(module: Any) -> None:
            self._replaced.put(getattr(module, owner), name, self._answered, after=True)

        return callback

    def _answered(self, response: Any, *_: Any, **__: Any) -> None:
        url = str(getattr(response, "url", ""))
        if url.startswith(("http://", "https://", "ftp://")):
            self._note(_access(url, response.headers))


def _access(url: str, headers: Mapping[str, str]) -> FileAccess:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]  # no user and password
    length = headers.get("Content-Length") or ""
    told = [f"{label} {headers[key]}" for key, label in _TOLD.items() if headers.get(key)]
    return FileAccess(
        urlunsplit(parts._replace(netloc=host, fragment="")), AccessMode.READ, None,
        int(length) if length.isdigit() else None, note="; ".join(told) or "fetched",
    )  # fmt: skip


_TOLD = {"ETag": "etag", "Last-Modified": "modified"}
