"""The exported page in a real browser: offline, quiet, searched, explored, printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.own_page
def test_the_page_loads_nothing_complains_of_nothing_and_can_be_explored(demo: str, lab, page: Page, snap) -> None:
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    file = lab.root / demo / "messy.html"
    assert file.stat().st_size < 5_000_000
    page.goto(file.as_uri())

    page.get_by_label("Search").fill("heaviest")
    expect(page.locator("#found")).to_contain_text("match")
    expect(page.locator(".item:not(.miss)").first).to_be_visible()
    page.get_by_label("Search").fill("")

    rows = page.locator(".lanes .row")
    rows.filter(has_text="model").first.get_by_role("button").click()
    expect(page.locator(".lanes.chosen")).to_be_visible()
    assert 0 < page.locator(".lanes .row.dim").count() < rows.count()

    page.get_by_text("The code that made it").first.click()
    expect(page.get_by_label("Code that made").first).to_be_visible()
    snap("exported-page")

    assert len(page.pdf()) > 10_000, "it prints"
    assert complaints == []
    assert {url for url in requests if not url.startswith("data:")} == {file.as_uri()}
