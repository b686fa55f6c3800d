"""Objects whose own code raises, prints, mutates or hangs: opaque with a reason, and their code does not run."""

from __future__ import annotations

import collections
import datetime
import decimal
import threading

import numpy as np
import pandas as pd
import pytest

from nbcairn.fingerprint import Fingerprinter, fingerprint
from nbcairn.model import Coverage, Fingerprint

RUN = []
"""What ran of the objects' own code."""


def noted(name):
    def run(self, *args, **more):
        RUN.append(name)
        raise RuntimeError(f"{name} ran")

    return run


HOOKS = (
    "__eq__", "__ne__", "__hash__", "__bool__", "__len__", "__iter__", "__contains__", "__getitem__", "__getattr__",
    "__getattribute__", "__setattr__", "__repr__", "__str__", "__format__", "__int__", "__float__", "__index__",
    "__bytes__", "__array__", "__array_interface__", "__array_struct__", "__arrow_array__", "__dataframe__", "__reduce__",
    "__reduce_ex__", "__getstate__", "__getnewargs__", "__getnewargs_ex__", "__dir__", "__sizeof__", "__instancecheck__",
    "__copy__", "__deepcopy__", "__call__", "__del__", "__lt__", "__fspath__", "__buffer__", "keys", "items", "values",
)  # fmt: skip


def hostile(base=object, *, without=()):
    body = {name: noted(name) for name in HOOKS if name not in without}
    body |= {name: property(noted(name)) for name in ("__class__", "shape", "dtype", "columns", "_mgr", "data")}
    return type("Hostile", (base,), body)


def made(base, *args):
    kind = hostile(base, without=("__del__",))
    value = base.__new__(kind, *args)
    if base in {list, dict, set, collections.deque}:
        base.__init__(value, *args)
    return value


OWN_CODE = {
    "an object": lambda: object.__new__(hostile(without=("__del__",))),
    "an int": lambda: made(int, 5),
    "a float": lambda: made(float, 5.0),
    "a text": lambda: made(str, "a"),
    "bytes": lambda: made(bytes, b"a"),
    "a tuple": lambda: made(tuple, (1, 2)),
    "a list": lambda: made(list, [1, 2]),
    "a set": lambda: made(set, {1, 2}),
    "a dict": lambda: made(dict, {"a": 1}),
    "an exception": lambda: made(ValueError, 1),
}


@pytest.fixture(autouse=True)
def _nothing_ran_yet():
    RUN.clear()
    yield
    RUN.clear()


@pytest.mark.parametrize("make", OWN_CODE.values(), ids=OWN_CODE.keys())
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x, x, 1], lambda x: {"a": [x]}], ids=["bare", "list", "dict"])
def test_own_code_does_not_run(make, wrap):
    found = fingerprint(wrap(make()))
    assert RUN == []
    assert isinstance(found, Fingerprint)


@pytest.mark.parametrize("name", ["an object", "an int", "a text", "a tuple", "a list", "a set", "a dict"])
def test_content_is_read_all_the_same(name):
    make = OWN_CODE[name]
    assert fingerprint(make()).coverage is Coverage.FULL
    assert fingerprint(make()) == fingerprint(make())


def test_a_dictionary_that_is_a_property_is_not_asked_for():
    class Hidden:
        __dict__ = property(noted("__dict__"))

    assert fingerprint(Hidden()).coverage is Coverage.OPAQUE
    assert RUN == []


def test_a_key_of_ones_own_type_is_not_hashed_or_compared():
    kind = hostile(without=("__del__", "__hash__", "__eq__"))
    kind.__hash__ = lambda self: 1
    key = object.__new__(kind)
    values = {key: 1}
    mapping = collections.defaultdict(int, {key: 1})
    kind.__hash__ = noted("__hash__")
    kind.__eq__ = noted("__eq__")
    for value in (values, mapping, values.keys(), values.items(), [values]):
        fingerprint(value)
    assert RUN == []


def test_ones_own_way_of_pickling_is_not_run():
    for base, args in ((datetime.date, (2020, 1, 1)), (decimal.Decimal, ("1.5",)), (threading.local, ())):
        kind = type("Own", (base,), {name: noted(name) for name in ("__reduce__", "__reduce_ex__", "__getstate__")})
        found = fingerprint(kind(*args))
        assert RUN == []
        assert found.coverage is Coverage.OPAQUE, base
        assert found.note


