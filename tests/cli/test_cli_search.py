"""``nbcairn search``."""


def test_words_in_names_and_code(nbcairn, project):
    assert "Mass" in nbcairn("search mass").out
    assert [found["name"] for found in nbcairn("search --json plot clean").json] == ["Mass"]
    assert nbcairn("search mass").code == 0


def test_nothing_found_is_exit_1_as_with_grep(nbcairn, project):
    answer = nbcairn("search walrus")
    assert answer.code == 1
    assert "Nothing found." in answer.out
    assert nbcairn("search walrus --json").json == []


def test_in_one_notebook(nbcairn, project):
    assert nbcairn("search --in analysis.ipynb mass").code == 0


def test_the_search_syntax_of_sqlite_is_not_interpreted(nbcairn, project):
    for words in ['"', "a AND", "name:mass", "*", "NEAR(", "--in . (("]:
        assert nbcairn(f"search -- '{words}'").code in {0, 1}
