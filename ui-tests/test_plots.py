"""From a plot in the notebook to how it was made."""

from journey import command, run_all, write_notebook
from playwright.sync_api import expect

ONE = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot(values)\nax.set_title('Tuesday')"
TWO = "for n in (1, 2):\n    plt.figure()\n    plt.plot([n, 2, 3])\n    plt.title(f'Part {n}')\n    plt.show()"


def test_a_plot_leads_to_its_page_by_mouse_and_by_keyboard(project, open_notebook, page_errors, snap):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "values = [1, 4, 9]", ONE, TWO, "print(1)"))
    command(page, "nbcairn:open")
    run_all(page)
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    button = cells.nth(2).locator(".nbc-PlotLink")
    expect(button).to_be_attached(timeout=60_000)
    expect(page.locator(".nbc-PlotLink")).to_have_count(2)
    cells.nth(2).hover()
    expect(button).to_have_css("opacity", "1")
    command(page, "nbcairn:reveal-cell", cellId="c3")
    expect(page.locator("img.nbc-Thumbnail")).to_have_count(3)
    snap("plot-link")
    button.click()
    expect(page.locator(".nbc-Page h1")).to_contain_text("Tuesday")

    command(page, "nbcairn:reveal-cell", cellId="c4")
    page.keyboard.press("Control+Shift+C")
    page.keyboard.type("how this plot was made")
    page.keyboard.press("Enter")
    choice = page.get_by_role("menuitem", name="Part 2")
    expect(choice).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".nbc-Page h1", has_text="Part 2")).to_be_visible()
    assert page_errors == []


def test_a_cell_without_a_plot_says_so(project, open_notebook):
    page = open_notebook(write_notebook(project, "%load_ext nbcairn", "x = 1"))
    command(page, "nbcairn:open")
    run_all(page)
    expect(page.locator("#nbcairn-state")).to_contain_text("would show the same")
    command(page, "nbcairn:open-plot", cellId="c2")
    expect(page.locator(".jp-toastContainer")).to_contain_text("The trail has no plot of this cell")
