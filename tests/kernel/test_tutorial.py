"""What the first tutorial promises, in a real kernel."""

import json

from nbcairn.document import read_document
from nbcairn.headless import live
from nbcairn.lineage.check import check
from nbcairn.store import Trail

CELLS = {
    "c1": "raw = [181, 186, 195, None, 193]",
    "c2": "clean = [x for x in raw if x]",
    "c3": "sum(clean) / len(clean)",
}


def test_the_mess_of_the_first_tutorial_is_found_and_mended(tmp_path):
    (tmp_path / ".cairn").mkdir()
    path = tmp_path / "analysis.ipynb"
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for name, source in CELLS.items()
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    def verdicts(book):
        book.save(path)
        with Trail.open(tmp_path / ".cairn", read_only=True) as trail:
            found = check(read_document(path, tmp_path), trail)
        return [str(cell.verdict) for cell in found.cells]

    with live(path) as book:
        for cell in CELLS:
            book.run(cell)
        assert book.cell("c3").outputs[0]["data"]["text/plain"] == "188.75"
        assert verdicts(book) == ["fresh", "fresh", "fresh"]
        book.cell("c2").source = "clean = [x for x in raw if x and x > 190]"
        book.run("c2")
        book.cell("c2").source = CELLS["c2"]
        assert verdicts(book) == ["fresh", "stale", "fresh"]
        book.run("c3")
        assert book.cell("c3").outputs[0]["data"]["text/plain"] == "194.0"
        assert verdicts(book) == ["fresh", "stale", "stale"]
        book.run("c2")
        book.run("c3")
        assert verdicts(book) == ["fresh", "fresh", "fresh"]
