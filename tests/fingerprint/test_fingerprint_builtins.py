"""Python's own values: what is the same content, and what is not."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import io
import itertools
import math
import pathlib
import re
import struct
import types
import uuid
import weakref
import zlib
import zoneinfo

import pytest
from fingerprint_cases import elsewhere, full

from nbcairn.fingerprint import fingerprint
from nbcairn.model import Coverage


class Text(str):
    __slots__ = ()


class Many(list):
    pass


class Named(dict):
    pass


Point = collections.namedtuple("Point", "x y")


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


class Number(enum.IntEnum):
    ONE = 1


def cycle(n=1):
    value = [n]
    value.append(value)
    return value


def ordered(*moves):
    value = collections.OrderedDict(a=1, b=2, c=3)
    for key in moves:
        value.move_to_end(key)
    return value


DIFFERENT = {
    "true and one": (True, 1),
    "one and one point nought": (1, 1.0),
    "false, nought and none": (False, 0, None, 0.0, "", b"", (), [], {}, set(), 0j),
    "the two noughts": (0.0, -0.0),
    "nan, none and text": (math.nan, None, "nan", math.inf, -math.inf),
    "neighbouring floats": (1.0, math.nextafter(1.0, 2), 1.0 + 1e-15),
    "large integers": (2**64, 2**64 + 1, -(2**64), 2**640, 2**640 + 1),
    "small integers": tuple(range(-200, 200)),
    "text and bytes": ("a", b"a", bytearray(b"a")),
    "texts": ("a", "A", "a ", "ａ", "é", "e\u0301", "a\0", ""),
    "list and tuple": ([1, 2], (1, 2), [[1, 2]], [1, [2]], [[1], 2]),
    "where a list is cut": (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""]),
    "what is nested": ([[]], [[], []], [[[]]], [()], [{}], [None]),
    "order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "key and value": ({"a": "b"}, {"b": "a"}, ["a", "b"], {("a", "b"): None}),
    "keys of other types": ({1: 0}, {"1": 0}, {1.0: 0}, {True: 0}),
    "set and frozenset": ({1, 2}, frozenset({1, 2}), [1, 2]),
    "sets": ({1, 2}, {1, 3}, {1}, {1, 2, 3}),
    "one item of many": (list(range(1000)), [*range(999), 0], [*range(500), -500, *range(501, 1000)]),
    "one type of many": ([1.0] * 99, [1.0] * 98 + [1]),
    "one text of many": ([f"n{n}" for n in range(99)], [f"n{n}" for n in range(98)] + ["n"]),
    "ranges": (range(3), range(0, 3, 2), range(1, 3), [0, 1, 2]),
    "slices": (slice(1), slice(1, None), slice(None, 1, 1)),
    "complex": (1j, -1j, 1 + 0j, complex(-0.0, 1)),
    "ellipsis": (..., NotImplemented, None),
    "subclasses of builtins": ("a", Text("a")),
    "a list of one's own": ([1], Many([1]), Many([2])),
    "a dict of one's own": ({"a": 1}, Named(a=1), Named(a=2)),
    "tuples with names": ((1, 2), Point(1, 2), Point(2, 1)),
    "enums": (Colour.RED, Colour.GREEN, 1, "RED"),
    "enums of numbers": (Number.ONE, 1),
    "ordered dicts": (ordered(), ordered("a"), ordered("b"), {"a": 1, "b": 2, "c": 3}),
    "dicts with defaults": (
        collections.defaultdict(list), collections.defaultdict(int), collections.defaultdict(list, a=[]), {},
    ),
    "deques": (collections.deque([1]), collections.deque([1], 2), collections.deque([2]), [1]),
    "counters": (collections.Counter("aab"), collections.Counter("abb"), {"a": 2, "b": 1}),
    "arrays": (array.array("i", [1]), array.array("q", [1]), array.array("i", [2])),
    "days": (datetime.date(2020, 1, 1), datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 1)),
    "moments": (
        datetime.datetime(2020, 1, 1),
        datetime.datetime(2020, 1, 1, microsecond=1),
        datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        datetime.datetime(2020, 1, 1, fold=1),
    ),
    "times": (datetime.time(1), datetime.time(1, fold=1), datetime.timedelta(hours=1)),
    "decimals": (decimal.Decimal("1.0"), decimal.Decimal("1.00"), 1.0, decimal.Decimal("NaN")),
    "fractions": (fractions.Fraction(1, 2), fractions.Fraction(1, 3), 0.5),
    "long patterns": (re.compile("x" * 300 + "a"), re.compile("x" * 300 + "b"), re.compile("x" * 300 + "a", re.I)),
    "paths": (pathlib.Path("a"), pathlib.Path("b"), pathlib.PurePosixPath("a"), "a"),
    "identifiers": (uuid.UUID(int=1), uuid.UUID(int=2)),
    "views": ({1: 2}.keys(), {2: 2}.keys(), {1: 2}.values(), {1: 2}.items()),
    "proxies": (types.MappingProxyType({1: 2}), types.MappingProxyType({1: 3}), {1: 2}),
    "namespaces": (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2), types.SimpleNamespace(b=1)),
    "cycles": (cycle(), cycle(2), [1, [1]]),
    "memory files": (io.StringIO("a"), io.StringIO("b"), io.BytesIO(b"a")),
    "exceptions": (ValueError(1), ValueError(2), KeyError(1)),
    "partials": (functools.partial(int, base=2), functools.partial(int, base=3), functools.partial(float)),
    "dates in a list": (
        [datetime.date(2020, 1, 1)] * 5, [datetime.date(2020, 1, 2)] * 5, ["datetime.date(2020, 1, 1)"] * 5,
        [datetime.date(2020, 1, 1)] * 4 + ["datetime.date(2020, 1, 1)"],
        ["datetime.date(2020, 1, 1)"] + [datetime.date(2020, 1, 1)] * 4,
    ),
    "what is missing in a list": (["a", None], ["a", math.nan], ["a", "None"], ["a", "nan"]),
}  # fmt: skip


@pytest.mark.parametrize("values", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_these_differ(values):
    digests = [full(value) for value in values]
    assert len(set(digests)) == len(digests)


def test_all_of_them_differ_from_each_other():
    seen = {}
    for name, values in DIFFERENT.items():
        for value in values:
            seen.setdefault(full(value), []).append((name, type(value), value))
    repeated = [found for found in seen.values() if len({repr(value) for *_, value in found}) > 1]
    assert repeated == []


def big(text):
    """A string equal to this one, made anew: not interned, not shared."""
    return "".join(list(text))


SAME = {
    "interned or not": ("abc", big("abc")),
    "shared or not": ([big("ab")] * 3, [big("ab"), big("ab"), big("ab")]),
    "shared lists": ([[1]] * 2, [[1], [1]]),
    "a list shared many times": ([[1, 2]] * 300_000, [[1, 2] for _ in range(300_000)]),
    "sets, however they grew": (set(range(100)), {*range(99, -1, -1)}),
    "sets that were larger once": ({1, 2}, set(range(1000)) - set(range(3, 1000)) - {0}),
    "sets of texts": ({"a", "b", "c"}, {"c", "b", "a"}),
    "sets of sets": ({frozenset({1, 2}), frozenset({3})}, {frozenset({3}), frozenset({2, 1})}),
    "dicts that were larger once": ({"a": 1}, {k: v for k, v in {"b": 2, "a": 1}.items() if k == "a"}),
    "cycles": (cycle(), cycle()),
    "a nan is a nan": (math.nan, float("nan")),
    "a nan in a list": ([1.0, math.nan], [1.0, float("nan")]),
    "long integers": (10**30, 10**29 * 10),
    "weak references to equal things": tuple(weakref.ref(value) for value in (Many([1]), Many([1]))),
    "patterns": (re.compile("a+"), re.compile("a+")),
    "ranges": (range(0, 3), range(3)),
    "ordered dicts": (ordered("a"), collections.OrderedDict(b=2, c=3, a=1)),
    "what an lru_cache remembers": (functools.lru_cache(math.sqrt), functools.lru_cache(math.sqrt)),
    "zones": (zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo.no_cache("Europe/Berlin")),
}


@pytest.mark.parametrize("values", SAME.values(), ids=SAME.keys())
def test_these_are_the_same(values):
    assert len({full(value) for value in values}) == 1


def test_a_nan_counts_by_its_bits():
    other = struct.unpack("<d", b"\x01\0\0\0\0\0\xf8\x7f")[0]
    assert full(other) != full(math.nan)
    assert full([other]) != full([math.nan])


SOURCES = [
    "{'a', 'b', 'c', 'd'}",
    "{frozenset({'a', 'b'}), frozenset({'c'}), ('x', 'y')}",
    "{'k': {'a', 'b'}, 'l': [1, 2.5, None, True, 'é', b'x', 10**40]}",
    "frozenset(map(str, range(100)))",
    "{str: 1, int: 2}",
    "{complex(n, -n) for n in range(10)}",
    "[datetime.date(2020, 1, 1), None, decimal.Decimal('1.5')]",
    "collections.OrderedDict(a={'x', 'y'})",
    "{Ellipsis, None, 'a', 1.5}",
    "functools.partial(sorted, key=len)",
    "len",
    "[object()]",
]
SETUP = "import collections, datetime, decimal, functools"


def test_digests_are_the_same_in_every_process():
    first, second = elsewhere(SOURCES, SETUP, "1"), elsewhere(SOURCES, SETUP, "2")
    exec(SETUP)
    assert first == second == [full(eval(source)) for source in SOURCES]


OPAQUE = {
    "a hash in the making": lambda: hashlib.sha256(b"a"),
    "a compressor": lambda: zlib.compressobj(1),
    "a generator": lambda: (n for n in range(3)),
    "a map": lambda: map(str, [1]),
    "a zip": lambda: zip([1], [2], strict=True),
    "an iterator": itertools.count,
    "a lock": lambda: __import__("threading").Lock(),
    "an event": lambda: __import__("threading").Event(),
    "a file": lambda: open(__file__),  # noqa: SIM115
    "a connection": lambda: __import__("sqlite3").connect(":memory:"),
    "a socket": lambda: __import__("socket").socket(),
    "a list with a generator": lambda: [1, [2, (n for n in range(3))]],
    "a thousand levels": lambda: functools.reduce(lambda inner, _: [inner, object], range(1000), 0),
    "parts used in each other": lambda: functools.reduce(lambda inner, _: [inner, inner], range(60), 0),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("make", OPAQUE.values(), ids=OPAQUE.keys())
def test_what_cannot_be_read_is_opaque_with_a_reason_and_equals_nothing(make):
    value = make()
    first, second = fingerprint(value), fingerprint(value)
    assert first.coverage is Coverage.OPAQUE
    assert first.note
    assert first.digest != second.digest
    assert not first.same(first)


REASONS = {
    "read only once": lambda: {"a": "ab", "b": itertools.chain([1], [2])},
    "wait, and has no content": lambda: [__import__("threading").RLock()],
    "goes on beside the cells": lambda: __import__("threading").Thread(),
    "stopped half-way": lambda: __import__("sys")._getframe(),
    "can change there": lambda: __import__("io").FileIO(__file__),
    "does not let Python see what it holds": hashlib.sha256,
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("told", REASONS)
def test_the_reason_is_told_in_words_that_help(told):
    note = fingerprint(REASONS[told]()).note
    assert told in note
    assert note[0].isalpha()
    assert not note.endswith(".")


def test_handles_of_hdf5_are_opaque_since_their_content_can_change_in_the_file(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        data = file.create_dataset("x", data=[1, 2])
        for handle in (file, data, file.create_group("g"), data.attrs, file.id, {"held": [data]}):
            found = fingerprint(handle)
            assert found.coverage is Coverage.OPAQUE, handle
            assert "can change there" in found.note


def test_reading_uses_nothing_up():
    numbers = iter([1, 2, 3])
    fingerprint(numbers)
    assert list(numbers) == [1, 2, 3]
    stream = io.StringIO("abc")
    stream.read(1)
    full(stream)
    assert stream.read() == "bc"


def test_a_deeply_nested_plain_value_is_read():
    assert full(functools.reduce(lambda inner, _: [inner], range(150), 1)) != full(
        functools.reduce(lambda inner, _: [inner], range(150), 2)
    )


def test_a_match_is_what_was_found_and_where():
    found = re.search("b(c)", "abcbc")
    assert full(found) == full(re.compile("b(c)").search("abcbc"))
    others = [re.search("b(c)", "abcbd"), re.search("bc", "abcbc"), re.compile("b(c)").search("abcbc", 2)]
    assert len({full(found), *map(full, others)}) == 4


def test_a_proxy_is_what_it_stands_for_and_what_it_holds_itself():
    wrapt = pytest.importorskip("wrapt")

    class Noted(wrapt.ObjectProxy):
        def __init__(self, wrapped, note):
            super().__init__(wrapped)
            self._self_note = note

    np = pytest.importorskip("numpy")
    proxy = Noted(np.arange(3), ["a"])
    assert full(proxy) == full(Noted(np.arange(3), ["a"]))
    others = [Noted(np.arange(3), ["b"]), Noted(np.arange(4), ["a"]), Noted([0, 1, 2], ["a"]), np.arange(3)]
    assert len({full(proxy), *map(full, others)}) == 5
    before = full(proxy)
    proxy._self_note.append("b")
    assert full(proxy) != before
