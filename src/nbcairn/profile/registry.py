"""Which family describes a type, and the two entrances to it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from nbcairn.plugins import declared
from nbcairn.profile import arrays, builtins, figures, frames, models
from nbcairn.profile.family import Budget, Description, Family
from nbcairn.profile.text import json_safe, type_name

__all__ = ["describe", "statistics"]

BUDGET_SECONDS = 0.2
MAX_SUMMARY = 200


@cache
def _families() -> Mapping[str, Family]:
    known: dict[str, Family] = {}
    for module in (builtins, arrays, frames, models, figures):
        known.update(module.FAMILIES)
    for point in declared("nbcairn.profiles"):
        known.update(point.load())
    return known


@lru_cache(maxsize=1024)
def _nearest(kind: type) -> Family | None:
    known = _families()
    for base in type.mro(kind) if kind is not type else (type,):
        family = known.get(f"{base.__module__}.{base.__qualname__}")
        if family is not None:
            return family
    return None


_family_of: Callable[[type], Family | None] = _nearest


def describe(value: object, name: str = "") -> Description:
    """A value in a few words; the name the user gave it tells a score from a number. Never raises."""
    kind = type(value)
    try:
        family = _family_of(kind)
        artifact, summary = family.describe(value, name) if family else (None, "")
    except Exception:  # noqa: BLE001 - a value's own code may raise anything
        artifact, summary = None, ""
    title = type_name(kind)
    return Description(artifact, title, (summary or title)[:MAX_SUMMARY])


def statistics(value: object, budget_s: float = BUDGET_SECONDS) -> dict[str, object]:
    """What can be said of a value in figures, as a JSON object; empty when there is nothing to say.

    Tables: ``rows``, ``columns`` (a list of objects: name, dtype, nulls, distinct, min, max, mean, std,
    quartiles, top, histogram), ``bytes``, ``preview`` (first rows as strings). Models: ``class`` and
    ``params``. Arrays: ``shape``, ``dtype`` and the figures of one column. ``skipped`` says what the budget of
    ``budget_s`` seconds or the size left out. Never raises.
    """
    budget = Budget(budget_s)
    try:
        kind = type(value)
        family = _family_of(kind)
        found = dict(family.statistics(value, budget)) if family and family.statistics else {}
    except Exception as error:  # noqa: BLE001 - a value's own code may raise anything
        found = {}
        budget.skip(f"statistics ({type(error).__name__})")
    if budget.skipped:
        found["skipped"] = budget.skipped
    safe = json_safe(found)
    return safe if isinstance(safe, dict) else {}
