"""Rows of what a trail keeps: whole where the value was kept, else the first ones, and never by running anything."""

import io
import json

import pytest

from nbcairn.model import ArtifactKind
from nbcairn.server.changes import compare_rows
from nbcairn.server.tables import table_of
from nbcairn.store.blobs.base import md5_of
from nbcairn.testing import a_run, an_artifact, memory_trail
from nbcairn.values import Packed, kept, pack

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")


@pytest.fixture
def trail():
    with memory_trail() as opened:
        yield opened


def kept_as(trail, packed, **detail):
    if isinstance(packed, Packed):
        trail.blobs.put(packed.content)
    return table_of(
        trail, an_artifact(a_run("x", "c1"), "x", ArtifactKind.DATA, detail={"kept": kept(packed), **detail})
    )


def table(trail, value):
    packed = pack(value)
    assert isinstance(packed, Packed), packed
    return kept_as(trail, packed)


def preview(trail, *rows, **detail):
    columns = [{"name": f"c{n}", "dtype": "int64"} for n in range(len(rows[0]))]
    detail = {"preview": [list(map(str, row)) for row in rows], "columns": columns, **detail}
    return table_of(trail, an_artifact(a_run("x", "c1"), "x", ArtifactKind.DATA, detail=detail))


FRAME = pd.DataFrame({"mass": [1.5, None, 0.1 + 0.2], "sex": ["f", "m", None]})


@pytest.mark.parametrize(
    ("value", "labels", "rows"),
    [
        (FRAME, ("0", "1", "2"), (("1.5", "f"), ("", "m"), ("0.3", ""))),
        (FRAME.set_index("sex").iloc[:2], ("f", "m"), (("1.5",), ("",))),
        (FRAME.iloc[::2], ("0", "2"), (("1.5", "f"), ("0.3", ""))),
        (FRAME["mass"], ("0", "1", "2"), (("1.5",), ("",), ("0.3",))),
        (np.arange(4).reshape(2, 2), ("0", "1"), (("0", "1"), ("2", "3"))),
        (np.asfortranarray(np.arange(4).reshape(2, 2)), ("0", "1"), (("0", "1"), ("2", "3"))),
        (np.array([True, False]), ("0", "1"), (("True",), ("False",))),
    ],
    ids=["counted index", "named index", "every second row", "series", "matrix", "columns first", "array"],
)
def test_every_row_of_a_kept_value(trail, value, labels, rows):
    found = table(trail, value)
    assert found.read(0, 10, False) == (labels, rows)
    assert (found.whole, found.total, found.available) == (True, len(rows), len(rows))


def test_numbers_are_exact_where_they_are_compared(trail):
    assert table(trail, FRAME).read(2, 1, True)[1] == (("0.30000000000000004", ""),)


@pytest.mark.parametrize(("offset", "limit"), [(0, 3), (4095, 3), (9_998, 10), (20_000, 5), (5, 0)])
def test_a_window_of_many_row_groups(trail, offset, limit):
    stream = io.BytesIO()
    pd.DataFrame({"n": range(10_000)}).to_parquet(stream, row_group_size=1000)
    found = kept_as(trail, Packed("parquet", stream.getvalue()))
    wanted = [str(n) for n in range(10_000)[offset : offset + limit]]
    labels, rows = found.read(offset, limit, False)
    assert list(labels) == wanted == [row[0] for row in rows]


def test_without_a_kept_value_the_first_rows_are_shown_and_it_says_so(trail):
    found = preview(trail, (1, 2), (3, 4), rows=50)
    assert found.read(1, 5, False)[1] == (("3", "4"),)
    assert (found.whole, found.total, found.available) == (False, 50, 2)
    assert "not kept" in found.why


def pickled_array():
    stream = io.BytesIO()
    np.save(stream, np.array([{"a": 1}], object), allow_pickle=True)
    return stream.getvalue()


def lying_array():
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<i8", "fortran_order": False, "shape": (1 << 50,)})
    return stream.getvalue() + b"\0" * 64


@pytest.mark.parametrize(
    ("format_name", "content"),
    [
        ("parquet", b"PAR1 nonsense PAR1"),
        ("parquet", b""),
        ("npy", b"nonsense"),
        ("npy", pickled_array()),
        ("npy", lying_array()),
        ("pickle", b"cos\nsystem\n(S'false'\ntR."),
        ("text", b"a,b"),
    ],
    ids=["no parquet", "nothing", "no npy", "a pickle in npy", "a lie about its size", "a pickle", "text"],
)
def test_what_cannot_be_read_as_data_is_shown_by_its_preview(trail, format_name, content):
    found = kept_as(trail, Packed(format_name, content), preview=[["1"]], columns=[{"name": "a"}], rows=9)
    assert found.read(0, 5, False) == ((), (("1",),))
    assert not found.whole


