"""The page to hand over: it tells the truth, runs nothing of what it tells, and stays small."""

import random
from pathlib import Path

import pytest
from export_samples import HOSTILE, PNG, from_

from nbcairn.document import read_document
from nbcairn.errors import ExportError
from nbcairn.exporters.html import export, render
from nbcairn.exporters.scrub import scrub
from nbcairn.model import ArtifactKind, Cell, Display, Document
from nbcairn.testing import a_document, a_run, a_session, an_artifact, memory_trail, temp_trail

MEGABYTE = 1_000_000


# --------------------------------------------------------------------------- what it tells


def test_it_opens_with_what_a_run_all_would_change(trail, recorded, page):
    assert "Restart & Run All would change 1 of 3 code cells; 1 never ran." in page(render(trail, recorded)).words


def test_findings_say_why_and_what_to_do_and_show_the_deleted_cell(trail, recorded, page):
    words = page(render(trail, recorded)).words
    finding = words[words.index("Findings", 300) : words.index("In the order of the document")]
    assert "CN" in finding
    assert "What to do" in finding
    assert "df = df . dropna()" in finding or "df.dropna()" in finding.replace(" ", "")


def test_cells_come_in_document_order_with_output_and_figure(trail, recorded, page):
    found = page(render(trail, recorded))
    cells = [attrs["id"] for tag, attrs in found.tags if tag == "article" and attrs["id"].startswith("c")]
    assert cells == ["c1", "c2", "c3"]
    assert "hello" in found.words
    assert any("base64" in source for source in found.attributes("src"))


def test_a_picture_is_in_the_page_once(trail, recorded, page):
    found = page(render(trail, recorded))
    assert len(found.attributes("src")) == 1
    assert found.attributes("data-from")[0] in found.ids


def test_artifacts_have_statistics_and_versions(trail, recorded, page):
    words = page(render(trail, recorded)).words
    for part in ("mass", "4,201.5", "Adelie", "2 versions", "2.0 kB"):
        assert part in words


def test_splits_with_their_leaks_and_models_with_their_scores(trail, page):
    run = a_run("fit()", "c1", {}, {"X_test": 1, "model": 2})
    parts = {
        "X_train": {"rows": 8, "share": 0.8},
        "X_test": {"rows": 2, "share": 0.2, "classes": [["a", 0.5], ["b", 0.5]]},
    }
    split = {"parts": parts, "shared": [{"in": "X_train", "of": "X_test", "rows": 1}]}
    scores = {"accuracy": 0.91, "report": {"recall": 0.925}}
    trail.record(
        run,
        [
            an_artifact(run, "X_test", ArtifactKind.DATA, 1, detail={"split": split}),
            an_artifact(run, "model", ArtifactKind.MODEL, 2, detail={"scores": scores, "split": {"parts": "odd"}}),
        ],
    )
    words = page(render(trail, None)).words
    for part in (
        "Leak: 1 rows of X_test are also in X_train",
        "8 rows, 80.0 %",
        "a 50.0 %",
        "0.91",
        "report recall",
        "0.925",
    ):
        assert part in words
    assert "0.925" not in page(render(trail, None, data=False)).words


def test_the_environment_names_what_the_cells_import(trail, recorded, page):
    words = page(render(trail, recorded)).words
    facts = words[words.index("Environment Python") : words.index("packages of the newest session")]
    assert "pandas 2.2.0" in facts
    assert "unrelated" not in facts
    assert "unrelated 1.0" in words


def test_notes_lead_to_what_they_are_about(trail, recorded, page):
    assert "Look at the outlier." in page(render(trail, recorded)).words


def test_a_whole_trail_has_history_but_no_verdicts(trail, recorded, page):
    found = page(render(trail, None))
    assert "3 recorded runs in 1 session." in found.words
    assert "cells" not in found.ids
    assert "df.plot()" in found.words.replace(" ", "")


def test_an_empty_trail_is_a_page_too(trail, page):
    assert "No findings" not in page(render(trail, a_document("x = 1"))).words
    assert "Nothing is recorded yet." in page(render(trail, None)).words


def test_a_notebook_with_no_cells(trail, page):
    assert "The notebook has no code cells." in page(render(trail, Document("empty.ipynb", ()))).words


def test_prose_keeps_its_structure(trail, page):
    prose = Cell("m", 0, "# Title\n\ntext with `code`\nmore\n\n- one\n- two", "markdown")
    found = page(render(trail, Document("a.ipynb", (prose,))))
    assert ("h3", {"class": "level-1"}) in found.tags
    assert sum(attrs.get("class") == "bullet" for _, attrs in found.tags) == 2


# --------------------------------------------------------------------------- what it never does


def test_hostile_texts_are_texts(trail, hostile, page):
    found = page(render(trail, hostile))
    assert "alert(1)" not in "".join(found.scripts)
    assert not [attrs for tag, attrs in found.tags if tag == "img" and attrs.get("src") == "x"]
    assert "49" not in found.attributes("title")
    for text in HOSTILE[:3]:
        assert text.replace(" ", "") in found.words.replace(" ", "")


def test_hostile_texts_are_texts_in_a_whole_trail(trail, hostile, page):
    page(render(trail, None))


def test_displayed_html_stays_out(trail, page):
    run = a_run("show()", "c1", displays=[Display("display", "e" * 32, ("text/html", "text/plain"), None, "a frame")])
    trail.record(run)
    found = page(render(trail, a_document("show()")))
    assert "a frame" in found.words


