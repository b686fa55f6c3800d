"""A secret or a home folder, planted in one place at a time: no format carries it out, or the export stops and says where."""

import json
from dataclasses import replace

import pytest
from test_safety import CODE, DOCUMENTS

from nbcairn.errors import ExportError
from nbcairn.exporters import bundle
from nbcairn.model import ArtifactKind, Cell, Display, FileAccess, Fingerprint, Read, Verified
from nbcairn.store.blobs.base import md5_of
from nbcairn.testing import a_document, a_run, a_session, an_artifact, memory_trail

PLANTED = {
    "a secret": "ghp_" + "a1B2" * 9,
    "a home folder": "/home/ada-private/raw.csv",
    "a home folder of Windows": "C:\\Users\\ada-private\\raw.csv",
}
TOLD = ("ghp_" + "a1B2" * 9, "ada-private")
PLACES = (
    "code", "a comment", "a setting", "output", "html", "an error", "a note", "a title", "a name", "a summary", "a column", "a preview",
    "statistics", "a file's name", "the content", "the notebook's name", "the working folder", "a tag", "a run's note", "prose",
    "a verification",
)  # fmt: skip
FORMATS = {**DOCUMENTS, **CODE}


def plain(place, what, wanted):
    return what if place == wanted else "plain"


def recorded(trail, place, what):
    """A document and a trail with this in one place, and nothing of the kind elsewhere."""

    def at(wanted):
        return plain(place, what, wanted)

    trail.root.mkdir(exist_ok=True)
    notebook = f"{what}.ipynb" if place == "the notebook's name" else "analysis.ipynb"
    trail.begin(replace(a_session(), cwd=at("the working folder"), notebook=notebook))
    name = what if place == "a file's name" else "in.csv"
    content = f"a\n{at('the content')}\n".encode()
    (trail.root / "in.csv").write_bytes(content)
    read = Fingerprint(md5_of(content), method="md5")
    source = (
        f"# {at('a comment')}\ndf = load({name!r})\nkey = {at('code')!r}\ndf['x'] = f(key, out_dir={at('a setting')!r})"
    )
    page = f"<table><tr><td>{at('html')}</td></tr></table>".encode()
    key = trail.blobs.put(page)
    shown = [
        Display("stdout", "a" * 32, text=f"said {at('output')}"),
        Display("result", "b" * 32, ("text/html", "text/plain"), key, "a table"),
    ]
    load = a_run(
        source, "c1", {f"<file:{name}>": Read(f"<file:{name}>", read)}, {"df": 1}, displays=shown, notes=[at("a run's note")],
        files=[FileAccess(name, "read", read.digest, len(content))],
    )  # fmt: skip
    writes = tuple(replace(write, summary=f"2 x 3 {at('a summary')}") for write in load.writes)
    load = replace(load, notebook=notebook, writes=writes, tags=(at("a tag"),))
    failed = a_run(
        "use(df)", "c2", {"df": Read("df", writes[0].fingerprint, load.id)}, error=ValueError(at("an error"))
    )
    failed = replace(failed, notebook=notebook)
    detail = {
        "columns": [{"name": at("a column"), "dtype": "float64"}],
        "preview": [[at("a preview")]],
        "shape": [1, 1],
    }
    made = [an_artifact(load, "df", ArtifactKind.DATA, 1, detail=detail)]
    made += [an_artifact(load, at("a name"), ArtifactKind.FIGURE, 2, detail={"title": at("a title")})]
    trail.record(load, made)
    trail.record(failed)
    trail.enrich(made[0].id, {"top": at("statistics")})
    trail.note(load.id, at("a note"), "eve")
    trail.verified(Verified("v1", notebook, "2026-01-01T00:00:00Z", "k" * 32, {"difference": at("a verification")}))
    document = replace(
        a_document(load.source, failed.source), path=notebook if "/" not in notebook else "analysis.ipynb"
    )
    return replace(document, cells=(Cell("m1", 0, at("prose"), kind="markdown"), *document.cells))


def carried(target):
    """All that an export wrote, what is packed in it, too."""
    if target.suffix != ".cairn":
        files = [target] if target.is_file() else [file for file in target.rglob("*") if file.is_file()]
        return "\n".join(f"{file.name}\n{file.read_bytes().decode('utf-8', 'replace')}" for file in files)
    found = bundle.read_bundle(target)
    assert not found.refused
    records = found.records
    told = (*records.sessions, *records.runs, *records.artifacts, *records.verifications, *records.remarks.notes)
    told = (*told, *records.remarks.enrichments, *records.remarks.paths)
    blobs = b"\n".join(found.blobs.values()).decode("utf-8", "replace")
    return "\n".join([*(json.dumps(bundle.encode(record), ensure_ascii=False) for record in told), blobs])


def needs(name):
    if name.startswith("prov"):
        pytest.importorskip("prov")
        pytest.importorskip("rdflib")


def target_of(folder, name):
    return folder / f"{name}{'.cairn' if name == 'bundle' else ''}"


@pytest.mark.parametrize("name", FORMATS)
def test_where_nothing_is_planted_every_format_is_written(tmp_path, name):
    needs(name)
    with memory_trail(tmp_path / "work") as trail:
        document = recorded(trail, "nowhere", "")
        FORMATS[name](trail, document, target_of(tmp_path, name))
    if name not in {"script", "notebook", "cells"}:  # these are only looked at here
        assert "df" in carried(target_of(tmp_path, name))


@pytest.mark.parametrize(
    ("what", "whole"),
    [
        ("a secret", False),
        ("a secret", True),
        ("a home folder", True),
        ("a home folder of Windows", False),
    ],
)
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_planted_leaves(tmp_path, name, what, whole):
    needs(name)
    left, refused = [], {}
    for number, place in enumerate(PLACES):
        target = target_of(tmp_path / f"to{number}", name)
        target.parent.mkdir()
        with memory_trail(tmp_path / str(number)) as trail:
            document = recorded(trail, place, PLANTED[what])
            try:
                FORMATS[name](trail, None if whole else document, target)
            except ExportError as error:
                refused[place] = str(error)
        assert not (target.exists() and place in refused), "written whole or not at all"
        if target.exists() and any(told in carried(target) for told in TOLD):
            left.append(place)
    assert left == []
    assert not [place for place, told in refused.items() if TOLD[0] in told], "it is told where, not what"
