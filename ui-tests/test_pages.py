"""Pages in the main area: find what was made, see how, bring it back, compare it."""

import shutil
from pathlib import Path

import pytest
from journey import (
    command,
    edit,
    has_statistics,
    open_state,
    paint,
    restart,
    run_all,
    run_cell,
    saved_layout,
    until,
    write_notebook,
)
from playwright.sync_api import Locator, Page, expect

LEARN = "from sklearn.linear_model import LogisticRegression\nX, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 0, 1]"
PLOT = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot(values)\nax.set_title('Tuesday')"


def test_the_code_of_a_deleted_plot_comes_back(project, open_notebook, page_errors, snap):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "values = [1, 4, 9]", "unrelated = 5", PLOT))
    command(page, "nbcairn:open")
    run_all(page)
    artifacts = page.locator("#nbcairn-artifacts")
    row = artifacts.locator(".nbc-Artifact", has_text="Tuesday")
    expect(row).to_be_visible(timeout=60_000)
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 3; }")
    command(page, "notebook:delete-cell")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(3)

    row.click()
    view = page.locator(".nbc-Page")
    expect(view.locator("img.nbc-Picture")).to_be_visible()
    expect(view.get_by_role("button", name="Show cell")).to_be_disabled()
    expect(view.locator(".nbc-Part")).to_have_count(2)
    expect(view).not_to_contain_text("unrelated")
    snap("artifact")
    view.get_by_role("button", name="Insert code as cells").click()
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(5)
    expect(cells.nth(4)).to_contain_text("Tuesday")

    view.get_by_label("A new note").fill("The one for the <b>talk</b>.")
    view.get_by_role("button", name="Add note").click()
    expect(view.locator(".nbc-Note")).to_contain_text("The one for the <b>talk</b>.")
    assert page_errors == []


def compare(page: Page, row: Locator) -> Locator:
    """Open an artifact's page and compare it with the version before it; the page that shows both."""
    row.click()
    page.locator(".nbc-Page").first.get_by_role("button", name="Compare").click()
    return page.locator(".nbc-Page").nth(1)


def test_two_versions_of_a_frame(project, open_notebook, page_errors, snap):
    first = "import pandas as pd\ndf = pd.DataFrame({'mass': [1.0, 2.0, 3.0], 'sex': ['f', 'm', 'f']})"
    page = open_notebook(
        write_notebook(project, "%load_ext nbcairn", first, "df = df.assign(mass=df.mass * 2, age=[4, 5, 6])")
    )
    command(page, "nbcairn:open")
    run_cell(page, 0)
    run_cell(page, 1)
    row = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="df")
    expect(row).to_contain_text("3 rows", timeout=60_000)
    expect(page.locator("#nbcairn-state")).to_contain_text("What has run still holds")
    until(lambda: has_statistics(project, "df"))  # of a version that is replaced at once there are none
    run_cell(page, 2)
    expect(row).to_contain_text("2 versions")
    expect(row.locator(".nbc-Thumbnail rect").first).to_be_attached()  # how a column is spread
    row.click()
    view = page.locator(".nbc-Page").first
    expect(view.get_by_role("region", name="Statistics of the columns")).to_be_visible()
    view.get_by_role("button", name="Compare").click()
    comparison = page.locator(".nbc-Page").nth(1)
    expect(comparison).to_contain_text("2 of 3 columns differ")
    expect(comparison.locator(".nbc-Column", has_text="age")).to_contain_text("new")
    expect(comparison.locator(".nbc-Column", has_text="mass").locator("del").first).to_be_visible()
    expect(comparison.locator(".nbc-Diff")).to_contain_text("+ df = df.assign")
    rows = comparison.get_by_role("region", name="Rows that differ")
    expect(comparison).to_contain_text("3 rows changed")
    expect(comparison).to_contain_text("Compared: 3 of 3 rows of the older version with 3 of 3 rows of the newer")
    expect(rows.locator("tbody tr").first.locator("ins").first).to_have_text("2")
    paint(page, snap, "comparison")
    assert page_errors == []


