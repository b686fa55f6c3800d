"""The random generators that libraries keep for everybody, and whether a run seeded them before it drew.

Generators that a name holds are values, and need nothing of this.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbcairn.fingerprint import fingerprint
from nbcairn.kernel.ambient.state import Stamps, State, differ, stamps
from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.wrapping import Replacements
from nbcairn.model import Fingerprint

__all__ = ["GENERATORS", "SeedWatch", "Seeding"]

_TWISTER_BYTES = 624 * 4 + 4
"""``mt19937_state`` of numpy's sources: the key and the position in it."""


def _python() -> object:
    return sys.modules["random"].getstate() if "random" in sys.modules else None


def _numpy() -> object:
    module = sys.modules.get("numpy.random")
    if module is None or not hasattr(module, "get_state"):
        return None
    memory = _twister(module)
    if memory is None:
        return module.get_state(legacy=False)
    if _numpy_seen and _numpy_seen[0] == memory:
        return _numpy_seen[1]
    kind, keys, position, kept, normal = module.get_state()
    stamp = (kind, keys.tobytes(), position, kept, normal)
    # A normal number that is kept for the next draw is not in that memory, and taking it leaves no trace there.
    _numpy_seen[:] = (memory, stamp) if not kept else ()
    return stamp


_numpy_seen: list[Any] = []
"""The memory of numpy's generator and its state, as asked for last: asking takes 50 times as long as reading the memory."""


def _twister(module: Any) -> bytes | None:
    """What numpy's generator for everybody holds in memory; None for another generator than the usual."""
    generator: Any = getattr(getattr(module.mtrand, "_rand", None), "_bit_generator", None)
    if type(generator).__name__ != "MT19937":
        return None
    return ctypes.string_at(generator.ctypes.state_address, _TWISTER_BYTES)


def _torch() -> object:
    torch = sys.modules.get("torch")
    return torch.get_rng_state().numpy().tobytes() if hasattr(torch, "get_rng_state") and torch else None


def _content(stamp: Any) -> Fingerprint:
    return fingerprint(stamp)


GENERATORS = (
    State("<rng:python>", _python, _content),
    State("<rng:numpy>", _numpy, _content),
    State("<rng:torch>", _torch, _content),
)
_BY_NAME = {state.name: state for state in GENERATORS}
_PLACES = (
    ("random", ("seed", "setstate"), "<rng:python>"),
    ("numpy.random", ("seed", "set_state"), "<rng:numpy>"),
    ("torch", ("manual_seed", "set_rng_state", "seed"), "<rng:torch>"),
)

_DRAWING = (("rich.style", "<rng:python>"),)
"""Libraries that draw while they are imported, which is no draw of the user's; others import them in passing."""


@dataclass(slots=True)
class Seeding:
    """What one run did to the generators: their stamps before it, which it seeded before drawing, and how.

    ``seeds`` tells the last seed of each, ``entropy`` those whose last seed was the system's, ``imported`` the stamps before and
    after libraries that draw while they are imported.
    """

    before: Stamps
    first: set[str] = field(default_factory=set)
    seeds: dict[str, str] = field(default_factory=dict)
    entropy: set[str] = field(default_factory=set)
    imported: dict[str, list[tuple[object, object]]] = field(default_factory=dict)

    def before_draws(self, name: str) -> object:
        """The stamp before anything but the import of a library drew from the generator."""
        stamp = self.before.get(name)
        for start, end in self.imported.get(name, ()):
            stamp = stamp if differ(stamp, start) else end
        return stamp


class SeedWatch:
    """Looks at a generator whenever something seeds it.

    ``current`` gives the seeding of the run in this thread; ``open_runs`` those of all, for generators that are imported while
    they go on.
    """

    def __init__(
        self, current: Callable[[], Seeding | None], open_runs: Callable[[], list[Seeding]], imports: PostImport
    ) -> None:
        self._current = current
        self._open_runs = open_runs
        self._imports = imports
        self._replaced = Replacements()

    def attach(self) -> None:
        """Watch what is imported by now, and the rest as soon as it is."""
        for module, _, generator in _PLACES:
            self._imports.when(module, self._imported(generator))
        for library, generator in _DRAWING:
            self._imports.around(library, self._importing(_BY_NAME[generator]))

    def again(self) -> None:
        """Watch what a reload of a library has put back."""
        for module_name, names, generator in _PLACES:
            module = sys.modules.get(module_name)
            for name in names if module is not None else ():
                self._replaced.put(module, name, self._seeded(generator, name))

    def detach(self) -> None:
        """Put the originals back."""
        self._replaced.undo()

    def _importing(self, state: State) -> Callable[[], Callable[[], None]]:
        def begin() -> Callable[[], None]:
            seeding, start = self._current(), stamps([state]).get(state.name)

            def end() -> None:
                if seeding is not None:
                    seeding.imported.setdefault(state.name, []).append((start, stamps([state]).get(state.name)))

            return end

        return begin

    def _imported(self, generator: str) -> Callable[[Any], None]:
        def callback(_: Any) -> None:
            self.again()
            for seeding in self._open_runs():
                for name, stamp in stamps([_BY_NAME[generator]]).items():
                    seeding.before.setdefault(name, stamp)

        return callback

    def _seeded(self, generator: str, function: str) -> Callable[..., None]:
        def look(*args: Any, **kwargs: Any) -> None:
            _numpy_seen.clear()
            seeding = self._current()
            if seeding is None:
                return
            given = [value for value in (*args, *kwargs.values()) if value is not None]
            if not given:
                seeding.entropy.add(generator)
                return
            seeding.entropy.discard(generator)
            seeding.seeds[generator] = str(given[0])[:40] if "seed" in function else "a state"
            now = stamps([_BY_NAME[generator]]).get(generator)
            _numpy_seen.clear()  # a state that is set may bring a kept number with it
            if not differ(seeding.before_draws(generator), now):
                seeding.first.add(generator)

        return look
