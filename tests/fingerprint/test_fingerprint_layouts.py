"""The same columns and structures, however they lie in memory, are the same; what differs shows at every size."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from fingerprint_cases import full

from nbcairn.fingerprint import Fingerprinter
from nbcairn.fingerprint.leaves import LEAF
from nbcairn.fingerprint.memory import Memory

ROWS = {"none": 0, "one": 1, "few": 7, "as many as a leaf holds": LEAF // 8, "more": LEAF // 8 + 1}


def layouts(values):
    """One table of numbers in every way that pandas can keep it."""
    rows, width = values.shape
    names = [f"c{n}" for n in range(width)]
    yield pd.DataFrame(values, columns=names, copy=False)
    yield pd.DataFrame(np.asfortranarray(values), columns=names, copy=False)
    yield pd.DataFrame({name: values[:, n].copy() for n, name in enumerate(names)})
    yield pd.DataFrame(np.repeat(values, 2, axis=1)[:, ::2], columns=names, copy=False)
    yield pd.DataFrame(np.vstack([values, values]), columns=names).iloc[rows:].reset_index(drop=True)
    whole = pd.DataFrame(values[:, :1], columns=names[:1])
    for n, name in enumerate(names[1:], 1):
        whole[name] = values[:, n]
    yield whole


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("dtype", ["f8", "M8[ns]", "i8"])
def test_a_table_is_its_columns_in_whatever_blocks(rows, dtype):
    values = np.arange(rows * 3).reshape(rows, 3).astype(dtype)
    memory = Memory()
    watching = Fingerprinter(memory=memory)
    digests = set()
    for frame in layouts(values):
        digests |= {full(frame), watching.of(frame).digest, watching.of(frame).digest}
    assert len(digests) == 1
    if rows:
        changed = next(layouts(values)).copy()
        changed.iloc[-1, 1] = changed.iloc[-1, 1] + np.ones(1, values.dtype if dtype != "M8[ns]" else "m8[ns]")[0]
        assert full(changed) not in digests
    memory.close()


def test_columns_of_other_types_do_not_pass_for_each_other():
    frames = [pd.DataFrame({"a": np.zeros(3, one), "b": np.zeros(3, other)})
              for one, other in (("f8", "i8"), ("i8", "f8"), ("f8", "f8"), ("i8", "u8"), ("M8[ns]", "i8"), ("m8[ns]", "i8"))]  # fmt: skip
    assert len(set(map(full, frames))) == len(frames)


PADDED = np.dtype({"names": ["x", "y"], "formats": ["u1", "f8"], "offsets": [0, 8], "itemsize": 24})


def padded(garbage, y=1.5):
    raw = np.full(4 * PADDED.itemsize, garbage, np.uint8).view(PADDED)
    raw["x"], raw["y"] = 1, y
    return raw


def test_the_padding_of_a_structure_is_garbage():
    assert full(padded(0)) == full(padded(255)) == full(padded(7)[::-1]) == full(copy.deepcopy(padded(3)))
    assert full([padded(0), padded(1)]) == full([padded(2), padded(3)])
    assert full(padded(0)) != full(padded(0, y=2.5))
    assert full([padded(0), padded(1)]) != full([padded(2), padded(3, y=2.5)])


STRUCTURES = [
    np.zeros(2, [("x", "i4"), ("y", "i4")]), np.zeros(2, [("y", "i4"), ("x", "i4")]), np.zeros(2, [("x", "i8")]),
    np.zeros(2, [("x", "i4", (2,))]), np.zeros(2, [("x", [("x", "i4"), ("y", "i4")])]), np.zeros(2, [("x", "u4"), ("y", "i4")]),
    np.zeros(2, {"names": ["x", "y"], "formats": ["i4", "i4"], "offsets": [4, 0]}), np.zeros(2, "V8"),
    np.zeros(2, [("x", "f4"), ("y", "O")]), np.zeros(2, [("x", "g")]), np.zeros((1, 2), [("x", "i4"), ("y", "i4")]),
]  # fmt: skip


def test_structures_of_other_fields_differ_alone_and_together():
    assert len(set(map(full, STRUCTURES))) == len(STRUCTURES)
    assert len({full([array, array.copy()]) for array in STRUCTURES}) == len(STRUCTURES)


def test_what_a_dtype_carries_along_does_not_count():
    plain, noted = np.zeros(2, "i4"), np.zeros(2, np.dtype("i4", metadata={"a": 1}))
    assert full(noted) == full(plain) == full(np.zeros(2, "=i4"))
    assert full(np.zeros(2, np.dtype([("x", "i4")], align=True))) == full(np.zeros(2, [("x", "i4")]))


def test_a_group_of_arrays_larger_than_a_batch():
    group = [np.full(LEAF // 8, n, "f8") for n in range(20)]
    digest = full(group)
    assert digest == full(copy.deepcopy(group))
    group[13][-1] += 1
    assert full(group) != digest


def test_trees_of_a_forest_are_told_apart():
    ensemble = pytest.importorskip("sklearn.ensemble")
    x = np.random.default_rng(0).random((50, 3))
    model = ensemble.RandomForestClassifier(5, random_state=0, n_jobs=1).fit(x, x[:, 0] > 0.5)
    digest = full(model)
    assert full(copy.deepcopy(model)) == digest
    model.estimators_[3].tree_.value[0, 0, 0] += 0.25
    assert full(model) != digest
    model.estimators_[3].tree_.value[0, 0, 0] -= 0.25
    assert full(model) == digest
    model.estimators_.reverse()
    assert full(model) != digest


def laid_out(value):
    found = {}
    print_, _ = Fingerprinter().look(value, layouts=found)
    return found.get(print_.digest)


def test_a_dict_of_texts_tells_its_keys_apart_from_what_they_hold():
    one = laid_out({"a": 1, "b": [2]})
    assert one.is_dict
    assert one == laid_out({"a": pd.DataFrame({"x": [1]}), "b": None})
    assert len({one.rows, laid_out({"b": 1, "a": 1}).rows, laid_out({"a": 1}).rows}) == 3
    for other in ({}, {1: 2}, {"a": 1, None: 2}, [{"a": 1}]):
        assert laid_out(other) is None
    assert not laid_out(pd.DataFrame({"a": [1]})).is_dict


def test_a_table_without_rows_is_told_as_a_whole():
    assert laid_out(pd.DataFrame({"a": []})) is None
