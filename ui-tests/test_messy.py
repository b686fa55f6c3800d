"""The example that was explored the messy way: what is wrong is listed, marked and explained."""

import re

import pytest
from contrast import too_faint
from journey import clear, command, is_open, paint, use_theme, widen_sidebar
from playwright.sync_api import Page, expect


@pytest.fixture
def messy(demo, page, open_notebook) -> Page:
    """The example with the sidebar open; the journeys of this file leave it as it is and share its kernel."""
    path = f"{demo}/messy.ipynb"
    if is_open(page, path, unchanged=True):
        clear(page, keep=path)
        command(page, "nbcairn:open")
    else:
        open_notebook(path)
        command(page, "nbcairn:open")
        widen_sidebar(page)
    expect(page.locator("#nbcairn-state")).to_contain_text("would change 4 of 27 cells")
    return page


def test_findings_lead_to_their_cells(messy, page_errors, snap):
    state = messy.locator("#nbcairn-state")
    for title in ("Reads from further down", "Edited since it ran", "deleted"):
        expect(state).to_contain_text(title)
    row = state.get_by_role("button", name="Cell 14")
    row.scroll_into_view_if_needed()
    row.click()
    active = messy.locator(".jp-Cell.jp-mod-active")
    expect(active).to_be_in_viewport()
    expect(active.locator(".nbc-CellMark")).to_have_text("stale")
    expect(active.locator(".nbc-CellMark")).to_have_attribute("title", re.compile("CN104"))
    state.evaluate("node => { node.scrollTop = 0; }")
    snap("messy")
    assert page_errors == []


def test_every_flagged_cell_is_marked_also_far_away(messy):
    marked = messy.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .map((cell, index) => (cell.node.classList.contains('nbc-mod-marked') ? index + 1 : 0))
            .filter(Boolean)"""
    )
    assert marked == [14, 15, 17, 30]


def test_a_mark_opens_a_menu_that_explains(messy):
    command(messy, "nbcairn:reveal-cell", cellId="mass-plot")
    messy.locator(".jp-Cell.jp-mod-active .nbc-CellMark").click()
    messy.get_by_role("menuitem", name="Explain This Cell").click()
    expect(messy.locator(".nbc-Flag.nbc-mod-asked")).to_contain_text("Cell 14")


def test_history_has_the_code_of_the_deleted_cell(messy, snap):
    command(messy, "nbcairn:show-history")
    history = messy.locator("#nbcairn-history")
    gone = history.locator(".nbc-Run", has_text="cell deleted")
    expect(history.locator(".nbc-Run").first).to_be_visible()
    history.evaluate("node => { node.scrollTop = node.scrollHeight / 2; }")
    expect(gone).to_have_count(1)
    gone.scroll_into_view_if_needed()
    gone.click()
    expect(history.locator(".nbc-Code")).to_contain_text("heavy_limit")
    snap("history")


def test_history_shows_what_a_run_showed(messy, page_errors, snap):
    command(messy, "nbcairn:show-cell-history", cellId="mass-plot")
    history = messy.locator("#nbcairn-history")
    expect(history).to_contain_text("The runs of one cell")
    history.locator(".nbc-Run").first.click()
    details = history.locator(".nbc-Details")
    expect(details.locator(".nbc-Outputs img")).to_be_visible()
    details.get_by_role("button", name="Body mass by species").scroll_into_view_if_needed()
    paint(messy, snap, "history-outputs")
    details.get_by_role("button", name="Body mass by species").click()
    expect(messy.locator(".nbc-Page h1")).to_contain_text("Body mass by species")
    assert page_errors == []


def test_lineage_follows_the_notebook(messy, snap):
    messy.locator(".jp-AccordionPanel-title", has_text="Lineage").click()
    lineage = messy.locator("#nbcairn-lineage")
    expect(lineage.locator(".nbc-Node").first).to_be_visible()
    messy.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    command(messy, "nbcairn:reveal-cell", cellId="mass-plot")
    expect(lineage.locator(".nbc-Node[aria-pressed=true]")).to_contain_text("plt.subplots")
    expect(lineage.locator(".nbc-Node.nbc-mod-dim").first).to_be_attached()
    paint(messy, snap, "lineage")


THEMES = {
    "dark": "JupyterLab Dark",
    "high-contrast": "JupyterLab Dark High Contrast",
    "light": "JupyterLab Light",
}


def test_every_text_stands_out_in_every_theme(messy, snap):
    artifacts = messy.locator("#nbcairn-artifacts")
    for kind, pictures in (("Figures", True), ("Data", False)):
        artifacts.get_by_role("button", name=kind).click()
        expect(artifacts.locator(".nbc-Artifact").first.locator("img")).to_have_count(int(pictures))
        artifacts.locator(".nbc-Artifact").first.click()
        expect(messy.locator(".nbc-Page:visible .nbc-Page-actions")).to_be_visible()
        artifacts.get_by_role("button", name=kind).click()
    messy.locator(".nbc-Page:visible").get_by_role("button", name="Show as graph").click()
    expect(messy.locator(".nbc-Graph .nbc-Box").first).to_be_visible()
    places = (".nbc-Page:not(.lm-mod-hidden)", ".nbc-Sidebar", ".jp-Notebook .nbc-CellMark")
    tabs = messy.locator("#jp-main-dock-panel .lm-TabBar-tab")
    notebook = tabs.filter(has_text=".ipynb")
    pages = tabs.filter(has_not_text=".ipynb").filter(has_not_text="Launcher")
    expect(pages).to_have_count(3)
    faint = {}
    for name, theme in THEMES.items():
        use_theme(messy, theme)
        for tab in pages.all():
            tab.click()
            expect(messy.locator(".nbc-Page:visible")).to_have_count(1)
            faint |= {f"{name}: {where}": what for where, what in too_faint(messy, places[0]).items()}
        notebook.click()
        command(messy, "nbcairn:reveal-cell", cellId="mass-plot")
        expect(messy.locator(".jp-Cell.jp-mod-active .nbc-CellMark")).to_be_in_viewport()
        snap(name)
        for title in ("Lineage", "History"):
            messy.locator(".jp-AccordionPanel-title", has_text=title).click()
        expect(messy.locator("#nbcairn-history .nbc-Run").first).to_be_visible()
        expect(messy.locator("#nbcairn-lineage .nbc-Node").first).to_be_visible()
        for place in places[1:]:
            faint |= {f"{name}: {where}": what for where, what in too_faint(messy, place).items()}
        for title in ("Lineage", "History"):
            messy.locator(".jp-AccordionPanel-title", has_text=title).click()
    assert faint == {}
