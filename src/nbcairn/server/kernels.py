"""Which sessions of a trail still live in a kernel of this server: a kernel that is killed cannot note its own end."""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from nbcairn.lineage.memory import Lives
from nbcairn.model import Session

__all__ = ["lives_on"]

TICK = timedelta(seconds=1)
"""How far off the system may be about when a process began."""


def lives_on(manager: Any, *, elsewhere: bool) -> Lives:
    """What the kernel manager of a Jupyter server knows of the sessions in its kernels, now; and what holds of other machines."""
    ids = set(manager.list_kernel_ids())
    born = {kernel_id: _born(manager, kernel_id) for kernel_id in ids}
    return lambda session: session.ended is None and _goes_on(session, ids, born, elsewhere=elsewhere)


def _goes_on(session: Session, ids: Collection[str], born: Mapping[str, datetime | None], *, elsewhere: bool) -> bool:
    if session.kernel_id is None:
        return True  # of a run without a server
    if session.kernel_id not in ids:
        return elsewhere and session.host != socket.gethostname()
    # A kernel that was killed is started again under the same id: its process is younger than what it did before.
    began = born.get(session.kernel_id)
    return began is None or datetime.fromisoformat(session.started) >= began - TICK


def _born(manager: Any, kernel_id: str) -> datetime | None:
    """When the process of a kernel was started; None where it cannot be told, as on another machine."""
    try:
        import psutil

        pid = int(manager.get_kernel(kernel_id).provisioner.pid)
        return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)
    except Exception:  # noqa: BLE001 - provisioners of others know no process, or have none any more
        return None
