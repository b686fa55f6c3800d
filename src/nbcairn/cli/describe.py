"""Writes ``docs/reference/cli.md`` from the parser, so that it cannot drift."""

from __future__ import annotations

import os

from nbcairn.cli.parser import VERBS, make_parser

__all__ = ["page"]


def page() -> str:
    """The reference page."""
    os.environ["COLUMNS"] = "100"
    parser = make_parser()
    choices = next(action for action in parser._actions if hasattr(action, "choices") and action.choices).choices
    parts = [
        "# Command line",
        "",
        "Written by `./dev docs` from the parser. Exit code 0: fine; 1: findings; 2: wrong usage, or an error told in one",
        "sentence. Every verb takes `--json`.",
    ]
    assert isinstance(choices, dict)
    for verb in VERBS:
        parts += ["", f"## nbcairn {verb.name}", "", "```", choices[verb.name].format_help().strip(), "```"]
    return "\n".join(parts) + "\n"
