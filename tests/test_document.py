"""Reading notebooks as they are found on disk: whole, old, broken; the bytes stay as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbcairn.document import document_path, read_document
from nbcairn.errors import NotebookInvalid, NotebookNotFound


def code(source, **more):
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        **more,
    }


def notebook(*cells, **more):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


@pytest.fixture
def write(tmp_path):
    """Write a notebook, and check in the end that nobody changed its bytes."""
    written = {}

    def write_(content, name="a.ipynb"):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (tmp_path / name).write_bytes(raw)
        written[tmp_path / name] = raw
        return tmp_path / name

    yield write_
    for path, raw in written.items():
        assert path.read_bytes() == raw


def test_cells_are_read_in_order_with_ids_kinds_and_tags(write):
    path = write(
        notebook(
            {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["# Hi\n", "there"]},
            code(["x = 1\n", "y = 2"], id="a", metadata={"tags": ["slow"]}),
            code("x", id="b", execution_count=3),
            code("y", id="c", outputs=[{"output_type": "stream"}]),
        )
    )
    document = read_document(path, path.parent)
    assert document.path == "a.ipynb"
    assert [(c.id, c.index, c.kind, c.executed) for c in document.cells] == [
        ("m", 0, "markdown", False),
        ("a", 1, "code", False),
        ("b", 2, "code", True),
        ("c", 3, "code", True),
    ]
    assert document.cells[0].source == "# Hi\nthere"
    assert document.code[0].source == "x = 1\ny = 2"
    assert document.code[0].tags == ("slow",)


def test_a_missing_notebook_is_not_found(tmp_path):
    with pytest.raises(NotebookNotFound) as caught:
        read_document(tmp_path / "gone.ipynb")
    assert isinstance(caught.value, FileNotFoundError)
    assert caught.value.remedy


BROKEN = {
    "half written": b'{"cells": [',
    "merge conflict": b'{"cells": [\n<<<<<<< HEAD\n]}',
    "empty": b"",
    "not UTF-8": '{"cells": [], "x": "é"}'.encode("latin-1"),
    "a list": b"[]",
    "a number": b"3",
    "no cells": b'{"nbformat": 4}',
    "cells that are no list": b'{"cells": {"a": 1}}',
    "a cell that is no object": b'{"cells": ["x = 1"]}',
    "worksheets that are no notebook": b'{"worksheets": 5, "nbformat": 3}',
    "nested without end": b"[" * 200_000,
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_notebook_is_invalid_with_a_remedy(write, raw):
    with pytest.raises(NotebookInvalid) as caught:
        read_document(write(raw))
    assert isinstance(caught.value, ValueError)
    assert caught.value.remedy
    assert "a.ipynb" in caught.value.fact


def test_a_folder_is_no_notebook(tmp_path):
    with pytest.raises(NotebookInvalid, match="folder"):
        read_document(tmp_path)


def test_a_byte_order_mark_does_no_harm(write):
    document = read_document(write(b"\xef\xbb\xbf" + json.dumps(notebook(code("x = 1", id="a"))).encode()))
    assert document.code[0].source == "x = 1"


def test_an_old_notebook_is_upgraded_in_memory_with_the_same_ids_each_time(write):
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": ["T"], "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["x = 1"],
                        "language": "python",
                        "outputs": [],
                        "collapsed": False,
                    },
                ],
                "metadata": {},
            }
        ],
    }
    first, second = read_document(write(old)), read_document(write(old))
    assert first == second
    assert [c.source for c in first.cells] == ["# T", "x = 1"]
    assert all(c.id.startswith("anon-") for c in first.cells)


def test_cells_without_ids_keep_theirs_when_others_are_added_above(write):
    before = read_document(write(notebook(code("x = 1"), code("x"), code("x")), "before.ipynb"))
    after = read_document(write(notebook(code("z = 0"), code("x = 1"), code("x"), code("x")), "after.ipynb"))
    assert [c.id for c in before.code] == [c.id for c in after.code[1:]]
    assert len({c.id for c in after.code}) == 4


def test_a_duplicate_id_belongs_to_the_first_cell_only(write):
    cells = read_document(write(notebook(code("a", id="same"), code("b", id="same"), code("c", id="same")))).code
    assert cells[0].id == "same"
    assert len({c.id for c in cells}) == 3


def test_a_notebook_without_code_has_no_code(write):
    document = read_document(write(notebook({"cell_type": "markdown", "source": "hi", "metadata": {}})))
    assert document.code == ()
    assert read_document(write(notebook(), "empty.ipynb")).cells == ()


def test_a_huge_notebook_is_read(write):
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 5_000}
    cells = [code(f"x = {n}", id=f"c{n}", outputs=[output]) for n in range(2_000)]
    assert len(read_document(write(notebook(*cells))).code) == 2_000


def test_a_source_with_a_lone_surrogate_is_read(write):
    raw = json.dumps(notebook(code("SOURCE"))).replace("SOURCE", r"s = '\ud800'").encode()
    assert read_document(write(raw)).code[0].source == "s = '\ud800'"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("p/a.ipynb", "a.ipynb"), ("p/sub/a.ipynb", "sub/a.ipynb"), ("p/sub/../a.ipynb", "a.ipynb")],
)
def test_paths_are_relative_to_the_project(tmp_path: Path, path, expected):
    (tmp_path / "p" / "sub").mkdir(parents=True)
    assert document_path(tmp_path / path, tmp_path / "p") == expected


def test_a_path_outside_of_the_project_is_absolute(tmp_path):
    outside = tmp_path / "elsewhere" / "a.ipynb"
    assert document_path(outside, tmp_path / "p") == outside.resolve().as_posix()
