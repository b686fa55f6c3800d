"""``nbcairn slice``: forms, proofs in a clean kernel, and what stands in their way."""

from __future__ import annotations

import ast
import json

import nbformat
import pytest
from cli_samples import write_notebook

from nbcairn.headless import play
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, temp_trail


@pytest.fixture(scope="module")
def explored(tmp_path_factory):
    """A notebook whose cells were edited, run again and deleted after they had made what counts."""
    root = tmp_path_factory.mktemp("project")
    (root / "numbers.txt").write_text("3 1 2")
    notebook = write_notebook(
        root / "analysis.ipynb",
        "import random\nfrom pathlib import Path",
        "numbers = [int(n) for n in Path('numbers.txt').read_text().split()]\nlen(numbers)",
        "ordered = sorted(numbers)\nrandom.seed(1)\ndrawn = random.sample(ordered, 2)",
        "Path('out').mkdir(exist_ok=True)",
        "Path('out/drawn.txt').write_text(str(drawn))",
        "import time\nstamp = time.time()",
        executed=False,
    )
    steps = [{"run": "all"}, {"edit": "c2", "replace": ["int(n)", "-int(n)"]}, {"run": "c2"}, {"delete": "c3"}]
    play(notebook, steps)
    return notebook


def test_a_script_on_stdout(nbcairn, explored):
    answer = nbcairn(f"slice {explored} drawn")
    ast.parse(answer.out)
    assert answer.code == 0
    assert "[int(n) for n in Path(" in answer.out, "as it was when it counted"
    assert "ordered = sorted(numbers)" in answer.out, "the cell is deleted since"
    assert "len(numbers)" not in answer.out
    assert "mkdir" not in answer.out


def test_a_proof_in_a_clean_kernel(nbcairn, explored, tmp_path):
    before = (explored.parent / "out" / "drawn.txt").stat().st_mtime_ns
    answer = nbcairn(f"slice {explored} out/drawn.txt --prove --json")
    assert answer.code == 0
    assert answer.json["proof"]["holds"]
    assert answer.json["inputs"] == ["numbers.txt"]
    assert "proof: run in a clean kernel" in answer.json["text"]
    assert "mkdir" in answer.json["text"], "the file needs its folder"
    assert (explored.parent / "out" / "drawn.txt").stat().st_mtime_ns == before, "nothing in the project is touched"


def test_a_version_that_differs_each_time_is_not_proven(nbcairn, explored):
    answer = nbcairn(f"slice {explored} stamp --prove --json")
    assert answer.code == 1
    assert not answer.json["proof"]["holds"]
    assert "not the recorded" in answer.json["proof"]["told"]


def test_an_input_that_changed_stops_the_proof(nbcairn, explored):
    file = explored.parent / "numbers.txt"
    kept = file.read_text()
    try:
        file.write_text("9")
        answer = nbcairn(f"slice {explored} ordered --prove --json")
    finally:
        file.write_text(kept)
    assert answer.code == 1
    assert "numbers.txt is not what it was" in answer.json["proof"]["told"]


def test_a_notebook_and_a_params_file(nbcairn, explored, tmp_path):
    assert nbcairn(f"slice {explored} drawn -o {tmp_path}/d.ipynb --lift").code == 0
    nbformat.validate(nbformat.read(tmp_path / "d.ipynb", as_version=4))
    answer = nbcairn(f"slice {explored} drawn -o {tmp_path}/d.py --params {tmp_path}/params.yaml")
    assert "numbers_path: numbers.txt" in (tmp_path / "params.yaml").read_text()
    assert "Wrote" in answer.out
    cells = json.loads(nbcairn(f"slice {explored} drawn --form cells").out)
    assert {cell["cell_type"] for cell in cells} == {"code"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nothing", "holds no name, run or artifact 'nothing'"),
        ("drawn -o no/such/folder.py", "cannot be written"),
        ("drawn --form notebook --params p.yaml", "goes with a script"),
    ],
)
def test_what_cannot_be(nbcairn, explored, line, words):
    answer = nbcairn(f"slice {explored} {line}")
    assert answer.code == 2
    assert words in answer.err


def test_code_with_a_secret_stays_here(nbcairn, tmp_path):
    with temp_trail(tmp_path) as trail:
        trail.begin(a_session())
        trail.record(a_run("password = 'hunter2horse'\nx = password", "c1", {}, {"x": 1, "password": 2}))
    answer = nbcairn(f"slice {tmp_path} x")
    assert answer.code == 2
    assert "what looks like a secret" in answer.err
    assert "hunter2horse" not in answer.out + answer.err
    assert nbcairn(f"slice {tmp_path} x --allow-secrets").code == 0


def test_a_project_with_files_outside_is_not_run(nbcairn, tmp_path):
    from nbcairn.fingerprint import fingerprint
    from nbcairn.model import FileAccess, Write

    with Trail.open(tmp_path / ".cairn", create=True) as trail:
        trail.begin(a_session())
        writes = {"x": 1, "<file:/elsewhere/x.txt>": Write("<file:/elsewhere/x.txt>", fingerprint(1))}
        trail.record(
            a_run(
                "x = save('/elsewhere/x.txt')", "c1", {}, writes, files=[FileAccess("/elsewhere/x.txt", "write", None)]
            )
        )
    answer = nbcairn(f"slice {tmp_path} x --prove --json")
    assert answer.code == 1
    assert "would write /elsewhere/x.txt" in answer.json["proof"]["told"]
