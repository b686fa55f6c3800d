"""Types whose values have no content that could be compared, each with the reason as the user reads it."""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.family import Family, Opaque
from nbcairn.fingerprint.walk import Walk

__all__ = ["FAMILIES"]

_ITERTOOLS = (
    "count", "cycle", "repeat", "accumulate", "batched", "chain", "combinations", "combinations_with_replacement",
    "compress", "dropwhile", "filterfalse", "groupby", "islice", "pairwise", "permutations", "product", "starmap",
    "takewhile", "tee", "_tee", "zip_longest",
)  # fmt: skip
_WORKS = "what it does goes on beside the cells, and has no content"
_OUTSIDE = "what is read through it lies outside of the notebook and can change there"

REASONS: dict[str, tuple[str, ...]] = {
    "it can be read only once, so looking at it would use it up": (
        "builtins.generator", "builtins.async_generator", "builtins.map", "builtins.filter", "builtins.zip",
        "builtins.enumerate", "builtins.reversed", *(f"itertools.{name}" for name in _ITERTOOLS),
    ),
    "it is code that stopped half-way, as it stands in this kernel only": (
        "builtins.coroutine", "builtins.frame", "builtins.traceback",
    ),
    "it makes parts of a running program wait, and has no content": (
        "_thread.lock", "_thread.RLock", "_thread._local", "threading.Event", "threading.Condition",
        "threading.Semaphore",
    ),
    _WORKS: (
        "threading.Thread", "subprocess.Popen", "concurrent.futures._base.Executor", "concurrent.futures._base.Future",
        "multiprocessing.process.BaseProcess", "multiprocessing.pool.Pool", "asyncio.events.AbstractEventLoop",
        "_asyncio.Task", "_asyncio.Future",
    ),
    _OUTSIDE: (
        "socket.socket", "_io._IOBase", "sqlite3.Connection", "sqlite3.Cursor", "mmap.mmap", "select.epoll",
        "h5py._hl.base.HLObject", "h5py._objects.ObjectID",
    ),
}  # fmt: skip
"""By reason, the types that it holds for."""


def _refused(reason: str) -> Family:
    def refuse(_: Walk, __: Digest, value: Any) -> None:
        raise Opaque(f"{type(value).__name__}: {reason}")

    return Family(refuse, nested=False)


FAMILIES: dict[str, Family] = {
    name: family for reason, names in REASONS.items() for family in (_refused(reason),) for name in names
}