def test_a_metaclass_that_raises_is_survived():
    class Meta(type):
        def __getattribute__(cls, name):
            raise RuntimeError(name)

        def __hash__(cls):
            raise RuntimeError("hash")

        def __eq__(cls, other):
            raise RuntimeError("eq")

        def mro(cls):
            return type.mro(cls)

    value = object.__new__(type.__new__(Meta, "Odd", (), {}))
    for wrapped in (value, [value], {"a": value}, (1, [value, value])):
        found = fingerprint(wrapped)
        assert found.coverage is Coverage.OPAQUE
        assert found.note


def test_base_exceptions_of_others_are_survived_and_an_interrupt_is_not_swallowed():
    class Frame(pd.DataFrame):
        @property
        def attrs(self):
            raise self._error

    for error in (SystemExit(1), GeneratorExit(), RuntimeError("x"), RecursionError(), MemoryError()):
        Frame._error = error
        assert fingerprint(Frame({"a": [1]})).coverage is Coverage.OPAQUE
    Frame._error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        fingerprint(Frame({"a": [1]}))


class Node:
    def __init__(self, *others):
        self.others = list(others)


def ladder(steps):
    node = Node()
    for _ in range(steps):
        node = Node(node, node)
    return node


def ring(size):
    nodes = [Node() for _ in range(size)]
    for number, node in enumerate(nodes):
        node.others = [nodes[(number * 7 + step) % size] for step in (1, 2, 3)]
    return nodes


def test_parts_met_again_are_walked_once():
    assert fingerprint(ladder(60)).coverage is Coverage.FULL
    assert fingerprint(ladder(60)) == fingerprint(ladder(60)) != fingerprint(ladder(61))
    assert fingerprint(ring(40)).coverage is Coverage.FULL
    assert fingerprint(ring(40)) == fingerprint(ring(40)) != fingerprint(ring(41))


def test_one_object_twice_or_two_equal_ones_are_the_same_content():
    one, other = Node(1), Node(1)
    assert fingerprint([one, one]) == fingerprint([one, other])
    assert fingerprint(Node(one, one)) == fingerprint(Node(one, other))
    assert fingerprint({"a": one, "b": [one]}) == fingerprint({"a": one, "b": [other]})


def looped(*values):
    node = Node(*values)
    node.others.append(node)
    return node


def test_cycles_are_told_apart():
    mutual = Node("a"), Node("b")
    mutual[0].others.append(mutual[1])
    mutual[1].others.append(mutual[0])
    values = [looped(), looped(1), looped(looped()), looped(1, looped(1)), *mutual, [looped(), looped()], Node(Node())]
    digests = [fingerprint(value) for value in values]
    assert all(found.coverage is Coverage.FULL for found in digests)
    assert len({found.digest for found in digests}) == len(values)
    assert fingerprint(looped(1)) == fingerprint(looped(1))


def test_too_much_is_opaque_and_says_so():
    from nbcairn.fingerprint import walk

    before = walk.MAX_WORK
    walk.MAX_WORK = 10_000
    try:
        found = fingerprint([{n: Node(n)} for n in range(20_000)])
    finally:
        walk.MAX_WORK = before
    assert found.coverage is Coverage.OPAQUE
    assert found.note == "it holds more objects than can be looked at after each cell"


def test_a_value_that_changes_while_it_is_read_does_no_harm():
    values, stop = {n: [object()] for n in range(2000)}, threading.Event()

    def change():
        number = 0
        while not stop.is_set():
            values[f"new{number % 500}"] = [object()]
            values.pop(f"new{(number + 250) % 500}", None)
            number += 1

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(20):
            assert isinstance(fingerprint(values), Fingerprint)
    finally:
        stop.set()
        thread.join()


def test_looking_changes_nothing_of_the_object():
    class Lazy:
        def __init__(self):
            self.made = []

        def __getattr__(self, name):
            self.made.append(name)
            return name

    value = Lazy()
    fingerprint(value)
    assert value.made == []
    frame = pd.DataFrame({"a": [1, 2]})
    before = dict(vars(frame))
    fingerprint(frame)
    assert vars(frame).keys() == before.keys()
    array = np.arange(3)
    assert Fingerprinter().look(array)[0] == Fingerprinter().look(array)[0]
