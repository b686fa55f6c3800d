"""Long notebooks and long trails stay quick."""

import time

import pytest
from journey import command, edit, run_all, run_cell, write_notebook
from playwright.sync_api import expect

from nbcairn.model import ArtifactKind
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact

# Changes the last-but-one link of the chain and waits for the mark that says so; milliseconds since the change.
EDIT = """() => new Promise(resolve => {
  const cells = window.jupyterapp.shell.currentWidget.content.widgets;
  const target = cells[198];
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (target.node.classList.contains('nbc-mod-marked')) { seen.disconnect(); resolve(performance.now() - start); }
  });
  seen.observe(target.node, { attributes: true });
  target.model.sharedModel.setSource('x198 = 0');
})"""
# Runs that cell and waits for the mark to go; milliseconds since the kernel said that the run had ended.
RUN = """() => new Promise(resolve => {
  const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
  const target = content.widgets[198];
  let ended = Infinity;
  sessionContext.session.kernel.anyMessage.connect((_, args) => {
    if (args.msg.header.msg_type === 'execute_reply') { ended = Math.min(ended, performance.now()); }
  });
  const seen = new MutationObserver(() => {
    if (!target.node.classList.contains('nbc-mod-marked')) { seen.disconnect(); resolve(performance.now() - ended); }
  });
  seen.observe(target.node, { attributes: true });
  content.activeCellIndex = 198;
  window.jupyterapp.commands.execute('notebook:run-cell');
})"""

# Scrolls from end to end in 120 frames; milliseconds that each frame took, shortest first.
SCROLL = """node => new Promise(resolve => {
  const took = [];
  const step = (node.scrollHeight - node.clientHeight) / 120;
  let before = performance.now();
  const next = now => {
    took.push(now - before);
    before = now;
    node.scrollTop = took.length * step;
    took.length < 120 ? requestAnimationFrame(next) : resolve(took.slice(1).sort((a, b) => a - b));
  };
  requestAnimationFrame(next);
})"""


def told(what: str, took: list[float]) -> str:
    return f"{what} scrolled: a frame {took[60]:.0f} ms, 19 of 20 within {took[113]:.0f}, the longest {took[-1]:.0f}"


@pytest.mark.parametrize("rounds", [1, pytest.param(5, marks=pytest.mark.nightly)])
def test_marks_follow_at_once_in_200_cells(rounds, project, open_notebook, page_errors, capsys):
    sources = ["%load_ext nbcairn\nx0 = 0", *(f"x{n} = x{n - 1} + 1" for n in range(1, 200))]
    page = open_notebook(write_notebook(project, *sources))
    command(page, "nbcairn:open")
    run_all(page)
    state = page.locator("#nbcairn-state")
    expect(state).to_contain_text("would show the same in all 200 cells", timeout=120_000)
    delay = 200  # the setting “Wait after an edit”
    edits, runs = [], []
    command(page, "nbcairn:reveal-cell", cellId="c199")
    for _ in range(rounds):
        edits.append(page.evaluate(EDIT) - delay)
        runs.append(page.evaluate(RUN))
        edit(page, 198, "x198 = x197 + 1")
        expect(state).to_contain_text("Edited since it ran")
        run_cell(page, 198)
        run_cell(page, 199)
        expect(state).to_contain_text("would show the same in all 200 cells")
    with capsys.disabled():
        times = [f"{min(found):.0f} to {max(found):.0f} ms" for found in (edits, runs)]
        print(f"\n200 cells: a mark {times[0]} after an edit paused, {times[1]} after a run ended")
    assert page_errors == []


@pytest.mark.own_page
@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_a_long_trail_scrolls(count, project, open_notebook, page_errors, capsys):
    path = write_notebook(project, "x = 1")
    with Trail.open(project / ".cairn", create=True) as trail:
        trail.begin(a_session(notebook="analysis.ipynb", kernel_id=None))
        for number in range(count):
            run = a_run(f"x{number} = {number}", f"c{number % 200}", {}, {f"x{number}": number})
            trail.record(run, [an_artifact(run, f"x{number}", ArtifactKind.METRIC, number)])
    page = open_notebook(path)
    start = time.monotonic()
    command(page, "nbcairn:open")
    artifacts = page.locator("#nbcairn-artifacts")
    newest = artifacts.locator(".nbc-Artifact", has_text=f"x{count - 1}")
    expect(newest).to_be_visible()
    opened = {"Artifacts": time.monotonic() - start}
    assert artifacts.locator(".nbc-Artifact").count() < 60
    scrolled = [told("Artifacts", artifacts.evaluate(SCROLL))]
    artifacts.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(artifacts.locator(".nbc-Artifact-name", has_text="x0").first).to_be_visible()

    start = time.monotonic()
    artifacts.get_by_role("searchbox").fill(f"x{count // 2} =")
    expect(artifacts.locator(".nbc-Artifact")).to_have_count(1)
    with capsys.disabled():
        print(
            f"\n{count} artifacts: searched in {1000 * (time.monotonic() - start):.0f} ms, with the pause after a key"
        )
    artifacts.get_by_role("button", name="Clear filters").click()

    start = time.monotonic()
    command(page, "nbcairn:show-history")
    history = page.locator("#nbcairn-history")
    expect(history.locator(".nbc-Run").first).to_contain_text(f"x{count - 1}")
    opened["History"] = time.monotonic() - start
    scrolled.append(told("History", history.evaluate(SCROLL)))
    history.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(history.locator(".nbc-Run", has_text="x0 = 0")).to_be_visible()
    assert history.locator(".nbc-Run").count() < 60

    start = time.monotonic()
    page.locator(".jp-AccordionPanel-title", has_text="Lineage").click()
    lineage = page.locator("#nbcairn-lineage")
    expect(lineage.locator(".nbc-Node").first).to_be_visible()
    opened["Lineage"] = time.monotonic() - start
    scrolled.append(told("Lineage", lineage.evaluate(SCROLL)))
    with capsys.disabled():
        print("; ".join(f"{name} opened in {1000 * seconds:.0f} ms" for name, seconds in opened.items()))
        print("\n".join(scrolled))
    assert page_errors == []
