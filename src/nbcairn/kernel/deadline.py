"""A limit on how long our own work may hold up the kernel.

In the main thread of a system with alarm signals the work is broken off wherever it is, also inside code of the user's
that hangs. Elsewhere (in subshells), and where the user has an alarm of their own running, the work is told when to end
and asks the clock now and then.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TooLong", "within"]


class TooLong(KeyboardInterrupt):
    """The work was broken off. An interrupt, so that it passes whatever lets interrupts pass."""


@contextmanager
def within(seconds: float) -> Iterator[float | None]:
    """Run a block for so long at most; raises TooLong when the time is over.

    Gives the moment (of ``time.monotonic``) at which the block has to end by itself where it cannot be broken off.
    """
    if seconds <= 0:
        yield None
        return
    if not _possible():
        yield time.monotonic() + seconds
        return
    running = [True]

    def ring(_: int, __: FrameType | None) -> None:
        if running[0]:
            raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    # Rings again until it is heard: what hangs may catch the first.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield None
    finally:
        running[0] = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _possible() -> bool:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    alarm = signal.getsignal(signal.SIGALRM)
    return alarm in {signal.SIG_DFL, signal.SIG_IGN} and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