def test_a_blob_that_is_gone(trail):
    value = {"blob": md5_of(b"gone"), "format": "parquet"}
    made = an_artifact(a_run("x", "c1"), "x", ArtifactKind.DATA, detail={"kept": value, "preview": [["1"]]})
    found = table_of(trail, made)
    assert "cannot be read" in found.why
    assert found.available == 1


@pytest.mark.parametrize("detail", [{}, {"preview": []}, {"preview": "x"}, {"preview": 5, "value": "x"}])
def test_what_has_no_rows(trail, detail):
    assert table_of(trail, an_artifact(a_run("x", "c1"), "x", ArtifactKind.DATA, detail=detail)) is None


@pytest.mark.parametrize("odd", [[["a"], "b", ["c", "d"]], [[None, {"x": 1}]], [[["deep"]]]])
def test_odd_previews_are_text(trail, odd):
    made = an_artifact(a_run("x", "c1"), "x", ArtifactKind.DATA, detail={"preview": odd, "columns": 5, "index": {}})
    _, rows = table_of(trail, made).read(0, 10, False)
    assert len({len(row) for row in rows}) == 1
    json.dumps(rows)


# --------------------------------------------------------------------------- what changed

PEOPLE = pd.DataFrame({"person_id": [7, 8, 9], "name": ["ada", "bob", "eve"], "mass": [60.0, 80.0, 70.0]})


def edited(frame, row, column, value):
    changed = frame.copy()
    changed.loc[row, column] = value
    return changed


def test_rows_are_matched_by_a_key_wherever_they_stand(trail):
    after = edited(PEOPLE, 1, "mass", 81.0).iloc[::-1].reset_index(drop=True)
    found = compare_rows(table(trail, PEOPLE), table(trail, after))
    assert (found.matched, found.key) == ("column", ("person_id",))
    assert (found.same, found.changed, found.added, found.removed) == (2, 1, 0, 0)
    assert found.changes[0].key == ("8",)
    assert found.changes[0].cells == (("mass", "80.0", "81.0"),)


def test_rows_that_came_and_went(trail):
    after = pd.concat([PEOPLE.iloc[:2], pd.DataFrame({"person_id": [10], "name": ["kim"], "mass": [1.0]})])
    found = compare_rows(table(trail, PEOPLE), table(trail, after.reset_index(drop=True)))
    assert (found.added, found.removed) == (1, 1)
    assert [(change.kind, change.key) for change in found.changes] == [("added", ("10",)), ("removed", ("9",))]


def test_the_smallest_difference_of_a_number_counts(trail):
    after = edited(PEOPLE, 0, "mass", 60.00000000000001)
    assert compare_rows(table(trail, PEOPLE), table(trail, after)).changed == 1


def test_an_index_with_a_meaning_is_the_key(trail):
    before, after = PEOPLE.set_index("name"), edited(PEOPLE, 2, "mass", 0.0).set_index("name")
    found = compare_rows(table(trail, before), table(trail, after))
    assert (found.matched, found.changes[0].key) == ("index", ("eve",))


def test_one_may_choose_among_the_keys(trail):
    after = edited(PEOPLE, 0, "person_id", 1)
    found = compare_rows(table(trail, PEOPLE), table(trail, after), ("name",))
    assert found.keys == (("person_id",), ("name",), ())
    assert (found.key, found.changed) == (("name",), 1)


def test_two_columns_can_be_a_key_together(trail):
    frame = pd.DataFrame({"year": [1, 1, 2, 2], "sex": ["f", "m"] * 2, "n": [5.0, 6.0, 7.0, 7.0]}, index=[0, 0, 1, 1])
    found = compare_rows(table(trail, frame), table(trail, frame.assign(n=[5.0, 6.0, 7.0, 8.0])))
    assert (found.key, found.changed) == (("year", "sex"), 1)


def test_without_a_key_nothing_is_claimed(trail):
    frame = pd.DataFrame({"n": [1.0, 1.0]}, index=["a", "a"])
    found = compare_rows(table(trail, frame), table(trail, frame * 2))
    assert (found.matched, found.added, found.removed, found.changes) == ("nothing", None, None, ())


def test_of_first_rows_only_what_both_show_is_compared(trail):
    before = preview(trail, (1, 5), (2, 6), rows=100)
    after = preview(trail, (2, 7), (3, 8), rows=100)
    found = compare_rows(before, after)
    assert (found.compared, found.changed, found.added, found.removed) == ((2, 2), 1, None, None)


def test_what_is_missing_is_the_same_in_a_preview_and_in_a_value(trail):
    frame = pd.DataFrame({"c0": [1, 2], "c1": [None, 2.0]})
    found = compare_rows(preview(trail, (1, "nan"), (2, 2), rows=2), table(trail, frame))
    assert (found.same, found.changed) == (2, 0)
