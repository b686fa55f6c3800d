"""``nbcairn diff``."""


def test_the_last_two_versions_of_a_name(nbcairn, project):
    answer = nbcairn("diff clean")
    assert answer.code == 1
    assert "Different content." in answer.out
    assert "rows: 2 → 3" in answer.out
    assert "-clean = raw" in answer.out
    assert "+clean = raw + [3]" in answer.out


def test_two_records(nbcairn, project):
    same = nbcairn("diff raw@1 clean@1")
    assert same.code == 0
    assert "Equal content." in same.out
    runs = nbcairn(f"diff {project.first.id} {project.clean.id} --json").json
    assert runs["same"] is False
    assert [change["what"] for change in runs["content"]] == ["wrote clean"]
    assert runs["inputs"] == []


def test_json(nbcairn, project):
    found = nbcairn("diff clean --json").json
    assert found["same"] is False
    assert {"what": "rows", "left": "2", "right": "3"} in found["content"]
    assert found["left"]["run_id"] == project.first.id


def test_a_name_with_one_version_has_nothing_to_compare(nbcairn, project):
    answer = nbcairn("diff raw")
    assert answer.code == 2
    assert "there are not two to compare" in answer.err


def test_an_artifact_and_a_run_cannot_be_compared_by_content(nbcairn, project):
    answer = nbcairn(f"diff clean {project.load.id}")
    assert answer.code == 1
    assert "cannot be compared" in answer.out
