"""What every verb promises: help with examples that parse, ``--json``, one sentence for an error."""

from __future__ import annotations

import json
import shlex

import pytest

from nbcairn.cli.parser import VERBS, make_parser

NAMES = [verb.name for verb in VERBS]
EXAMPLES = [(verb.name, example) for verb in VERBS for example in verb.examples]


def test_no_verb_shows_the_verbs_and_is_wrong_usage(nbcairn):
    answer = nbcairn("")
    assert answer.code == 2
    assert all(f"    {name}" in answer.out for name in NAMES)


@pytest.mark.parametrize("line", ["--version", "--help"])
def test_the_usual_options(nbcairn, line):
    answer = nbcairn(line)
    assert answer.code == 0
    assert "nbcairn" in answer.out


@pytest.mark.parametrize("name", NAMES)
def test_help_has_examples_and_json(nbcairn, name):
    answer = nbcairn(f"{name} --help")
    assert answer.code == 0
    assert "examples:\n  nbcairn" in answer.out
    assert "--json" in answer.out


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_is_a_command_of_its_verb(name, example):
    command = example.split(" && ")[0].split(" | ")[0].split(" > ")[0]
    words = shlex.split(command, comments=True)
    options = make_parser().parse_args(words[1:])
    assert words[0] == "nbcairn"
    assert options.verb.name in {name, "disable"}


@pytest.mark.parametrize("line", ["fly", "check", "show", "ls --kind nothing", "run a.ipynb --timeout soon", "diff"])
def test_wrong_usage_is_exit_2(nbcairn, line):
    answer = nbcairn(line)
    assert answer.code == 2
    assert "usage:" in answer.err


@pytest.mark.parametrize(
    "line", ["check a.ipynb", "run a.ipynb", "ls", "show x", "diff x", "search x", "restore x", "gc", "export --html b a.ipynb"]
)  # fmt: skip
def test_an_error_is_one_sentence_with_its_remedy_and_an_object_in_json(nbcairn, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    plain, told = nbcairn(line), nbcairn(f"{line} --json")
    assert (plain.code, told.code) == (2, 2)
    assert plain.out == ""
    assert plain.err.startswith("nbcairn: There is no ")
    assert set(told.json) == {"error", "message", "remedy"}
    assert "Traceback" not in plain.err + told.err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_seen_enough_is_no_error(project):
    import subprocess
    import sys

    command = f"{shlex.quote(sys.executable)} -m nbcairn.cli ls --runs --json | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout == "["
    assert done.stderr == ""


def test_what_a_trail_says_is_never_taken_for_markup(nbcairn, project):
    from nbcairn.store import Trail
    from nbcairn.testing import a_run, an_artifact

    run = a_run("x = '[red]'", "c1", {}, {"[bold]": 1}, error=ValueError("[/] \x1b[31m"))
    with Trail.open(project.root / ".cairn") as trail:
        trail.record(run, [an_artifact(run, "[bold]x[/bold]", summary="[link=file:///]")])
    shown = nbcairn("ls").out + nbcairn("ls --runs").out + nbcairn(f"show {run.id}").out
    for text in ("[bold]x[/bold]", "[link=file:///]", "x = '[red]'", "ValueError: [/]"):
        assert text in shown
    assert json.loads(nbcairn(f"show {run.id} --json").out)["error_message"] == "[/] \x1b[31m"


def test_control_characters_of_a_trail_do_not_reach_the_terminal(nbcairn, project):
    from nbcairn.store import Trail
    from nbcairn.testing import a_run, an_artifact

    run = a_run("print('\x1b]0;owned\x07')", "c1", {}, {}, error=ValueError("\x1b[2J"))
    with Trail.open(project.root / ".cairn") as trail:
        trail.record(run, [an_artifact(run, "evil\x1b[2J", summary="\x1b]0;owned\x07\x9b2J")])
    for line in ("ls", "ls --runs", f"show {run.id}", "search evil", f"diff evil {run.id}"):
        shown = nbcairn(line).out
        assert not any(ord(c) < 32 and c != "\n" or 0x7F <= ord(c) < 0xA0 for c in shown), line
