"""The sidebar gives room to what is used, narrow or wide."""

import pytest
from journey import command, open_state, run_all, write_notebook
from playwright.sync_api import Locator, Page, expect

LEFT = "() => document.querySelector('#jp-left-stack').getBoundingClientRect()"
CONTENT = "node => node.scrollHeight - node.clientHeight"


def widen(page: Page, width: int) -> None:
    """Drag the edge of the sidebar until it is this wide."""
    box = page.evaluate(LEFT)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] + 1, y)
    page.mouse.down()
    page.mouse.move(box["x"] + width, y, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "width => Math.abs(document.querySelector('#jp-left-stack').clientWidth - width) < 8", arg=width
    )


def height(section: Locator) -> int:
    return section.evaluate("node => node.clientHeight")


@pytest.mark.own_page
def test_results_stay_in_sight_and_state_gives_what_it_does_not_need(project, open_notebook, snap, page_errors):
    scores = [f"score_{letter} = {number} / 7" for number, letter in enumerate("abcdefgh")]
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", *scores))
    state, artifacts = open_state(page), page.locator("#nbcairn-artifacts")
    run_all(page)
    expect(state).to_contain_text("would show the same in all 9 cells")
    row = artifacts.locator(".nbc-Artifact").first
    expect(row).to_be_visible()
    page.wait_for_function("() => document.querySelector('#nbcairn-state').clientHeight < 250")
    assert state.evaluate(CONTENT) == 0  # all of it is in sight
    assert height(artifacts) > 1.5 * height(state)

    artifacts.get_by_role("button", name="More filters").click()
    artifacts.get_by_label("Notebook").select_option("*")
    artifacts.get_by_label("Person").select_option(index=1)
    for width in (320, 250):  # JupyterLab lets no sidebar be narrower
        widen(page, width)
        expect(artifacts.get_by_label("Tag")).to_be_in_viewport(ratio=1)
        for place in range(2):
            expect(artifacts.locator(".nbc-Artifact").nth(place)).to_be_in_viewport(ratio=1)
        for section in (state, artifacts):
            shown, content = section.evaluate("node => [node.clientWidth, node.scrollWidth]")
            assert content <= shown
        snap(f"filters-{width}")
    artifacts.get_by_role("button", name="More filters, 2 set").click()
    expect(artifacts.get_by_label("Tag")).to_have_count(0)
    expect(artifacts.get_by_role("button", name="More filters, 2 set")).to_have_text("2")
    artifacts.get_by_role("button", name="Clear filters").click()
    expect(artifacts.get_by_role("button", name="More filters")).to_have_text("")

    command(page, "nbcairn:show-history")  # three are open now, and each can be used
    expect(page.locator("#nbcairn-history .nbc-Run").first).to_be_in_viewport()
    expect(row).to_be_in_viewport()
    snap("sidebar-narrow")
    assert page_errors == []


@pytest.mark.own_page
def test_room_that_was_given_by_hand_is_kept(demo, open_notebook):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    state = page.locator("#nbcairn-state")
    expect(state.locator(".nbc-Flag").first).to_be_visible()
    expect(page.locator("#nbcairn-artifacts .nbc-Artifact").first).to_be_visible()
    handle = page.locator("#nbcairn .lm-SplitPanel-handle:not(.lm-mod-hidden)").first.bounding_box()
    assert handle
    page.mouse.move(handle["x"] + 40, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(handle["x"] + 40, handle["y"] - 120, steps=5)
    page.mouse.up()
    given = height(state)
    state.get_by_text("Repair:").click()  # what it holds grows
    expect(state.locator("details.nbc-Repair[open] button.nbc-Button")).to_be_attached()
    page.wait_for_timeout(400)
    assert abs(height(state) - given) <= 2
