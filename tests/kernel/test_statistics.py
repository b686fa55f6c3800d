"""Statistics are taken when the kernel is idle, and hold up none of the cells that were sent together."""

import time

import nbformat

from nbcairn.headless import run_all
from nbcairn.store import Trail

WAITING = "len(__import__('nbcairn').kernel.extension.current(get_ipython()).statistics._jobs)"


def taken(live, cell_id):
    with live.trail as trail:
        run = next(iter(trail.runs(cell_id=cell_id, limit=1)))
        return [bool(artifact.detail) for artifact in trail.artifacts(run_id=run.id, limit=None)]


def test_a_notebook_that_runs_by_itself_has_its_statistics(tmp_path):
    path = tmp_path / "analysis.ipynb"
    made = "import pandas as pd\nscores = pd.DataFrame({'mark': [1.0, 2.5, 4.0]})"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(made)]), path)
    run_all(path)
    with Trail.open(tmp_path / ".cairn") as trail:
        (artifact,) = trail.artifacts(name="scores")
    assert [column["name"] for column in artifact.detail["columns"]] == ["mark"]


def test_cells_that_were_sent_together_do_not_wait_for_each_others_statistics(live_alone):
    live_alone.run("import time, pandas as pd")
    sent = []
    for number in range(4):
        live_alone.client.session.metadata = {"cellId": f"made-{number}"}
        source = f"d{number} = pd.DataFrame({{'x': range({number + 5})}})\ntime.sleep(0.3)\n{WAITING}"
        sent.append(live_alone.client.execute(source))
    waited = [int(live_alone.gather(message).text) for message in sent]
    assert waited == [0, 1, 2, 3]
    ends = time.monotonic() + 20
    while not all(all(taken(live_alone, f"made-{number}")) for number in range(4)) and time.monotonic() < ends:
        time.sleep(0.1)
    assert [taken(live_alone, f"made-{number}") for number in range(4)] == [[True]] * 4
