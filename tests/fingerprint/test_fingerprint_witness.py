"""A witness says that a value is as it was only where it is: nothing that a fingerprint would notice passes it by."""

from __future__ import annotations

import collections
import copy
import functools
import gc
import types
import weakref

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import statsmodels.api as sm
from fingerprint_cases import many
from hypothesis import given
from hypothesis import strategies as st
from makers import FAMILIES, Draws, Thing
from matplotlib.figure import Figure
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nbcairn.fingerprint import Fingerprinter, Memory, Witness


def looked(value):
    return Fingerprinter(memory=Memory()).look(value)


def witness(value):
    found = Witness.of(value, Fingerprinter(memory=Memory()))
    assert found is not None
    assert found.holds(value)
    return found


class Slotted:
    __slots__ = ("a", "b")


def slotted():
    found = Slotted()
    found.a = [1]
    return found


def counter(start):
    count = [start]

    def step(by=[1]):  # noqa: B006 - a default that can change is what this is about
        count[0] += by[0]
        return count[0]

    return step


def table(**more):
    return pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "z"], "c": [1, 2, 3]}, **more)


def fitted():
    x = np.arange(12.0).reshape(6, 2) ** 2
    return make_pipeline(StandardScaler(), LinearRegression()).fit(x, x[:, 0])


def results():
    x = np.random.default_rng(0).normal(size=(30, 3))
    return sm.OLS(x[:, 0], sm.add_constant(x[:, 1:])).fit()


def drawn():
    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 2, 3])
    return {"figure": figure, "axes": axes}


def cyclic():
    found = {"inner": [1, 2]}
    found["inner"].append(found)
    return found


