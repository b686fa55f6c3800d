"""The result of a real run in the trail, and what a check tells of it."""

from __future__ import annotations

from dataclasses import replace

import jsonschema

from nbcairn.document import document_key
from nbcairn.lineage.check import check
from nbcairn.lineage.narrate import told_check
from nbcairn.model import Verified, new_id
from nbcairn.server.description import api
from nbcairn.testing import a_document, a_run, a_session, memory_trail, temp_trail
from nbcairn.wire import check_json

DOCUMENT = a_document("x = 1", "x + 1")


def verified(document=DOCUMENT, *, same=1, different=0, nothing=0, made="2026-11-24T10:24:55.000000Z"):
    summary = {"same": same, "different": different, "not-run": 0, "nothing-to-compare": nothing}
    return Verified(
        new_id(), "analysis.ipynb", made, document_key(document), {"same": not different, "summary": summary}
    )


def test_results_are_kept_newest_first_and_by_notebook():
    with memory_trail() as trail:
        first, second = verified(), verified(different=1)
        for result in (first, second):
            trail.verified(result)
        assert trail.verifications("analysis.ipynb") == [second, first]
        assert trail.verifications("analysis.ipynb", limit=1) == [second]
        assert trail.verifications("other.ipynb") == []
        assert (first.same, second.same) == (True, False)


def test_a_result_comes_along_when_trails_are_merged(tmp_path):
    with temp_trail(tmp_path / "a") as mine, temp_trail(tmp_path / "b") as theirs:
        result = verified()
        theirs.verified(result)
        for _ in range(2):
            mine.merge(theirs)
        assert mine.verifications() == [result]


def test_a_check_tells_the_last_real_run():
    with memory_trail() as trail:
        trail.begin(a_session())
        trail.record(a_run("x = 1", "c1", writes={"x": 1}))
        assert check(DOCUMENT, trail).verified is None
        trail.verified(verified(same=26, different=1, nothing=2))
        found = check(DOCUMENT, trail)
    assert "Verified by a real run on 2026-11-24 10:24 UTC: 26 of 27 cells were the same." in told_check(
        found, DOCUMENT
    )
    shapes = api()["$defs"]
    jsonschema.Draft202012Validator({"$ref": "#/$defs/Check", "$defs": shapes}).validate(check_json(found))
    assert check_json(found)["verified"]["counts"]["same"] == 26


def test_an_edit_since_is_told():
    with memory_trail() as trail:
        trail.verified(verified())
        assert "edited since" not in told_check(check(DOCUMENT, trail), DOCUMENT)
        for edited in (a_document("x = 2", "x + 1"), a_document("x + 1", "x = 1"), a_document("x = 1")):
            assert "; the notebook was edited since." in told_check(check(edited, trail), edited)


def test_a_result_follows_a_notebook_that_was_renamed():
    renamed = replace(DOCUMENT, path="final.ipynb")
    edited = replace(a_document("x = 2", "x + 1"), path="final.ipynb")
    with memory_trail() as trail:
        trail.begin(a_session(kernel_id="k1"))
        trail.verified(verified())
        assert check(edited, trail).verified is None
        assert check(renamed, trail).verified is not None  # its cells are those that were run
        trail.follow("k1", "final.ipynb")
        assert check(edited, trail).verified.edited
        assert not check(renamed, trail).verified.edited
        assert [len(trail.verifications(name)) for name in ("analysis.ipynb", "final.ipynb")] == [0, 1]


def test_the_key_of_a_document_depends_on_where_its_cells_begin():
    assert document_key(a_document("ab", "c")) != document_key(a_document("a", "bc"))


def test_a_damaged_result_is_no_trouble_for_a_check():
    with memory_trail() as trail:
        key = document_key(DOCUMENT)
        trail.verified(Verified(new_id(), "analysis.ipynb", "soon", key, {"summary": ["no", "object"]}))
        assert check(DOCUMENT, trail).verified.counts == {}
        trail.verified(Verified(new_id(), "analysis.ipynb", "soon", key, {"summary": {"same": "many"}}))
        assert check(DOCUMENT, trail).verified.counts == {}
