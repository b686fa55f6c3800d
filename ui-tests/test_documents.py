"""Notebooks that are renamed, moved, closed and opened again, and two of them on one trail."""

import pytest
from journey import command, edit, run_all, run_cell, saved_layout, write_notebook
from playwright.sync_api import Page, expect


def rename(page: Page, path: str) -> None:
    """Rename or move the notebook in front, as the file browser does."""
    page.evaluate("path => window.jupyterapp.shell.currentWidget.context.sessionContext.session && "
                  "window.jupyterapp.serviceManager.contents.rename("
                  "window.jupyterapp.shell.currentWidget.context.path, path).then(() => null)", path)  # fmt: skip


def test_a_renamed_and_a_moved_notebook_keep_their_record(project, open_notebook, page_errors):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "print(x)"))
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same in all 3 cells")

    rename(page, f"{project.name}/better.ipynb")
    expect(page.locator(".lm-TabBar-tabLabel", has_text="better.ipynb").first).to_be_visible()
    edit(page, 1, "x = 2")
    expect(state).to_contain_text("Edited since it ran")
    run_cell(page, 1)
    expect(state).to_contain_text("would change 1 of 3 cells")

    (project / "deep").mkdir()
    rename(page, f"{project.name}/deep/moved.ipynb")
    expect(page.locator(".lm-TabBar-tabLabel", has_text="moved.ipynb").first).to_be_visible()
    run_cell(page, 2)
    expect(state).to_contain_text("would show the same in all 3 cells")
    command(page, "nbcairn:show-history")
    expect(page.locator("#nbcairn-history .nbc-Run")).to_have_count(4)
    assert page_errors == []


def test_two_notebooks_on_one_trail(project, open_notebook, page_errors):
    first = write_notebook(project, "%load_ext nbcairn", "mass = [1, 2, 3]", name="first.ipynb")
    second = write_notebook(project, "%load_ext nbcairn", "depth = [4, 5, 6]", "sum(depth)", name="second.ipynb")
    page = open_notebook(first)
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same in all 2 cells")
    command(page, "docmanager:open", path=second)
    expect(state).to_contain_text("Nothing recorded yet")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    run_all(page)
    expect(state).to_contain_text("would show the same in all 3 cells")
    command(page, "nbcairn:show-history")
    history = page.locator("#nbcairn-history")
    expect(history.locator(".nbc-Run")).to_have_count(2)
    expect(history).not_to_contain_text("mass")

    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="first.ipynb").click()
    expect(state).to_contain_text("would show the same in all 2 cells")
    expect(history.locator(".nbc-Run")).to_have_count(1)
    expect(history).to_contain_text("mass")
    assert page_errors == []


@pytest.mark.own_page
def test_the_sidebar_comes_back_as_it_was(demo, lab, open_notebook):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    # Names and code are found from the start, names of columns once there was time for statistics.
    artifacts.get_by_role("searchbox").fill("forest")
    count = artifacts.locator(".nbc-Filter-found [role=status]")
    artifacts.get_by_role("button", name="Figures").click()
    expect(count).to_have_text("2 found")
    page.locator(".jp-AccordionPanel-title", has_text="Lineage").click()
    page.locator(".jp-AccordionPanel-title", has_text="State").click()
    saved_layout(page, lab, '"lineage"')
    page.goto(page.url.split("/tree/")[0])
    expect(page.locator("#nbcairn-lineage .nbc-Node").first).to_be_visible(timeout=60_000)
    expect(page.locator("#nbcairn-state")).to_be_hidden()
    expect(artifacts.get_by_role("searchbox")).to_have_value("forest")
    expect(artifacts.get_by_role("button", name="Figures")).to_have_attribute("aria-pressed", "true")
    expect(count).to_have_text("2 found")


def test_marks_follow_cells_that_are_moved_and_go_with_those_that_are_deleted(project, open_notebook, page_errors):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1", "z = 5"))
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same in all 4 cells")
    edit(page, 1, "x = 2")
    run_cell(page, 1)
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells.nth(2).locator(".nbc-CellMark")).to_have_count(1)
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 2; }")
    command(page, "notebook:move-cell-down")
    expect(cells.nth(3)).to_contain_text("y = x + 1")
    expect(cells.nth(3).locator(".nbc-CellMark")).to_have_count(1)
    expect(page.locator(".nbc-CellMark")).to_have_count(1)
    command(page, "notebook:delete-cell")
    expect(page.locator(".nbc-CellMark")).to_have_count(0)
    expect(state).to_contain_text("would show the same in all 3 cells")
    assert page_errors == []


@pytest.mark.own_page
def test_nothing_is_wider_than_a_narrow_sidebar(demo, open_notebook):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    expect(page.locator("#nbcairn-state .nbc-Flag").first).to_be_visible()
    for name in ("Lineage", "History"):
        page.locator(".jp-AccordionPanel-title", has_text=name).click()
    page.locator("#nbcairn-history .nbc-Run").first.click()
    expect(page.locator("#nbcairn-history .nbc-Details .nbc-Actions")).to_be_attached()
    page.get_by_role("button", name="More filters").click()
    expect(page.locator(".nbc-Choices")).to_be_visible()
    sections = page.locator(".nbc-Section")
    expect(sections).to_have_count(4)
    for index in range(4):
        width, content = sections.nth(index).evaluate("node => [node.clientWidth, node.scrollWidth]")
        assert width <= 250
        assert content <= width
