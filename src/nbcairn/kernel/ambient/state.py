"""One ambient state: how it is stamped before and after every run, and how a stamp becomes a fingerprint."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbcairn.fingerprint import fingerprint
from nbcairn.model import PRISTINE, Fingerprint

__all__ = ["Remembered", "Stamps", "State", "changed_keys", "differ", "differences", "stamps"]

Stamps = dict[str, object]


@dataclass(frozen=True, slots=True)
class State:
    """``stamp`` is cheap and compared with ``==``; None where the library is not imported.

    ``content`` gives the fingerprint of a stamp, ``told`` a few words on what changed between two stamps.
    """

    name: str
    stamp: Callable[[], object]
    content: Callable[[Any], Fingerprint]
    told: Callable[[Any, Any], str] = lambda _, __: ""


def stamps(states: Iterable[State]) -> Stamps:
    """The stamps of all states that are there."""
    found: Stamps = {}
    for state in states:
        try:
            stamp = state.stamp()
        except Exception:  # noqa: BLE001, S112 - a half-imported or foreign library
            continue
        if stamp is not None:
            found[state.name] = stamp
    return found


class Remembered:
    """The last stamp of a dict of options, which may hold dicts; given again as long as it holds the same objects.

    ``freeze`` makes a stamp, which keeps every value alive but lists and dicts: these are looked into.
    """

    def __init__(self, freeze: Callable[[dict[str, Any]], dict[str, object]]) -> None:
        self._freeze = freeze
        self._seen: list[_Glance] = []
        self._stamp: dict[str, object] = {}

    def stamp(self, options: dict[str, Any]) -> dict[str, object]:
        """What the options are now. Not to be changed."""
        if not self._seen or self._seen[0].options is not options or not all(map(_holds, self._seen)):
            self._stamp = self._freeze(options)
            self._seen = _at_a_glance(options)
        return self._stamp


@dataclass(frozen=True, slots=True)
class _Glance:
    """One dict of options as it was seen: its keys, its values, and what those of them that are lists held."""

    options: dict[str, Any]
    keys: tuple[str, ...]
    values: list[Any]
    lists: list[tuple[list[Any], list[Any]]]


def _at_a_glance(options: dict[str, Any]) -> list[_Glance]:
    """The dict and those inside it."""
    found: list[_Glance] = []
    waiting = [options]
    for one in waiting:  # grows meanwhile
        values = list(dict.values(one))
        lists = [(value, list(value)) for value in values if type(value) is list]
        found.append(_Glance(one, tuple(dict.keys(one)), values, lists))
        waiting += [value for value in values if type(value) is dict]
    return found


def _holds(seen: _Glance) -> bool:
    """True where a dict holds the same objects under the same keys, and so do the lists in it."""
    if len(seen.options) != len(seen.values) or not all(map(operator.is_, dict.values(seen.options), seen.values)):
        return False
    if tuple(dict.keys(seen.options)) != seen.keys:
        return False
    return all(len(now) == len(then) and all(map(operator.is_, now, then)) for now, then in seen.lists)


def differ(a: object, b: object) -> bool:
    """True unless two stamps are surely equal; what they hold may refuse to be compared."""
    try:
        return a is not b and not bool(a == b)
    except Exception:  # noqa: BLE001 - option values may be anything
        return True


def differences(state: Mapping[str, object], default: Mapping[str, object]) -> Fingerprint:
    """The content of a state of many keys: what differs from a fresh kernel's."""
    changed = {key: state[key] for key in changed_keys(default, state)}
    return fingerprint(changed) if changed or default.keys() - state.keys() else PRISTINE


def changed_keys(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Keys whose value differs, or that are only in ``new``, in order."""
    return sorted(key for key, value in new.items() if key not in old or differ(old[key], value))
