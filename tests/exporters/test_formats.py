"""Each format says the same record, is accepted by its own validator, and holds nothing secret or personal."""

import json
import uuid
from pathlib import Path

import jsonschema
import pytest
from export_samples import PNG, from_
from referencing import Registry, Resource

from nbcairn.errors import ExportError
from nbcairn.exporters import mermaid, openlineage, plain, prov, rocrate
from nbcairn.exporters.record import gather_record
from nbcairn.model import ArtifactKind, FileAccess, Fingerprint, How, Read, Write
from nbcairn.store.blobs.base import md5_of
from nbcairn.testing import a_document, a_run, an_artifact

SCHEMAS = Path(__file__).parent / "schemas"
CSV = b"a,b\n1,2\n"
EXPORTERS = {
    "plain.json": plain.export,
    "chart.mmd": mermaid.export,
    "events.jsonl": openlineage.export,
    "prov.json": prov.export,
    "crate": rocrate.export,
}


@pytest.fixture
def told(trail, tmp_path):
    """A document that reads a file, cleans in place, draws, fails and writes; with a secret and a home folder in it."""
    (tmp_path / "in.csv").write_bytes(CSV)
    content = Fingerprint(md5_of(CSV), method="md5")
    load = a_run(
        "import pandas as pd\npassword = 'hunter2horse'\ndf = pd.read_csv('/home/ada/in.csv')", "c1",
        {"pd": None, "<file:in.csv>": Read("<file:in.csv>", content)}, {"df": 1},
        files=[FileAccess("in.csv", "read", md5_of(CSV), len(CSV))],
    )  # fmt: skip
    clean = a_run("df.dropna(inplace=True)", "c2", {"df": from_(load, "df")},
                  {"df": Write("df", Fingerprint("2" * 32), How.MUTATED, "DataFrame", "2 x 2")})  # fmt: skip
    plot = a_run("df.plot()", "c3", {"df": from_(clean, "df")})
    failed = a_run("df.nothing", "c4", {"df": from_(clean, "df")}, error=AttributeError("no /home/ada/thing"))
    out = {"<file:out.csv>": Write("<file:out.csv>", Fingerprint("3" * 32, method="md5"))}
    save = a_run("df.to_csv('out.csv')", "c5", {"df": from_(clean, "df")}, out)
    columns = {"columns": [{"name": "mass", "dtype": "float64"}], "preview": [["4321.0"]]}
    trail.record(load, [an_artifact(load, "df", ArtifactKind.DATA, 1, detail=columns)])
    trail.record(clean)
    figure = an_artifact(plot, "Mass", ArtifactKind.FIGURE, 3, media_type="image/png", blob=md5_of(PNG))
    trail.record(plot, [figure], {"": PNG})
    trail.record(failed)
    trail.record(save)
    return a_document(load.source, clean.source, plot.source, failed.source, save.source)


def text_of(target):
    files = [target] if target.is_file() else [file for file in target.rglob("*") if file.is_file()]
    return "\n".join(file.read_bytes().decode("utf-8", "replace") for file in files)


@pytest.mark.parametrize("name", EXPORTERS)
def test_nothing_secret_or_personal_is_told(trail, told, tmp_path, name):
    if name.startswith("prov"):
        pytest.importorskip("prov")
    EXPORTERS[name](trail, told, tmp_path / name)
    text = text_of(tmp_path / name)
    assert "df" in text
    assert "hunter2horse" not in text
    assert "/home/ada" not in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_without_data_only_names_and_fingerprints(trail, told, tmp_path, name):
    if name.startswith("prov"):
        pytest.importorskip("prov")
    EXPORTERS[name](trail, told, tmp_path / name, data=False)
    text = text_of(tmp_path / name)
    for data in ("mass", "4321.0", "a,b", "PNG", "2 x 2"):
        assert data not in text


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_hostile_trail_is_only_text(trail, hostile, tmp_path, name):
    if name.startswith("prov"):
        pytest.importorskip("prov")
    EXPORTERS[name](trail, hostile, tmp_path / name)
    assert text_of(tmp_path / name)
    assert [file for file in tmp_path.rglob("*") if not file.resolve().is_relative_to(tmp_path)] == []


@pytest.mark.parametrize("name", EXPORTERS)
def test_a_whole_trail_needs_no_document(trail, told, tmp_path, name):
    if name.startswith("prov"):
        pytest.importorskip("prov")
    EXPORTERS[name](trail, None, tmp_path / name)
    assert "df" in text_of(tmp_path / name)


# --------------------------------------------------------------------------- the record


def test_the_record_connects_what_belongs_together(trail, told):
    record = gather_record(trail, told)
    load, clean, *_ = record.activities
    assert [record.entity(identity).name for identity in load.used] == ["in.csv"]
    assert clean.used == tuple(identity for identity in load.made if identity.endswith("/df"))
    assert clean.revised == ((clean.made[0], clean.used[0]),)
    assert [entity.name for entity in record.inputs] == ["in.csv"]
    assert record.secrets >= 1
    assert [step.position for step in record.steps] == [1, 2, 3, 4, 5]


# --------------------------------------------------------------------------- validators


