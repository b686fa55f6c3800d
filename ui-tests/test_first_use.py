"""Somebody who never read a manual opens a notebook and meets Cairn."""

from journey import command, edit, open_state, run_all, run_cell, write_notebook
from playwright.sync_api import expect


def test_one_click_records_and_state_follows(project, open_notebook, page_errors, snap):
    page = open_notebook(write_notebook(project, "x = 1", "y = x + 1", "print(y)"))
    state = open_state(page)
    expect(state).to_contain_text("Nothing recorded yet")
    snap("welcome")

    state.get_by_role("button", name="Start recording").click()
    expect(state).to_contain_text("Run a cell")
    run_all(page)
    expect(state).to_contain_text("would show the same in all 3 cells")
    expect(page.locator(".nbc-CellMark")).to_have_count(0)

    edit(page, 0, "x = 5")
    expect(state).to_contain_text("Edited since it ran")
    expect(page.locator(".jp-Cell").nth(0).locator(".nbc-CellMark")).to_contain_text("stale")
    run_cell(page, 0)
    expect(state).to_contain_text("would change 2 of 3 cells")
    expect(page.locator(".nbc-CellMark")).to_have_count(2)
    snap("two-stale")

    run_cell(page, 1)
    run_cell(page, 2)
    expect(state).to_contain_text("would show the same in all 3 cells")
    assert page_errors == []


def test_an_edit_is_shown_and_can_be_taken_back(project, open_notebook):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1\ny = 2"))
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same")
    edit(page, 1, "x = 1\ny = 3")
    state.get_by_text("What was edited").click()
    expect(state.locator(".nbc-Diff")).to_have_text("  x = 1\n- y = 2\n+ y = 3\n")
    state.get_by_role("button", name="Take the edit back").click()
    expect(state).to_contain_text("would show the same")


def test_nothing_of_ours_is_written_into_the_notebook(project, open_notebook):
    path = write_notebook(project, "x = 1")
    page = open_notebook(path)
    command(page, "nbcairn:start-recording")
    command(page, "nbcairn:open")
    expect(page.locator("#nbcairn-state")).to_contain_text("Run a cell")
    run_all(page)
    expect(page.locator("#nbcairn-state")).to_contain_text("would show the same")
    command(page, "docmanager:save")
    text = (project / "analysis.ipynb").read_text()
    assert '"x = 1"' in text
    assert "cairn" not in text.replace(project.name, "")
