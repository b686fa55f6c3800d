"""Every finding has a page that says what it means and what to do, and the index lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nbcairn.lineage.describe import CODED

FOLDER = Path(__file__).parents[2] / "docs" / "findings"
SECTIONS = ["What it means", "Why it matters", "Example", "What to do"]


@pytest.mark.parametrize("rule", CODED, ids=[rule.code for rule in CODED])
def test_a_finding_has_its_page(rule):
    text = (FOLDER / f"{rule.code}.md").read_text(encoding="utf-8")
    assert text.splitlines()[0] == f"# {rule.code}: {rule.title}"
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[:4] == SECTIONS
    assert "```python" in text


def test_no_page_speaks_of_a_finding_that_is_not():
    assert {page.stem for page in FOLDER.glob("CN*.md")} == {rule.code for rule in CODED}


def test_no_two_rules_share_a_code():
    codes = [rule.code for rule in CODED]
    assert len(codes) == len(set(codes))


def test_every_rule_class_is_asked():
    from nbcairn.lineage.rules import base

    def below(kind):
        return {kind, *(found for child in kind.__subclasses__() for found in below(child))}

    coded = {kind for kind in below(base.Coded) if "code" in vars(kind)}
    assert coded == {type(rule) for rule in CODED}
