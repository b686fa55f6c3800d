"""Runs inside a kernel, in silent executions: what a cell changed in the namespace."""

from __future__ import annotations

import ast
import json
import random
import sys
import warnings
from collections.abc import Mapping

from nbcairn.fingerprint import fingerprint

_before: dict[str, str] = {}


def bound(source: str) -> set[str]:
    """Names that a cell surely binds: not those in a branch, or in the body of a function."""
    found: set[str] = set()
    waiting = list(_parsed(source))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name):
            found |= {node.id} if isinstance(node.ctx, ast.Store) else set()
        elif not isinstance(node, ast.If | ast.Try | ast.Lambda | ast.ListComp):
            waiting += ast.iter_child_nodes(node)
    return found


def mentioned(source: str) -> set[str]:
    """Every name in a cell, whatever it does with it."""
    names = {node.id for part in _parsed(source) for node in ast.walk(part) if isinstance(node, ast.Name)}
    return names | bound(source)


def _parsed(source: str) -> list[ast.stmt]:
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    try:
        return ast.parse("\n".join(lines)).body
    except SyntaxError:
        return []


def digests(space: Mapping[str, object], hidden: frozenset[str]) -> dict[str, str]:
    """What each of the user's names holds, but for what cannot be compared."""
    found = {}
    for name, value in space.items():
        if name not in hidden and not name.startswith("_"):
            print_ = fingerprint(value)
            found[name] = "opaque" if str(print_.coverage) == "opaque" else print_.digest
    return found


def left(source: str, before: Mapping[str, str], after: Mapping[str, str], *, failed: bool) -> dict[str, str]:
    """What a cell left in the names that it mentions, and that it bound, changed or deleted.

    A name that shares an object with one of them is not the cell's: it may not be there yet when the cell runs in order. What
    it found as it leaves it is noted under ``=name``: ``d["k"] = 1`` changes nothing the second time, and defines the same.
    """
    if failed:
        return {}  # how far it came is not said by what it left
    written = bound(source)
    names = mentioned(source)
    found = {name: now for name, now in after.items() if name in written or before.get(name) != now}
    found |= {name: "gone" for name in {*before, *written} if name not in after}
    found |= {f"={name}": now for name, now in after.items() if name not in found}
    return {name: now for name, now in found.items() if name.removeprefix("=") in names and now != "opaque"}


def alike(source: str, one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    """True when two runs left the same; what a branch binds counts only where both runs left it."""
    sure = bound(source)
    changed = {name for name in {*one, *two} if not name.startswith("=")}
    names = {name for name in changed if name in sure or (name in one and name in two)}
    changed_only = {name for name in changed - names if name not in _on_branches(source)}
    return all(_held(one, name) == _held(two, name) for name in names | changed_only)


def _held(left: Mapping[str, str], name: str) -> str | None:
    return left.get(name, left.get(f"={name}"))


def _on_branches(source: str) -> set[str]:
    stores = (node for part in _parsed(source) for node in ast.walk(part) if isinstance(node, ast.Name))
    return {node.id for node in stores if isinstance(node.ctx, ast.Store)} - bound(source)


def fresh_generators() -> None:
    """As a new process would find them: nobody knows their state."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def fresh_options() -> None:
    """Display options as a new process has them."""
    matplotlib, pandas = sys.modules.get("matplotlib"), sys.modules.get("pandas")
    if matplotlib:
        first = {
            key: value
            for key, value in matplotlib.rcParamsOrig.items()
            if "backend" not in key and key != "interactive"
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            matplotlib.rcParams.update(first)
    if pandas:
        pandas.reset_option("^display")


def _space() -> dict[str, str]:
    from IPython import get_ipython

    shell = get_ipython()
    return digests(dict(shell.user_ns), frozenset(shell.user_ns_hidden))


def look() -> None:
    """Note what every name holds before the cell runs."""
    _before.clear()
    _before.update(_space())


def tell(source: str, failed: bool) -> None:
    """Print what the cell left."""
    print(json.dumps(left(source, _before, _space(), failed=failed)))


def begin(trail: str | None) -> None:
    """An empty namespace with unknown generators; recorded into this trail, or not at all."""
    import os

    from IPython import get_ipython

    shell = get_ipython()
    shell.run_line_magic("unload_ext", "nbcairn") if "nbcairn" in sys.modules else None
    shell.reset(new_session=False)
    fresh_generators()
    fresh_options()
    if trail:
        os.environ["NBCAIRN_TRAIL"] = trail
        shell.config.Cairn.trail = trail
        shell.run_line_magic("load_ext", "nbcairn")
