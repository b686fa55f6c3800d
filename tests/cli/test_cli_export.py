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
