"""Where the process is: working folder, environment variables, search path of imports, locale, warnings filters.

Of environment variables the trail gets names and salted hashes, never a value.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blake3 import blake3

from nbcairn.fingerprint import fingerprint
from nbcairn.kernel.ambient.state import State, changed_keys
from nbcairn.model import PRISTINE, Fingerprint

__all__ = ["surroundings"]


def surroundings(root: Path, salt: Callable[[], bytes]) -> tuple[State, ...]:
    """The states, told as differences from how they are now: a session begins pristine."""
    return (
        _cwd(_working_folder()),
        _environ(_environment(), salt),
        _path(tuple(sys.path), root),
        _locale(),
        _warnings(list(warnings.filters)),
    )


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - as fast as can be, before and after every run
    except OSError:
        return ""


def _cwd(start: str) -> State:
    def content(here: str) -> Fingerprint:
        if here == start:
            return PRISTINE
        return fingerprint(os.path.relpath(here, start) if here else "gone")

    return State("<cwd>", _working_folder, content)


def _environment() -> dict[Any, Any]:
    """A copy, of the encoded form where there is one: 20 times as fast."""
    held = getattr(os.environ, "_data", None)
    return dict(held) if type(held) is dict else dict(os.environ)


def _environ(start: Mapping[Any, Any], salt: Callable[[], bytes]) -> State:
    def content(now: Mapping[Any, Any]) -> Fingerprint:
        changed = changed_keys(start, now)
        gone = sorted(start.keys() - now.keys())
        if not changed and not gone:
            return PRISTINE
        return fingerprint([[os.fsdecode(key), _hashed(now[key], salt())] for key in changed] + list(map(str, gone)))

    def told(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> str:
        keys = [*changed_keys(old, new), *sorted(old.keys() - new.keys())]
        return ", ".join(map(os.fsdecode, keys[:6]))[:200]

    return State("<environ>", _environment, content, told)


def _hashed(value: bytes | str, salt: bytes) -> str:
    return blake3(salt + os.fsencode(value)).hexdigest(length=16)


def _path(start: tuple[str, ...], root: Path) -> State:
    def content(now: tuple[str, ...]) -> Fingerprint:
        if now == start:
            return PRISTINE
        added = [_relative(entry, root) for entry in now if entry not in start]
        gone = [_relative(entry, root) for entry in start if entry not in now]
        return fingerprint([added, gone])

    return State("<sys.path>", lambda: tuple(map(str, sys.path)), content)


def _relative(entry: str, root: Path) -> str:
    absolute = os.path.realpath(entry)
    return os.path.relpath(absolute, root) if absolute.startswith(str(root)) else entry


def _locale() -> State:
    def stamp() -> object:
        module = sys.modules.get("locale")
        return module.setlocale(module.LC_ALL) if module is not None else None

    first: list[object] = []

    def content(now: str) -> Fingerprint:
        return PRISTINE if now == first[0] else fingerprint(now)

    def stamped() -> object:
        now = stamp()
        if now is not None and not first:
            first.append(now)
        return now

    return State("<locale>", stamped, content, lambda _, new: str(new)[:80])


def _warnings(start: list[Any]) -> State:
    """Filters that user code set; those that libraries add on import do not count."""

    def stamp() -> object:
        return [item for item in warnings.filters if item not in start and _by_user(item)]

    def content(filters: list[Any]) -> Fingerprint:
        return fingerprint([repr(item) for item in filters]) if filters else PRISTINE

    return State("<warnings>", stamp, content)


def _by_user(item: Any) -> bool:
    category = item[2]
    return getattr(category, "__module__", "").partition(".")[0] in {"builtins", "warnings"} and item[3] is None
