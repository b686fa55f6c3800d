"""How interrupts are heard while the kernel is ours: the first ends our work, the next cost nobody the answer to their cell."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["one_interrupt"]


@contextmanager
def one_interrupt(shell: Any) -> Iterator[None]:
    """Raises KeyboardInterrupt in the block once; if it did, no more interrupts are heard until the request is answered.

    Between the end of a cell and its answer ipykernel has no hands free for an interrupt: it would lose the answer, and the
    cell would seem to run for ever. It ignores interrupts when the request is done, and hears them at the next.
    """
    if not _is_up_to_us(shell):
        yield
        return
    heard = False

    def hear(_: int, __: FrameType | None) -> None:
        nonlocal heard
        if not heard:
            heard = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if heard else signal.default_int_handler)


def _is_up_to_us(shell: Any) -> bool:
    """In the main thread of a kernel that hears interrupts by request, and as long as nobody else has a say in it."""
    return (
        threading.current_thread() is threading.main_thread()
        and hasattr(getattr(shell, "kernel", None), "saved_sigint_handler")
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
