"""Refusals and failures as JSON: every answer that is not 2xx has the shape ``Error`` of the description."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from tornado.web import HTTPError

from nbcairn.errors import (
    CairnError,
    ExportError,
    NotebookInvalid,
    NotebookNotFound,
    RecordNotFound,
    TrailLocked,
    TrailNotFound,
    TrailReadOnly,
    TrailTooNew,
)

__all__ = ["Refused", "error_json", "status_of"]

_STATUS: dict[type[CairnError], HTTPStatus] = {
    TrailNotFound: HTTPStatus.NOT_FOUND,
    RecordNotFound: HTTPStatus.NOT_FOUND,
    NotebookNotFound: HTTPStatus.NOT_FOUND,
    NotebookInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExportError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TrailTooNew: HTTPStatus.CONFLICT,
    TrailLocked: HTTPStatus.SERVICE_UNAVAILABLE,
    TrailReadOnly: HTTPStatus.SERVICE_UNAVAILABLE,
}

_REMEDY = {
    400: "Compare the request with docs/reference/rest.md.",
    401: "Log in to Jupyter and try again.",
    403: "Log in to Jupyter, or send its token, and try again.",
    404: "Compare the address with docs/reference/rest.md.",
    405: "Compare the method with docs/reference/rest.md.",
}
_INTERNAL = "Try again; if it stays, the server's log has the details to report."


class Refused(HTTPError):  # noqa: N818 - an answer, not a failure
    """A request that is answered with a fact and its remedy instead of what it asked for."""

    def __init__(self, status: HTTPStatus, fact: str, remedy: str, kind: str = "Refused") -> None:
        self.fact = fact
        self.remedy = remedy
        self.kind = kind
        super().__init__(int(status))

    @classmethod
    def of(cls, error: CairnError) -> Refused:
        """The answer to a request that met this error."""
        return cls(status_of(error), error.fact, error.remedy, type(error).__name__)


def status_of(error: CairnError) -> HTTPStatus:
    """The HTTP status that fits an error of ours."""
    found = (status for kind, status in _STATUS.items() if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def error_json(status: int, error: BaseException | None) -> dict[str, Any]:
    """``Error``. What an unexpected exception says stays in the log: it may hold paths or values."""
    if isinstance(error, Refused):
        return _shape(status, error.kind, error.fact, error.remedy)
    if isinstance(error, HTTPError):
        fact = error.reason or HTTPStatus(status).phrase
        return _shape(status, "HTTPError", f"{fact}.", _REMEDY.get(status, _INTERNAL))
    return _shape(status, "InternalError", "Cairn's server part failed on this request.", _INTERNAL)


def _shape(status: int, kind: str, fact: str, remedy: str) -> dict[str, Any]:
    return {"ok": False, "status": status, "type": kind, "message": fact, "remedy": remedy}
