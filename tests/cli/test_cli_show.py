"""``nbcairn show``."""

import pytest


def test_the_versions_of_a_name_with_the_run_of_the_newest(nbcairn, project):
    answer = nbcairn("show clean")
    assert answer.code == 0
    assert answer.out.count("bound") >= 2
    assert "clean = raw + [3]" in answer.out
    assert nbcairn("show clean --json").json[0]["run_id"] == project.clean.id


def test_one_version(nbcairn, project):
    answer = nbcairn("show clean@1")
    assert "clean = raw\n" in answer.out
    assert nbcairn("show clean@1 --json").json["run_id"] == project.first.id


def test_an_artifact_that_is_no_variable(nbcairn, project):
    answer = nbcairn("show Mass")
    assert "figure Mass" in answer.out
    assert "plot(clean)" in answer.out


def test_a_run_by_its_id_or_the_beginning_of_it(nbcairn, project):
    for word in (project.load.id, project.load.id[:26]):
        assert nbcairn(f"show {word} --json").json["source"] == "raw = read()"


@pytest.mark.parametrize("word", ["nothing", "clean@9", "clean@0", "@1", "0123", "ffffffffffff"])
def test_what_is_not_there_is_said_with_what_lists_it(nbcairn, project, word):
    answer = nbcairn(f"show {word}")
    assert answer.code == 2
    assert "nbcairn" in answer.err
    assert answer.out == ""


def test_the_beginning_of_several_ids_is_not_guessed(nbcairn, project):
    answer = nbcairn(f"show {project.first.id[:6]}")
    assert answer.code == 2
    assert "Several runs" in answer.err
