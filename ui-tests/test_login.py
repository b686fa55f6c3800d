"""A server that knows its users by a cookie, below a prefix, as a hub has it."""

import pytest
from journey import PASSWORD, command, make_project, run_all, start_recording, write_notebook
from playwright.sync_api import expect


@pytest.mark.own_page
def test_whoever_logged_in_works_by_cookie_and_whoever_logged_out_is_told(lab_with_login, page, page_errors, snap):
    path = write_notebook(make_project(lab_with_login, "login"), "x = 1", "print(x)")
    page.goto(f"{lab_with_login.url}lab/workspaces/login/tree/{path}?reset")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.locator("#login_submit").click()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    assert page.evaluate("() => window.jupyterapp.serviceManager.serverSettings.token") == ""
    state = start_recording(page)
    run_all(page)
    expect(state).to_contain_text("would show the same in all 2 cells")
    assert page_errors == []

    page.context.clear_cookies()
    command(page, "nbcairn:check")
    expect(state.get_by_role("alert")).to_contain_text("Log in")
    expect(state).to_contain_text("would show the same in all 2 cells")
    snap("logged-out")
