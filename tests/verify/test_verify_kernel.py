"""``nbcairn verify`` over real kernels: one exploration with every cause in it, and runs that do not reach their end."""

from __future__ import annotations

import json
import sqlite3

import pytest
from verify_books import verify, write_notebook

from nbcairn.cli import main
from nbcairn.headless import live
from nbcairn.store import Trail

CELLS = {
    "imports": "import random, time, uuid\nimport numpy as np\nimport pandas as pd\nfrom helpers import factor",
    "load": "df = pd.read_csv('data.csv')",
    "look": "df",
    "base": "total = 10\nkept = {'a': 1}",
    "order": "total + 1",
    "order-below": "(total + 1) * 2",
    "seeded": "np.random.seed(7)\nsteady = np.random.rand(3)\nsteady",
    "draw": "noise = random.random()",
    "use-draw": "print('noise', noise)",
    "entropy": "token = uuid.uuid4().hex",
    "clock": "started = time.time()\nprint(f'took {time.time() - started:.9f} s since {started:.6f}')",
    "stamp": "pd.Timestamp.now().value",
    "edited": "size = 3\nprint(size)",
    "after-edit": "size * 2",
    "module": "factor(2)",
    "unordered": "hash('nbcairn') % 1_000_003",
    "twice": "kept['a'] += 1\nkept['a']",
    "fails": "1 / 0",
    "comment": "# only a comment",
    "write": "pd.DataFrame({'a': [len(df)]}).to_csv('out.csv')",
    "calm": "len('same')",
}
TAGS = {"fails": ["raises-exception"]}
HELPER = "def factor(x):\n    return x * {}\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """An exploration, changes behind its back, and what the verification says of it."""
    folder = tmp_path_factory.mktemp("explored")
    (folder / ".cairn").mkdir()
    (folder / "data.csv").write_text("a,b\n1,2\n3,4\n")
    (folder / "helpers.py").write_text(HELPER.format(10))
    path = write_notebook(folder / "book.ipynb", CELLS, tags=TAGS)
    with live(path) as book:
        for cell_id in CELLS:
            if cell_id == "order":  # a value that another cell had left
                book.insert("gone", "total = 99", "base")
                book.run("gone")
                book.delete("gone")
            book.run(cell_id)
        book.run("base")
        book.run("twice")
        book.run("twice")  # accumulates
        book.cell("edited").source = "size = 4\nprint(size)"
        book.save(path)
    (folder / "data.csv").write_text("a,b\n1,2\n3,5\n")
    (folder / "helpers.py").write_text(HELPER.format(11))
    before = path.read_bytes()
    runs = runs_of(folder)

    result = verify(path)
    assert path.read_bytes() == before, "the file is never changed unless asked"
    assert runs_of(folder) == runs, "what a verification runs is nothing that the user ran"
    return result


def runs_of(folder):
    with Trail.open(folder / ".cairn", read_only=True) as trail:
        return [run.id for run in trail.runs()]


SAME = ["base", "seeded", "clock", "fails", "comment", "write", "calm"]
DIFFERENT = {
    "imports": "module",
    "load": "file",
    "look": "upstream",
    "order": "order",
    "order-below": "order",
    "draw": "random",
    "use-draw": "upstream",
    "entropy": "random",
    "stamp": "clock",
    "edited": "edited",
    "after-edit": "upstream",
    "module": "upstream",
    "unordered": "not-repeatable",
    "twice": "order",
}


@pytest.mark.parametrize("cell_id", SAME)
def test_a_cell_that_is_the_same(found, cell_id):
    cell = found.cell(cell_id)
    assert (cell["outcome"], cell["differences"]) == ("same", [])


@pytest.mark.parametrize(("cell_id", "kind"), DIFFERENT.items())
def test_a_cell_that_differs_and_why(found, cell_id, kind):
    cell = found.cell(cell_id)
    assert cell["outcome"] == "different", cell
    assert cell["differences"]
    assert found.kinds(cell_id)[0] == kind, cell["causes"]
    assert cell["causes"][0]["remedy"]


def test_every_cell_is_accounted_for(found):
    assert {cell["cell_id"] for cell in found.json["cells"]} == {*SAME, *DIFFERENT} == set(CELLS)
    assert found.code == 1
    assert found.json["summary"] == {
        "same": len(SAME),
        "different": len(DIFFERENT),
        "not-run": 0,
        "nothing-to-compare": 0,
    }


def test_the_roots_name_the_cells_that_follow(found):
    order = list(CELLS)
    roots = {order[root["index"]]: [order[index] for index in root["follows"]] for root in found.json["roots"]}
    assert roots["load"] == ["look"]
    assert roots["draw"] == ["use-draw"]
    assert roots["edited"] == ["after-edit"]
    assert "look" not in roots


def test_messages_say_what_is_meant(found):
    assert "data.csv has changed" in found.cell("load")["causes"][0]["message"]
    assert "b, row 2: 4 → 5" in found.cell("look")["differences"][0]["message"]
    assert "helpers has other code" in found.cell("imports")["causes"][0]["message"]
    assert found.cell("edited")["differences"][0]["before"] == "3"
    assert found.cell("clock")["notes"] == ["times in its text differ", "times that it measured differ"]


def test_the_prediction_is_held_against_the_truth(found):
    prediction = found.json["prediction"]
    assert prediction["judged"] == sum(cell["agrees"] is not None for cell in found.json["cells"]) > 5
    assert found.cell("order")["predicted"] == "stale"
    assert found.cell("order")["agrees"] is True
    missed = [list(CELLS)[index] for index in prediction["missed"]]
    assert missed == ["unordered"], "nothing but a hash seed could not be foreseen"


def test_the_result_is_noted_in_the_trail(found):
    with found.trail as trail:
        noted = trail.verifications("book.ipynb")
    assert len(noted) == 1
    assert noted[0].detail == found.json
    assert noted[0].counts["different"] == len(DIFFERENT)
    assert not noted[0].same


# --------------------------------------------------------------------------- runs that end too early


def test_a_run_that_fails_stops_there(tmp_path):
    cells = {"a": "x = 1\nprint(x)", "b": "y = undefined_name", "c": "x + 1"}
    stdout = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    path = write_notebook(
        tmp_path / "a.ipynb", cells, {"a": stdout}, kernelspec={"name": "gone-env", "display_name": "Gone"}
    )
    found = verify(path)
    assert found.code == 1
    assert [cell["outcome"] for cell in found.json["cells"]] == ["same", "different", "not-run"]
    assert found.json["stopped"]["index"] == 1
    assert "NameError" in found.cell("b")["differences"][0]["after"]
    assert found.kinds("b") == ["error"]
    assert "gone-env" in found.json["notes"][0]
    assert not (tmp_path / ".cairn").exists(), "a verification begins no trail"


def test_with_errors_allowed_it_goes_on_and_output_in_the_file_is_compared(tmp_path):
    cells = {"a": "import random\nr = random.random()", "b": "1 / 0", "c": "r", "d": "21 * 2"}
    result = {"output_type": "execute_result", "data": {"text/plain": "0.123"}, "metadata": {}, "execution_count": 3}
    right = {"output_type": "execute_result", "data": {"text/plain": "42"}, "metadata": {}, "execution_count": 4}
    path = write_notebook(tmp_path / "a.ipynb", cells, {"c": [result], "d": [right]}, counts={"c": 3, "d": 4})
    found = verify(path, "--allow-errors")
    assert found.code == 1
    assert [cell["outcome"] for cell in found.json["cells"]] == ["nothing-to-compare", "different", "different", "same"]
    assert found.cell("c")["baseline"] == "file"
    assert found.cell("c")["causes"][0]["kind"] == "random"
    assert found.cell("c")["causes"][0]["index"] == 0
    assert found.json["trail"] is None


def test_a_cell_that_does_not_end(tmp_path, capfd):
    cells = {"a": "x = 1", "b": "import time\ntime.sleep(100)", "c": "x"}
    found = verify(write_notebook(tmp_path / "a.ipynb", cells), "--timeout", "2")
    assert found.code == 2, "nobody knows"
    assert [cell["outcome"] for cell in found.json["cells"]] == ["nothing-to-compare", "not-run", "not-run"]
    assert found.kinds("b") == ["time-limit"]
    assert found.json["settled"] is False
    assert "Traceback" not in capfd.readouterr().err, "the kernel that is killed does not complain"


def test_a_kernel_that_dies(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", {"a": "x = 1", "b": "import os\nos._exit(1)", "c": "x"})
    found = verify(path)
    assert found.code == 1
    assert [cell["outcome"] for cell in found.json["cells"]] == ["nothing-to-compare", "different", "not-run"]
    assert found.kinds("b") == ["kernel-died"]


@pytest.mark.parametrize(
    ("options", "metadata", "told"),
    [
        (["--kernel", "no-such-kernel"], {}, "no-such-kernel"),
        ([], {"language_info": {"name": "R"}}, "notebook in R"),
    ],
)
def test_what_cannot_be_run_is_told_in_one_sentence(tmp_path, capsys, options, metadata, told):
    path = write_notebook(tmp_path / "a.ipynb", {"a": "1"}, **metadata)
    assert main(["verify", *options, str(path)]) == 2
    assert told in capsys.readouterr().err


# --------------------------------------------------------------------------- figures, writing, packages

FIGURES = {
    "setup": "%matplotlib inline\nimport matplotlib.pyplot as plt\nshift, dot = 0, 0",
    "same": "plt.plot([1, 2, 3])\nplt.title('Same')\nplt.show()",
    "data": "plt.plot([1, 2, 3 + shift])\nplt.title('Data')\nplt.show()",
    "pixel": "from PIL import Image\nsheet = Image.new('RGB', (300, 200), 'white')\nfor n in range(dot):\n    sheet.putpixel((n, 5), (255, 0, 0))\ndisplay(sheet)",
}


def test_figures_writing_and_packages(tmp_path):
    (tmp_path / ".cairn").mkdir()
    path = write_notebook(tmp_path / "figures.ipynb", FIGURES)
    with live(path) as book:
        for cell_id in FIGURES:
            book.run(cell_id)
        book.cell("setup").source = FIGURES["setup"].replace("0, 0", "2, 1")
        book.save(path)
    pretend_older_packages(tmp_path / ".cairn" / "trail.db")
    found = verify(path)
    outcomes = {cell["cell_id"]: cell["outcome"] for cell in found.json["cells"]}
    assert outcomes["same"] == "same"
    assert outcomes["data"] == "different"
    assert found.cell("data")["differences"][0]["what"] == "figure"
    assert found.cell("data")["differences"][0]["name"] == "Data"
    figures = [part for part in found.cell("pixel")["differences"] if part["what"] == "figure"]
    assert figures == [], "one pixel is no other picture"

    written = verify(path, "--write")
    assert written.code == 1
    assert json.loads(path.read_text())["cells"][2]["outputs"]
    again = verify(path)
    assert again.code == 0, again.json["cells"]
    assert {cell["predicted"] for cell in again.json["cells"]} == {"fresh"}
    with again.trail as trail:
        assert [noted.same for noted in trail.verifications()] == [True, False, False]
        assert len(trail.sessions()) == 2


def pretend_older_packages(file):
    """As if the first session had run with another matplotlib."""
    connection = sqlite3.connect(file)
    packages = json.loads(connection.execute("SELECT packages FROM sessions").fetchone()[0])
    connection.execute("UPDATE sessions SET packages = ?", (json.dumps({**packages, "matplotlib": "1.5"}),))
    connection.commit()
    connection.close()
