"""``nbcairn gc``: room is made, and nothing that is needed goes."""

import os
import time

import pytest
from cli_samples import KEPT, PNG

from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of


@pytest.fixture
def blobs(project):
    """The blobs of the project, an hour old, with an orphan and a forgotten draft among them."""
    with Trail.open(project.root / ".cairn") as trail:
        orphan = trail.blobs.path(trail.blobs.put(b"nobody names me"))
        draft = orphan.with_name("draft-xyz")
        draft.write_bytes(b"half")
        files = {"kept": trail.blobs.path(md5_of(KEPT)), "image": trail.blobs.path(md5_of(PNG)), "orphan": orphan}
    files["draft"] = draft
    for file in files.values():
        old(file)
    return files


def old(file, seconds=7200):
    os.utime(file, (time.time() - seconds,) * 2)


def left(blobs):
    return {name for name, file in blobs.items() if file.exists()}


def test_what_no_record_names_goes(nbcairn, project, blobs):
    answer = nbcairn("gc --json")
    assert answer.code == 0
    assert answer.json["removed"] == 2
    assert answer.json["left"] == 2
    assert left(blobs) == {"kept", "image"}


def test_a_dry_run_removes_nothing(nbcairn, project, blobs):
    assert "Would remove 2 blobs" in nbcairn("gc --dry-run").out
    assert left(blobs) == set(blobs)


def test_a_blob_that_was_just_written_may_still_get_its_record(nbcairn, project, blobs):
    os.utime(blobs["orphan"])
    nbcairn("gc")
    assert "orphan" in left(blobs)


def test_old_runs_give_up_all_but_the_newest_of_each_name(nbcairn, project, blobs):
    from nbcairn.testing import a_run, an_artifact

    with Trail.open(project.root / ".cairn") as trail:
        run = a_run("clean = 7", "c2", {}, {"clean": 7})
        trail.record(run, [an_artifact(run, "clean", value=7)])
    nbcairn("gc --older-than 0d")
    assert left(blobs) == {"image"}
    assert nbcairn("show clean@2").code == 0, "records stay"
    answer = nbcairn("restore clean@2")
    assert answer.code == 2
    assert "keeps no blob" in answer.err


def test_records_and_verdicts_stay(nbcairn, project, blobs):
    before = nbcairn("check analysis.ipynb --json").json
    nbcairn("gc --older-than 0d")
    assert nbcairn("check analysis.ipynb --json").json == before


@pytest.mark.parametrize("age", ["", "soon", "-1d", "5", "1h"])
def test_an_age_that_is_none_is_wrong_usage(nbcairn, project, age):
    answer = nbcairn(f"gc --older-than={age}")
    assert answer.code == 2
    assert "90d" in answer.err
