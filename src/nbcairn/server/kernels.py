"""Which sessions of a trail still live in a kernel of this server: a kernel that is killed cannot note its own end."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbcairn.lineage.memory import Lives
from nbcairn.model import Session

__all__ = ["lives_on"]

TICK = timedelta(seconds=0.1)
"""How far off the system may be about when a process began. A session begins later than that after its process."""


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
        began = _began(int(manager.get_kernel(kernel_id).provisioner.pid))
    except Exception:  # noqa: BLE001 - provisioners of others know no process, or have none any more
        return None
    return datetime.fromtimestamp(began, UTC)


def _began(pid: int) -> float:
    """When a process was started, in seconds since 1970.

    Linux counts from when the machine was started, and tells that moment to the second only: so the age is told by the clock
    that counts from it.
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists() and hasattr(time, "CLOCK_BOOTTIME"):
        ticks = int(stat.read_text().rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return time.time() - age
    import psutil

    return float(psutil.Process(pid).create_time())
