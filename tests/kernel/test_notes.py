"""``nbcairn.track``, ``load`` and ``note`` from cells of a real kernel."""

import pytest

import nbcairn
from kernels import kernel
from nbcairn.errors import ConfigError, RecordNotFound
from nbcairn.model import ArtifactKind


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("notes")) as live:
        live.run("import nbcairn, numpy as np, pandas as pd")
        yield live


def test_a_tracked_value_is_an_artifact_of_its_cell_and_comes_back(live):
    ran = live.run("nbcairn.track(np.arange(4), 'numbers', kind='metric')")
    assert ran.text == "", "it shows nothing"
    (artifact,) = ran.artifacts
    assert (artifact.name, artifact.kind) == ("numbers", ArtifactKind.METRIC)
    assert artifact.detail["kept"]["format"] == "npy"
    assert live.run("nbcairn.load('numbers').tolist()").text == "[0, 1, 2, 3]"
    with nbcairn.Trail(live.folder) as trail:
        assert trail.load("numbers").tolist() == [0, 1, 2, 3]
        assert trail.load(artifact.id).tolist() == [0, 1, 2, 3]
    assert nbcairn.load("numbers", live.folder).tolist() == [0, 1, 2, 3]


def test_tracking_a_variable_gives_one_artifact(live):
    ran = live.run("frame = pd.DataFrame({'a': [1, 2]})\nnbcairn.track(frame, 'frame')")
    assert [a.name for a in ran.artifacts] == ["frame"]
    assert ran.artifacts[0].detail["kept"]["format"] == "parquet"


def test_what_is_changed_after_tracking_is_another_version(live):
    ran = live.run("more = [1]\nnbcairn.track(more, 'more')\nmore.append(2)")
    assert [a.detail.get("tracked") for a in ran.artifacts if a.name == "more"].count(True) == 1
    assert live.run("nbcairn.load('more@1')").text == "[1]"


def test_a_value_with_no_open_format_keeps_its_fingerprint_and_the_reason(live):
    ran = live.run("nbcairn.track({1, 2}, 'odd')")
    (artifact,) = ran.artifacts
    assert "no open format" in artifact.detail["kept"]["reason"]
    text = live.run("nbcairn.load('odd')").text
    assert "was not kept" in text
    assert "nbcairn slice odd" in text


def test_another_version_is_never_given_in_place(live):
    live.run("nbcairn.track(1, 'v')")
    live.run("nbcairn.track({1}, 'v')")
    assert "was not kept" in live.run("nbcairn.load('v')").text
    assert live.run("nbcairn.load('v@1')").text == "1"


def test_a_kind_that_is_none_is_told(live):
    assert "There is no kind" in live.run("nbcairn.track(1, 'x', kind='thing')").text


def test_a_thread_that_no_cell_runs_in_is_told(live):
    text = live.run(
        "import threading\n"
        "def other():\n"
        "    try: nbcairn.track(1, 'x')\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
        "t = threading.Thread(target=other); t.start(); t.join()"
    ).text
    assert "ConfigError No recorded cell runs in this thread." in text


def test_a_note_is_kept_about_the_run_before_or_what_it_names(live):
    before = live.run("y = 1")
    assert live.run("nbcairn.note('fine')").text == ""
    live.run("nbcairn.track(5, 'score')\n")
    assert live.run("nbcairn.note('best so far', about='score')").text == ""
    with live.trail as trail:
        score = trail.artifacts(name="score")[0]
        assert [n.text for n in trail.notes(before.run.id)] == ["fine"]
        assert [n.text for n in trail.notes(score.id)] == ["best so far"]


def test_a_cell_that_loads_is_fresh_when_it_gives_the_same(live):
    first = live.run("nbcairn.load('numbers@1').sum()", "load-cell")
    second = live.run("nbcairn.load('numbers@1').sum()", "load-cell")
    assert first.run.source_key == second.run.source_key
    assert first.run.displays[0].digest == second.run.displays[0].digest
    assert not [f for f in second.run.files if ".cairn" in f.path], "the trail is no input of the user's"


UNTIL_IDLE = """
import asyncio
from nbcairn.kernel.extension import current
async with asyncio.timeout(30):
    while current(get_ipython()).statistics._jobs:
        await asyncio.sleep(0.05)
"""


def test_values_are_kept_for_those_who_ask(live):
    live.run("%config Cairn.keep_values_mb = 1")
    try:
        made = live.run(
            "table = pd.DataFrame({'a': [1, 2]})\nlarge = np.zeros(10**6) + np.arange(10**6)\nscore = np.float64(0.5)"
        )
        live.run(UNTIL_IDLE)
        assert live.run("nbcairn.load('table').a.tolist()").text == "[1, 2]"
        assert "was not kept: it takes 8 MB" in live.run("nbcairn.load('large')").text
        score = next(a for a in live.trail.artifacts(enriched=True) if a.name == "score" and a.run_id == made.run.id)
        assert score.detail["value"] == 0.5, "the number stands beside what is kept of it"
    finally:
        live.run("%config Cairn.keep_values_mb = 0")


def test_outside_of_a_kernel_one_can_read_but_not_record(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="%load_ext nbcairn"):
        nbcairn.track(1, "x")
    with pytest.raises(ConfigError, match="%load_ext nbcairn"):
        nbcairn.note("x")
    with pytest.raises(FileNotFoundError, match="nothing was recorded"):
        nbcairn.load("x")
    with pytest.raises(FileNotFoundError, match="nothing was recorded"):
        nbcairn.Trail()
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_is_not_there_is_a_lookup_error(live):
    with nbcairn.Trail(live.folder) as trail, pytest.raises(RecordNotFound):
        trail.load("nothing")
