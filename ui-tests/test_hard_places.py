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


@pytest.mark.own_page
def test_a_console_alone(page, lab, page_errors, snap):
    """The panel says what is missing, and what is typed in a console is no run of a notebook."""
    folder = make_project(lab, "console")
    page.goto(lab.address())
    page.wait_for_selector("#jp-left-stack", state="attached", timeout=60_000)
    page.wait_for_function("() => !!window.jupyterapp")
    command(page, "console:create", kernelPreference={"name": "python3", "autoStartDefault": True}, path=folder.name)
    prompt = page.locator(".jp-CodeConsole-promptCell .cm-content")
    expect(prompt).to_be_visible(timeout=60_000)
    state = open_state(page)
    expect(state).to_contain_text("No notebook in front")
    for line, prompt_number in (("%load_ext nbcairn", "[1]:"), ("x = 40 + 2", "[2]:"), ("print(x)", "[3]:")):
        prompt.click()
        page.keyboard.type(line)
        page.keyboard.press("Shift+Enter")
        expect(page.locator(".jp-CodeConsole-content .jp-InputPrompt", has_text=prompt_number)).to_be_visible(
            timeout=60_000
        )
    expect(page.locator(".jp-CodeConsole-content .jp-OutputArea-output").last).to_contain_text("42")
    expect(state).to_contain_text("No notebook in front")
    expect(page.locator(".nbc-CellMark")).to_have_count(0)
    snap("console")
    assert page_errors == []
