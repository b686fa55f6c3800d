"""Two trails become one by union: in any order, any number of times."""

from __future__ import annotations

import pytest

from nbcairn.store.describe import PAGE, page
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail, temp_trail


def content(trail):
    """Everything a trail holds, but for where its full-text rows lie."""
    tables = [name for name in trail.sizes() if name != "descriptions"]
    found = {name: sorted(trail._rows(f"SELECT * FROM {name}"), key=repr) for name in tables}
    found["search"] = sorted(trail._rows("SELECT * FROM search"))
    found["blobs"] = sorted(trail.blobs.keys())
    return found


def fill(trail, person, shared=()):
    trail.begin(a_session(person, f"{person}.ipynb", kernel_id=person))
    trail.end(person, "2026-01-01T00:00:00.000000Z")
    trail.follow(person, f"{person}-renamed.ipynb")
    for n in range(5):
        run = a_run(f"{person} = {n}", session_id=person, reads={"x": n}, writes={person: n})
        artifact = an_artifact(run, person)
        trail.record(run, [artifact], {"": f"{person} {n}".encode()})
        trail.enrich(artifact.id, {"columns": [{"name": f"column_of_{person}"}]})
    trail.note(run.id, "good", person)
    for run in shared:
        trail.record(run)


@pytest.fixture
def people():
    shared = [a_run("shared = 1", session_id="both", writes={"shared": 1})]
    ada, bob = memory_trail(), memory_trail()
    fill(ada, "ada", shared)
    fill(bob, "bob", shared)
    yield ada, bob
    ada.close()
    bob.close()


def merged(*trails):
    target = memory_trail()
    for trail in trails:
        target.merge(trail)
    return target


def test_the_order_and_number_of_merges_do_not_matter(people):
    ada, bob = people
    expected = content(merged(ada, bob))
    assert content(merged(bob, ada)) == expected
    assert content(merged(ada, bob, ada, bob)) == expected
    assert content(merged(merged(bob), merged(ada, bob))) == expected


def test_what_was_new_is_told(people):
    ada, bob = people
    report = ada.merge(bob)
    assert (report.sessions, report.runs, report.artifacts, report.blobs, report.notes) == (1, 5, 5, 5, 1)
    again = ada.merge(bob)
    assert (again.sessions, again.runs, again.artifacts, again.blobs, again.notes) == (0, 0, 0, 0, 0)


def test_runs_of_both_are_in_the_order_of_time(people):
    ada, bob = people
    ada.merge(bob)
    found = [run.id for run in ada.runs(newest_first=False)]
    assert found == sorted(found)
    assert len(found) == 11


def test_a_teammates_trace_is_found_by_its_inputs(people):
    ada, bob = people
    theirs = bob.runs(session_id="bob")[0]
    ada.merge(bob)
    found = ada.traces(theirs.source_key, {"x": theirs.reads[0].fingerprint})
    assert [trace.run_id for trace in found] == [theirs.id]
    assert ada.count_artifacts(query="column_of_bob") == 5
    assert [run.session_id for run in ada.runs(notebook="bob-renamed.ipynb")] == ["bob"] * 5


def test_a_damaged_blob_is_left_out_and_told(people, tmp_path):
    ada, _ = people
    with temp_trail(tmp_path) as other:
        key = other.blobs.put(b"picture")
        other.blobs.path(key).chmod(0o644)
        other.blobs.path(key).write_bytes(b"something else")
        report = ada.merge(other)
    assert report.damaged == (key,)
    assert not ada.blobs.has(key)


def test_the_page_about_the_tables_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "./dev docs writes it again"
