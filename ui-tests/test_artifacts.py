"""Finding what was made: thumbnails, search, kinds."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from journey import command, until, write_notebook
from playwright.sync_api import Download, expect

from nbcairn.fingerprint import fingerprint
from nbcairn.model import ArtifactKind, at
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
def test_artifacts_of_others_by_person_tag_and_note(project, lab, open_notebook, page_errors, snap, tmp_path):
    path = write_notebook(project, "x = 1")
    content = fingerprint(Fraction(22, 7))
    with Trail.open(tmp_path / "grace" / ".cairn", create=True) as trail:
        trail.begin(replace(a_session("s2", "theirs.ipynb", kernel_id=None), user="grace", host="far"))
        theirs = a_run(
            "y = load()", "c9", {}, {"y": content}, session_id="s2", notebook="theirs.ipynb", tags=["report"]
        )
        trail.record(theirs, [an_artifact(theirs, "y", ArtifactKind.DATA, Fraction(22, 7), type_name="Fraction")])
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session("s1", "analysis.ipynb", kernel_id=None))
        mine = a_run("x = 1", "c1", {}, {"x": content}, notebook="analysis.ipynb")
        made = an_artifact(mine, "x", ArtifactKind.DATA, Fraction(22, 7), type_name="Fraction")
        trail.record(mine, [made])
        trail.note(made.id, "The one for the talk", "ada")
    page = open_notebook(path)
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    rows = artifacts.locator(".nbc-Artifact")
    expect(rows).to_have_count(1)
    expect(rows).not_to_contain_text("already")
    for verb, folder in (
        ("push", tmp_path / "grace"),
        ("pull", project),
    ):  # the two trails meet while the panel is open
        cairn = [sys.executable, "-m", "nbcairn.cli", verb, "--remote", str(tmp_path / "shared")]
        subprocess.run(cairn, cwd=folder, env=lab.env, check=True, capture_output=True, timeout=120)
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


@pytest.mark.own_page
def test_the_plot_that_was_made_on_a_day(project, open_notebook, page_errors, snap):
    path = write_notebook(project, "plot(1)")
    noon = datetime.now().replace(hour=12, minute=0).astimezone()
    days = {name: noon - timedelta(days=ago) for name, ago in (("old", 40), ("tuesday", 3), ("today", 0))}
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session(notebook="analysis.ipynb", kernel_id=None))
        for name, day in days.items():
            run = a_run(f"plot('{name}')", "c1", {}, {name: name}, notebook="analysis.ipynb", started=at(day))
            trail.record(run, [an_artifact(run, f"The plot of {name}", ArtifactKind.FIGURE, name)])
    page = open_notebook(path, kernel=False)
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    rows = artifacts.locator(".nbc-Artifact")
    expect(rows).to_have_count(3)
    artifacts.get_by_role("button", name="More filters").click()
    when = artifacts.get_by_label("When")
    when.select_option(f"{days['tuesday']:%Y-%m-%d}")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("The plot of tuesday")
    expect(when.locator("option:checked")).to_contain_text(f"{days['tuesday']:%A}")
    when.select_option("The last 7 days")
    expect(artifacts.get_by_role("status")).to_have_text("2 found")
    when.select_option("Another day…")
    artifacts.get_by_label("Day", exact=True).fill(f"{days['old']:%Y-%m-%d}")
    expect(rows.filter(has_text="The plot of old")).to_be_visible()
    expect(rows).to_have_count(1)
    snap("artifacts-of-a-day")
    artifacts.get_by_role("button", name="Clear filters").click()
    expect(rows).to_have_count(3)
    expect(artifacts.get_by_label("Day", exact=True)).to_have_count(0)

    command(page, "nbcairn:show-history")
    history = page.locator("#nbcairn-history")
    expect(history.locator(".nbc-Run")).to_have_count(3)
    history.get_by_label("When").select_option("Today")
    expect(history.locator(".nbc-Run")).to_have_count(1)
    expect(history.locator(".nbc-Run")).to_contain_text("plot('today')")
    expect(history.get_by_role("status")).to_have_text("1 run")
    snap("history-of-a-day")
    history.get_by_label("When").select_option("Yesterday")
    expect(history).to_contain_text("Nothing ran then")
    history.get_by_role("button", name="Show all days").click()
    expect(history.locator(".nbc-Run")).to_have_count(3)
    assert page_errors == []


@pytest.mark.own_page
def test_code_that_names_a_personal_folder_is_saved_when_the_person_says_so(project, open_notebook, page_errors):
    source = "x = ['/home/ada/in.csv']"
    path = write_notebook(project, source)
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session("s1", "analysis.ipynb", kernel_id=None))
        run = a_run(source, "c1", {}, {"x": 1}, notebook="analysis.ipynb")
        trail.record(run, [an_artifact(run, "x", ArtifactKind.DATA, 1)])
    page = open_notebook(path)
    command(page, "nbcairn:open")
    page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="x").click()
    saved = []

    def keep(download: Download) -> None:
        saved.append(download)

    page.on("download", keep)
    dialog = page.get_by_role("dialog")
    for answer in ("Cancel", "Save Anyway"):
        page.locator(".nbc-Page:visible").get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="Its Code as a Script").click()
        expect(dialog).to_contain_text("/home/ada")
        assert saved == []
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_have_count(0)
    until(lambda: bool(page.wait_for_timeout(50) or saved))
    assert source in saved[0].path().read_text()
    assert ["422" in error for error in page_errors] == [True, True], (
        "the browser's own word for an answer that was held back"
    )
