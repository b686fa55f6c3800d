"""Witnesses of values that take long to look at: made while the kernel is idle, or when a value was looked at again and again."""

import time

import pytest

MAKE = """
class Held:
    def __init__(self, number):
        self.number = number
        self.items = [number]
value = [Held(number) for number in range(1500)]
"""
LOOK = """
import nbcairn.kernel.extension as _extension
_names = _extension.current(get_ipython()).names
_known = _names.known.get('value')
print(_known.witness is not None, bool(_names.unsettled))
"""


def state(live):
    """Whether there is a witness of the value, and whether something is still to be prepared. Asked in silence."""
    message = live.client.execute(LOOK, silent=True, store_history=False)
    witness, unsettled = live.gather(message).text.split()
    return witness == "True", unsettled == "True"


def settled(live):
    ends = time.monotonic() + 20
    while state(live)[1] and time.monotonic() < ends:
        time.sleep(0.2)
    return state(live)[0]


def test_a_witness_is_made_while_the_kernel_is_idle_and_sees_the_next_change(live_alone):
    live_alone.run(MAKE)
    assert settled(live_alone)
    assert live_alone.run("len(value)").mutated == set()
    assert state(live_alone) == (True, False)
    assert live_alone.run("value[700].items.append(1)").mutated == {"value"}


@pytest.mark.parametrize("change", ["value[700].items.append(1)", "value[700].items = [5]"])
def test_what_was_run_in_silence_before_the_kernel_was_idle_is_found(live_alone, change):
    live_alone.run(MAKE, look=False)
    live_alone.run(change, silent=True)
    assert not settled(live_alone)
    assert live_alone.run("len(value)").mutated == {"value"}


def test_cells_that_follow_each_other_wait_for_a_witness_when_they_have_waited_for_two_looks(live_alone):
    live_alone.run("x = 1")
    sources = (MAKE, "len(value)", LOOK, "len(value)", LOOK)
    messages = [live_alone.client.execute(source) for source in sources]
    texts = [live_alone.gather(message).text for message in messages]
    assert (texts[2].split()[0], texts[4].split()[0]) == ("False", "True")
