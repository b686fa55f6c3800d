"""Values as bytes in open formats: what comes back is the same content, or nothing is kept."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.errors import ConfigError
from nbcairn.fingerprint import fingerprint
from nbcairn.values import FORMATS, NotKept, Packed, pack, suffix_of, unpack

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2026-01-01", None])})

KEPT = [
    ("text", "ünïcode\n"),
    ("bytes", b"\x00\xff"),
    ("json", {"a": [1, 2.5, None, True, "x"], "b": {}}),
    ("json", 3),
    ("json", -0.0),
    ("npy", np.arange(6).reshape(2, 3)),
    ("npy", np.asfortranarray(np.ones((2, 3)))),
    ("npy", np.array(["2026-01-01"], dtype="datetime64[D]")),
    ("npy-scalar", np.float32(2.5)),
    ("parquet", FRAME),
    ("parquet", FRAME.set_index("a")),
    ("parquet", FRAME.iloc[:0]),
    ("parquet-series", pd.Series([1, 2], name="n", index=[5, 7])),
    ("parquet-series", pd.Series([1.5, None])),
    ("parquet-series", pd.Series(["a", "b"], dtype="category")),
    ("parquet-polars", pl.DataFrame({"a": [1, None], "b": ["x", "y"]})),
    ("parquet-arrow", pa.table({"a": [1, 2]})),
]

NOT_KEPT = [
    (object(), "no open format for a object"),
    ((1, 2), "no open format for a tuple"),
    ({1, 2}, "no open format for a set"),
    (lambda: 1, "no open format for a function"),
    ({1: "a"}, "would not give it back whole"),
    ([(1, 2)], "would not give it back whole"),
    (float("nan"), "cannot be written as json"),
    ([object()], "cannot be written as json"),
    ("\ud800", "cannot be written as text"),
    (np.array([object()], dtype=object), "cannot be written as npy"),
    (pd.DataFrame({"a": [object()]}), "cannot be written as parquet"),
    (pd.DataFrame([[1, 2]], columns=["a", "a"]), "parquet"),
]


@pytest.mark.parametrize(("name", "value"), KEPT, ids=[f"{name}-{n}" for n, (name, _) in enumerate(KEPT)])
def test_what_is_kept_comes_back_equal(name, value):
    packed = pack(value)
    assert isinstance(packed, Packed), packed
    assert packed.format == name
    again = unpack(packed.format, packed.content)
    assert type(again) is type(value)
    assert fingerprint(again).same(fingerprint(value))
    assert b"\x80\x04\x95" not in packed.content, "never a pickle"


@pytest.mark.parametrize(("value", "reason"), NOT_KEPT, ids=[str(n) for n in range(len(NOT_KEPT))])
def test_what_would_not_come_back_is_not_kept_and_says_why(value, reason):
    found = pack(value)
    assert isinstance(found, NotKept)
    assert reason in found.reason


def test_a_large_value_is_not_kept():
    for value in (np.zeros(1000), "x" * 10_000, pd.DataFrame({"a": range(1000)})):
        for most in (10, 1000):
            found = pack(value, most=most)
            assert isinstance(found, NotKept)
            assert "at most" in found.reason


def test_an_object_whose_code_raises_does_no_harm():
    class Frame(pd.DataFrame):
        def to_parquet(self, *_, **__):
            raise RuntimeError("no")

    assert isinstance(pack(Frame({"a": [1]})), NotKept)


def test_a_format_of_a_later_version_is_told():
    with pytest.raises(ConfigError, match="does not know"):
        unpack("zarr", b"")


def test_a_missing_library_is_named(monkeypatch):
    content = pack(np.arange(3)).content
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    with pytest.raises(ConfigError, match="pip install numpy"):
        unpack("npy", content)


def test_a_pickle_in_an_array_file_is_refused():
    import io

    stream = io.BytesIO()
    np.save(stream, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        unpack("npy", stream.getvalue())


def test_every_format_has_an_ending():
    assert all(suffix_of(name).startswith(".") for name in [*FORMATS, "unknown"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé\n\""),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_json_values_come_back_or_are_not_kept(value):
    packed = pack(value)
    if isinstance(packed, Packed):
        assert fingerprint(unpack(packed.format, packed.content)).same(fingerprint(value))
    else:
        assert packed.reason
