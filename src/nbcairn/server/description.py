"""The description of the REST interface: the one file that server, front end and documentation agree on."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["api", "contract"]


@lru_cache(maxsize=1)
def api() -> dict[str, Any]:
    """``schema/api.json``: OpenAPI paths and the JSON schemas of every answer."""
    text = (files("nbcairn.server") / "schema" / "api.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def contract() -> int:
    """The version of the description, which clients compare with their own."""
    return int(api()["info"]["version"])
