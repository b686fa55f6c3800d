"""What can be done from an artifact's page: bring the value back, take it away as a file, walk its graph, name its stages."""

import zipfile

import pytest
from journey import clear, command, has_statistics, is_open, make_project, paint, run_all, until, write_notebook
from playwright.sync_api import Page, expect

FRAME = "import nbcairn, pandas as pd\npenguins = pd.DataFrame({'id': [7, 8], 'mass': [3700.5, None]})"
TRACK = "nbcairn.track(penguins, 'penguins')"
NEXT = "heavy = penguins[penguins.mass > 3000]"


@pytest.fixture
def explored(lab, page, open_notebook) -> Page:
    """A kept table with something made of it, and its page; made once for the journeys of this file."""
    path = "explored/analysis.ipynb"
    if is_open(page, path):
        clear(page, keep=path)
        command(page, "nbcairn:open")
    else:
        folder = make_project(lab, "explored")
        open_notebook(write_notebook(folder, "%load_ext nbcairn", FRAME, TRACK, NEXT))
        command(page, "nbcairn:open")
        run_all(page)
        until(lambda: has_statistics(folder, "heavy"))
    row = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="penguins").first
    expect(row).to_contain_text("2 rows", timeout=60_000)
    expect(page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="heavy")).to_be_visible()
    row.click()
    expect(page.locator(".nbc-Page h1")).to_contain_text("penguins")
    return page


def test_code_and_record_are_saved_as_files(explored, page_errors):
    page = explored
    view = page.locator(".nbc-Page")
    for label, name, inside in (
        ("Its Code as a Script", "penguins.py", "pd.DataFrame"),
        ("This Notebook as a Web Page", "analysis.html", "<!doctype html>"),
    ):
        view.get_by_role("button", name="Export").click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=label).click()
        assert waiting.value.suggested_filename == name
        assert inside.lower() in waiting.value.path().read_text().lower()
    assert page_errors == []


def test_the_graph_is_walked_by_the_keyboard(explored, page_errors, snap):
    page = explored
    page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="heavy").click()
    page.locator(".nbc-Page:visible", has_text="heavy").get_by_role("button", name="Show as graph").click()
    graph = page.locator(".nbc-Graph")
    expect(graph.locator(".nbc-Box[data-focus]")).to_contain_text("heavy")
    expect(page.locator(".nbc-GraphList")).to_contain_text("heavy, artifact. From: heavy = penguins")
    graph.locator('[tabindex="0"]').focus()
    page.keyboard.press("ArrowUp")
    chosen = graph.locator(".nbc-Box[aria-pressed=true]")
    expect(chosen).to_have_attribute("data-kind", "run")
    expect(chosen).to_be_focused()
    paint(page, snap, "graph")
    chosen.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator(".nbc-Page:visible h1")).to_contain_text("heavy")
    expect(page.locator(".nbc-Page:visible .nbc-Page-actions")).to_be_visible()
    assert page_errors == []


def test_a_stage_is_named_by_a_tag(explored, page_errors):
    page = explored
    view = page.locator(".nbc-Page")
    expect(view.get_by_role("region", name="Environment")).to_be_visible()  # what comes later moves what is below it
    view.get_by_text("Stages of its pipeline").press("Enter")
    field = view.locator(".nbc-Stage-cell input").first
    field.fill("loading")
    field.press("Enter")
    expect(view.get_by_role("group", name="Stage loading")).to_be_visible()
    tags = page.evaluate("""() => {
        const { tracker } = { tracker: window.jupyterapp.shell.widgets('main') };
        const notebook = [...tracker].find(widget => widget.content?.widgets);
        return notebook.content.widgets.map(cell => cell.model.getMetadata('tags') ?? []).flat();
    }""")
    assert tags == ["stage:loading"]
    assert page_errors == []


def test_stages_are_regrouped_and_the_pipeline_has_them(explored, page_errors):
    page = explored
    page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="heavy").click()
    view = page.locator(".nbc-Page:visible", has_text="heavy")
    expect(view.get_by_role("region", name="Environment")).to_be_visible()
    view.get_by_text("Stages of its pipeline").press("Enter")
    view.locator(".nbc-Stage", has=page.get_by_text(NEXT)).get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("heaviest")
    dialog.get_by_role("button", name="Rename").click()
    expect(view.get_by_role("group", name="Stage heaviest")).to_contain_text(NEXT)
    view.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Pipeline").click()
    with zipfile.ZipFile(waiting.value.path()) as project:
        assert "heavy/stages/heaviest.py" in project.namelist()
        assert NEXT in project.read("heavy/stages/heaviest.py").decode()
    assert page_errors == []


def test_a_kept_value_is_looked_at_and_restored(explored, page_errors, snap):
    page = explored
    view = page.locator(".nbc-Page")
    grid = view.locator(".nbc-DataGrid .lm-DataGrid-viewport")
    expect(grid).to_be_visible()
    expect(view.locator(".nbc-DataGrid .lm-ScrollBar:not(.lm-mod-hidden)")).to_have_count(0)  # two rows fit
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(grid).not_to_be_focused()  # the keyboard is not caught in it
    view.get_by_text("As a plain table").click()
    expect(view.get_by_role("region", name="Rows", exact=True).locator("table")).to_contain_text("3700.5")
    view.get_by_text("As a plain table").click()
    paint(page, snap, "artifact-page")

    view.get_by_role("button", name="Restore into the kernel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("again")
    dialog.get_by_role("button", name="Restore").click()
    cell = page.locator(".jp-Notebook .jp-CodeCell").last
    expect(cell).to_contain_text("again = nbcairn.load(")
    expect(page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="again")).to_contain_text("2 rows", timeout=60_000)
    assert page_errors == []
