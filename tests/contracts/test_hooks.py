"""The hooks for pre-commit call commands that there are, and are the ones that the documentation names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from nbcairn.cli.parser import make_parser

ROOT = Path(__file__).parents[2]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")


def test_every_hook_is_a_command():
    entries = re.findall(r"^  entry: (.+)$", HOOKS, re.MULTILINE)
    assert len(entries) == 2
    for entry in entries:
        program, *arguments = shlex.split(entry)
        assert program == "nbcairn"
        assert make_parser().parse_args([*arguments, "a.ipynb", "b.ipynb"]).notebooks == [
            Path("a.ipynb"),
            Path("b.ipynb"),
        ]


def test_the_documentation_names_every_hook():
    page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    for hook in re.findall(r"^- id: (.+)$", HOOKS, re.MULTILINE):
        assert f"- id: {hook}" in page
