"""The neutral report: what every format tells."""

from dataclasses import replace

import pytest

from nbcairn.exporters.report import gather, headline
from nbcairn.model import CellVerdict, Check, Verdict
from nbcairn.testing import a_document, a_run


def check_of(**counts):
    verdicts = [Verdict(name.replace("_", "-")) for name, count in counts.items() for _ in range(count)]
    return Check("a.ipynb", None, tuple(CellVerdict(f"c{n}", n, verdict) for n, verdict in enumerate(verdicts)))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "The notebook has no code cells."),
        ({"fresh": 1}, "Restart & Run All would show the same: its one code cell is fresh."),
        ({"fresh": 4}, "Restart & Run All would show the same: all 4 code cells are fresh."),
        ({"fresh": 21, "stale": 3}, "Restart & Run All would change 3 of 24 code cells."),
        ({"stale": 1, "unknown": 2}, "Restart & Run All would change 1 of 3 code cells; 2 cannot be known."),
        (
            {"fresh": 2, "unknown": 1, "never_run": 1},
            "No cell is known to change on Restart & Run All, but of 4 code cells 1 cannot be known and 1 never ran.",
        ),
    ],
)
def test_the_headline_says_it_in_one_sentence(counts, sentence):
    assert headline(check_of(**counts)) == sentence


def test_a_run_knows_whether_its_cell_still_says_the_same(trail, recorded):
    trail.record(a_run("later = 2", "c3"))
    report = gather(trail, recorded)
    places = {run.run.source: (run.cell, run.current) for run in report.runs}
    assert places["df.plot()"] == (2, True)
    assert places["df = df.dropna()"] == (None, False)
    assert places["later = 2"] == (3, False)


def test_artifacts_are_grouped_by_name_and_pictures_come_first(trail, recorded):
    report = gather(trail, recorded)
    assert [(group.artifact.name, group.versions) for group in report.artifacts] == [("Mass", 1), ("df", 2)]
    frame = report.artifacts[1]
    assert frame.made.cell is None
    assert [made.cell for _, made in frame.earlier] == [1]


def test_notes_about_other_notebooks_stay_out(trail, recorded):
    other = a_run("x = 1", "z", session_id="other", notebook="other.ipynb")
    trail.record(other)
    trail.note(other.id, "not here", "ada")
    assert [note.text for note in gather(trail, recorded).notes] == ["Look at the outlier."]
    assert len(gather(trail, None).notes) == 2


def test_another_notebook_has_nothing(trail, recorded, tmp_path):
    (tmp_path / "analysis.ipynb").write_text("{}")
    report = gather(trail, a_document("x = 1", path="new.ipynb"))
    assert (report.runs, report.artifacts, report.sessions, report.notes) == ((), (), (), ())
    assert report.headline.endswith("but of 1 code cell 1 never ran.")


def test_a_notebook_that_was_moved_keeps_its_history(trail, recorded):
    report = gather(trail, replace(recorded, path="moved.ipynb"))
    assert report.title == "moved.ipynb"
    assert [run.cell for run in report.runs] == [2, None, 1]
    assert len(report.artifacts) == 2
