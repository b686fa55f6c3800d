"""What journeys do to a page and to the folder that the server serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import nbformat
from playwright.sync_api import Page

PASSWORD = "stones"
"""Of the server that people log in to."""


@dataclass(frozen=True)
class Lab:
    """A running server and the folder it serves."""

    url: str
    token: str
    root: Path
    env: dict[str, str]

    def address(self, path: str = "", app: str = "lab") -> str:
        if app == "lab":
            return f"{self.url}lab/workspaces/{uuid4().hex}/tree/{path}?token={self.token}&reset"
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


def widen_sidebar(page: Page, by: int = 110) -> None:
    """Drag the border between the sidebar and the notebook."""
    handle = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle:not(.lm-mod-hidden)").first.bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=4)
    page.mouse.up()