CHANGES = {
    "an item of a list": (lambda: [1, [2, 3]], lambda v: v[1].__setitem__(0, 4)),
    "a longer list": (lambda: [1, [2, 3]], lambda v: v[1].append(4)),
    "the order of a list": (lambda: [[1, 2]], lambda v: v[0].reverse()),
    "True for 1": (lambda: [[1]], lambda v: v[0].__setitem__(0, True)),
    "a value of a dict": (lambda: {"a": {"b": 1}}, lambda v: v["a"].__setitem__("b", 2)),
    "a key of a dict": (lambda: {"a": {"b": 1}}, lambda v: v["a"].__setitem__("c", v["a"].pop("b"))),
    "the order of a dict": (lambda: [{"a": 1, "b": 2}], lambda v: v[0].__setitem__("a", v[0].pop("a"))),
    "an item of a set": (lambda: [{1, 2}], lambda v: v[0].add(3)),
    "the order of an ordered dict": (lambda: [collections.OrderedDict(a=1, b=2)], lambda v: v[0].move_to_end("a")),
    "the default of a defaultdict": (lambda: [collections.defaultdict(list)], lambda v: setattr(v[0], "default_factory", set)),
    "an item of a deque": (lambda: [collections.deque([1], 3)], lambda v: v[0].append(2)),
    "an attribute": (lambda: Thing(a=Thing(b=1)), lambda v: setattr(v.a, "b", 2)),
    "one attribute more": (lambda: Thing(a=Thing(b=1)), lambda v: setattr(v.a, "c", 2)),
    "one attribute fewer": (lambda: Thing(a=Thing(b=1)), lambda v: delattr(v.a, "b")),
    "the class of an object": (lambda: [Thing(a=1)], lambda v: setattr(v[0], "__class__", types.SimpleNamespace)
                               if False else v.__setitem__(0, types.SimpleNamespace(a=1))),
    "a slot": (slotted, lambda v: setattr(v, "a", [2])),
    "a slot that was not set": (slotted, lambda v: setattr(v, "b", 1)),
    "what a slot holds": (slotted, lambda v: v.a.append(2)),
    "a namespace": (lambda: types.SimpleNamespace(a=[1]), lambda v: v.a.append(2)),
    "what a partial holds": (lambda: functools.partial(print, [1]), lambda v: v.args[0].append(2)),
    "the object of a method": (lambda: Thing(a=1).__init__, lambda v: setattr(v.__self__, "a", 2)),
    "the list of a method": (lambda: [[1].append], lambda v: v[0](2)),
    "what a function closes over": (lambda: counter(0), lambda v: v()),
    "a default of a function": (lambda: counter(0), lambda v: v.__defaults__[0].append(2)),
    "the code of a function": (lambda: counter(0), lambda v: setattr(v, "__code__", counter(0).__code__.replace(co_consts=(None, 5)))),
    "an attribute of a function": (lambda: counter(0), lambda v: setattr(v, "note", 1)),
    "a number of an array": (lambda: {"x": np.arange(5.0)}, lambda v: v["x"].__setitem__(2, 9)),
    "a number of a larger array": (lambda: {"x": np.arange(5000.0)}, lambda v: v["x"].__setitem__(2, 9)),
    "a number of an array in columns": (lambda: [np.asfortranarray(np.ones((60, 60)))], lambda v: v[0].__setitem__((2, 3), 9)),
    "a number behind a step": (lambda: [np.arange(4000.0)[::2]], lambda v: v[0].__setitem__(7, 9)),
    "a number of an array of any size": (lambda: [np.zeros(100_000)], lambda v: v[0].__setitem__(99_999, 9)),
    "the sign of nought": (lambda: [np.zeros(3)], lambda v: v[0].__setitem__(0, -0.0)),
    "the shape of an array": (lambda: [np.zeros((2, 3))], lambda v: setattr(v[0], "shape", (3, 2))),
    "the type of an array": (lambda: [np.zeros(2)], lambda v: setattr(v[0], "dtype", "i8")),
    "an object in an array": (lambda: [np.array([[1], "a"], dtype=object)], lambda v: v[0][0].append(2)),
    "other objects in an array": (lambda: [np.array([None, "a"], dtype=object)], lambda v: v[0].__setitem__(0, "b")),
    "a structure": (lambda: [np.zeros(2, "i4,f8")], lambda v: v[0].__setitem__(0, (1, 2.0))),
    "a masked array": (lambda: [np.ma.array([1, 2], mask=[0, 1])], lambda v: v[0].__setitem__(1, 5)),
    "a sparse matrix": (lambda: [sp.csr_matrix([[0, 1]])], lambda v: v[0].data.__setitem__(0, 2)),
    "a generator": (lambda: [np.random.default_rng(0)], lambda v: v[0].random()),
    "a cell of a table": (lambda: [table()], lambda v: v[0].__setitem__("a", [1.0, 2.0, 9.0])),
    "a text of a table": (lambda: [table()], lambda v: v[0].__setitem__("b", ["x", "y", "w"])),
    "a value of a table in place": (lambda: [table()], lambda v: v[0].iloc.__setitem__((1, 0), 9.0)),
    "a column more": (lambda: [table()], lambda v: v[0].__setitem__("d", 1)),
    "a column less": (lambda: [table()], lambda v: v[0].__delitem__("a")),
    "the name of a column": (lambda: [table()], lambda v: v[0].rename(columns={"a": "A"}, inplace=True)),
    "the labels of rows": (lambda: [table()], lambda v: setattr(v[0], "index", [5, 6, 7])),
    "the name of the rows": (lambda: [table()], lambda v: setattr(v[0].index, "name", "row")),
    "attrs": (lambda: [table()], lambda v: v[0].attrs.__setitem__("unit", "m")),
    "a flag": (lambda: [table()], lambda v: setattr(v[0].flags, "allows_duplicate_labels", False)),
    "a large table": (lambda: [pd.DataFrame({"a": np.zeros(100_000)})], lambda v: v[0].iloc.__setitem__((7, 0), 9.0)),
    "the name of a series": (lambda: [pd.Series([1, 2], name="a")], lambda v: setattr(v[0], "name", "b")),
    "a value of a series": (lambda: [pd.Series([1, 2])], lambda v: v[0].__setitem__(0, 5)),
    "a nullable series": (lambda: [pd.Series([1, None], dtype="Int64")], lambda v: v[0].__setitem__(1, 5)),
    "a category": (lambda: [pd.Series(["a", "b"], dtype="category")], lambda v: v[0].__setitem__(0, "b")),
    "a date": (lambda: [pd.Series(pd.date_range("2024", periods=3))], lambda v: v[0].__setitem__(0, pd.Timestamp("2025"))),
    "the name of dates": (lambda: [pd.date_range("2024", periods=3)], lambda v: setattr(v[0], "name", "day")),
    "the name of a level": (lambda: [pd.MultiIndex.from_product([[1, 2], ["a", "b"]])], lambda v: setattr(v[0], "names", ["x", "y"])),
    "a fitted model": (fitted, lambda v: v[-1].coef_.__setitem__(0, 9.0)),
    "a setting of a model": (fitted, lambda v: v.set_params(linearregression__fit_intercept=False)),
    "a result": (results, lambda v: v.params.__setitem__(0, 9.0)),
    "data behind a result": (results, lambda v: v.model.exog.__setitem__((0, 1), 9.0)),
    "a line of a figure": (drawn, lambda v: v["axes"].lines[0].set_ydata([1, 2, 9])),
    "a title of a figure": (drawn, lambda v: v["figure"].suptitle("new")),
    "a value that holds itself": (cyclic, lambda v: v["inner"].__setitem__(0, 5)),
    "a class of the user's": (lambda: type("Own", (Thing,), {"size": 1})(a=1), lambda v: setattr(type(v), "size", 2)),
}  # fmt: skip


