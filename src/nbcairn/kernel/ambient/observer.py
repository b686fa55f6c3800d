"""What a run read and changed of the ambient states."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbcairn.config import Cairn
from nbcairn.document import document_path
from nbcairn.kernel.ambient.generators import GENERATORS, Seeding, SeedWatch
from nbcairn.kernel.ambient.options import OPTIONS, TOUCHED_BY
from nbcairn.kernel.ambient.state import Stamps, State, differ, stamps
from nbcairn.kernel.ambient.surroundings import surroundings
from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.modules import ProjectModules
from nbcairn.kernel.observation import Observation
from nbcairn.lineage.source import analyse
from nbcairn.model import (
    PRISTINE,
    AccessMode,
    ArtifactKind,
    Coverage,
    Effect,
    FileAccess,
    Fingerprint,
    Read,
    Write,
    new_id,
)

__all__ = ["AmbientObserver"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_ENVIRONMENT_WORDS = frozenset({"environ", "getenv", "environb", "expandvars", "getenvb"})
_FOLDER_WORDS = frozenset({"getcwd", "getcwdb", "cwd", "abspath", "realpath", "absolute", "resolve"})
_LOCALE_WORDS = frozenset({"locale", "strftime", "strcoll", "format_string", "currency"})


@dataclass(slots=True)
class _Before:
    """What was stamped before a run."""

    stamps: Stamps
    seeding: Seeding
    modules: int
    reloads: int
    thread: int


class AmbientObserver:
    """Reads and writes of ambient names. A generator is read only by a run that drew from it before seeding it."""

    def __init__(
        self, root: Path, config: Cairn, modules: ProjectModules, imports: PostImport, salt: Callable[[], bytes]
    ) -> None:
        self.root = root
        self.config = config
        self._modules_of = modules
        self._open: dict[str, _Before] = {}
        self._owner: dict[str, str] = {}
        self._watch = SeedWatch(self._seeding, lambda: [run.seeding for run in list(self._open.values())], imports)
        self._places = surroundings(root, salt)
        self._states = (*GENERATORS, *OPTIONS, *self._places)
        self._contents: dict[str, tuple[object, Fingerprint]] = {}

    def install(self) -> None:
        """Watch the seeding functions."""
        self._watch.attach()

    def uninstall(self) -> None:
        """Put the seeding functions back."""
        self._watch.detach()
        self._open.clear()

    def before(self, observation: Observation) -> None:
        """Stamp every state."""
        found = stamps(self._states)
        generators = {state.name: found[state.name] for state in GENERATORS if state.name in found}
        self._open[observation.run_id] = _Before(
            found, Seeding(generators), len(sys.modules), len(self._modules_of.reloads), observation.thread
        )

    def after(self, observation: Observation) -> None:
        """Note what the cell drew from, what it was shown by, and what it changed."""
        before = self._open.pop(observation.run_id, None)
        if before is None:
            return
        now = stamps(self._states)
        self._generators(observation, before, now)
        self._options(observation, before, now)
        ours = self._modules_of.new_since(before.modules)
        self._surroundings(observation, before, now, imported=bool(ours))
        self._modules(observation, before, ours)

    def _seeding(self) -> Seeding | None:
        """Of the run that is open in this thread, the innermost."""
        here = threading.get_ident()
        return next((run.seeding for run in reversed(list(self._open.values())) if run.thread == here), None)

    # ------------------------------------------------------------------ random

    def _generators(self, observation: Observation, before: _Before, now: Stamps) -> None:
        facts = analyse(observation.source)
        only_imports = bool(facts.imports) and facts.steady == facts.binds and not facts.calls
        for state in GENERATORS:
            # Libraries draw while they are imported, from a generator that nobody has seeded: no draw of the user's.
            if state.name in now and not (only_imports and state.name not in self._owner):
                self._generator(observation, before.seeding, state, now[state.name])

    def _generator(self, observation: Observation, seeding: Seeding, state: State, now: object) -> None:
        name = state.name
        old = seeding.before.get(name) if name in self._owner else seeding.before_draws(name)
        if name in seeding.entropy:
            print_ = Fingerprint(new_id(), Coverage.OPAQUE, note="seeded from the system's entropy")
            self._write(observation, name, print_, "seeded from the system's entropy")
            observation.effects.add(Effect.ENTROPY)
        elif name in seeding.first:
            self._write(observation, name, self._content(state, now), f"seeded with {seeding.seeds.get(name, '')}")
        elif old is not None and (differ(old, now) or name in seeding.seeds):  # drawn from, and seeded back
            owner = self._owner.get(name)
            told = "drawn from" if owner else "drawn from, and nobody seeded it"
            observation.read(Read(name, self._content(state, old), owner))
            self._write(observation, name, self._content(state, now), told)

    # ------------------------------------------------------------------ options and places

    def _options(self, observation: Observation, before: _Before, now: Stamps) -> None:
        touched = _libraries_touched(observation) if observation.displays else frozenset()
        for state in OPTIONS:
            if state.name in now:
                read = bool(touched & TOUCHED_BY[state.name])
                self._compare(observation, state, before.stamps.get(state.name), now[state.name], read=read)

    def _surroundings(self, observation: Observation, before: _Before, now: Stamps, *, imported: bool) -> None:
        words = frozenset(_WORD.findall(observation.source))
        reads = {
            "<cwd>": bool(observation.files or observation.later) or not words.isdisjoint(_FOLDER_WORDS),
            "<environ>": not words.isdisjoint(_ENVIRONMENT_WORDS),
            "<sys.path>": imported,
            "<locale>": not words.isdisjoint(_LOCALE_WORDS),
            "<warnings>": "warn" in words or any(shown.kind == "stderr" for shown in observation.displays),
        }
        for state in self._places:
            if state.name in now:
                old = before.stamps.get(state.name)
                self._compare(observation, state, old, now[state.name], read=reads[state.name])

    def _compare(self, observation: Observation, state: State, old: object, now: object, *, read: bool) -> None:
        """A read, where there was one, and a write, where the state has other content now."""
        changed = old is None or differ(old, now)
        if not read and not changed:
            return
        before = self._content(state, old) if old is not None else PRISTINE
        if read:
            observation.read(Read(state.name, before, self._owner.get(state.name)))
        if changed:
            after = self._content(state, now)
            if not after.same(before):
                self._write(observation, state.name, after, state.told(old, now) if old is not None else "")

    def _content(self, state: State, stamp: object) -> Fingerprint:
        known = self._contents.get(state.name)
        if known is not None and not differ(known[0], stamp):
            return known[1]
        found = state.content(stamp)
        self._contents[state.name] = (stamp, found)
        return found

    def _write(self, observation: Observation, name: str, state: Fingerprint, told: str = "") -> None:
        observation.write(Write(name, state, summary=told))
        self._owner[name] = observation.run_id

    # ------------------------------------------------------------------ modules

    def _modules(self, observation: Observation, before: _Before, wanted: set[str]) -> None:
        wanted |= self._modules_of.reloaded_since(before.reloads)
        for name in analyse(observation.source).imports:
            parts = name.split(".")
            wanted |= {".".join(parts[: n + 1]) for n in range(len(parts))}
        for name in sorted(wanted):
            loaded = self._modules_of.loaded(name)
            relative = document_path(Path(loaded.path), self.root) if loaded else ""
            if loaded is None or self.config.ignores_file(relative):
                continue
            observation.read(Read(f"<module:{name}>", Fingerprint(loaded.md5, method="md5")))
            observation.files.append(
                FileAccess(relative, AccessMode.READ, loaded.md5, loaded.size, loaded.mtime_ns, note=f"module {name}")
            )


def _libraries_touched(observation: Observation) -> frozenset[str]:
    """Top-level packages of the values that the run looked up or bound."""
    found = {"figure"} if any(part.kind is ArtifactKind.FIGURE for part in observation.artifacts) else set()
    for name in (*observation.reads, *observation.writes):
        value = observation.namespace.get(name)
        if value is None:
            continue
        kind = type(value)
        module = getattr(value, "__name__", "") if kind.__name__ == "module" else getattr(kind, "__module__", "")
        found.add(str(module).partition(".")[0])
        if kind.__name__ in {"function", "type"}:
            found.add(str(getattr(value, "__module__", "")).partition(".")[0])
    return frozenset(found)
