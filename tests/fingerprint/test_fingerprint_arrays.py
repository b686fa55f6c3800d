"""numpy and scipy.sparse: every dtype and layout."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.sparse as sp
from fingerprint_cases import elsewhere, full
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbcairn.fingerprint import Fingerprinter, fingerprint
from nbcairn.model import Coverage

A = np.arange(24.0).reshape(4, 6)
PAIR = np.dtype([("x", "i4"), ("y", "f8")])
PADDED = np.dtype({"names": ["x", "y"], "formats": ["i1", "f8"], "offsets": [0, 8], "itemsize": 16})


def padded(garbage):
    raw = np.full(3 * 16, garbage, np.uint8).view(PADDED)
    raw["x"], raw["y"] = [1, 2, 3], [0.5, 1.5, 2.5]
    return raw


def masked(garbage, mask=(False, True, False), **more):
    data = np.array([1.0, 2.0, 3.0])
    data[list(mask)] = garbage
    return np.ma.MaskedArray(data, mask, **more)


def long_double(garbage):
    raw = np.array([1.5, 2.5], np.longdouble)
    if raw.dtype.itemsize == 16:
        raw.view(np.uint8).reshape(2, 16)[:, 10:] = garbage
    return raw


def changed(array, place, value):
    array = array.copy()
    array[place] = value
    return array


DIFFERENT = {
    "dtypes": tuple(
        np.zeros(4, d)
        for d in [
            "?",
            "i1",
            "u1",
            "i2",
            "u2",
            "i4",
            "u4",
            "i8",
            "u8",
            "f2",
            "f4",
            "f8",
            "c8",
            "c16",
            "S1",
            "U1",
            "V1",
            "O",
        ]
    ),
    "byte orders": (np.arange(3, dtype="<i4"), np.arange(3, dtype=">i4")),
    "shapes": (np.zeros(6), np.zeros((2, 3)), np.zeros((3, 2)), np.zeros((6, 1)), np.zeros((1, 6))),
    "empty ones": (np.zeros(0), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(0, "i4"), np.array(None)),
    "no dimension": (np.array(1.0), np.array([1.0]), np.float64(1.0), 1.0),
    "C and Fortran order": (A, np.asfortranarray(A)),
    "a transpose": (A, A.T, A.T.copy()),
    "one element": (A, changed(A, (3, 5), -1), changed(A, (0, 0), -1), changed(A, (2, 2), np.nan)),
    "noughts": (np.array([0.0]), np.array([-0.0])),
    "missing times": (np.array(["NaT"], "M8[s]"), np.array(["2020"], "M8[s]"), np.array([0], "M8[s]")),
    "units of time": tuple(np.zeros(2, f"M8[{unit}]") for unit in ("s", "ms", "us", "ns", "D")),
    "spans": (np.zeros(2, "m8[s]"), np.zeros(2, "M8[s]"), np.zeros(2, "m8[ms]")),
    "texts": (np.array(["a", "b"]), np.array(["a", "c"]), np.array(["a", "b"], "U2"), np.array([b"a", b"b"])),
    "objects": tuple(np.array(x, object) for x in (["a", 1], ["a", 1.0], ["a", None], ["a", [1]], ["a", [2]])),
    "structures": (np.zeros(2, PAIR), np.zeros(2, [("y", "f8"), ("x", "i4")]), np.ones(2, PAIR), np.zeros(2, "V12")),
    "masks": (masked(9), masked(9, (False,) * 3), masked(9, (True, False, False)), np.array([1.0, 9.0, 3.0])),
    "fill values": (masked(9), masked(9, fill_value=-1)),
    "scalars": (np.int32(1), np.int64(1), np.float64(1), np.bool_(True), np.str_("1"), np.bytes_(b"1")),
    "complex": (np.array([1j]), np.array([1 + 0j]), np.array([1j], "c8")),
    "generators": (np.random.default_rng(1), np.random.default_rng(2), np.random.RandomState(1)),
    "kinds of array": (A, np.asmatrix(A), np.rec.array(A[0]), np.ma.array(A)),
    "matrices": (sp.csr_array(np.eye(3)), sp.csc_array(np.eye(3)), sp.coo_array(np.eye(3)), sp.csr_matrix(np.eye(3))),
    "stored noughts": (sp.csr_array(([1.0, 0.0], ([0, 1], [0, 1])), (2, 2)), sp.csr_array(([1.0], ([0], [0])), (2, 2))),
    "shapes of matrices": (sp.csr_array((2, 3)), sp.csr_array((3, 2)), sp.csr_array((2, 3), dtype="i4")),
    "values of matrices": (sp.csr_array([[1, 0]]), sp.csr_array([[0, 1]]), sp.csr_array([[2, 0]])),
    "other matrices": tuple(sp.eye_array(4, format=f) for f in ("csr", "csc", "coo", "dia", "bsr", "lil", "dok")),
    "dtypes themselves": (np.dtype("i4"), np.dtype("i8"), PAIR, PADDED),
    "functions": (np.sum, np.mean, np.add, np.subtract),
}


@pytest.mark.parametrize("values", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_these_differ(values):
    digests = [full(value) for value in values]
    assert len(set(digests)) == len(digests)


def unsorted():
    matrix = sp.csr_array((np.array([1.0, 2.0]), np.array([0, 2]), np.array([0, 2])), (1, 3))
    other = sp.csr_array((np.array([2.0, 1.0]), np.array([2, 0]), np.array([0, 2])), (1, 3))
    return matrix, other


def a_view(array):
    """The same numbers, every second place of a larger buffer."""
    wide = np.full((array.shape[0] * 2, array.shape[1] * 2), np.nan)
    wide[::2, ::2] = array
    return wide[::2, ::2]


def frozen(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def reversed_twice(array):
    return array[::-1].copy()[::-1]


SAME = {
    "strides": (A, a_view(A), reversed_twice(A), A.copy(), frozen(A)),
    "Fortran order": (np.asfortranarray(A), A.T.copy().T),
    "one row has both orders": (A[:1], np.asfortranarray(A[:1])),
    "padding between fields": (padded(0), padded(255)),
    "padding of long doubles": (long_double(0), long_double(255), long_double(0)[::1]),
    "padding of complex long doubles": (
        long_double(0).astype(np.clongdouble), long_double(255).astype(np.clongdouble),
    ),
    "garbage under a mask": (masked(9), masked(np.nan), masked(-1)),
    "a slice and its copy": (np.arange(1000)[100:200], np.arange(100, 200)),
    "objects": (np.array(["a", None, 1], object), np.array(["".join(["a"]), None, 1], object)),
    "unsorted columns": unsorted(),
    "generators in the same state": (np.random.default_rng(7), np.random.default_rng(7)),
}  # fmt: skip


@pytest.mark.parametrize("values", SAME.values(), ids=SAME.keys())
def test_these_are_the_same(values):
    assert len({full(value) for value in values}) == 1


def test_texts_of_any_length_are_read_by_content_not_by_address():
    if not hasattr(np.dtypes, "StringDType"):
        pytest.skip("this numpy has no strings of variable length")
    one, two = (np.array(["a", "x" * 100], np.dtypes.StringDType()) for _ in range(2))
    three = np.array(["a", "x" * 99 + "y"], np.dtypes.StringDType())
    assert full(one) == full(two) != full(three)


def test_a_mapped_file_is_read(tmp_path):
    array = np.memmap(tmp_path / "a", dtype="f8", mode="w+", shape=(100,))
    array[:] = range(100)
    before = full(array)
    array[50] = -1
    assert full(array) != before
    assert full(np.memmap(tmp_path / "a", dtype="f8", mode="r", shape=(100,))) == full(array)


def test_a_generator_changes_with_every_draw_and_every_child():
    generator = np.random.default_rng(1)
    seen = {full(generator)}
    generator.random()
    seen.add(full(generator))
    generator.spawn(1)
    seen.add(full(generator))
    assert len(seen) == 3


dtypes = st.one_of(
    hnp.scalar_dtypes(), hnp.array_dtypes(max_size=3), hnp.unicode_string_dtypes(), hnp.byte_string_dtypes()
)
arrays = hnp.arrays(dtypes, hnp.array_shapes(max_dims=3, max_side=5, min_side=0))


@given(arrays)
def test_copies_are_the_same(array):
    digest = full(array)
    assert full(array.copy(order="C" if array.flags.c_contiguous else "F")) == digest
    again = pickle.loads(pickle.dumps(array))
    if again.dtype == array.dtype:  # numpy's pickles forget a foreign byte order, which is content
        assert full(again) == digest


@given(st.data(), hnp.arrays(st.sampled_from(["i8", "f8", "u1", "c16", "M8[s]", "U3"]), hnp.array_shapes(max_side=6)))
def test_one_changed_element_shows(data, array):
    place = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    other = array.copy()
    other[place] = data.draw(hnp.arrays(array.dtype, ()))[()]
    assert (full(other) == full(array)) == (other.tobytes() == array.tobytes())


@given(st.integers(1, 40), st.integers(0, 39))
def test_one_changed_byte_of_a_large_buffer_shows(leaves, place):
    array = np.zeros(leaves * 300_000, np.uint8)
    before = full(array)
    array[min(place * 300_000, array.size - 1)] = 1
    assert full(array) != before


def test_threads_or_not_the_digest_is_the_same(monkeypatch):
    array = np.random.default_rng(0).random(6_000_000)
    parallel = full(array)
    monkeypatch.setattr("nbcairn.fingerprint.leaves.WORKERS", 1)
    assert full(array) == parallel


def test_tables_that_collide_under_xxh3_differ():
    """GHASH has a bound for such tables: small integers that differ in a few rows."""
    rng = np.random.default_rng(3)
    tables = {rng.integers(0, 4, (64, 8)).tobytes() for _ in range(3000)}
    assert len({full(np.frombuffer(table, "i8")) for table in tables}) == len(tables)


def test_digests_are_the_same_in_every_process():
    sources = [
        "np.arange(1000.0)", "np.asfortranarray(np.arange(12).reshape(3, 4))", "np.array(['a', None, {'x', 'y'}], object)",
        "np.zeros(3, [('x', 'i4'), ('y', 'f8')])", "np.random.default_rng(5)", "np.array(['2020-01-01'], 'M8[D]')",
        "np.ma.array([1, 2], mask=[0, 1])", "np.sum", "np.add", "np.float32(1.5)", "np",
    ]  # fmt: skip
    assert elsewhere(sources, "import numpy as np", "3") == [full(eval(source)) for source in sources]


def test_over_the_budget_it_samples_and_says_so():
    array = np.arange(100_000.0)
    found = fingerprint(array, max_bytes=80_000)
    assert found.coverage is Coverage.SAMPLED
    assert "every 10th row of 100,000" in found.note
    assert found.same(fingerprint(array.copy(), max_bytes=80_000))
    assert not found.same(fingerprint(array))
    assert fingerprint(array[:100], max_bytes=80_000).coverage is Coverage.FULL
    assert fingerprint([array, 1], max_bytes=80_000).coverage is Coverage.SAMPLED


def test_sharing_of_memory_is_seen():
    look = Fingerprinter().look
    array = np.arange(10.0)
    view, copy = array[2:5], array.copy()
    assert look(array)[1] & look(view)[1]
    assert look([{"a": array}])[1] & look(view.reshape(3, 1))[1]
    assert not look(array)[1] & look(copy)[1]
    assert not look(array)[1] & look(np.arange(10.0))[1]
    assert look(1.0)[1] == look("a")[1] == look((1, "a", (2,)))[1] == frozenset()
