"""What the findings mean: the pages of the documentation, read from where they were installed."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import nbcairn
from nbcairn.errors import RecordNotFound

__all__ = ["finding_page"]

PACKAGE = Path(nbcairn.__file__).parent
FOLDERS = (PACKAGE / "findings", PACKAGE.parent.parent / "docs" / "findings")
"""In an installed package, and in a checkout."""


def finding_page(code: str) -> dict[str, Any]:
    """``FindingPage``. Raises RecordNotFound for a code that no rule has."""
    from nbcairn.lineage.rules import RULES

    rule = next((rule for rule in RULES if rule.code == code), None)
    if rule is None:
        raise RecordNotFound(f"No rule has the code {code!r}.", "docs/findings/index.md lists those there are.")
    text = _page(code) or inspect.getdoc(type(rule)) or ""
    return {"code": code, "title": rule.title, "text": text}


def _page(code: str) -> str | None:
    """The page without its own title: whoever shows it writes one."""
    for folder in FOLDERS:
        try:
            text = (folder / f"{code}.md").read_text(encoding="utf-8")
        except OSError:
            continue
        return re.sub(r"\A\s*# .*\n+", "", text)
    return None
