"""Where something is missing: the panel says exactly what, and nothing breaks."""

import pytest
from journey import command, make_project, open_state, run_all, write_notebook
from playwright.sync_api import expect


@pytest.mark.own_page
def test_notebook_7(demo, page, lab, page_errors, snap):
    page.goto(lab.address(f"{demo}/messy.ipynb", app="notebook"))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    expect(page.locator(".nbc-CellMark").first).to_be_attached()
    page.wait_for_function("() => !!window.jupyterapp")
    command(page, "nbcairn:open")
    expect(page.locator("#nbcairn-state")).to_contain_text("would change 4 of 27 cells")
    page.locator("#nbcairn-state").get_by_role("button", name="Cell 15").click()
    expect(page.locator(".jp-Cell.jp-mod-active .nbc-CellMark")).to_be_in_viewport()
    bar = page.locator(".jp-Cell.jp-mod-active").evaluate("cell => getComputedStyle(cell, '::before').width")
    assert bar == "3px"
    snap("notebook7")
    assert page_errors == []


@pytest.mark.own_page
def test_a_server_without_the_extension(lab_without_us, open_notebook, snap):
    folder = make_project(lab_without_us, "bare")
    page = open_notebook(write_notebook(folder, "x = 1"), server=lab_without_us)
    state = open_state(page)
    expect(state).to_contain_text("The server does not know Cairn")
    expect(state).to_contain_text("pip install nbcairn")
    run_all(page)
    expect(page.locator(".jp-InputPrompt").first).to_have_text("[1]:")
    snap("no-server")


def test_a_dead_kernel_leaves_the_record(project, open_notebook, snap):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1"))
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    expect(state).to_contain_text("No kernel is running")
    expect(state).to_contain_text("would show the same")
    snap("kernel-dead")


@pytest.mark.own_page
def test_no_notebook(page, lab, page_errors):
    page.goto(lab.address())
    page.wait_for_selector("#jp-left-stack", state="attached", timeout=60_000)
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    command(page, "nbcairn:open")
    expect(page.locator("#nbcairn-state")).to_contain_text("No notebook in front")
    assert page_errors == []
