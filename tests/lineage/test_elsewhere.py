"""Somebody has this already: the same content in another person's session, whatever its name."""

from dataclasses import replace

import pytest

from nbcairn.lineage.elsewhere import known_elsewhere, newest_known, told_known
from nbcairn.model import AccessMode, ArtifactKind, FileAccess, Fingerprint, Write
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail

MD5 = "0123456789abcdef0123456789abcdef"


def held(name, digest, type_name="DataFrame"):
    return Write(name, Fingerprint(digest * 32), type_name=type_name)


def a_file(path, mode=AccessMode.READ, md5=MD5):
    return FileAccess(path, mode, md5, 10)


def person(user, session_id, notebook="theirs.ipynb", host="far"):
    return replace(a_session(session_id, notebook), user=user, host=host)


@pytest.fixture
def trail(tmp_path):
    """A trail of ada's session ``a`` (``theirs.ipynb``) and of bob's ``b`` (``mine.ipynb``)."""
    with memory_trail(tmp_path) as trail:
        trail.begin(person("ada", "a"))
        trail.begin(person("bob", "b", "mine.ipynb", host="here"))
        yield trail


def ada(trail, source="x = 1", cell_id="c1", session_id="a", notebook="theirs.ipynb", artifacts=(), **more):
    run = a_run(source, cell_id, session_id=session_id, notebook=notebook, **more)
    trail.record(run, [an_artifact(run, *told) for told in artifacts])
    return run


def bob(trail, *args, **more):
    return ada(trail, *args, **{"session_id": "b", "notebook": "mine.ipynb"} | more)


def known(trail, run):
    return [
        (one.name, one.session.user, one.holder.name, one.read, one.holder.reading)
        for one in known_elsewhere(trail, [run])
    ]


CASES = {
    "a table under another name": (
        {"writes": {"df": held("df", "a")}},
        {"writes": {"mine": held("mine", "a")}},
        [("mine", "ada", "df", False, False)],
    ),
    "another content": ({"writes": {"df": held("df", "a")}}, {"writes": {"df": held("df", "b")}}, []),
    "both read one file": (
        {"files": [a_file("raw.csv")]},
        {"files": [a_file("data/raw.csv")]},
        [("data/raw.csv", "ada", "raw.csv", True, True)],
    ),
    "what was made there is read here": (
        {"files": [a_file("clean.csv", AccessMode.WRITE)]},
        {"files": [a_file("clean.csv")]},
        [("clean.csv", "ada", "clean.csv", True, False)],
    ),
    "a file that could not be read": (
        {"files": [a_file("x", md5=None)]}, {"files": [a_file("x", md5=None)]}, [],
    ),
    "everyone has the number 42": (
        {"writes": {"n": held("n", "a", "int")}}, {"writes": {"n": held("n", "a", "int")}}, [],
    ),
    "random state is no content": (
        {"writes": {"<rng:numpy>": held("<rng:numpy>", "a", "")}}, {"writes": {"<rng:numpy>": held("<rng:numpy>", "a", "")}}, [],
    ),
    "a figure": (
        {"artifacts": [("Mass", ArtifactKind.FIGURE, 7)]},
        {"artifacts": [("Weight", ArtifactKind.FIGURE, 7)]},
        [("Weight", "ada", "Mass", False, False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "mine", "expected"), CASES.values(), ids=CASES)
def test_what_is_known(trail, theirs, mine, expected):
    ada(trail, **theirs)
    assert known(trail, bob(trail, **mine)) == expected


def test_the_one_who_made_it_before_the_one_who_read_it(trail):
    trail.begin(person("ada", "a2"))
    ada(trail, files=[a_file("clean.csv")], session_id="a2")
    made = ada(trail, files=[a_file("clean.csv", AccessMode.WRITE)])
    (one,) = known_elsewhere(trail, [bob(trail, files=[a_file("clean.csv")])])
    assert one.holder.run_id == made.id
    assert one.times == 2
    when = made.started[:16].replace("T", " ")
    assert told_known(one) == f"clean.csv: ada has had it since {when} UTC, in theirs.ipynb on far."


def test_ones_own_session_and_notebook_are_no_news(trail):
    trail.begin(person("bob", "b2", "mine.ipynb", host="a new container"))
    bob(trail, writes={"df": held("df", "a")}, session_id="b2")
    bob(trail, writes={"df": held("df", "a")})
    assert known_elsewhere(trail, [bob(trail, writes={"df": held("df", "a")})]) == ()


def test_ones_own_other_notebook_comes_after_other_people(trail):
    trail.begin(person("bob", "b2", "old.ipynb", host="here"))
    bob(trail, writes={"df": held("df", "a")}, session_id="b2", notebook="old.ipynb")
    ada(trail, writes={"df": held("df", "a")})
    found = known_elsewhere(trail, [bob(trail, writes={"df": held("df", "a")})])
    assert [(one.own, one.session.user) for one in found] == [(False, "ada"), (True, "bob")]
    assert told_known(found[1]).startswith("df: you have had it since ")


def test_the_artifact_there_is_named(trail):
    run = a_run("df = 1", session_id="a", notebook="theirs.ipynb", writes={"df": held("df", "a")})
    artifact = replace(an_artifact(run, "df", ArtifactKind.DATA, 1), fingerprint=Fingerprint("a" * 32))
    trail.record(run, [artifact])
    (one,) = known_elsewhere(trail, [bob(trail, writes={"df": held("df", "a")})])
    assert one.holder.artifact_id == artifact.id


def test_only_the_newest_run_of_each_cell_counts(trail):
    ada(trail, writes={"df": held("df", "a")})
    bob(trail, cell_id="c1", writes={"df": held("df", "a")})
    assert len(newest_known(trail, "mine.ipynb")) == 1
    bob(trail, cell_id="c1", writes={"df": held("df", "b")})
    assert newest_known(trail, "mine.ipynb") == ()
    assert newest_known(trail, session_id="b") == ()


def test_a_popular_content_is_told_once_for_each_person(trail):
    for _ in range(50):
        ada(trail, files=[a_file("raw.csv")])
    (one,) = known_elsewhere(trail, [bob(trail, files=[a_file("raw.csv")])])
    assert one.times == 1, "one session"
