"""Writes ``docs/findings/index.md`` from the rules, so that it cannot drift."""

from __future__ import annotations

import inspect

from nbcairn.lineage.rules import RULES
from nbcairn.lineage.rules.base import Coded
from nbcairn.lineage.rules.memory import GoneWithKernel

__all__ = ["CODED", "PAGE", "page"]

PAGE = "docs/findings/index.md"
CODED: tuple[Coded, ...] = tuple(sorted((*RULES, GoneWithKernel()), key=lambda rule: rule.code))
"""Every rule that has a code, by code."""

_HEAD = """# Findings

<!-- Written by `./dev docs` from src/nbcairn/lineage/rules/; edit that instead. The pages it links are written by hand. -->

A cell is **fresh** exactly when *Restart & Run All* of the notebook as it stands now would show and define what the cell shows
and defines now. Where it would not, the cell is **stale**; where that cannot be known, **unknown**; without a recorded run,
**never-run**. A finding says why, and what to do. `nbcairn check NOTEBOOK`, `%cairn check` and the panel tell the same ones.
"""
_GROUPS = {
    "CN1": ("Order and edits", "Cells that were edited, moved, deleted, re-run or skipped."),
    "CN2": ("Outside the notebook", "Files, modules of your own, installed packages."),
    "CN3": ("What no re-run repeats", "Randomness, clocks, networks, other programs, people."),
    "CN4": ("What a verdict rests on", "Values that cannot be compared, or are not on record."),
}


def page() -> str:
    """The index of the pages, one row a code."""
    parts = [_HEAD]
    for prefix, (title, about) in _GROUPS.items():
        parts.append(f"\n## {title}\n\n{about}\n\n| code | finding | when | severity |\n|---|---|---|---|\n")
        parts += [_row(rule) for rule in CODED if rule.code.startswith(prefix)]
    return "".join(parts)


def _row(rule: Coded) -> str:
    when = inspect.cleandoc(type(rule).__doc__ or "").partition("\n")[0]
    return f"| [{rule.code}]({rule.code}.md) | {rule.title} | {when} | {rule.severity} |\n"
