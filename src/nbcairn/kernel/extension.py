"""Loading and unloading: one recorder a shell, attached at most once."""

from __future__ import annotations

import atexit
import logging
from typing import Any

from nbcairn.config import Cairn, disabled_by_environment
from nbcairn.errors import CairnError
from nbcairn.kernel.magics import CairnMagics
from nbcairn.kernel.recorder import Recorder
from nbcairn.kernel.request import parent_message

__all__ = ["current", "load", "of_this_kernel", "unload"]

log = logging.getLogger("nbcairn")
_recorders: dict[int, Recorder] = {}


def current(shell: Any) -> Recorder | None:
    """The recorder of a shell, if one is attached."""
    return _recorders.get(id(shell))


def of_this_kernel() -> Recorder | None:
    """The recorder of the kernel that this code runs in, if one is attached."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return current(shell) if shell is not None else None


def load(shell: Any) -> None:
    """Begin to record. Never raises: a notebook must work without us."""
    if id(shell) in _recorders or disabled_by_environment():
        return
    try:
        config = Cairn(parent=shell) if hasattr(shell, "traits") else Cairn()
        recorder = Recorder(shell, config)
        shell.register_magics(CairnMagics(shell, recorder))
        if hasattr(shell, "configurables"):
            shell.configurables.append(config)
        recorder.install()
        _recorders[id(shell)] = recorder
        atexit.register(_close, id(shell))
        _open_late(shell, recorder)
    except CairnError as error:
        print(f"Cairn does not record: {error}")  # noqa: T201 - asked for by the user
    except Exception as error:
        log.warning("nbcairn could not be loaded", exc_info=True)
        print(f"Cairn does not record ({type(error).__name__}: {error}). `nbcairn doctor` may say why.")  # noqa: T201


def unload(shell: Any) -> None:
    """Stop recording and leave the shell as it was."""
    recorder = _recorders.pop(id(shell), None)
    if recorder is not None:
        recorder.uninstall()
        shell.configurables[:] = [item for item in getattr(shell, "configurables", []) if item is not recorder.config]
        getattr(shell, "magics_manager", None) and shell.magics_manager.magics["line"].pop("cairn", None)


def _close(identity: int) -> None:
    recorder = _recorders.pop(identity, None)
    if recorder is not None:
        recorder.close()


def _open_late(shell: Any, recorder: Recorder) -> None:
    """The cell that loads us has begun already: what it does from here on is recorded, if it does more than that."""
    parent = parent_message(shell)
    source = parent.get("content", {}).get("code", "")
    if not source or parent.get("content", {}).get("silent"):
        return
    from nbcairn.lineage.magics import is_inert

    if not is_inert(source):
        cell_id = parent.get("metadata", {}).get("cellId")
        recorder.open(source, str(cell_id) if cell_id else None)
