"""``nbcairn export``."""


def test_one_page_is_written_and_named(nbcairn, project):
    answer = nbcairn("export --html report.html analysis.ipynb")
    assert answer.code == 0
    assert "Wrote report.html" in answer.out
    page = (project.root / "report.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "plot(clean)" in page


def test_json_says_where_and_how_large(nbcairn, project):
    found = nbcairn("export --html report.html analysis.ipynb --json").json
    assert found == {"format": "html", "path": "report.html", "bytes": (project.root / "report.html").stat().st_size}


def test_a_folder_that_is_not_there_is_an_error_told_in_one_sentence(nbcairn, project):
    answer = nbcairn("export --html none/report.html analysis.ipynb")
    assert answer.code == 2
    assert "mkdir -p none" in answer.err


def test_several_formats_at_once(nbcairn, project):
    answer = nbcairn("export --openlineage e.jsonl --mermaid m.mmd --record r.json --ro-crate crate analysis.ipynb")
    assert answer.code == 0
    for name in ("e.jsonl", "m.mmd", "r.json", "crate/ro-crate-metadata.json"):
        assert (project.root / name).stat().st_size > 0
        assert name.split("/")[0] in answer.out


def test_the_record_on_stdout(nbcairn, project):
    found = nbcairn("export --json analysis.ipynb").json
    assert found["format"] == "nbcairn-record/1"
    assert [run["source"] for run in found["runs"]] == [
        "raw = read()",
        "clean = raw",
        "clean = raw + [3]",
        "plot(clean)",
    ]


def test_a_folder_is_the_whole_project(nbcairn, project):
    project.notebook.unlink()
    assert len(nbcairn("export --json .").json["runs"]) == 4


def test_without_data(nbcairn, project):
    assert nbcairn("export --html page.html --no-data analysis.ipynb").code == 0
    page = (project.root / "page.html").read_text()
    assert "data:image" not in page
    assert "left out, as asked" in page


def test_a_format_of_another_package_or_none(nbcairn, project):
    answer = nbcairn("export --format tarot cards.txt analysis.ipynb")
    assert answer.code == 2
    assert "no exporter for tarot" in answer.err
    assert nbcairn("export analysis.ipynb").code == 2
