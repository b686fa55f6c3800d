"""Inputs and outputs that no name stands for: clock, network, child processes, ``input()``, entropy, threads.

Only what the user's own code asks for counts; a library that looks at the clock in passing does not. Clock functions are
written in C and raise no event, so they are read from the code of the cell and of the functions it can reach.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from nbcairn.kernel import calls
from nbcairn.kernel.frames import asked_by_user
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.reach import reach
from nbcairn.kernel.seeded import is_seeding
from nbcairn.lineage.clock import asks_clock
from nbcairn.lineage.source import analyse
from nbcairn.lineage.syntax import parse
from nbcairn.model import Effect

__all__ = ["EffectObserver"]

_SHELL_LINES = ("!", "%pip", "%conda", "%system", "%sx", "%%bash", "%%sh", "%%script", "%%system", "%%sx", "%%!")
_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - compared with, not bound to
_CLOCK_NAMES = frozenset(
    {"now", "today", "utcnow", "perf_counter", "perf_counter_ns", "monotonic", "time_ns", "process_time"}
)


class EffectObserver:
    """Notes the effects of a run."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._seen: dict[int, list[set[Effect]]] = {}
        self._threads: dict[str, set[int]] = {}
        self._stops: list[Callable[[], None]] = []
        self._restore: list[Callable[[], None]] = []

    def install(self) -> None:
        """Listen for calls and watch ``input()``."""
        heard: dict[str, calls.Listener] = {
            "connect": self._connected,
            "getaddrinfo": self._resolved,
            "process": self._process,
            "entropy": self._drew_entropy,
        }
        self._stops = [calls.listen(call, listener) for call, listener in heard.items()]
        kernel = getattr(self._shell, "kernel", None)
        if kernel is not None and hasattr(kernel, "raw_input"):
            self._watch(kernel, "raw_input", Effect.INPUT, user_only=False)
            self._watch(kernel, "getpass", Effect.INPUT, user_only=False)

    def uninstall(self) -> None:
        """Leave everything as it was."""
        for undo in (*self._stops, *self._restore):
            undo()
        self._stops, self._restore = [], []

    def before(self, observation: Observation) -> None:
        """Begin an empty list for this run."""
        self._watch_numpy()
        self._seen.setdefault(observation.thread, []).append(set())
        self._threads[observation.run_id] = {thread.ident or 0 for thread in threading.enumerate()}

    def after(self, observation: Observation) -> None:
        """Add what was noted."""
        observation.effects |= self._seen[observation.thread].pop()
        if self._asks_clock(observation):
            observation.effects.add(Effect.CLOCK)
        if any(_is_shell_line(line) for line in parse(observation.source)[1]):
            observation.effects.add(Effect.SUBPROCESS)
        known = self._threads.pop(observation.run_id, set())
        if any(_is_users(thread) for thread in threading.enumerate() if thread.ident not in known):
            observation.effects.add(Effect.THREAD)

    def _asks_clock(self, observation: Observation) -> bool:
        if asks_clock(observation.source):
            return True
        facts = analyse(observation.source)
        called = reach(facts.calls | facts.mutates, observation.namespace)
        return bool(called.attributes & _CLOCK_NAMES)

    # ------------------------------------------------------------------ as it happens

    def _note(self, effect: Effect) -> None:
        seen = self._seen.get(threading.get_ident())
        if seen:
            seen[-1].add(effect)

    def _connected(self, _: object, address: Any, *__: object) -> None:
        host = address[0] if isinstance(address, tuple) and address else address
        if not (isinstance(host, str) and (host.startswith(_LOCAL) or host.startswith("/"))):
            self._note(Effect.NETWORK)

    def _resolved(self, host: object, *_: object, **__: object) -> None:
        if host and not str(host).startswith(_LOCAL):
            self._note(Effect.NETWORK)

    def _process(self, *_: object, **__: object) -> None:
        if asked_by_user():
            self._note(Effect.SUBPROCESS)

    def _drew_entropy(self, *_: object) -> None:
        if asked_by_user():
            self._note(Effect.ENTROPY)

    def _watch(
        self, owner: Any, name: str, effect: Effect, *, user_only: bool = True, unless: Callable[[], bool] = bool
    ) -> None:
        """Note the effect where this function is called; ``unless`` something that the caller does makes it none."""
        original = getattr(owner, name, None)
        if original is None:
            return

        def watched(*args: Any, **kwargs: Any) -> Any:
            if (not user_only or asked_by_user()) and not unless():
                self._note(effect)
            return original(*args, **kwargs)

        try:
            setattr(owner, name, watched)
        except (AttributeError, TypeError):
            return
        self._restore.append(lambda: setattr(owner, name, original) if getattr(owner, name) is watched else None)

    def _watch_numpy(self) -> None:
        """``default_rng()`` without a seed draws from the system through this function."""
        module = sys.modules.get("numpy.random.bit_generator")
        if module is not None and hasattr(module, "randbits") and not getattr(self, "_numpy", False):
            self._numpy = True
            self._watch(module, "randbits", Effect.ENTROPY, unless=lambda: is_seeding(2))


def _is_shell_line(line: str) -> bool:
    """``!cmd``, ``x = !cmd``, ``%pip``, ``%%bash``: the pseudo-terminal they run in raises no event."""
    return "!" in line.partition("=")[2][:3] or line.startswith(_SHELL_LINES)


def _is_users(thread: threading.Thread) -> bool:
    target = getattr(thread, "_target", None)
    return getattr(target, "__module__", "") == "__main__" or type(thread).__module__ == "__main__"
