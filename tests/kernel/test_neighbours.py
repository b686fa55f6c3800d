"""Other extensions that hook the same places: what they do is not the cell's doing, and both go on working."""

from __future__ import annotations

import pytest

from nbcairn.model import ArtifactKind

SETUP = "import numpy as np\ndef mean(x):\n    total = np.sum(x)\n    return total / len(x)\ndata = np.arange(1000.0)"


def line_profiler(live) -> None:
    pytest.importorskip("line_profiler")
    assert live.run("%load_ext line_profiler", look=False).status == "ok"


def test_a_line_profile_reads_what_it_profiles(live_alone):
    line_profiler(live_alone)
    live_alone.run(SETUP)
    made = live_alone.run("before = mean(data)")
    ran = live_alone.run("%lprun -T profile.txt -f mean after = mean(data)")
    assert ran.status == "ok", ran.text
    assert {"mean", "data", "np"} <= ran.reads
    assert ran.mutated <= {"mean"}  # the profiler itself puts other code into the function
    assert not ran.run.notes
    assert "total / len(x)" in (live_alone.folder / "profile.txt").read_text()
    again = live_alone.run("last = mean(data)")
    assert again.digest("last") == made.digest("before")
    assert not again.mutated


def test_a_function_under_the_profilers_decorator(live_alone):
    line_profiler(live_alone)
    live_alone.run(SETUP)
    live_alone.run("from line_profiler import LineProfiler\nprofiler = LineProfiler()\nprofiled = profiler(mean)")
    ran = live_alone.run("result = profiled(data)")
    assert ran.status == "ok", ran.text
    assert {"profiled", "data", "np"} <= ran.reads
    assert "result" in ran.bound
    assert not ran.run.notes


def test_figures_of_widgets_are_kept_and_their_changes_seen(live_alone):
    pytest.importorskip("ipympl")
    live_alone.run("%matplotlib widget\nimport matplotlib.pyplot as plt")
    first = live_alone.run("fig, ax = plt.subplots(); ax.plot([1, 2, 4]); ax.set_title('before'); plt.show()")
    assert first.status == "ok", first.text
    assert [a.detail["title"] for a in first.artifacts if a.kind is ArtifactKind.FIGURE] == ["before"]
    changed = live_alone.run("plt.title('after');")
    assert changed.status == "ok", changed.text
    assert {"fig", "ax"} <= changed.mutated
    assert [a.detail["title"] for a in changed.artifacts if a.kind is ArtifactKind.FIGURE] == ["after"]
    unrelated = live_alone.run("x = 1")
    assert unrelated.bound == {"x"}
    assert not unrelated.mutated
    assert not unrelated.artifacts
    for ran in (first, changed, unrelated):
        assert not ran.run.notes


@pytest.mark.parametrize("first", ["%load_ext autoreload\n%autoreload 2", "%load_ext line_profiler"])
def test_loaded_again_after_another_extension(live_alone, first):
    pytest.importorskip("line_profiler")
    live_alone.run(first, look=False)
    live_alone.run("%unload_ext nbcairn\n%load_ext nbcairn", look=False)
    live_alone.run(SETUP)
    assert live_alone.run("y = mean(data)").reads >= {"mean", "data", "np"}
