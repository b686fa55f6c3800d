"""Notebooks in a folder, explored in a real kernel and verified in another."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat

from nbcairn.cli import main
from nbcairn.store import Trail


def write_notebook(path: Path, sources: dict[str, str], outputs=None, tags=None, counts=None, **metadata) -> Path:
    """A notebook of code cells by id."""
    cells = []
    for cell_id, source in sources.items():
        cell = nbformat.v4.new_code_cell(source, id=cell_id)
        cell.outputs = [nbformat.from_dict(output) for output in (outputs or {}).get(cell_id, [])]
        cell.execution_count = (counts or {}).get(cell_id)
        cell.metadata["tags"] = list((tags or {}).get(cell_id, []))
        cells.append(cell)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


@dataclass(frozen=True)
class Verified:
    """What the command said, and what it left."""

    code: int
    json: dict
    folder: Path

    def cell(self, cell_id: str) -> dict:
        return next(cell for cell in self.json["cells"] if cell["cell_id"] == cell_id)

    def kinds(self, cell_id: str) -> list[str]:
        return [cause["kind"] for cause in self.cell(cell_id)["causes"]]

    @property
    def trail(self) -> Trail:
        return Trail.open(self.folder / ".cairn", read_only=True)


def verify(path: Path, *options: str) -> Verified:
    """Run the command in this process."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["verify", "--json", *options, str(path)])
    return Verified(code, json.loads(said.getvalue()), path.parent)
