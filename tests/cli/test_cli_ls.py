"""``nbcairn ls``."""


def lines(text):
    return [line.split() for line in text.splitlines() if line.strip()]


def test_artifacts_are_listed_newest_first_with_the_number_that_calls_them(nbcairn, project):
    answer = nbcairn("ls")
    assert answer.code == 0
    rows = lines(answer.out)[2:]
    assert [row[:3] for row in rows] == [
        ["figure", "Mass", "@1"],
        ["data", "clean", "@2"],
        ["data", "clean", "@1"],
        ["data", "raw", "@1"],
    ]


def test_the_number_does_not_depend_on_how_many_are_listed(nbcairn, project):
    answer = nbcairn("ls --kind data --limit 1")
    assert "clean" in answer.out
    assert "@2" in answer.out
    assert "2 more: --limit 3" in answer.out


def test_runs_and_sessions(nbcairn, project):
    runs = nbcairn("ls --runs analysis.ipynb")
    assert [row[-1] for row in lines(runs.out)[2:]] == ["plot(clean)", "[3]", "raw", "read()"]
    sessions = nbcairn("ls --sessions")
    assert "ada" in sessions.out
    assert lines(sessions.out)[-1][-1] == "4"


def test_json_has_the_shapes_of_the_rest_contract(nbcairn, project):
    import jsonschema

    from nbcairn.server.description import api

    shapes = api()["$defs"]
    for line, shape in [("ls", "Artifact"), ("ls --runs", "RunSummary"), ("ls --sessions", "Session")]:
        found = nbcairn(f"{line} --json").json
        assert found
        for item in found:
            jsonschema.Draft202012Validator({"$ref": f"#/$defs/{shape}", "$defs": shapes}).validate(item)


def test_a_notebook_that_is_gone_keeps_its_records(nbcairn, project):
    project.notebook.unlink()
    assert "plot(clean)" in nbcairn("ls --runs analysis.ipynb").out


def test_a_place_that_nobody_knows_is_said_so(nbcairn, project):
    answer = nbcairn("ls analisys.ipynb")
    assert answer.code == 2
    assert "There is no analisys.ipynb" in answer.err


def test_nothing_is_padded_where_no_terminal_reads(nbcairn, project):
    assert not any(line.endswith(" ") for line in nbcairn("ls").out.splitlines())


def test_columns_says_how_wide_a_pipe_is(nbcairn, project, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, nbcairn("ls").out.splitlines())) <= 60