def test_json_keeps_to_its_schema(trail, told, hostile, tmp_path):
    schema = json.loads((Path(plain.__file__).parent / "schema" / "record.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for document in (told, hostile, None):
        plain.export(trail, document, tmp_path / "record.json")
        validator.validate(json.loads((tmp_path / "record.json").read_text()))


def test_events_keep_to_the_published_schemas(trail, told, hostile, tmp_path):
    schemas = json.loads((SCHEMAS / "openlineage.json").read_text())
    registry = Registry().with_resources((key, Resource.from_contents(schema)) for key, schema in schemas.items())
    event_schema = {"$ref": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"}
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator(event_schema, registry=registry, format_checker=formats)
    for document in (told, hostile, None):
        openlineage.export(trail, document, tmp_path / "events.jsonl")
        events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
        facets = 0
        for event in events:
            validator.validate(event)
            uuid.UUID(event["run"]["runId"])
            for owner in (event["run"], event["job"], *event["inputs"], *event["outputs"]):
                for facet in owner["facets"].values():
                    one = jsonschema.Draft202012Validator({"$ref": facet["_schemaURL"]}, registry=registry)
                    one.validate(facet)
                    facets += 1
        assert facets > len(events)
    ends = {event["eventType"] for event in events}
    assert ends == {"START", "COMPLETE", "FAIL"}


@pytest.mark.parametrize("suffix", [".json", ".provn", ".ttl"])
def test_prov_is_read_back_by_its_library(trail, told, tmp_path, suffix):
    pytest.importorskip("prov")
    pytest.importorskip("rdflib")
    from prov.model import ProvActivity, ProvDocument, ProvEntity

    prov.export(trail, told, tmp_path / f"trail{suffix}")
    text = (tmp_path / f"trail{suffix}").read_text()
    if suffix == ".provn":
        assert text.startswith("document")
        assert text.rstrip().endswith("endDocument")
        return
    kind = {"format": "json"} if suffix == ".json" else {"format": "rdf", "rdf_format": "turtle"}
    back = ProvDocument.deserialize(content=text, **kind)
    assert len(set(back.get_records(ProvActivity))) == 5
    assert len({str(entity.identifier) for entity in back.get_records(ProvEntity)}) == 5 + len(
        gather_record(trail, told).entities
    )


def test_prov_knows_its_notations(trail, told, tmp_path):
    with pytest.raises(ExportError, match=r"\.provn"):
        prov.export(trail, told, tmp_path / "trail.docx")


def test_a_chart_is_made_of_what_mermaid_reads(trail, hostile):
    import re

    node = re.compile(r'    n\d+(\[|\[\(|\(\[|\[\[|\{\{|\[/)"[^"\[\]{}<>`\\|]*"(\]|\)\]|\]\)|\]\]|\}\}|/\])')
    edge = re.compile(r'    n\d+ (-- "[^"\[\]{}<>`\\|]*" )?--> n\d+')
    for document in (hostile, None):
        text = mermaid.chart(gather_record(trail, document))
        first, *lines = text.splitlines()
        assert first == "flowchart TD"
        for line in lines:
            assert node.fullmatch(line) or edge.fullmatch(line), line


def test_a_chart_shows_files_in_cells_and_results_out(trail, told):
    text = mermaid.chart(gather_record(trail, told))
    for part in ('[("in.csv")]', '(["Mass"])', '[("out.csv")]', '-- "df" -->'):
        assert part in text


def test_a_crate_has_what_it_names(trail, told, tmp_path):
    rocrate.export(trail, told, tmp_path / "crate")
    graph = json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text())["@graph"]
    nodes = {node["@id"]: node for node in graph}
    assert len(nodes) == len(graph), "ids are unique"
    for part in nodes["./"]["hasPart"]:
        assert (tmp_path / "crate" / part["@id"]).is_file()
    assert (tmp_path / "crate" / "files" / "in.csv").read_bytes() == CSV
    assert [file.suffix for file in (tmp_path / "crate" / "figures").iterdir()] == [".png"]

    def references(value):
        if isinstance(value, dict) and set(value) == {"@id"}:
            yield value["@id"]
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from references(part)

    for node in graph:
        for identity in references({key: value for key, value in node.items() if key != "@id"}):
            assert identity in nodes or identity.startswith("http"), identity


def test_a_crate_does_not_overwrite(trail, told, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="not empty"):
        rocrate.export(trail, told, tmp_path / "full")


@pytest.mark.nightly
@pytest.mark.parametrize("profile", ["process-run-crate", "provenance-run-crate"])
def test_a_crate_is_accepted_by_the_validator(trail, told, tmp_path, monkeypatch, profile):
    pytest.importorskip("rocrate_validator")
    from rocrate_validator import models, services
    from rocrate_validator.utils.http import HttpRequester

    published = {
        "https://w3id.org/ro/crate/1.1/context": "ro-crate-1.1-context.json",
        "https://w3id.org/ro/terms/workflow-run/context": "workflow-run-context.json",
    }

    class Answer:
        def __init__(self, url):
            self.text = (SCHEMAS / published[url]).read_text()
            self.status_code = 200
            self.headers = {"Content-Type": "application/ld+json"}

        def json(self):
            return json.loads(self.text)

    monkeypatch.setattr(HttpRequester, "get", lambda _, url, **__: Answer(url), raising=False)
    rocrate.export(trail, told, tmp_path / "crate")
    settings = services.ValidationSettings(
        rocrate_uri=str(tmp_path / "crate"),
        profile_identifier=profile,
        requirement_severity=models.Severity.REQUIRED,
    )
    result = services.validate(settings)
    assert [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()] == []
