"""Finding what was made: thumbnails, search, kinds."""

from dataclasses import replace
from fractions import Fraction

import pytest
from journey import command, write_notebook
from playwright.sync_api import expect

from nbcairn.fingerprint import fingerprint
from nbcairn.model import ArtifactKind
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact


@pytest.mark.own_page
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


@pytest.mark.own_page
def test_artifacts_of_others_by_person_tag_and_note(project, open_notebook, page_errors, snap):
    path = write_notebook(project, "x = 1")
    content = fingerprint(Fraction(22, 7))
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session("s1", "analysis.ipynb", kernel_id=None))
        trail.begin(replace(a_session("s2", "theirs.ipynb", kernel_id=None), user="grace", host="far"))
        theirs = a_run(
            "y = load()", "c9", {}, {"y": content}, session_id="s2", notebook="theirs.ipynb", tags=["report"]
        )
        trail.record(theirs, [an_artifact(theirs, "y", ArtifactKind.DATA, Fraction(22, 7), type_name="Fraction")])
        mine = a_run("x = 1", "c1", {}, {"x": content}, notebook="analysis.ipynb")
        made = an_artifact(mine, "x", ArtifactKind.DATA, Fraction(22, 7), type_name="Fraction")
        trail.record(mine, [made])
        trail.note(made.id, "The one for the talk", "ada")
    page = open_notebook(path)
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    rows = artifacts.locator(".nbc-Artifact")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("grace has it already")
    state = page.locator("#nbcairn-state")
    state.get_by_text("Somebody has 1 result already").click()
    expect(state.locator(".nbc-Known")).to_contain_text("grace")
    snap("known")
    state.get_by_role("button", name="Open theirs").click()
    expect(page.locator(".nbc-Page h1")).to_have_text("y")

    page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="analysis.ipynb").click()
    artifacts.get_by_role("searchbox").fill("talk")
    expect(artifacts.get_by_role("status")).to_have_text("1 found")
    artifacts.get_by_role("button", name="Clear filters").click()
    artifacts.get_by_role("button", name="More filters").click()
    artifacts.get_by_label("Notebook").select_option("*")
    expect(rows).to_have_count(2)
    artifacts.get_by_label("Person").select_option("grace")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("theirs.ipynb")
    artifacts.get_by_label("Tag").select_option("report")
    artifacts.get_by_label("Session").select_option(index=1)
    expect(rows.locator(".nbc-Artifact-name")).to_have_text("y")
    snap("filters")
    assert page_errors == []
