"""The lineage graph: what came from what."""

import pytest

from nbcairn.errors import RecordNotFound
from nbcairn.fingerprint import fingerprint
from nbcairn.lineage.graph import label_of, lineage
from nbcairn.model import PRISTINE, ArtifactKind, Fingerprint, How, Read, Write
from nbcairn.testing import a_run, a_session, an_artifact, memory_trail


def file_version(content):
    return Fingerprint(content * 32, method="md5")


@pytest.fixture
def trail(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        yield trail


@pytest.fixture
def record(trail):
    """``record("x = 1", {"y": run}, {"x": 1})``: reads name the run they came from."""

    def record(source, reads=(), writes=(), artifacts=(), **more):
        origins = dict(reads)
        found = {
            name: Read(name, fingerprint(name), run.id) if hasattr(run, "id") else run for name, run in origins.items()
        }
        run = a_run(source, more.pop("cell_id", source), found, dict(writes), **more)
        made = [an_artifact(run, name, kind) for name, kind in artifacts]
        trail.record(run, made)
        return (run, *made) if made else run

    return record


def names(graph):
    return [node.label for node in graph.nodes]


def edges(graph):
    labels = {node.id: node.label for node in graph.nodes}
    return {(labels[edge.source], labels[edge.target]): edge.names for edge in graph.edges}


def test_reads_and_artifacts_make_the_edges(trail, record):
    load = record("df = load()", writes={"df": 1})
    record("df.plot()", {"df": load}, artifacts=[("Mass", ArtifactKind.FIGURE)])
    graph = lineage(trail, "analysis.ipynb")
    assert edges(graph) == {("df = load()", "df.plot()"): ("df",), ("df.plot()", "Mass"): ("Mass",)}
    assert not graph.truncated


def test_a_file_from_outside_is_where_it_begins(trail, record):
    record("df = read()", {"<file:raw.csv>": Read("<file:raw.csv>", file_version("a"))}, {"df": 1})
    graph = lineage(trail)
    assert [(node.kind, node.label) for node in graph.nodes] == [("file", "raw.csv"), ("run", "df = read()")]
    assert edges(graph) == {("raw.csv", "df = read()"): ("<file:raw.csv>",)}


def test_a_file_that_a_run_wrote_joins_reader_and_writer_of_another_session(trail, record):
    name = "<file:clean.csv>"
    record("df.to_csv()", {}, {name: Write(name, file_version("a"))})
    trail.begin(a_session("s2", "report.ipynb", kernel_id="k2"))
    reader = record("read_csv()", {name: Read(name, file_version("a"))}, session_id="s2", notebook="report.ipynb")
    assert edges(lineage(trail, run_id=reader.id)) == {("df.to_csv()", "read_csv()"): (name,)}


def test_descendants_through_a_file_are_found_in_other_notebooks(trail, record):
    name = "<file:clean.csv>"
    writer = record("df.to_csv()", {}, {name: Write(name, file_version("a"))})
    trail.begin(a_session("s2", "report.ipynb", kernel_id="k2"))
    record("read_csv()", {name: Read(name, file_version("a"))}, session_id="s2", notebook="report.ipynb")
    assert names(lineage(trail, run_id=writer.id)) == ["df.to_csv()", "read_csv()"]


def test_a_file_with_other_content_comes_from_outside(trail, record):
    name = "<file:clean.csv>"
    record("df.to_csv()", {}, {name: Write(name, file_version("a"))})
    record("read_csv()", {name: Read(name, file_version("b"))})
    assert edges(lineage(trail)) == {("clean.csv", "read_csv()"): (name,)}


def test_a_value_older_than_the_trail_is_an_input_and_pristine_state_is_none(trail, record):
    reads = {"old": Read("old", fingerprint(1)), "<rcParams>": Read("<rcParams>", PRISTINE), "len": None}
    record("len(old)", reads)
    assert [(node.kind, node.label) for node in lineage(trail).nodes] == [("value", "old"), ("run", "len(old)")]


def test_a_change_through_an_alias_follows_from_the_version_before(trail, record):
    first = record("a = b = []", writes={"a": 1, "b": 1})
    record("a.append(1)", {"a": first}, {"b": Write("b", fingerprint(2), How.MUTATED)})
    assert edges(lineage(trail)) == {("a = b = []", "a.append(1)"): ("a", "b")}


def test_focus_keeps_ancestors_and_descendants_only(trail, record):
    a = record("a = 1", writes={"a": 1})
    b = record("b = a", {"a": a}, {"b": 1})
    record("aside = a", {"a": a}, {"aside": 1})
    c = record("c = b", {"b": b}, {"c": 1})
    record("d = c", {"c": c}, {"d": 1})
    record("stranger = 1", writes={"stranger": 1})
    graph = lineage(trail, run_id=b.id)
    assert names(graph) == ["a = 1", "b = a", "c = b", "d = c"]
    assert [node.label for node in graph.nodes if node.focus] == ["b = a"]


def test_the_nearest_stay_when_there_is_no_room(trail, record):
    run = record("v0", writes={"v": 0})
    chain = [run]
    for n in range(1, 9):
        run = record(f"v{n}", {"v": run}, {"v": n})
        chain.append(run)
    graph = lineage(trail, run_id=chain[4].id, limit=5)
    assert names(graph) == ["v2", "v3", "v4", "v5", "v6"]
    assert graph.truncated


def test_a_run_with_many_readers_still_shows_as_many_as_there_is_room_for(trail, record):
    root = record("root", writes={"v": 0})
    for n in range(40):
        record(f"reader {n}", {"v": root})
    graph = lineage(trail, run_id=root.id, limit=10)
    assert len(graph.nodes) == 10
    assert graph.truncated


def test_the_newest_stay_in_a_long_notebook(trail, record):
    for n in range(6):
        record(f"v{n}")
    graph = lineage(trail, "analysis.ipynb", limit=4)
    assert names(graph) == ["v2", "v3", "v4", "v5"]
    assert graph.truncated


def test_a_focused_artifact_is_there_however_many_its_run_made(trail, record):
    _, *made = record("plots()", artifacts=[(f"plot {n}", ArtifactKind.FIGURE) for n in range(9)])
    graph = lineage(trail, artifact_id=made[-1].id, limit=3)
    assert [node.id for node in graph.nodes if node.focus] == [made[-1].id]
    assert len(graph.nodes) == 3


def test_an_accumulating_cell_does_not_point_at_itself(trail, record):
    run = record("x += 1", {"x": Read("x", fingerprint(1), "lost")}, {"x": 2})
    record("x += 1", {"x": run}, {"x": 3})
    assert all(edge.source != edge.target for edge in lineage(trail).edges)


def test_an_unknown_focus_is_an_error(trail):
    with pytest.raises(RecordNotFound):
        lineage(trail, run_id="nope")
    with pytest.raises(RecordNotFound):
        lineage(trail, artifact_id="nope")


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("import pandas as pd\n# read\n\ndf = pd.read_csv('a')", "df = pd.read_csv('a')"),
        ("import pandas as pd", "import pandas as pd"),
        ("  \n", "(empty cell)"),
        ("x" * 100, "x" * 59 + "…"),
    ],
    ids=["first telling line", "only an import", "empty", "long"],
)
def test_a_run_is_called_by_its_first_telling_line(source, label):
    assert label_of(source) == label
