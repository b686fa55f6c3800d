"""The limits of a run, over a notebook that only pretends to run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nbcairn.cli import main
from nbcairn.errors import CellTimeout, KernelDied
from nbcairn.headless import CellOutcome
from nbcairn.testing import a_document
from nbcairn.verify.judge import Performance
from nbcairn.verify.perform import Limits, _recorded, _Runner, _Stopped
from nbcairn.verify.result import StopReason


class Pretended:
    """A notebook whose cells end as they are told to."""

    kernel_name = "python3"

    def __init__(self, **ends):
        self.ends = ends
        self.timeouts = []
        self.notebook = SimpleNamespace(cells=[], metadata={})

    def cell(self, cell_id):
        return {"outputs": [{"output_type": "stream", "text": cell_id}]}

    def run(self, cell_id, *, timeout):
        self.timeouts.append(timeout)
        end = self.ends.get(cell_id, "")
        if isinstance(end, Exception):
            raise end
        return CellOutcome(cell_id, end)


def ran(notebook, limits=None):
    runner = _Runner(a_document("a", "b", "", "c"), limits or Limits(), lambda *_: None)
    try:
        runner.run(notebook)
    except _Stopped as stopped:
        return runner.performance, stopped.stop
    return runner.performance, runner.performance.stop


def test_every_cell_with_code_is_run_and_its_output_kept():
    performance, stop = ran(Pretended())
    assert list(performance.executed) == ["c1", "c2", "c4"]
    assert performance.executed["c4"].outputs[0]["text"] == "c4"
    assert stop is None


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("NameError: x", StopReason.ERROR),
        (CellTimeout("", ""), StopReason.TIME_LIMIT),
        (KernelDied("", ""), StopReason.KERNEL_DIED),
    ],
)
def test_where_it_stops(end, reason):
    performance, stop = ran(Pretended(c2=end))
    assert (stop.index, stop.reason) == (1, reason)
    assert "c4" not in performance.executed


def test_it_goes_on_after_an_error_where_that_is_allowed():
    performance, stop = ran(Pretended(c2="NameError: x"), Limits(allow_errors=True))
    assert performance.executed["c2"].error == "NameError: x"
    assert "c4" in performance.executed
    assert stop is None


def test_the_whole_run_has_a_limit_too():
    _, stop = ran(Pretended(), Limits(overall=0))
    assert (stop.index, stop.reason) == (0, StopReason.TIME_LIMIT)
    notebook = Pretended()
    ran(notebook, Limits(cell=1000, overall=50))
    assert max(notebook.timeouts) <= 50


def test_a_kernel_without_cairn_is_told(tmp_path):
    performance = Performance("2026-01-01T00:00:00Z", "other")
    assert _recorded(tmp_path / ".cairn", performance) is None
    assert "has no nbcairn" in performance.notes[0]
    assert not (tmp_path / ".cairn").exists()


@pytest.mark.parametrize("value", ["0", "-3", "soon", "nan"])
def test_a_limit_is_a_number_of_seconds_above_0(value, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["verify", "--timeout", value, "a.ipynb"])
    assert caught.value.code == 2
    assert "--timeout" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["missing.ipynb", "broken.ipynb"])
def test_a_file_that_is_no_notebook_is_told_before_anything_runs(tmp_path, name, capsys):
    (tmp_path / "broken.ipynb").write_text("{")
    assert main(["verify", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err