def test_two_versions_of_a_frame_with_a_key_are_matched_by_it(project, open_notebook, page_errors, snap):
    first = "import nbcairn, pandas as pd\ndf = pd.DataFrame({'bird': ['N1', 'N2', 'N3'], 'mass': [1.0, 2.0, 3.0]})"
    second = "df = pd.DataFrame({'bird': ['N3', 'N4', 'N1'], 'mass': [3.5, 4.0, 1.0]})"
    track = "nbcairn.track(df, 'birds')"
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", f"{first}\n{track}", f"{second}\n{track}"))
    open_state(page)
    run_all(page)
    row = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="birds")
    expect(row).to_contain_text("2 versions", timeout=60_000)
    rows = compare(page, row).get_by_role("region", name="Rows", exact=True)
    expect(rows).to_contain_text("Matched by bird")
    expect(rows).to_contain_text("1 row changed")
    expect(rows).to_contain_text("1 is new")
    expect(rows).to_contain_text("1 is gone")
    changed = rows.locator("tbody tr", has_text="N3")
    expect(changed.locator("del")).to_have_text("3.0")
    expect(changed.locator("ins")).to_have_text("3.5")
    paint(page, snap, "rows-by-key")
    assert page_errors == []


def install_toy(project: Path, version: str) -> None:
    """A package that a kernel of this folder finds, in this version alone."""
    for folder in project.glob("toy-*.dist-info"):
        shutil.rmtree(folder)
    metadata = project / f"toy-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: toy\nVersion: {version}\n")


def test_two_versions_of_a_model_by_settings_scores_and_environment(project, open_notebook, page_errors, snap):
    fit = "model = LogisticRegression(C=strength).fit(X, y)\naccuracy = model.score(X, y)"
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "strength = 0.001", LEARN, fit))
    state = open_state(page)
    install_toy(project, "1.0")
    run_all(page)
    row = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="LogisticRegression")
    expect(row).to_contain_text("accuracy 0.75", timeout=60_000)
    expect(state).to_contain_text("would show the same in all 4 cells")

    install_toy(project, "2.0")
    restart(page)
    edit(page, 1, "strength = 1000.0")
    run_all(page)
    expect(row).to_contain_text("2 versions", timeout=60_000)
    expect(row).to_contain_text("accuracy 1")
    comparison = compare(page, row)
    for region, name, before, after in (
        ("Settings and facts", "C", "0.001", "1000"),
        ("Settings and facts", "accuracy", "0.75", "1"),
        ("Environment", "toy", "1.0", "2.0"),
    ):
        pairs = comparison.get_by_role("region", name=region)
        value = pairs.locator(f"dt:text-is('{name}') + dd")
        expect(value.locator("del")).to_have_text(before)
        expect(value.locator("ins")).to_have_text(after)
    expect(comparison.locator(".nbc-Diff")).to_contain_text("+ strength = 1000.0")
    paint(page, snap, "models-compared")
    assert page_errors == []


def test_two_versions_of_a_plot_beside_and_over_each_other(project, open_notebook, page_errors, snap):
    page = open_notebook(
        write_notebook(project, "%load_ext nbcairn", "values = [1, 4, 9]", PLOT, f"values = [9, 4, 1]\n{PLOT}")
    )
    open_state(page)
    run_all(page)
    row = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="Tuesday")
    expect(row).to_contain_text("2 versions", timeout=60_000)
    comparison = compare(page, row)
    pictures = [comparison.get_by_role("region", name=f"Picture of version {n}").locator("img") for n in (1, 2)]
    for picture in pictures:
        expect(picture).to_be_visible()
    beside = [picture.bounding_box() for picture in pictures]
    assert (
        beside[0]["x"] + beside[0]["width"] <= beside[1]["x"] or beside[0]["y"] + beside[0]["height"] <= beside[1]["y"]
    )
    over = comparison.locator(".nbc-Overlay img")
    expect(over).to_have_count(2)
    boxes = [over.nth(place).bounding_box() for place in range(2)]
    assert [round(boxes[0][side]) for side in ("x", "y")] == [round(boxes[1][side]) for side in ("x", "y")]
    share = comparison.get_by_role("slider", name="How much of the newer version shows")
    share.focus()
    share.press("End")
    expect(share).to_have_value("100")
    expect(comparison.locator(".nbc-Diff")).to_contain_text("+ values = [9, 4, 1]")
    paint(page, snap, "plots-compared")
    assert page_errors == []


@pytest.mark.own_page
def test_pages_come_back_after_a_reload(demo, lab, open_notebook):
    page = open_notebook(f"{demo}/messy.ipynb")
    command(page, "nbcairn:open")
    command(page, "nbcairn:open-finding-page", code="CN104")
    expect(page.locator(".nbc-Page h1")).to_contain_text("Reads from further down")
    saved_layout(page, lab, "CN104")
    page.goto(page.url.split("/tree/")[0])
    expect(page.locator(".nbc-Page h1")).to_contain_text("Reads from further down", timeout=60_000)
    expect(page.locator("#nbcairn-state")).to_be_visible()
