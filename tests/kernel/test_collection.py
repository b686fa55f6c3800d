"""What a fresh kernel holds is kept out of garbage collections; what the user makes never is."""

from kernels import Tracked, kernel


def frozen(live: Tracked) -> int:
    return int(live.run("__import__('gc').get_freeze_count()", cell_id="asked").text)


CYCLE = """
import gc, weakref
class Held: pass
held = Held()
held.own = held
gone = weakref.ref(held)
del held
found = gc.collect() and gone() is None
"""


def test_what_the_kernel_held_before_the_first_cell_is_set_aside_and_handed_back(live_alone):
    before = frozen(live_alone)
    assert before > 10_000
    live_alone.run(CYCLE)
    assert live_alone.run("found").text == "True"
    assert frozen(live_alone) <= before, "once, and nothing of the user's"
    live_alone.run("%unload_ext nbcairn")
    assert frozen(live_alone) == 0


def test_a_kernel_in_which_the_user_has_made_something_is_left_as_it_is(tmp_path):
    with kernel(tmp_path, load=False) as running:
        running.run("data = [1, 2]")
        running.run("%load_ext nbcairn")
        running.run("x = 1")
        assert frozen(running) == 0


def test_what_start_up_files_import_is_no_data(tmp_path):
    with kernel(tmp_path, load=False) as running:
        running.run("import os\ndef helper(): pass", silent=True)
        running.run("%load_ext nbcairn")
        running.run("x = 1")
        assert frozen(running) > 10_000


def test_who_sets_objects_aside_already_is_left_alone(tmp_path):
    with kernel(tmp_path, load=False) as running:
        running.run("__import__('gc').freeze()")
        own = frozen(running)
        running.run("%load_ext nbcairn")
        running.run("x = 1")
        assert frozen(running) <= own
        running.run("%unload_ext nbcairn")
        assert frozen(running) > 0
