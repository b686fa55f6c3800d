"""What was looked at once is not looked at again inside what holds it, and that changes no fingerprint."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from nbcairn.fingerprint import Fingerprinter, Parts
from nbcairn.model import Coverage


def chain(depth: int) -> list[object]:
    top: list[object] = [len]
    for _ in range(depth):
        top = [top]
    return top


def inner_and_outer() -> dict[str, object]:
    model = SimpleNamespace(data=np.arange(5), names=["a", "b"], call=len)
    return {"model": model, "result": SimpleNamespace(model=model, more=[model, {"x": model}])}


def through_a_tuple() -> dict[str, object]:
    inner: list[object] = [len]
    outer = (inner, 1)
    inner.append(outer)
    return {"inner": inner, "outer": outer, "around": [outer, inner]}


def through_objects() -> dict[str, object]:
    result, model = SimpleNamespace(), SimpleNamespace()
    result.model, model.result, model.peers = model, result, [SimpleNamespace(of=result), SimpleNamespace(of=model)]
    return {"model": model, "result": result, "both": {"a": result, "b": model}}


def deep() -> dict[str, object]:
    below = chain(200)
    above: list[object] = [below]
    for _ in range(100):
        above = [above]
    return {"below": below, "above": above}


CASES = (inner_and_outer, through_a_tuple, through_objects, deep)


@pytest.mark.parametrize("make", CASES)
@pytest.mark.parametrize("max_bytes", [None, 16])
def test_in_any_order_the_fingerprints_are_those_of_each_alone(make, max_bytes):
    values, looking = make(), Fingerprinter(max_bytes)
    alone = {}
    for name in values:  # not a comprehension: how deep a walk gets counts the frames above it
        alone[name] = looking.look(values[name])
    for order in itertools.permutations(values):
        parts = Parts()
        for name in order:
            found, touched = looking.look(values[name], parts)
            expected, reached = alone[name]
            assert (found.coverage, found.note) == (expected.coverage, expected.note), (order, name)
            assert found.digest == expected.digest or found.note, (order, name)
            known = set(map(id, objects_in(values)))
            assert touched & known == reached & known, (order, name)


def test_a_value_inside_another_is_looked_at_once():
    values, parts, looking = inner_and_outer(), Parts(), Fingerprinter()
    looking.look(values["model"], parts)
    (part,) = parts.values()
    values["model"].data[0] = 7  # as it must not: that it goes unseen shows that nothing was looked at
    found, _ = looking.look(values["result"], Parts({id(part.value): part}))
    values["model"].data[0] = 0
    assert found == looking.of(values["result"])


def objects_in(values: dict[str, object]) -> list[object]:
    found: dict[int, object] = {}
    waiting = list(values.values())
    while waiting:
        value = waiting.pop()
        if id(value) not in found:
            found[id(value)] = value
            if isinstance(value, SimpleNamespace):
                waiting.extend(vars(value).values())
            elif isinstance(value, list | tuple):
                waiting.extend(value)
            elif isinstance(value, dict):
                waiting.extend(value.values())
    return list(found.values())


class Interpreter:
    """An object with long tables of its own, as each parameter of a model may hold the same one."""

    def __init__(self) -> None:
        self.table: dict[str, object] = {f"name{number}": [len, number] for number in range(100)}
        self.last: list[object] = [print] * 100


class Holder:
    """An object that holds another."""

    def __init__(self, held: object) -> None:
        self.held = held


def work_on(value: object) -> int:
    parts = Parts()
    Fingerprinter().look(value, parts)
    return parts[id(value)].work


def shared(kind: str) -> tuple[object, object]:
    """What many hold, once as one object and once as an equal one each."""
    one = Interpreter()
    make: dict[str, Callable[[], object]] = {"object": Interpreter, "dict": lambda: Interpreter().table}
    held = {"object": one, "dict": one.table}[kind]
    return [Holder(held) for _ in range(300)], [Holder(make[kind]()) for _ in range(300)]


@pytest.mark.parametrize(("kind", "times"), [("object", 50), ("dict", 10)])
def test_what_many_hold_is_walked_once_and_counts_as_if_each_held_its_own(kind, times):
    together, each = shared(kind)
    assert Fingerprinter().of(together) == Fingerprinter().of(each)
    assert work_on(together) < work_on(each) / times


def figure_and_axes() -> dict[str, object]:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2)
    axes[0].plot(np.arange(200.0), label="long")
    axes[1].plot([1, 2], np.array([1.0, 2.0]))
    axes[1].scatter(np.arange(100.0), np.arange(100.0), c=np.arange(100.0))
    plt.close(figure)
    return {"figure": figure, "axes": axes, "second": axes[1], "both": [axes[1], figure, axes[0]]}


@pytest.mark.parametrize("order", list(itertools.permutations(["figure", "axes", "second", "both"])))
def test_axes_are_the_same_with_the_figure_before_them_and_after_it(order: tuple[str, ...]):
    values, looking, parts = figure_and_axes(), Fingerprinter(), Parts()
    alone = {name: looking.of(values[name]) for name in order}
    artists = {id(artist) for artist in (*values["second"].lines, *values["second"].collections, values["second"])}
    for name in order:
        found, touched = looking.look(values[name], parts)
        assert found == alone[name]
        assert artists <= touched


def test_axes_whose_artist_raises_are_told_each_time():
    from matplotlib.lines import Line2D

    class Broken(Line2D):
        def get_color(self):
            raise ValueError

    values, looking, parts = figure_and_axes(), Fingerprinter(), Parts()
    values["second"].add_line(Broken([0, 1], [0, 1]))
    for name in ("figure", "second"):
        found, touched = looking.look(values[name], parts)
        assert (found.coverage, found.note) == (Coverage.SAMPLED, "not read: Broken (ValueError)")
        assert {id(artist) for artist in values["second"].lines} <= touched
