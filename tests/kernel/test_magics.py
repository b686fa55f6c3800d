"""``%cairn`` in a real kernel: every verb, what it prints, and that it leaves the notebook alone."""

import json
from dataclasses import replace

import pytest

from kernels import kernel
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("magics")
    with kernel(folder, environment={"NBCAIRN_NOTEBOOK": str(folder / "a.ipynb")}) as live:
        live.run("x = [1, 2]", "c1")
        live.run("x = [1, 2, 3]\nname = 'Ada'", "c2")
        yield live


def said(live, line):
    ran = live.run(f"%cairn {line}".strip(), silent=False)
    assert ran.status == "ok"
    assert ran.run is None, "Cairn's own magics are no runs"
    return ran.text


def notebook(live, *sources):
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": s, "outputs": [], "execution_count": n}
        for n, s in enumerate(sources, 1)
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (live.folder / "a.ipynb").write_text(json.dumps(content))


def test_status(live):
    text = said(live, "")
    assert "Cairn records into" in text
    assert "runs of this session" in text


def test_status_says_who_has_the_same_data_already(live):
    (live.folder / "raw.csv").write_text("a,b\n1,2\n")
    mine = live.run("text = open('raw.csv').read()", "c9").run
    (access,) = mine.files
    assert "Somebody has this already" not in said(live, "")
    with Trail.open(live.folder / ".cairn") as trail:
        trail.begin(replace(a_session("s-of-ada", "theirs.ipynb", kernel_id="k9"), user="ada", host="far"))
        theirs = a_run("load()", session_id="s-of-ada", notebook="theirs.ipynb", files=[replace(access, path="in.csv")])
        trail.record(theirs)
    when = theirs.started[:16].replace("T", " ")
    told = f"Somebody has this already: raw.csv: ada has read it as in.csv since {when} UTC, in theirs.ipynb on far."
    assert told in said(live, "")


def test_help_lists_every_verb_and_an_unknown_one_gets_it(live):
    for line in ("help", "fly"):
        text = said(live, line)
        for verb in ("check", "log", "show", "diff", "search", "restore", "note"):
            assert f"%cairn {verb}" in text


def test_verify_says_how_to_run_it_for_real(live):
    notebook(live, "x = [1, 2]")
    text = said(live, "verify")
    assert f'nbcairn verify "{live.folder / "a.ipynb"}"' in text
    assert "clean kernel" in text


def test_check(live):
    notebook(live, "x = [1, 2]", "x = [1, 2, 3, 4]\nname = 'Ada'")
    text = said(live, "check")
    assert "✗ cell 2 (stale)" in text
    assert "CN102" in text


def test_log(live):
    assert said(live, "log").count("\n") >= 2
    assert said(live, "log 1").count("\n") == 1


def test_show(live):
    assert "bound" in said(live, "show x")
    assert "x = [1, 2]" in said(live, "show x@1")
    assert "Known names" in said(live, "show nothing")
    assert "Say which name" in said(live, "show")


def test_diff(live):
    text = said(live, "diff x")
    assert "Different content." in text
    assert "+x = [1, 2, 3]" in text
    assert "Equal content." in said(live, "diff x@1 x@1")
    assert "holds no name" in said(live, "diff nothing")
    assert "Say what to compare" in said(live, "diff")


def test_search(live):
    live.run("import pandas as pd\nshelf = pd.DataFrame({'title': [1, 2]})")
    assert "2 rows × 1 column" in said(live, "search shelf")
    assert said(live, "search walrus") == "Nothing found.\n"
    assert "Say what to look for" in said(live, "search")


def test_note(live):
    assert "Noted" in said(live, "note a good 'start'")
    with live.trail as trail:
        assert "a good start" in [note.text for note in trail.notes()]
    assert "Say what to note" in said(live, "note")


def payload(live, line):
    """The cell that a magic puts below."""
    reply = live.client.execute_interactive(line, store_history=False, output_hook=lambda _: None, timeout=60)
    return [part["text"] for part in reply["content"]["payload"] if part["source"] == "set_next_input"]


def test_restore_puts_the_code_below_where_no_value_was_kept(live):
    assert payload(live, "%cairn restore x@1") == ["x = [1, 2]"]
    assert payload(live, "%cairn restore nothing") == []


def test_restore_loads_what_was_kept(live):
    live.run("import nbcairn\nbig = [1] * 3\nnbcairn.track(big, 'big')")
    live.run("big = 'gone'")
    (source,) = payload(live, "%cairn restore big@1")
    assert "nbcairn.load(" in source
    assert live.run(source + "\nbig").text.endswith("[1, 1, 1]")


def test_quotes_that_do_not_close_are_no_error(live):
    assert "knows no verb" in said(live, "it's")
