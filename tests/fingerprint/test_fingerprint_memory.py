"""What was not written is not hashed again; whatever was written, by whatever way, is seen."""

from __future__ import annotations

import ctypes
import gc
import io
import mmap
import os
import socket

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcairn.fingerprint import Fingerprinter, fingerprint
from nbcairn.fingerprint import leaves as leaves_module
from nbcairn.fingerprint.memory import Memory
from nbcairn.fingerprint.pages import PAGE, unwritten_support

SIZE = 4 << 20
needs_proof = pytest.mark.skipif(not unwritten_support()[0], reason=f"no proof here: {unwritten_support()[1]}")


class Counted:
    """How many leaves were hashed."""

    def __init__(self, monkeypatch):
        self.leaves = 0
        real = leaves_module._tags

        def tags(leaves, wanted):
            self.leaves += len(wanted)
            return real(leaves, wanted)

        monkeypatch.setattr(leaves_module, "_tags", tags)

    def of(self, look, value):
        self.leaves = 0
        found = look(value)
        assert found == fingerprint(value)
        return self.leaves


@pytest.fixture
def memory():
    memory = Memory()
    yield memory
    memory.close()


@pytest.fixture
def look(memory):
    return Fingerprinter(memory=memory).of


@pytest.fixture
def counted(monkeypatch):
    return Counted(monkeypatch)


def block(size=SIZE):
    return np.arange(size, dtype=np.uint8)


# --------------------------------------------------------------------------- nothing is missed


