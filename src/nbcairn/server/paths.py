"""From a server path, as the browser knows it, to a file below the server's root folder."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path, PurePosixPath

from nbcairn.server.answers import Refused

__all__ = ["confined"]


def confined(root: Path, path: str) -> Path:
    """The file of a server path, which need not exist.

    Raises Refused (400) for an empty path, and (404) for one that leaves the root folder, by ``..``, by a drive or by
    a symbolic link: to whoever asks, what lies outside is not there.
    """
    plain = path.strip("/")
    if not plain:
        raise Refused(
            HTTPStatus.BAD_REQUEST, "The request names no notebook.", "Send its path: ?path=folder/name.ipynb."
        )
    if "\0" in plain or "\\" in plain or ".." in PurePosixPath(plain).parts:
        raise _outside()
    root = root.resolve()
    try:
        file = (root / plain).resolve()
    except (OSError, RuntimeError, ValueError):
        raise _outside() from None
    if not file.is_relative_to(root) or file == root:
        raise _outside()
    return file


def _outside() -> Refused:
    return Refused(
        HTTPStatus.NOT_FOUND,
        "There is no such notebook on this server.",
        "Give the path as the file browser shows it; what lies outside the server's folder is not served.",
    )
