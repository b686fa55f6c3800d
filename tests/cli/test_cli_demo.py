"""``nbcairn demo``: the whole product on real data, once, and what a person reads."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from nbcairn.store import Trail

WIDTH = 100


@dataclass
class Demo:
    folder: Path
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "penguins"
    environment = {**os.environ, "COLUMNS": str(WIDTH)}
    environment.pop("NBCAIRN_TRAIL", None)
    done = subprocess.run(
        [sys.executable, "-m", "nbcairn.cli", "demo", "--folder", str(folder)],
        capture_output=True, text=True, env=environment, timeout=170, check=False, cwd=folder.parent,
    )  # fmt: skip
    return Demo(folder, done.returncode, done.stdout, done.stderr)


def test_it_finds_exactly_what_was_done_to_the_messy_copy(demo):
    assert demo.code == 0, demo.err
    assert "Cairn found exactly what was done to the messy copy." in demo.out
    for code in ("CN102", "CN104", "CN105", "CN107"):
        assert code in demo.out


def test_it_prints_what_was_recorded_the_artifacts_the_verdicts_and_the_pages(demo):
    assert "files read" in demo.out
    assert "penguins.csv" in demo.out
    assert "all 26 code cells are fresh" in demo.out
    assert "Of 27 code cells: 23 fresh, 4 stale." in demo.out
    for kind in ("data", "figure", "model", "metric"):
        assert f"\n {kind} " in demo.out
    for page in ("explore.html", "messy.html"):
        assert page in demo.out
        assert (demo.folder / page).read_text().startswith("<!DOCTYPE html>")


def test_it_is_made_for_the_width_of_the_terminal_and_says_nothing_else(demo):
    paths = [line for line in demo.out.splitlines() if "/" not in line]
    assert max(map(len, paths)) <= WIDTH
    assert not any(line.endswith(" ") for line in demo.out.splitlines())
    assert demo.err == ""


def test_what_it_leaves_can_be_asked(demo, nbcairn):
    messy = demo.folder / "messy.ipynb"
    found = nbcairn("check --json", messy)
    assert found.code == 1
    flagged = {
        cell["cell_id"]: [f["code"] for f in cell["findings"]] for cell in found.json["cells"] if cell["findings"]
    }
    assert flagged == {
        cell: [code] for cell, code in json.loads((demo.folder / "messy_session.json").read_text())["expected"].items()
    }
    assert nbcairn("check", demo.folder / "explore.ipynb").code == 0
    assert nbcairn("show penguins", demo.folder).code == 0
    assert nbcairn("diff prepare --in", demo.folder).code in {0, 1}
    assert nbcairn("search --in", demo.folder, "bill").code == 0
    assert nbcairn("gc", demo.folder).code == 0


def test_it_is_recorded_as_a_person_would_have_done_it(demo):
    with Trail.open(demo.folder / ".cairn", read_only=True) as trail:
        assert {session.notebook for session in trail.sessions()} == {"explore.ipynb", "messy.ipynb"}
        assert all(session.ended for session in trail.sessions())
        figures = trail.artifacts(notebook="explore.ipynb", kind="figure", limit=None)
        assert all(trail.blobs.get(figure.blob).startswith(b"\x89PNG") for figure in figures)
        assert len(figures) >= 4
    source = Path(__file__).parents[2] / "examples" / "penguins" / "penguins.csv"
    assert (demo.folder / "penguins.csv").read_bytes() == source.read_bytes()


def test_a_missing_library_is_told_before_anything_is_made(nbcairn, tmp_path, monkeypatch):
    monkeypatch.setattr("nbcairn.cli.demo.find_spec", lambda name: None if name == "pandas" else True)
    answer = nbcairn("demo --folder", tmp_path / "d")
    assert answer.code == 2
    assert "pip install 'nbcairn[example]'" in answer.err
    assert not (tmp_path / "d").exists()


def test_a_folder_that_holds_other_things_is_not_touched(nbcairn, tmp_path):
    """A trail that the demo did not make must never be thrown away."""
    (tmp_path / "mine").mkdir()
    Trail.open(tmp_path / "mine" / ".cairn", create=True).close()
    before = (tmp_path / "mine" / ".cairn" / "trail.db").read_bytes()
    answer = nbcairn("demo --folder", tmp_path / "mine")
    assert answer.code == 2
    assert "is not a folder of the demo" in answer.err
    assert (tmp_path / "mine" / ".cairn" / "trail.db").read_bytes() == before
