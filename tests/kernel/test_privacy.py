"""What the user does not want written is nowhere in the trail."""

from __future__ import annotations

import pytest

from cases.secrets import SECRETS
from kernels import kernel
from nbcairn.lineage.source import source_key


def everything(folder) -> bytes:
    return b"".join(file.read_bytes() for file in (folder / ".cairn").rglob("*") if file.is_file())


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A kernel that ran every secret of the table as source, output, value, error and table."""
    with kernel(tmp_path_factory.mktemp("secrets")) as live:
        live.run("import pandas as pd")
        for _, text, _ in SECRETS:
            live.run(f"shown = {text!r}")
            live.run("print(shown)\nshown")
            live.run("table = pd.DataFrame({'said': [shown] * 3})\ntable")
            live.run("raise ValueError(shown)")
        live.run("import time; time.sleep(1)")
        yield live


@pytest.mark.parametrize(("what", "text", "secret"), SECRETS, ids=[what for what, _, _ in SECRETS])
def test_a_secret_is_nowhere_in_the_trail(told, what, text, secret):
    assert secret.encode() not in everything(told.folder)


def test_the_run_of_a_masked_source_is_still_the_run_of_that_source(told):
    ran = told.run("password = 'hunter2'")
    assert ran.run is None, "the source in the trail is another text"
    with told.trail as trail:
        run = trail.runs(limit=1)[0]
    assert "hunter2" not in run.source
    assert run.source_key == source_key("password = 'hunter2'")


def test_the_value_of_a_name_that_says_secret_is_not_told(told):
    told.run("api_key = ''.join(['plain', 'words'])")
    with told.trail as trail:
        (write,) = [write for write in trail.runs(limit=1)[0].writes if write.name == "api_key"]
    assert "plain" not in write.summary


def test_names_files_and_patterns_that_are_never_recorded(tmp_path):
    with kernel(tmp_path) as live:
        live.run(
            "%config Cairn.ignore_names = ['private*']\n%config Cairn.ignore_files = ['closed/*']\n%config Cairn.mask = [r'P-[0-9]+']"
        )
        live.run("import os\nos.makedirs('closed')")
        ran = live.run(
            "private_notes = 'x'\npublic = 'y'\nwith open('closed/a.txt', 'w') as __f__:\n    __n__ = __f__.write('z')"
        )
        assert ran.bound == {"public"}
        assert ran.run.files == ()
        ran = live.run("n = len(private_notes)\nt = open('closed/a.txt').read()")
        assert ran.reads == set()
        assert ran.run.files == ()
        live.run("print('patient P-' + '12345')")
        assert b"P-12345" not in everything(tmp_path)
