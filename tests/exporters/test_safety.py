"""What looks like a secret is found, masked in documents and refused in code."""

import json
from dataclasses import replace

import pytest
from export_samples import from_

from nbcairn.errors import ExportError
from nbcairn.exporters import bundle, html, mermaid, openlineage, plain, prov, rocrate
from nbcairn.exporters.code import as_cells, as_notebook, as_script
from nbcairn.exporters.pipeline import export_pipeline
from nbcairn.exporters.safety import MASK, black_out, find_secrets, refuse_paths, refuse_secrets
from nbcairn.exporters.scrub import personal_paths, scrub
from nbcairn.exporters.slices import code_of, headed
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.targets import find_target
from nbcairn.model import ArtifactKind, Cell, Display, FileAccess, Fingerprint, Read
from nbcairn.store.blobs.base import md5_of
from nbcairn.testing import a_document, a_run, a_session, an_artifact, memory_trail

TOKEN = "ghp_" + "a1B2" * 9
SECRETS = [
    ('password = "hunter2horse"', "hunter2horse"),
    ('key = "AKIAIOSFODNN7EXAMPLE"', "AKIAIOSFODNN7EXAMPLE"),
    (f'GITHUB = "{TOKEN}"', TOKEN),
    ('engine = connect("postgresql://ada:s3cr3tpw@db/x")', "s3cr3tpw"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA"),
]
HARMLESS = [
    'token = os.environ["TOKEN"]', "api_key = getpass()", "frame.sort_values(key=len)", 'keys = {"a": 1}', 'password = ""',
    'secret = "<your secret>"', "d41d8cd98f00b204e9800998ecf8427e", "author = 'ada'", "x = y.groupby('key').mean()",
    "model.fit(X, tokens)",
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_masked_and_refused(text, secret):
    masked, count = black_out(f"before\n{text}\nafter")
    assert count >= 1
    assert secret not in masked
    assert MASK in masked
    assert (masked[:7], masked[-6:]) == ("before\n", "\nafter")
    with pytest.raises(ExportError, match="line 2") as refused:
        refuse_secrets(f"before\n{text}", "the slice of x")
    assert secret not in str(refused.value), "it is told where, not what"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_passes(text):
    assert find_secrets(text) == []
    assert black_out(text) == (text, 0)


# --------------------------------------------------------------------------- home folders

HOMES = [
    ("/home/ada/raw.csv", "~/raw.csv"), ("/export/home/ada/raw.csv", "~/raw.csv"), ("/Users/ada/raw.csv", "~/raw.csv"),
    ("C:\\Users\\ada\\raw.csv", "~\\raw.csv"), ("C:\\\\Users\\\\ada\\\\raw.csv", "~\\\\raw.csv"), ("D:/Users/ada/raw.csv", "~/raw.csv"),
    ("C:\\Users\\Ada Lovelace\\raw.csv", "~\\raw.csv"), ("/mnt/c/Users/ada/raw.csv", "~/raw.csv"),
    ("file:///home/ada/raw.csv", "file://~/raw.csv"),
]  # fmt: skip
PUBLIC = [
    "https://example.org/home/ada",
    "/homes/ada",
    "data/home/ada",
    "/rooted",
    "~/raw.csv",
    "x.root/y",
    "/usr/share/x",
]


@pytest.mark.parametrize(("text", "clean"), HOMES)
def test_home_folders_of_every_system_are_found(text, clean):
    assert scrub(f"see {text!s} and /tmp") == f"see {clean} and /tmp"
    ((line, found),) = personal_paths(f"x = 1\nread('{text}')")
    assert line == 2
    assert found in text
    with pytest.raises(ExportError, match="line 2"):
        refuse_paths(f"x = 1\nread('{text}')", "the slice of x")


@pytest.mark.parametrize("text", PUBLIC)
def test_other_folders_are_nobodys(text):
    assert scrub(text) == text
    assert personal_paths(text) == []


def test_the_super_users_folder_is_left_out_of_documents():
    assert scrub("open('/root/data/raw.csv')") == "open('~/data/raw.csv')"


# --------------------------------------------------------------------------- every format

WHO = ("ada-private", "Ada Private")
PRIVATE = [
    "/home/ada-private/raw.csv", "/Users/ada-private/raw.csv", "C:/Users/Ada Private/raw.csv", "C:\\Users\\ada-private\\raw.csv",
    "/mnt/c/Users/ada-private/raw.csv",
]  # fmt: skip
DOCUMENTS = {
    "page.html": html.export,
    "record.json": plain.export,
    "chart.mmd": mermaid.export,
    "events.jsonl": openlineage.export,
    "prov.json": prov.export,
    "prov.ttl": prov.export,
    "crate": rocrate.export,
}
DATA = ("4321.5", "seen-on-screen", "2 x 77")


def told_everywhere(trail, what):
    """A document and a trail that tell this in every place where a person or a library may have put it."""
    trail.root.mkdir(exist_ok=True)
    trail.begin(replace(a_session(), cwd=what))
    (trail.root / "in.csv").write_text(f"a\n{what}\n")
    content = Fingerprint(md5_of((trail.root / "in.csv").read_bytes()), method="md5")
    source = f"# {what}\ndf = load('in.csv')  # {what}"
    shown = [
        Display("stdout", "a" * 32, text=f"seen-on-screen {what}"),
        Display("result", "b" * 32, ("text/html",), text=what),
    ]
    reads = {"<file:in.csv>": Read("<file:in.csv>", content), f"<file:{what}>": Read(f"<file:{what}>", content)}
    files = [FileAccess("in.csv", "read", content.digest, 9), FileAccess(what, "read", content.digest, 9)]
    load = a_run(source, "c1", reads, {"df": 1}, files=files, displays=shown, notes=[what])
    load = replace(load, writes=tuple(replace(write, summary=f"2 x 77 {what}") for write in load.writes))
    failed = a_run(f"use(df)  # {what}", "c2", {"df": from_(load, "df")}, error=FileNotFoundError(what))
    detail = {
        "columns": [{"name": what, "dtype": "float64", "mean": 4321.5}],
        "preview": [["4321.5", what]],
        "path": what,
    }
    trail.record(load, [an_artifact(load, "df", ArtifactKind.DATA, 1, detail=detail)])
    trail.record(failed)
    trail.note(load.id, f"look at {what}", "eve")
    document = a_document(load.source, failed.source)
    prose = Cell("m1", 2, f"# About\n{what}", kind="markdown")
    return replace(document, cells=(*document.cells, prose))


def text_in(target):
    files = (
        [target]
        if target.is_file()
        else [file for file in target.rglob("*") if file.is_file() and file.name != "in.csv"]
    )
    text = "\n".join(file.read_bytes().decode("utf-8", "replace") for file in files)
    return text + "\n".join(str(file) for file in files)


def exported(name, trail, document, target, **more):
    if name.startswith("prov"):
        pytest.importorskip("prov")
        pytest.importorskip("rdflib")
    DOCUMENTS[name](trail, document, target, **more)
    return text_in(target)


@pytest.mark.parametrize("whole", [False, True], ids=["a notebook", "a whole trail"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_tell_nobodys_home(tmp_path, name, whole):
    for number, path in enumerate(PRIVATE):
        with memory_trail(tmp_path / str(number)) as trail:
            document = told_everywhere(trail, path)
            text = exported(name, trail, None if whole else document, tmp_path / f"{number}-{name}")
        assert "df" in text
        assert not [who for who in WHO if who in text], path


@pytest.mark.parametrize("whole", [False, True], ids=["a notebook", "a whole trail"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_tell_no_secret(tmp_path, name, whole):
    with memory_trail(tmp_path) as trail:
        document = told_everywhere(trail, TOKEN)
        text = exported(name, trail, None if whole else document, tmp_path / name)
        assert "df" in text
        assert TOKEN not in text
        assert not (tmp_path / name / "files" / "in.csv").exists(), "a file that holds a secret is not copied"


@pytest.mark.parametrize("name", [*DOCUMENTS, "bundle"])
def test_without_data_there_is_none(tmp_path, name):
    with memory_trail(tmp_path) as trail:
        document = told_everywhere(trail, "plain.csv")
        if name == "bundle":
            bundle.export(trail, document, tmp_path / name, data=False)
            found = bundle.read_bundle(tmp_path / name)
            assert found.blobs == {}
            text = json.dumps([bundle.encode(record) for record in (*found.records.runs, *found.records.artifacts)])
        else:
            text = exported(name, trail, document, tmp_path / name, data=False)
    assert not [data for data in DATA if data in text]
    assert not (tmp_path / name / "files").exists()


def slice_text(form):
    def make(trail, document, target):
        wanted = find_target(trail, "df", None)
        found = minimal_slice(trail, wanted.run.id, wanted.name)
        text = form(headed(code_of(found, document), trail, wanted, found))
        refuse_secrets(text, "the slice of df")
        refuse_paths(text, "the slice of df")

    return make


CODE = {
    "script": slice_text(as_script),
    "notebook": slice_text(as_notebook),
    "cells": slice_text(lambda code: json.dumps(as_cells(code))),
    "bundle": bundle.export,
    "pipeline": lambda trail, document, target: export_pipeline(trail, document, target, ["df"]),
}


@pytest.mark.parametrize("name", CODE)
def test_code_and_records_with_a_secret_stop_the_export_and_say_where(tmp_path, name):
    with memory_trail(tmp_path) as trail:
        document = told_everywhere(trail, TOKEN)
        with pytest.raises(ExportError, match=r"line \d|masked|no longer there") as refused:
            CODE[name](trail, document, tmp_path / name)
    assert TOKEN not in str(refused.value)
    assert not (tmp_path / name).exists()
