"""Finding what was made: thumbnails, search, kinds."""

from journey import command
from playwright.sync_api import expect


def test_plots_have_thumbnails_and_words_find_them(demo, open_notebook, page_errors, snap):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    picture = artifacts.locator("img.nbc-Thumbnail").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100
    rows = artifacts.locator(".nbc-Artifact")
    expect(rows.filter(has_text="Body mass by species")).to_contain_text("2 versions")

    artifacts.get_by_role("searchbox").fill("forest looks")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="What the forest looks at")).to_be_visible()
    artifacts.get_by_role("searchbox").fill("")

    artifacts.get_by_role("button", name="Models").click()
    expect(rows.filter(has_text="Pipeline").first).to_be_visible()
    expect(artifacts.locator("img")).to_have_count(0)
    snap("artifacts")
    assert page_errors == []