def by_item(array):
    array[SIZE // 2] += 1


def by_view(array):
    array[100:200].reshape(10, 10)[3, 3] += 1


def by_first_byte(array):
    array[0] += 1


def by_last_byte(array):
    array[-1] ^= 1


def by_ufunc(array):
    np.add(array, 1, out=array)


def by_reading_a_file(array):
    io.FileIO("/dev/urandom").readinto(memoryview(array)[5 * PAGE : 5 * PAGE + 64])


def by_reading_scattered(array):
    file = os.open("/dev/urandom", os.O_RDONLY)
    os.readv(file, [memoryview(array)[7 * PAGE : 7 * PAGE + 32], memoryview(array)[9 * PAGE : 9 * PAGE + 32]])
    os.close(file)


def by_receiving(array):
    one, other = socket.socketpair()
    one.send(b"\xaa" * 64)
    other.recv_into(memoryview(array)[5 * PAGE : 5 * PAGE + 64])
    one.close()
    other.close()


def by_proc_mem(array):
    with open("/proc/self/mem", "r+b", buffering=0) as file:
        file.seek(array.ctypes.data + 5 * PAGE)
        file.write(b"\xbb" * 64)


def by_pointer(array):
    ctypes.memset(array.ctypes.data + 5 * PAGE, 7, 64)


def by_giving_pages_back(array):
    libc = ctypes.CDLL(None)
    start = -(-array.ctypes.data // PAGE) * PAGE
    assert libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(4 * PAGE), 4) == 0  # MADV_DONTNEED


def by_writing_after_a_fork(array):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    array[SIZE // 2] += 1


def by_resizing(array):
    array.resize(2 * SIZE, refcheck=False)
    array[SIZE // 2] += 1


WAYS = [
    by_item, by_view, by_first_byte, by_last_byte, by_ufunc, by_reading_a_file, by_reading_scattered, by_receiving,
    by_proc_mem, by_pointer, by_giving_pages_back, by_writing_after_a_fork, by_resizing,
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("write", WAYS, ids=[way.__name__ for way in WAYS])
@pytest.mark.parametrize("looks", [1, 2])
def test_every_way_of_writing_is_seen(look, write, looks):
    array = block()
    before = [look(array) for _ in range(looks)][-1]
    write(array)
    assert look(array) == fingerprint(array) != before
    assert look(array) == fingerprint(array)


def test_a_write_through_an_overlapping_value_is_seen_by_all_of_them(look):
    array = block()
    views = [array, array[PAGE:], array[: SIZE // 2], array[SIZE // 4 :], array[::2], array.reshape(2, -1)]
    for turn in range(3):
        before = [look(view) for view in views]
        array[SIZE // 3 * 2 // 2 * 2 + turn * 2] += 1
        for order in (views, views[::-1]):
            assert [look(view) for view in order] == [fingerprint(view) for view in order]
        assert look(array) != before[0]


def test_memory_that_is_given_back_and_used_again_is_hashed_anew(look):
    for turn in range(6):
        array = np.full(SIZE, turn, np.uint8)
        assert look(array) == fingerprint(array)
        del array
        gc.collect()


def test_memory_that_others_can_write_is_never_trusted(look, counted, tmp_path):
    shared = mmap.mmap(-1, SIZE)
    (tmp_path / "file").write_bytes(bytes(SIZE))
    with open(tmp_path / "file", "r+b") as file:
        mapped, private = mmap.mmap(file.fileno(), SIZE), mmap.mmap(file.fileno(), SIZE, mmap.MAP_PRIVATE)
    for area in (shared, mapped, private):
        array = np.frombuffer(area, np.uint8)
        assert [counted.of(look, array) for _ in range(3)] == [2 * SIZE // leaves_module.LEAF] * 3
    array = np.frombuffer(private, np.uint8)
    before = look(array)
    with open(tmp_path / "file", "r+b") as file:
        file.write(b"x")
    assert look(array) == fingerprint(array) != before


def test_a_child_starts_afresh_and_its_writes_are_its_own(look):
    array = block()
    before = look(array)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        array[5] += 1
        answer = look(array) == fingerprint(array) != before and look(array) == fingerprint(array)
        os.write(writer, b"y" if answer else b"n")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"y"
    assert look(array) == before == fingerprint(array)


PLACES = st.integers(0, SIZE - 1)
STEPS = st.one_of(
    st.tuples(st.just("write"), PLACES, st.integers(1, 9 * PAGE), st.integers(0, 255)),
    st.tuples(st.just("look"), PLACES, st.integers(1, SIZE), st.sampled_from([1, 1, 1, 2, 8])),
    st.tuples(st.just("fill"), st.just(0), st.just(SIZE), st.integers(0, 255)),
)


@settings(max_examples=15)
@given(st.lists(STEPS, max_size=25))
def test_with_and_without_memory_every_answer_is_the_same(steps):
    memory, array = Memory(), block()
    look = Fingerprinter(memory=memory).of
    for kind, start, size, argument in steps:
        if kind == "look":
            part = array[start : start + size : argument]
            assert look(part) == fingerprint(part)
            assert look(array) == fingerprint(array)
        else:
            array[start : start + size] = argument
    assert look(array) == fingerprint(array)
    memory.close()


# --------------------------------------------------------------------------- nothing is done twice


@needs_proof
def test_what_was_not_written_is_not_hashed_again(look, counted):
    array = block()
    assert counted.of(look, array) - 4 == 4  # by the look, and by the check without memory
    assert counted.of(look, array) - 4 == 0
    array[5] += 1
    assert counted.of(look, array) - 4 == 1
    assert counted.of(look, array) - 4 == 0


@needs_proof
def test_what_is_rewritten_each_time_is_left_alone_until_it_rests(look, counted):
    array = block()
    look(array)
    for _ in range(3):
        array += 1
        assert counted.of(look, array) == 8
    assert [counted.of(look, array) - 4 for _ in range(4)] == [4, 4, 0, 0]


ROWS = 300_000
KINDS = {
    "numbers": lambda: np.arange(ROWS, dtype="f8"),
    "truth": lambda: np.arange(ROWS) % 3 == 0,
    "texts": lambda: pd.array([f"name {n}" for n in range(ROWS)], dtype="str"),
    "objects": lambda: np.array([f"name {n}" for n in range(ROWS)], object),
    "nullable": lambda: pd.array([*range(ROWS - 1), None], dtype="Int64"),
    "categories": lambda: pd.Categorical.from_codes(np.arange(ROWS) % 3, ["a", "b", "c"]),
    "moments": lambda: pd.date_range("2020", periods=ROWS, freq="s"),
    "zones": lambda: pd.date_range("2020", periods=ROWS, freq="s", tz="Europe/Berlin"),
}


@needs_proof
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_an_unwritten_column_is_not_read_again(look, counted, make):
    frame = pd.DataFrame({"a": make(), "b": np.arange(ROWS, dtype="f8")})
    digest = look(frame)
    counted.leaves = 0
    assert look(frame) == digest == look(frame.copy(deep=False))
    assert counted.leaves == 0
    assert digest == fingerprint(frame) == fingerprint(frame.copy())


@needs_proof
def test_one_changed_column_costs_that_column(look, counted):
    frame = pd.DataFrame(np.random.default_rng(0).random((ROWS, 8)).T.copy().T)
    look(frame)
    frame.isetitem(3, np.zeros(ROWS))
    assert counted.of(look, frame) - 8 * 3 == 3
    frame.iloc[7, 5] = -1
    assert counted.of(look, frame) - 8 * 3 <= 3


@needs_proof
@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame({"a": range(ROWS), "s": [f"name {n}, a long one" for n in range(ROWS)]}),
        pa.table({"a": range(ROWS), "s": [f"name {n}" for n in range(ROWS)]}),
        pd.DataFrame(np.random.default_rng(0).random((50_000, 10)), copy=False),
        pd.DataFrame(np.random.default_rng(0).random((200, 2_000))),
        pd.DataFrame(np.random.default_rng(0).random((2_000, 200)).T),
    ],
    ids=["polars", "arrow", "row-major", "wide", "wide, row-major"],
)
def test_an_unwritten_table_is_not_read_again(look, counted, table):
    digest = look(table)
    counted.leaves = 0
    assert look(table) == digest
    assert counted.leaves == 0
    assert digest == fingerprint(table)


@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(200, 2_000), (50_000, 10), (9_000, 40), (100_000, 3)])
def test_a_changed_cell_shows_whatever_the_layout(look, order, copied, shape):
    values = np.asarray(np.random.default_rng(0).random(shape), order=order)
    frame = pd.DataFrame(values, copy=copied)
    seen = {look(frame).digest}
    for place in ((0, 0), (-1, -1), (shape[0] // 2, shape[1] // 2), (0, shape[1] - 1), (shape[0] - 1, 0)):
        if copied:
            frame.iloc[place] = -1.0
        else:
            values[place] = -1.0
        assert look(frame) == fingerprint(frame)
        seen.add(look(frame).digest)
    assert len(seen) == 6


def test_layout_does_not_count_in_a_wide_table():
    values = np.random.default_rng(0).random((50, 100))
    row_major, column_major = pd.DataFrame(values), pd.DataFrame(np.asfortranarray(values))
    apart = pd.concat([row_major.iloc[:, [n]].copy() for n in range(100)], axis=1).set_axis(row_major.columns, axis=1)
    assert fingerprint(row_major) == fingerprint(column_major) == fingerprint(apart)


def test_nothing_of_the_users_is_kept_alive(look):
    import weakref

    array = block()
    look(array)
    alive = weakref.ref(array)
    del array
    assert alive() is None


def test_without_proof_everything_is_hashed(monkeypatch, counted):
    monkeypatch.setattr("nbcairn.fingerprint.memory.unwritten_support", lambda: (False, "not here"))
    memory, array = Memory(), block()
    look = Fingerprinter(memory=memory).of
    assert [counted.of(look, array) for _ in range(2)] == [8, 8]


def test_a_refusal_in_the_middle_does_not_matter(monkeypatch, memory, look):
    array = block()
    look(array)

    def refuse(*_):
        raise OSError(12, "no more")

    monkeypatch.setattr("nbcairn.fingerprint.pages.Pages.written", refuse)
    array[5] += 1
    assert look(array) == fingerprint(array)


def test_interrupted_hashing_forgets_no_change(monkeypatch, look):
    array = block()
    look(array)
    array[5] += 1
    with monkeypatch.context() as patch:
        patch.setattr(leaves_module, "_tags", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            look(array)
    assert look(array) == fingerprint(array)


def test_the_support_is_said_in_words():
    works, reason = unwritten_support()
    assert works == (reason == "")
