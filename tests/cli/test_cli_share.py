"""``nbcairn export --bundle``, ``import``, ``push`` and ``pull``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session


def test_a_bundle_goes_to_a_colleague(nbcairn, project, tmp_path_factory):
    other = tmp_path_factory.mktemp("colleague")
    assert nbcairn("export --bundle trail.cairn .").code == 0
    answer = nbcairn(f"import trail.cairn --into {other}")
    assert answer.code == 0
    assert "1 session, 4 runs, 4 artifacts, 2 blobs" in answer.out
    assert nbcairn(f"ls {other} --runs --json").out == nbcairn("ls --runs --json").out
    again = nbcairn(f"import trail.cairn --into {other} --json")
    assert (again.code, again.json["runs"], again.json["refused"]) == (0, 0, [])


def test_what_holds_a_secret_is_bundled_only_when_it_is_allowed(nbcairn, tmp_path):
    with Trail.open(tmp_path / ".cairn", create=True) as trail:
        trail.begin(a_session())
        trail.record(a_run("password = 'hunter2horse'", "c1", {}, {"password": 1}))
    bundle = tmp_path / "trail.cairn"
    answer = nbcairn(f"export --bundle {bundle} {tmp_path}")
    assert "what looks like a secret (line 1" in answer.err
    assert answer.code == 2
    assert nbcairn(f"export --bundle {bundle} {tmp_path} --allow-secrets").code == 0
    told = [sys.executable, "-m", "nbcairn.cli", "export", "--bundle", "-", str(tmp_path), "--allow-secrets"]
    assert subprocess.run(told, capture_output=True, check=True, timeout=60).stdout == bundle.read_bytes()


def test_a_team_shares_a_folder(nbcairn, project, tmp_path_factory):
    team, other = tmp_path_factory.mktemp("team"), tmp_path_factory.mktemp("colleague")
    assert "Shared 1 new states of sessions and 2 blobs" in nbcairn(f"push --remote {team}").out
    answer = nbcairn(f"pull {other} --remote {team}")
    assert answer.code == 0
    assert "4 runs" in answer.out
    assert nbcairn(f"pull {other} --remote {team} --json").json["runs"] == 0


def test_what_is_refused_is_told(nbcairn, project):
    (project.root / "evil.cairn").write_bytes(b"no zip")
    answer = nbcairn("import evil.cairn")
    assert answer.code == 2
    assert "cannot be read" in answer.err


@pytest.mark.parametrize("verb", ["push", "pull"])
def test_without_a_remote_it_says_what_to_do(nbcairn, project, verb):
    answer = nbcairn(verb)
    assert answer.code == 2
    assert "--remote" in answer.err


def test_a_pipeline_by_name(nbcairn, project):
    answer = nbcairn("export --pipeline stages analysis.ipynb clean")
    assert answer.code == 0, answer.err
    assert (project.root / "stages" / "dvc.yaml").is_file()
    assert nbcairn("export --html page.html analysis.ipynb clean").code == 2