@pytest.mark.parametrize(("make", "change"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_is_seen(make, change):
    value = make()
    found = Witness.of(value, Fingerprinter(memory=Memory()))
    before = looked(value)[0]
    assert found is None or found.holds(value)
    change(value)
    assert not looked(value)[0].same(before), "this changes nothing"
    assert found is None or not found.holds(value)


LARGE = {"a number of an array of any size", "a large table"}
SEEN = [name for name in CHANGES if name not in LARGE]


@pytest.mark.parametrize("name", SEEN)
def test_what_is_as_it_was_is_seen_at_once(name):
    value = CHANGES[name][0]()
    witness(value)


def test_what_a_library_works_out_when_asked_does_not_count():
    value = results()
    found = witness(value)
    value.summary()
    assert found.holds(value)


def test_equal_parts_of_another_identity_are_looked_at():
    """They reach other memory, which another name may change."""
    value = {"x": np.zeros(3), "l": [1]}
    found = witness(value)
    value["x"] = np.zeros(3)
    assert not found.holds(value)
    value = [[1]]
    found = witness(value)
    value[0] = [1]
    assert not found.holds(value)


def test_nothing_of_the_users_is_kept_alive():
    value = Thing(a=np.zeros(3), b=Thing(c=[1]))
    found = witness(value)
    gone = [weakref.ref(value), weakref.ref(value.a), weakref.ref(value.b)]
    del value
    gc.collect()
    assert all(ref() is None for ref in gone)
    assert found is not None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([(n for n in "ab")], id="what can be read only once"),
        pytest.param(list(map(str, range(50_000))), id="many parts"),
    ],
)
def test_there_is_no_witness_of(value):
    assert Witness.of(value, Fingerprinter()) is None


@pytest.mark.parametrize("name", sorted(LARGE))
def test_what_knows_its_unwritten_memory_needs_none(name):
    assert Witness.of(CHANGES[name][0](), Fingerprinter(memory=Memory())) is None


def test_a_part_that_raises_is_looked_at():
    class Angry(Thing):
        @property
        def __dict__(self):
            raise ValueError

    assert Witness.of([object.__new__(Angry)], Fingerprinter()) is None


# --------------------------------------------------------------------------- any change


def holders(value):
    """Everything in a value that can change in place."""
    found, todo, seen = [], [value], set()
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        if isinstance(one, (list, dict, set, np.ndarray, pd.DataFrame, pd.Series, Thing)):
            found.append(one)
        if isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, (list, tuple)):
            todo += one
        todo += getattr(one, "__dict__", {}).values() if isinstance(one, Thing) else []
    return found


def disturb(one, draws):
    """Change one holder, or put in what is equal, or nothing at all."""
    other = draws.one_of([lambda: FAMILIES["plain values"].make(draws), lambda: 1, lambda: 1.0, lambda: "a"])()
    if isinstance(one, list) and one:
        place = draws.below(len(one))
        one[place] = draws.one_of([other, copy.deepcopy(one[place]), one[place]])
    elif isinstance(one, list):
        one.append(other)
    elif isinstance(one, dict) and one:
        key = draws.one_of(list(one))
        one[key] = draws.one_of([other, copy.deepcopy(one[key]), one.pop(key)])
    elif isinstance(one, set):
        one.add(draws.below(3))
    elif isinstance(one, np.ndarray) and one.size and one.flags.writeable and one.dtype.names is None:
        flat = one.reshape(-1)
        one[(0,) * one.ndim] = flat[draws.below(flat.size)]
    elif isinstance(one, (pd.DataFrame, pd.Series)):
        one.attrs["k"] = draws.below(2)
    elif isinstance(one, Thing):
        setattr(one, draws.one_of("abc"), other)


@pytest.mark.parametrize("family", FAMILIES)
@given(seed=st.integers(0, 2**32))
@many
def test_what_a_witness_passes_the_fingerprint_passes(family, seed):
    draws = Draws(seed)
    value = Thing(
        x=FAMILIES[family].make(draws),
        y=[FAMILIES["objects"].make(draws)],
        z={"k": FAMILIES["plain values"].make(draws)},
    )
    found = Witness.of(value, Fingerprinter())
    if found is None:
        return
    before, reached = looked(value)
    disturb(draws.one_of(holders(value)), draws)
    if found.holds(value):
        assert looked(value)[0].same(before)
        assert {id(one) for one in holders(value)} <= reached | found.reached