def test_a_blob_that_lies_about_its_type_is_at_most_a_broken_image(trail, page):
    key = trail.blobs.put(b"<script>alert(1)</script>")
    trail.record(a_run("show()", "c1", displays=[Display("display", "f" * 32, ("image/png",), key, "")]))
    assert page(render(trail, a_document("show()"))).attributes("src")[0].startswith("data:image/png;base64,")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"{Path.home()}/data/raw.csv", "~/data/raw.csv"),
        (f"open('{Path.home()}')", "open('~')"),
        ("/home/ada/x and /Users/Grace/y", "~/x and ~/y"),
        (r"C:\Users\ada\x and 'C:\\Users\\ada\\x'", r"~\x and '~\\x'"),
        ("/homework/a /home /usr/home/x", "/homework/a /home /usr/home/x"),
        ("data/raw.csv", "data/raw.csv"),
    ],
    ids=["own home", "own home alone", "homes of others", "Windows", "no home", "relative"],
)
def test_home_folders_are_written_as_tilde(text, clean):
    assert scrub(text) == clean


def test_no_home_folder_is_in_the_page(trail, page):
    secret = f"{Path.home()}/project/raw.csv"
    run = a_run(f"df = read({secret!r})", "c1", {}, {"df": 1}, displays=[Display("stdout", "1" * 32, text=secret)])
    trail.record(run, [an_artifact(run, "df", ArtifactKind.DATA, 1, summary=secret)])
    text = render(trail, a_document(run.source, "x = 1"))
    page(text)
    assert secret not in text
    assert str(Path.home()) + "/project" not in text
    assert "~/project/raw.csv" in text


# --------------------------------------------------------------------------- bounds


def test_a_thousand_runs_stay_small(tmp_path, page):
    noise = random.Random(7)
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session(packages={f"package-{n}": "1.0" for n in range(300)}))
        before, sources = None, []
        for n in range(1000):
            source = f"# step {n}\nx = x + {n}\n" + f"y = '{n}'\n" * 20
            picture = PNG + noise.randbytes(20_000)
            key = trail.blobs.put(picture)
            shown = [
                Display("display", f"{n:032x}", ("image/png",), key, "<Figure>"),
                Display("stdout", "2" * 32, text="z" * 4000),
            ]
            run = a_run(source, f"c{n % 40 + 1}", {"x": from_(before, "x")} if before else {}, {"x": n}, displays=shown)
            made = an_artifact(run, f"figure {n % 80}", ArtifactKind.FIGURE, n, media_type="image/png", blob=key)
            trail.record(run, [made])
            before, sources = run, [*sources[-39:], source]
        text = render(trail, a_document(*sources))
    assert len(text.encode()) < 5 * MEGABYTE
    found = page(text)
    assert "of 80 artifacts are shown" in found.words
    assert "Only the newest part is drawn." in found.words


def test_images_beyond_the_budget_are_left_out_and_counted(trail, page):
    keys = [trail.blobs.put(PNG + bytes([n]) * 1_400_000) for n in range(3)]
    for n, key in enumerate(keys):
        trail.record(a_run(f"show({n})", f"c{n + 1}", displays=[Display("display", "3" * 32, ("image/png",), key, "")]))
    text = render(trail, a_document("show(0)", "show(1)", "show(2)"))
    found = page(text)
    assert len(text) < 5 * MEGABYTE
    assert len(found.attributes("src")) == 1
    assert "An image is left out to keep this page small (1.4 MB)." in found.words
    assert "2 images are left out." in found.words


def test_a_huge_text_is_cut_and_says_so(trail, page):
    source = "data = '" + "A" * 3 * MEGABYTE + "'"
    trail.record(a_run(source, "c1"))
    text = render(trail, a_document(source))
    assert len(text) < MEGABYTE
    assert "more characters" in page(text).words


def test_a_blob_that_is_gone_leaves_a_word(trail, page):
    trail.record(a_run("show()", "c1", displays=[Display("display", "4" * 32, ("image/png",), "a" * 32, "")]))
    assert "its file is no longer in the trail" in page(render(trail, a_document("show()"))).words


# --------------------------------------------------------------------------- the file


def test_the_file_is_written_whole(tmp_path, trail, recorded, page):
    target = tmp_path / "report.html"
    target.write_text("old")
    export(trail, recorded, target)
    page(target.read_text(encoding="utf-8"))
    assert [file.name for file in tmp_path.glob("*.html")] == ["report.html"]
    assert not list(tmp_path.glob(".*.html"))


def test_a_notebook_file_is_found_by_its_absolute_path(tmp_path, page):
    with temp_trail(tmp_path) as trail:
        trail.begin(a_session())
        trail.record(a_run("x = 1", "c1", {}, {"x": 1}))
        (tmp_path / "analysis.ipynb").write_text(
            '{"nbformat": 4, "metadata": {}, "cells": [{"id": "c1", "cell_type": "code", "source": "x = 1", "outputs": []}]}'
        )
        words = page(render(trail, read_document(tmp_path / "analysis.ipynb"))).words
    assert "its one code cell is fresh" in words


@pytest.mark.parametrize(
    ("place", "remedy"),
    [("missing/report.html", "mkdir -p"), ("folder", "Name a file in it")],
    ids=["no such folder", "a folder"],
)
def test_a_target_that_cannot_be(tmp_path, trail, place, remedy):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match=remedy):
        export(trail, None, tmp_path / place)


def test_a_disk_that_refuses(tmp_path, trail, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(ExportError, match="No space left"):
        export(trail, None, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_an_artifact_has_the_code_that_made_it(trail, recorded, page):
    words = page(render(trail, recorded)).words
    assert "The code that made it" in words
    assert "df = df.dropna()" in words, "also of a cell that is gone"
