"""From the messy example to a notebook that Restart & Run All would not change."""

import shutil

from journey import open_state
from playwright.sync_api import expect


def test_the_messy_example_becomes_fresh(demo, lab, project, open_notebook, page_errors, snap):
    folder = project.parent / "repair"
    shutil.copytree(lab.root / demo, folder)
    page = open_notebook("repair/messy.ipynb")
    state = open_state(page)
    expect(state).to_contain_text("would change 4 of 27 cells")

    state.get_by_role("button", name="Insert it above").first.click()
    expect(state.locator(".nbc-State-headline")).to_contain_text("28 cells")
    state.locator(".nbc-Repair summary").click()
    snap("repair")
    page.locator(".nbc-Repair").get_by_role("button", name="Run these").or_(
        page.locator(".nbc-Repair").get_by_role("button", name="Restart and run them")
    ).press("Enter")
    confirm = page.locator(".jp-Dialog").get_by_role("button", name="Restart")
    if confirm.is_visible():
        confirm.click()
    expect(state).to_contain_text("would show the same in all 28 cells", timeout=120_000)
    expect(page.locator(".nbc-CellMark")).to_have_count(0)
    expect(state.locator(".nbc-State-headline")).to_be_focused()
    assert page_errors == []
