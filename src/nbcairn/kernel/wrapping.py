"""Replace a function of a library by one that looks first; undone on unloading, unless somebody else replaced ours."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["ORIGINAL", "Replacements"]

_MISSING = object()
ORIGINAL = "__nbcairn_original__"
"""The attribute by which the fingerprint of a wrapper is that of what it stands for."""


@dataclass(frozen=True, slots=True)
class _Replaced:
    owner: Any
    name: str
    original: Any
    wrapper: Any
    inherited: bool


class Replacements:
    """What was replaced, so that all of it can be put back.

    A wrapper keeps name, module, signature and documentation of the original, so that it is pickled and inspected alike.
    """

    def __init__(self) -> None:
        self._done: dict[tuple[int, str], _Replaced] = {}

    def put(self, owner: Any, name: str, look: Callable[..., None], *, after: bool = False) -> bool:
        """Call ``look`` with the arguments of each call before (or, with its result in front, after) the original.

        ``look`` may raise what it likes; the user's call does not see it. False when there is nothing to replace,
        or it cannot be.
        """
        original = getattr(owner, name, None)
        known = self._done.get((id(owner), name))
        if not callable(original) or (known is not None and known.wrapper is vars(owner).get(name)):
            return False
        wrapper = _watching(original, look, after=after)
        if not isinstance(original, FunctionType) and isinstance(owner, ModuleType):
            wrapper.__module__, wrapper.__qualname__ = owner.__name__, name
        if not self._set(owner, name, original, wrapper):
            return False
        # Pickle finds a function by the module that defined it: there it must be the same.
        home = sys.modules.get(getattr(wrapper, "__module__", None) or "")
        if home is not None and home is not owner and vars(home).get(name) is original:
            self._set(home, name, original, wrapper)
        return True

    def _set(self, owner: Any, name: str, original: Any, wrapper: Any) -> bool:
        inherited = name not in vars(owner)
        try:
            setattr(owner, name, wrapper)
        except (AttributeError, TypeError):
            return False
        self._done[id(owner), name] = _Replaced(owner, name, original, wrapper, inherited)
        return True

    def original(self, function: object) -> object:
        """The function that a wrapper of ours stands for; any other as it is."""
        return next((entry.original for entry in self._done.values() if entry.wrapper is function), function)

    def undo(self) -> None:
        """Put the originals back where ours still stand."""
        for entry in reversed(self._done.values()):
            if vars(entry.owner).get(entry.name, _MISSING) is not entry.wrapper:
                continue
            try:
                delattr(entry.owner, entry.name) if entry.inherited else setattr(
                    entry.owner, entry.name, entry.original
                )
            except (AttributeError, TypeError):
                continue
        self._done.clear()


def _watching(original: Callable[..., Any], look: Callable[..., None], *, after: bool) -> Callable[..., Any]:
    # ``__tracebackhide__`` keeps our frame out of the tracebacks that IPython shows.
    if after:

        def watched(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            result = original(*args, **kwargs)
            _quietly(look, result, *args, **kwargs)
            return result
    else:

        def watched(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            _quietly(look, *args, **kwargs)
            return original(*args, **kwargs)

    # A bound method or a builtin has no dictionary to take over, so nothing but its names is copied.
    functools.update_wrapper(watched, original, updated=())
    vars(watched)[ORIGINAL] = original
    return watched


def _quietly(look: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    with suppress(Exception):  # nothing of ours may reach the user's call
        look(*args, **kwargs)
