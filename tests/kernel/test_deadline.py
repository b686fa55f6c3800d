"""How long our own work may take where no alarm can ring: it is told when to end. (``test_robust.py``: where one can.)"""

from __future__ import annotations

import threading
import time

from nbcairn.fingerprint import Fingerprinter
from nbcairn.kernel.deadline import within


def test_no_limit_is_no_limit():
    with within(0) as ends:
        assert ends is None


def test_in_another_thread_the_work_is_told_when_to_end():
    found = []

    def work() -> None:
        with within(5) as ends:
            found.append(ends - time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert 0 < found[0] <= 5


class Point:
    def __init__(self, n: int) -> None:
        self.n, self.near = n, [n]


def test_a_large_value_is_opaque_when_there_is_no_time_left():
    points = [Point(n) for n in range(5_000)]
    looking = Fingerprinter()
    late, _ = looking.look([points, print], ends=time.monotonic() - 1)
    assert late.coverage == "opaque"
    assert "no time" in late.note
    assert looking.look([points, print], ends=time.monotonic() + 600)[0] == looking.of([points, print])
