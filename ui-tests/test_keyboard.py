"""Everything that matters without a mouse."""

import pytest
from journey import command
from playwright.sync_api import expect


@pytest.mark.own_page
def test_from_the_palette_to_a_finding_and_its_reason(demo, open_notebook, page_errors):
    page = open_notebook(f"{demo}/messy.ipynb")
    page.keyboard.press("Control+Shift+C")
    page.keyboard.type("show cairn")
    page.keyboard.press("Enter")
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would change 4 of 27 cells")
    expect(state).to_be_focused()
    page.keyboard.press("Tab")
    expect(state.locator(":focus")).to_have_count(1)

    first = state.get_by_role("button", name="Cell 14")
    first.focus()
    page.keyboard.press("Enter")
    active = page.locator(".jp-Cell.jp-mod-active")
    expect(active.locator(".nbc-CellMark")).to_be_in_viewport()
    expect(active).to_contain_text("plt.subplots")

    page.keyboard.press("Alt+F8")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    expect(state.page.locator(".jp-Cell.jp-mod-active")).not_to_contain_text("Body mass by species")
    mark = page.locator(".jp-Cell.jp-mod-active .nbc-CellMark")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Explain This Cell")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(state.locator(".nbc-Flag.nbc-mod-asked button").first).to_be_focused()
    assert page_errors == []


def test_lists_are_one_stop_with_arrow_keys(demo, open_notebook):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    rows = page.locator("#nbcairn-artifacts [data-row]")
    expect(rows.first).to_be_visible()
    page.locator("#nbcairn-artifacts").get_by_role("button", name="More filters").press("Tab")
    expect(rows.first).to_be_focused()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    focused = page.locator("#nbcairn-artifacts [data-row]:focus")
    expect(focused).to_be_in_viewport()
    assert focused.evaluate("row => row.closest('li').getAttribute('aria-posinset')") == "13"
    name = focused.locator(".nbc-Artifact-name").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".nbc-Page h1")).to_have_text(name)


def test_old_code_comes_back_without_a_mouse(demo, open_notebook, page_errors):
    page = open_notebook(f"{demo}/messy.ipynb")
    count = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    page.keyboard.press("Control+Shift+C")
    page.keyboard.type("show runs of this notebook")
    page.keyboard.press("Enter")
    history = page.locator("#nbcairn-history")
    expect(history.locator("[data-row]").first).to_be_visible()
    history.locator("[data-row]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(history.locator("[data-row]").nth(1)).to_be_focused()
    source = history.locator("[data-row]:focus .nbc-Run-source").inner_text()
    page.keyboard.press("Enter")
    insert = history.get_by_role("button", name="Insert as new cell")
    expect(insert).to_be_attached()
    for _ in range(20):
        page.keyboard.press("Tab")
        if insert.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function(
        "count => window.jupyterapp.shell.currentWidget.content.widgets.length === count + 1", arg=count
    )
    expect(page.locator(".jp-Cell.jp-mod-active")).to_contain_text(source.rstrip("…")[:20])
    assert page_errors == []
