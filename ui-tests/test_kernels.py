"""Kernels that cannot record, that are busy for an hour, and that record without having run a cell."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from journey import Lab, command, edit, open_state, restart, run_all, run_cell, start_recording, write_notebook
from playwright.sync_api import Page, expect
from servers import make_environment

# As in an environment of its own, where nobody installed nbcairn.
BARE = "import sys; sys.modules['nbcairn'] = None; from ipykernel.kernelapp import launch_new_instance as go; go()"


def add_kernel(lab: Lab, page: Page, name: str, *start: str) -> None:
    folder = Path(lab.env["JUPYTER_DATA_DIR"]) / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {"argv": [*start, "-f", "{connection_file}"], "display_name": name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    page.evaluate("() => window.jupyterapp?.serviceManager.kernelspecs.refreshSpecs()")


def test_a_kernel_without_nbcairn_says_what_is_missing_and_where(lab, project, page, open_notebook, page_errors, snap):
    add_kernel(lab, page, "bare", sys.executable, "-c", BARE)
    open_notebook(write_notebook(project, "x = 1", kernel="bare"))
    state = open_state(page)
    expect(state).to_contain_text(f"nbcairn is not installed where this kernel runs ({sys.executable})")
    expect(state).to_contain_text("%pip install nbcairn")
    snap("kernel-without")
    state.get_by_role("button", name="Start recording").click()
    expect(page.locator(".jp-toastContainer")).to_contain_text("not installed where this kernel runs")
    run_all(page)
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[1]:")
    assert page_errors == []


def test_a_kernel_in_an_environment_of_its_own(lab, project, page, open_notebook, tmp_path, page_errors):
    python = make_environment(tmp_path / "far", "nbcairn", without="jupyter-server")
    add_kernel(lab, page, "far", str(python), "-m", "ipykernel_launcher")
    lacks = "import sys, importlib.util\n" + "print(sys.prefix, importlib.util.find_spec('jupyter_server'))"
    open_notebook(write_notebook(project, lacks, "x = [1, 2]", "accuracy = sum(x) / 4", kernel="far"))
    state = start_recording(page)
    run_all(page)
    expect(state).to_contain_text("would show the same in all 3 cells")
    expect(page.locator(".jp-OutputArea-output").first).to_have_text(f"{tmp_path / 'far'} None")
    expect(page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="accuracy")).to_contain_text("0.75")
    edit(page, 1, "x = [1, 1]")
    run_cell(page, 1)
    expect(page.locator(".jp-Cell").nth(2).locator(".nbc-CellMark")).to_contain_text("stale")
    assert page_errors == []


def test_a_kernel_that_records_and_has_run_no_cell(project, open_notebook):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1"))
    command(page, "nbcairn:open")
    run_cell(page, 0)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("Cairn records in this kernel")
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    command(page, "nbcairn:open")
    expect(state).to_contain_text("Cairn records in this kernel", timeout=60_000)
    expect(state).not_to_contain_text("Start recording")
    run_cell(page, 1)
    expect(state).to_contain_text("would show the same")


@pytest.mark.own_page
def test_the_panel_answers_while_a_cell_runs_for_an_hour(project, open_notebook, page_errors):
    page = open_notebook(
        write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1", "import time\ntime.sleep(3600)")
    )
    state = open_state(page)
    for index in range(3):
        run_cell(page, index)
    expect(state).to_contain_text("1 never run")
    page.evaluate(
        """() => {
            const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
            content.activeCellIndex = 3;
            window.jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    expect(page.locator(".jp-InputPrompt").nth(3)).to_have_text("[*]:")
    edit(page, 1, "x = 2")
    expect(state).to_contain_text("Edited since it ran")
    expect(page.locator(".jp-Cell").nth(1).locator(".nbc-CellMark")).to_contain_text("stale")
    command(page, "nbcairn:show-history")
    page.locator("#nbcairn-history .nbc-Run", has_text="y = x + 1").click()
    expect(page.locator("#nbcairn-history .nbc-Details")).to_contain_text("wrote")
    edit(page, 1, "x = 1")
    expect(page.locator(".jp-Cell").nth(1).locator(".nbc-CellMark")).to_have_count(0)
    expect(page.locator(".jp-InputPrompt").nth(3)).to_have_text("[*]:")
    command(page, "notebook:interrupt-kernel")
    expect(page.locator(".jp-InputPrompt").nth(3)).to_have_text("[4]:")
    assert page_errors == []


def test_what_a_restart_keeps_and_what_it_loses(project, open_notebook, page_errors):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1", "print(y)"))
    state = open_state(page)
    run_all(page)
    expect(state).to_contain_text("would show the same in all 4 cells")
    edit(page, 1, "x = 2")
    run_cell(page, 1)
    marks = page.locator(".nbc-CellMark")
    expect(marks).to_have_count(2)

    restart(page)
    expect(state).to_contain_text("This kernel is not being recorded")
    expect(state).to_contain_text("would change 2 of 4 cells")
    expect(state).to_contain_text("The kernel that held x and y has ended")
    expect(state).to_contain_text("the values are no longer in memory")
    expect(marks).to_have_count(2)

    run_cell(page, 0)
    expect(state).not_to_contain_text("not being recorded")
    run_cell(page, 1)
    run_cell(page, 2)
    run_cell(page, 3)
    expect(state).to_contain_text("would show the same in all 4 cells")
    expect(state).not_to_contain_text("no longer in memory")
    expect(marks).to_have_count(0)
    command(page, "nbcairn:show-history")
    expect(page.locator("#nbcairn-history .nbc-Run")).to_have_count(7)
    assert page_errors == []


def test_a_kernel_that_is_killed_is_not_said_to_record(project, open_notebook, page_errors):
    kill = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1", kill))
    state = open_state(page)
    for index in range(3):
        run_cell(page, index)
    expect(state).to_contain_text("What has run still holds")
    expect(state).not_to_contain_text("has ended")
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 3; }")
    page.evaluate("() => { void window.jupyterapp.commands.execute('notebook:run-cell'); }")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()
    expect(state).to_contain_text("This kernel is not being recorded", timeout=60_000)
    expect(state).to_contain_text("The kernel that held x and y has ended")
    expect(page.locator(".jp-Cell").nth(2).locator(".nbc-CellMark")).to_have_count(0)  # what it shows still stands
    page.reload()  # the page knows nothing of what was killed any more; the server does
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    command(page, "nbcairn:open")
    expect(state).to_contain_text("This kernel is not being recorded", timeout=60_000)
    expect(state).to_contain_text("The kernel that held x and y has ended")
    edit(page, 2, "y = x + 2")
    expect(page.locator(".jp-Cell").nth(2).locator(".nbc-CellMark")).to_contain_text("stale")
    edit(page, 3, "print(y)")
    state.locator("summary", has_text="Repair").click()
    expect(state.locator(".nbc-Repair-cells li")).to_have_count(3)  # x is not in memory any more
    state.locator("details.nbc-Repair[open] button.nbc-Button").click()
    expect(state).to_contain_text("would show the same in all 4 cells")
    expect(state).not_to_contain_text("has ended")
    assert page_errors == []


def test_a_trail_that_is_deleted_under_a_kernel_is_told(project, open_notebook, page_errors, snap):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1"))
    state = open_state(page)
    run_cell(page, 0)
    run_cell(page, 1)
    expect(state).to_contain_text("What has run still holds")
    shutil.rmtree(project / ".cairn")
    expect(state).to_contain_text(
        "The trail was deleted, moved or replaced: 1 run that it had"
    )  # it is looked for by itself
    run_cell(page, 2)
    expect(page.locator(".jp-Cell").nth(2)).to_contain_text("was deleted, moved or replaced while this kernel ran")
    command(page, "nbcairn:show-history")
    expect(page.locator("#nbcairn-history .nbc-Run")).to_have_count(1)
    expect(state.get_by_role("alert")).to_contain_text("no longer in it")
    snap("trail-gone")
    run_cell(page, 1)
    run_cell(page, 2)
    expect(page.locator("#nbcairn-history .nbc-Run")).to_have_count(3)
    assert page_errors == []
