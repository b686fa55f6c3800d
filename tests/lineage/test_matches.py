"""When two runs of one cell came out alike: they showed the same, and left the same in what they set."""

from __future__ import annotations

import pytest

from nbcairn.fingerprint import fingerprint
from nbcairn.lineage.matches import came_out_alike
from nbcairn.model import PRISTINE, Coverage, Display, Fingerprint, How, Write
from nbcairn.testing import a_run

HELD = Fingerprint("ab" * 16, Coverage.OPAQUE)
SET = Fingerprint("cd" * 16)


def changed(name, value):
    return Write(name, fingerprint(value), How.MUTATED)


PAIRS = {
    "the same": (a_run(writes={"x": 1}), a_run(writes={"x": 1}), True),
    "another value": (a_run(writes={"x": 1}), a_run(writes={"x": 2}), False),
    "another name": (a_run(writes={"x": 1}), a_run(writes={"y": 1}), False),
    "deleted here, not looked up there": (a_run(deletes=["x"]), a_run(), False),
    "deleted here, absent there": (a_run(deletes=["x"]), a_run(reads={"x": None}), True),
    "found there as it was left here": (
        a_run(reads={"d": [1]}, writes={"d": changed("d", [1, 2])}), a_run(reads={"d": [1, 2]}), True,
    ),
    "found there otherwise": (a_run(reads={"d": [1]}, writes={"d": changed("d", [1, 2])}), a_run(reads={"d": [3]}), False),
    "changed through what it shares, which is not there": (
        a_run(reads={"d": [1]}, writes={"d": changed("d", [2]), "box": changed("box", [[2]])}), a_run(reads={"d": [2]}), True,
    ),
    "what cannot be compared": (a_run(writes={"x": HELD}), a_run(writes={"x": HELD}), True),
    "what can be compared on one side": (a_run(writes={"x": 1}), a_run(reads={"x": 1}, writes={"x": HELD}), False),
    "another output": (a_run(displays=[Display("stdout", "a")]), a_run(displays=[Display("stdout", "b")]), False),
    "an option, found set": (a_run(writes={"<rcParams>": SET}), a_run(reads={"<rcParams>": SET}), True),
    "an option, found otherwise": (a_run(writes={"<rcParams>": SET}), a_run(reads={"<rcParams>": PRISTINE}), False),
    "filters that a first import sets": (a_run(writes={"<warnings>": SET}), a_run(), True),
}  # fmt: skip


@pytest.mark.parametrize(("one", "two", "alike"), PAIRS.values(), ids=PAIRS.keys())
def test_runs_come_out_alike_when_they_show_and_leave_the_same(one, two, alike):
    assert came_out_alike(one, two) is alike
    assert came_out_alike(two, one) is alike
