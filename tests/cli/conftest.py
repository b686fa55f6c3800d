"""A recorded project on disk, and the command line run in this process."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_samples import KEPT, PNG, write_notebook

from nbcairn.cli import main
from nbcairn.model import ArtifactKind, Display, FileAccess, Read
from nbcairn.store.blobs.base import md5_of
from nbcairn.testing import a_run, a_session, an_artifact, temp_trail


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def nbcairn(capsys, monkeypatch):
    """``nbcairn("ls --runs")``: run a command and give its answer."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(line, *more):
        capsys.readouterr()
        try:
            code = main([*shlex.split(line), *map(str, more)])
        except SystemExit as leaving:  # argparse's own way out
            code = leaving.code
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return run


@dataclass(frozen=True)
class Project:
    """A notebook of three cells: load, clean (twice: edited in between), plot."""

    root: Path
    notebook: Path
    load: object
    first: object
    clean: object
    plot: object


def _from(run, name):
    return Read(name, next(write.fingerprint for write in run.writes if write.name == name), run.id)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose trail knows ``analysis.ipynb``; also the current folder."""
    monkeypatch.chdir(tmp_path)
    notebook = write_notebook(tmp_path / "analysis.ipynb", "raw = read()", "clean = raw + [3]", "plot(clean)")
    load = a_run(
        "raw = read()", "c1", {}, {"raw": [1, 2]}, files=[FileAccess("data.csv", "read", "0" * 32, 10)],
        started="2026-01-02T03:04:05.000000Z",
    )  # fmt: skip
    first = a_run("clean = raw", "c2", {"raw": _from(load, "raw")}, {"clean": [1, 2]})
    clean = a_run("clean = raw + [3]", "c2", {"raw": _from(load, "raw")}, {"clean": [1, 2, 3]})
    shown = Display("display", "d" * 32, ("image/png",), md5_of(PNG), "<Figure>")
    plot = a_run("plot(clean)", "c3", {"clean": _from(clean, "clean")}, displays=[shown])
    kept = {"kept": {"blob": md5_of(KEPT), "format": "json", "bytes": len(KEPT)}, "rows": 3}
    with temp_trail(tmp_path) as trail:
        trail.begin(a_session(packages={"pandas": "2.2.0"}))
        trail.record(load, [an_artifact(load, "raw", value=[1, 2])])
        trail.record(first, [an_artifact(first, "clean", value=[1, 2], detail={"rows": 2})])
        trail.record(clean, [an_artifact(clean, "clean", value=[1, 2, 3], detail=kept)], {"": KEPT})
        figure = an_artifact(plot, "Mass", ArtifactKind.FIGURE, media_type="image/png", blob=md5_of(PNG))
        trail.record(plot, [figure], {"": PNG})
    return Project(tmp_path, notebook, load, first, clean, plot)
