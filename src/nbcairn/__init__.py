"""Cairn remembers how you got here: tracked exploration in Jupyter notebooks.

``%load_ext nbcairn`` in a notebook begins to record. Everything else is imported when it is first used, because
this package is imported in every kernel and in every Jupyter server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbcairn.api import Trail, load
    from nbcairn.kernel.notes import note, track

__all__ = ["Trail", "__version__", "load", "load_ipython_extension", "note", "track", "unload_ipython_extension"]

_LAZY = {
    "Trail": "nbcairn.api",
    "load": "nbcairn.api",
    "note": "nbcairn.kernel.notes",
    "track": "nbcairn.kernel.notes",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("nbcairn")
        except PackageNotFoundError:
            return "0+unknown"
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext nbcairn``: begin to record in this kernel. Twice is the same as once."""
    from nbcairn.kernel.extension import load as load_extension

    load_extension(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext nbcairn``: stop recording and leave the kernel as it was."""
    from nbcairn.kernel.extension import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "nbcairn"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "nbcairn"}]


def _load_jupyter_server_extension(app: Any) -> None:
    from nbcairn.server.extension import load as load_server

    load_server(app)
