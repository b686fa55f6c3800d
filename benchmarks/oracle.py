"""Runs inside the kernel under study, beside the notebook: what a cell changed in the names it mentions.

Called in silent executions, so that neither the history nor Cairn's recorder sees it.
"""

from __future__ import annotations

import json

from IPython import get_ipython

from nbcairn.fingerprint import fingerprint

_before: dict[str, str] = {}


def _digest(value: object) -> str:
    print_ = fingerprint(value)
    return print_.digest if str(print_.coverage) != "opaque" else f"opaque:{type(value).__name__}"


def _look(names: list[str]) -> dict[str, str]:
    space = get_ipython().user_ns
    return {name: _digest(space[name]) for name in names if name in space}


def before(names: list[str]) -> None:
    """Note what the names hold before the cell runs."""
    _before.clear()
    _before.update(_look(names))


def after(names: list[str], bound: list[str]) -> None:
    """Print what the cell left in the names that it binds, and in those whose content it changed."""
    now = _look(names)
    print(json.dumps({name: now[name] for name in now if name in bound or now[name] != _before.get(name)}))
