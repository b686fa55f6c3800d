"""A dict of options is copied only when it holds something else."""

from __future__ import annotations

import pytest

from nbcairn.kernel.ambient.options import _flat, _frozen
from nbcairn.kernel.ambient.state import Remembered

CHANGES = {
    "another value": lambda options: options.__setitem__("size", 2),
    "True for 1": lambda options: options.__setitem__("size", True),
    "an item of a list": lambda options: options["fonts"].insert(0, "Arial"),
    "another list": lambda options: options.__setitem__("fonts", ["Arial"]),
    "one option more": lambda options: options.__setitem__("more", None),
    "one option less": lambda options: options.pop("size"),
    "another name": lambda options: options.__setitem__("sizes", options.pop("size")),
    "an inner value": lambda options: options["display"]["html"].__setitem__("border", 2),
    "an inner dict": lambda options: options.__setitem__("display", {"html": {"border": 3}}),
}


def options():
    return {"size": 1, "fonts": ["DejaVu"], "display": {"width": 80, "html": {"border": 1}}}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("freeze", [_flat, _frozen, lambda held: _frozen(_flat(held))])
def test_a_change_is_seen(freeze, change):
    held, remembered = options(), Remembered(freeze)
    first = remembered.stamp(held)
    assert remembered.stamp(held) is first
    change(held)
    assert remembered.stamp(held) == freeze(held)


def test_what_was_stamped_stays_as_it_was():
    held, remembered = options(), Remembered(_frozen)
    first = remembered.stamp(held)
    held["fonts"].append("Arial")
    assert first["fonts"] == ("DejaVu",)
    assert remembered.stamp(held)["fonts"] == ("DejaVu", "Arial")
