"""What journeys do to a page and to the folder that the server serves."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import nbformat
from playwright.sync_api import Locator, Page, expect

from nbcairn.store import Trail

PASSWORD = "stones"
"""Of the server that people log in to."""

THEMES = ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"]

IN_FRONT = "() => window.jupyterapp?.shell?.currentWidget?.context?.path"
"""The path of the document in front, in a page."""

# As a new page is: nothing open, our sidebar behind the file browser with two sections open. Kernels end meanwhile.
CLEAR = """async keep => {
  const { shell } = window.jupyterapp;
  for (const widget of [...shell.widgets('main')]) {
    if (keep && widget.context?.path === keep) {
      shell.activateById(widget.id);
    } else {
      void widget.sessionContext?.shutdown();
      widget.dispose();
    }
  }
  const accordion = [...shell.widgets('left')].find(widget => widget.id === 'nbcairn').content;
  accordion.widgets.forEach((_, index) => (index < 2 ? accordion.expand(index) : accordion.collapse(index)));
  accordion.setRelativeSizes([3, 2, 0, 0]);
  shell.activateById('filebrowser');
}"""


@dataclass(frozen=True)
class Lab:
    """A running server and the folder it serves."""

    url: str
    token: str
    root: Path
    env: dict[str, str]

    def address(self, path: str = "", app: str = "lab") -> str:
        if app == "lab":
            place = f"/tree/{path}" if path else ""
            return f"{self.url}lab/workspaces/{uuid4().hex}{place}?token={self.token}&reset"
        return f"{self.url}notebooks/{path}?token={self.token}"


def make_project(server: Lab, name: str) -> Path:
    folder = server.root / re.sub(r"\W+", "-", name)
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder


def write_notebook(folder: Path, *sources: str, name: str = "analysis.ipynb", kernel: str = "python3") -> str:
    """A notebook with these code cells (ids c1, c2, ...) for this kernel, and its path as the server has it."""
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    cells = [nbformat.v4.new_code_cell(source, id=f"c{index}") for index, source in enumerate(sources, 1)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, folder / name)
    return f"{folder.name}/{name}"


def command(page: Page, name: str, **args: object) -> None:
    """Run a JupyterLab command as the palette would."""
    page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)", [name, args])


def open_state(page: Page) -> Locator:
    """Open the sidebar; its section State."""
    command(page, "nbcairn:open")
    return page.locator("#nbcairn-state")


def start_recording(page: Page) -> Locator:
    """Open the sidebar and begin to record with a press, in a kernel that has recorded nothing; the section State."""
    state = open_state(page)
    state.get_by_role("button", name="Start recording").click()
    expect(state).to_contain_text("Run a cell", timeout=60_000)
    return state


def clear(page: Page, *, keep: str = "") -> None:
    """Close all that is open in the page, but for the document at this path."""
    page.evaluate(CLEAR, keep)


def is_open(page: Page, path: str, *, unchanged: bool = False) -> bool:
    """Whether a document is open in the page, in front or not; with ``unchanged``, as its file has it."""
    widgets = "[...(window.jupyterapp?.shell?.widgets('main') ?? [])]"
    wanted = "widget.context?.path === path && !(unchanged && widget.context.model.dirty)"
    return bool(page.evaluate(f"([path, unchanged]) => {widgets}.some(widget => {wanted})", [path, unchanged]))


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what happens outside of the page."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def has_statistics(folder: Path, name: str) -> bool:
    """Whether the newest artifact of this name has its statistics: they follow a run in idle time."""
    if not (folder / ".cairn" / "trail.db").exists():
        return False  # the first run is on its way
    with Trail.open(folder / ".cairn") as trail:
        made = trail.artifacts(name=name, limit=1)
    return bool(made) and "columns" in made[0].detail


def saved_layout(page: Page, server: Lab, text: str) -> None:
    """Wait until JupyterLab has saved the page's layout with this in it: it does a moment later."""
    name = page.url.partition("/workspaces/")[2].partition("/")[0]
    address = f"{server.url}lab/api/workspaces/{name}?token={server.token}"
    until(lambda: text in json.dumps(page.request.get(address).json()))


def use_theme(page: Page, theme: str) -> None:
    """Change the theme and wait for its style sheet, which comes after its name."""
    command(page, "apputils:change-theme", theme=theme)
    sheet = "theme-" + theme.removeprefix("JupyterLab ").lower().replace(" ", "-")
    page.wait_for_function(
        """([theme, sheet]) => document.body.dataset.jpThemeName === theme
            && [...document.querySelectorAll('link')].some(link => link.href.includes(sheet) && link.sheet)""",
        arg=[theme, sheet],
    )


def paint(page: Page, snap: Callable[[str], Path], name: str) -> None:
    """Pictures in each theme, where pictures are wanted."""
    for theme in THEMES if os.environ.get("NBCAIRN_SCREENSHOTS") else THEMES[:1]:
        use_theme(page, theme)
        snap(f"{name}-{theme.rpartition(' ')[2].lower()}")
    use_theme(page, THEMES[0])


def restart(page: Page) -> None:
    """Restart the kernel of the notebook in front without asking."""
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel().then(() => null)")


def run_all(page: Page) -> None:
    command(page, "notebook:run-all-cells")


def edit(page: Page, index: int, source: str) -> None:
    """Change the source of a cell as an editor does, on the shared model."""
    page.evaluate(
        """([index, source]) => {
            window.jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source);
        }""",
        [index, source],
    )


def run_cell(page: Page, index: int) -> None:
    page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)
    command(page, "notebook:run-cell")


def widen_sidebar(page: Page, to: int = 396) -> None:
    """Drag the border between the sidebar and the notebook to this place: from there it is not dragged farther."""
    handle = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle:not(.lm-mod-hidden)").first.bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to, y, steps=4)
    page.mouse.up()
