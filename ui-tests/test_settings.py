"""What people change in the Settings Editor, and what the menus offer; nothing needs a reload."""

from collections.abc import Iterator

import pytest
from journey import Lab, command, edit, open_state, run_all, write_notebook
from playwright.sync_api import Page, expect


@pytest.fixture
def defaults(lab: Lab, page: Page) -> Iterator[None]:
    """What is set is taken back afterwards: the server keeps it for all journeys."""
    yield
    address = f"{lab.url}lab/api/settings/nbcairn:plugin?token={lab.token}"
    assert page.request.put(address, data={"raw": "{}"}).ok


@pytest.mark.own_page
@pytest.mark.usefixtures("defaults")
def test_settings_have_plain_titles_and_hold_at_once(project, open_notebook, page_errors, snap):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "print(x)"))
    run_all(page)
    open_state(page)
    status = page.locator("#jp-main-statusbar").get_by_text("Cairn: fresh")
    expect(status).to_be_visible()
    edit(page, 1, "x = 2")
    mark = page.locator(".jp-Cell").nth(1).locator(".nbc-CellMark")
    expect(mark).to_contain_text("stale")

    command(page, "settingeditor:open", query="Cairn")
    form = page.locator(".jp-SettingsPanel:visible, .jp-SettingsEditor:visible").first
    for title in (
        "Mark cells that are not fresh",
        "Lead from plots to how they were made",
        "Show a summary in the status bar",
        "Start recording in every notebook",
        "Wait after an edit (milliseconds)",
    ):
        expect(form.get_by_text(title).first).to_be_visible()
    snap("settings")
    form.get_by_label("Mark cells that are not fresh").uncheck()
    form.get_by_label("Show a summary in the status bar").uncheck()
    expect(page.locator("#jp-main-statusbar").get_by_text("Cairn:")).to_be_hidden()
    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="analysis.ipynb").click()
    expect(page.locator("#nbcairn-state")).to_contain_text("Edited since it ran")  # the sidebar goes on
    expect(mark).to_have_count(0)

    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="Settings").click()
    form.get_by_label("Mark cells that are not fresh").check()
    form.get_by_label("Show a summary in the status bar").check()
    form.get_by_label("Start recording in every notebook").check()
    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="analysis.ipynb").click()
    expect(mark).to_contain_text("stale")
    page.wait_for_timeout(1500)  # JupyterLab saves settings a moment later

    path = write_notebook(project, "y = 3", name="second.ipynb")
    open_notebook(path)
    run_all(page)
    expect(open_state(page)).to_contain_text("would show the same")
    assert page_errors == []


def test_a_cell_has_its_actions_in_the_context_menu(project, open_notebook, page_errors):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1", "y = x + 1"))
    state = open_state(page)
    run_all(page)
    expect(state).to_contain_text("would show the same in all 3 cells")
    edit(page, 1, "x = 2")
    expect(page.locator(".nbc-CellMark")).to_have_count(2)
    page.locator(".jp-Cell").nth(2).locator(".jp-InputArea-editor").click(button="right")
    page.locator(".lm-Menu-item", has_text="Cairn").hover()
    wanted = ["Explain This Cell", "Show Runs of This Cell", "Run This Cell with What It Needs"]
    for name in wanted:
        expect(page.get_by_role("menuitem", name=name)).to_be_visible()
    page.get_by_role("menuitem", name=wanted[2]).click()
    expect(state).to_contain_text("would show the same in all 3 cells")
    assert page_errors == []
