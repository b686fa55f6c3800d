"""The names of the namespace: which a run looked up and bound, what they held before and after.

Nothing is traced while the cell runs. What it *can* look up is read from its source and from the code of every function it
can reach; what it changed is found by comparing content before and after. A value can have changed when its name was
bound, could be looked up, or shares mutable memory with one that could.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import ModuleType

from nbcairn.config import Cairn
from nbcairn.fingerprint import FOREIGN, Fingerprinter, Memory, Parts, Witness
from nbcairn.kernel.between import is_busy
from nbcairn.kernel.deadline import TooLong, within
from nbcairn.kernel.formulas import in_formulas
from nbcairn.kernel.known import Known, KnownNames
from nbcairn.kernel.modules import ProjectModules
from nbcairn.kernel.namespace import Snapshot
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.patches import ModuleValues, Slots
from nbcairn.kernel.pyplot import may_draw, open_figures
from nbcairn.kernel.reach import Reach, reach
from nbcairn.kernel.words import attributes_of, interpolated, stored_attributes
from nbcairn.lineage.branches import on_branches
from nbcairn.lineage.source import SourceFacts, analyse
from nbcairn.model import Artifact, ArtifactKind, Coverage, Fingerprint, How, Layout, Read, Write, new_id
from nbcairn.profile import describe

__all__ = ["Known", "NameObserver"]

_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|In|Out|_ih|_oh|_dh")
_WHOLE_NAMESPACE = frozenset({"globals", "eval", "exec", "run_cell", "run_cell_async", "ex", "ev"})
"""Code that looks these up may look up anything."""


_NOTHING: frozenset[int] = frozenset()
WORTH = 0.001
"""Seconds that a look takes at least if it shall be spared by a witness."""
MOST_WORTH = 0.1
"""Of what takes longer none is made while the kernel is idle: the next cell might have to wait for it."""

WITNESSES = 3
"""So many are made of one value: of one that is changed and is the same again and again they are of no use."""


@dataclass(slots=True)
class _Looking:
    """Looks at several names while nothing changes: what was found of values that others hold, and when to end."""

    ends: float | None
    layouts: dict[str, Layout]
    parts: Parts = field(default_factory=Parts)


@dataclass(slots=True)
class _Before:
    """What ``after`` compares with. ``rivals`` are runs that go on at the same time in other threads; ``figures`` were open
    before a cell that may draw on them.
    """

    facts: SourceFacts
    looked_up: set[str]
    snapshot: Snapshot
    reached: Reach
    slots: Slots = field(default_factory=dict)
    figures: set[int] = field(default_factory=set)
    rivals: list[_Before] = field(default_factory=list)

    @property
    def binds(self) -> frozenset[str]:
        """Names that this run's code says it binds."""
        return self.facts.binds | self.facts.deletes | self.reached.writes


class NameObserver:
    """Reads and writes of variables. One for all threads; state of a run is kept with its observation."""

    def __init__(
        self, namespace: MutableMapping[str, object], hidden: Iterable[str], config: Cairn, modules: ProjectModules
    ) -> None:
        self.namespace = namespace
        self.hidden = frozenset(hidden) | {"__builtins__", "get_ipython", "exit", "quit", "_exit_code"}
        self.config = config
        self.known = KnownNames()
        self._memory = Memory()
        self._fingerprinter = Fingerprinter(max_bytes=config.max_bytes, memory=self._memory)
        self._modules = modules
        self._module_values = ModuleValues(self._fingerprinter, modules)
        self._open: dict[str, _Before] = {}
        self._busy_since: str | None = None
        self._reloads = 0
        self._slow: set[str] = set()

    def install(self) -> None:
        """Nothing to attach: the namespace is only looked at."""

    def uninstall(self) -> None:
        """Forget what was known, and stop watching memory."""
        self._memory.close()
        self._slow.clear()
        self.known.clear()
        self._open.clear()

    # ------------------------------------------------------------------ before

    def before(self, observation: Observation) -> None:
        """Note what the cell can look up, and what each of these names holds."""
        facts = analyse(observation.source)
        named = facts.reads | (interpolated(observation.source) & self.namespace.keys())
        reached = reach(named | facts.mutates, self.namespace)
        in_text = in_formulas(observation.source, named | reached.reads, self.namespace) - named
        if in_text:
            named |= in_text
            reached = reach(named | facts.mutates, self.namespace)
        looked_up = {name for name in named | reached.reads if self._counts(name)}
        if facts.dynamic or not _WHOLE_NAMESPACE.isdisjoint(reached.reads | attributes_of(observation.source)):
            looked_up |= self.own_names()
        before = _Before(facts, looked_up, Snapshot(self.namespace), reached)
        for rival in self._open.values():
            rival.rivals.append(before)
            before.rivals.append(rival)
        self._open[observation.run_id] = before
        self._look_before(observation, looked_up)
        values = [self.namespace[name] for name in looked_up if name in self.namespace]
        figures = open_figures()
        if figures and may_draw(values, reached.attributes | attributes_of(observation.source)):
            before.figures = figures
        before.slots = self._module_values.slots(values, reached.stored | stored_attributes(observation.source))

    def _look_before(self, observation: Observation, names: set[str]) -> None:
        """Note what each of these names holds, as long as the time allows; what is left has unknown content."""
        left = dict.fromkeys(sorted(names))
        try:
            with within(self.config.look_seconds) as ends:
                looking = _Looking(ends, observation.layouts)
                self._look_anew(names, looking)
                for name in list(left):
                    observation.read(self._read(name, looking))
                    del left[name]
        except TooLong as stop:
            why = self._why(stop)
            for name in left:
                held = Fingerprint(new_id(), Coverage.OPAQUE, note=f"not looked at ({why})")
                observation.read(Read(name, held if name in self.namespace else None))
            observation.notes.append(f"names not looked at before the cell ({why}): {', '.join(sorted(left)[:10])}")

    def _look_anew(self, names: set[str], looking: _Looking) -> None:
        """What threads, tasks, widgets and reloads changed since the last run is read as it is now."""
        reloaded = self._modules.reloaded_since(self._reloads)
        self._reloads = len(self._modules.reloads)
        if self._busy_since is None and not reloaded and not is_busy(self.namespace):
            return
        for name in names & self.namespace.keys():
            known = self.known.get(name)
            value = self.namespace[name]
            if known is None or known.identity != id(value) or not (known.touched or reloaded):
                continue
            if self._is_as_it_was(name, value, known):
                continue
            # What was bound after the thread began is of the run that bound it, whatever the thread did to it since.
            since = max(filter(None, (self._busy_since, known.run_id)), default=None)
            fresh = self._look(name, value, since, looking)
            if fresh.fingerprint.same(known.fingerprint):
                self.known.put(name, known)

    def _read(self, name: str, looking: _Looking) -> Read:
        if _HISTORY.fullmatch(name):
            return Read(name, Fingerprint(new_id(), Coverage.OPAQUE, note="depends on the history of outputs"))
        if name not in self.namespace:
            return Read(name, None)
        value = self.namespace[name]
        known = self.known.get(name)
        if known is None or known.identity != id(value):  # bound behind our back
            known = self._look(name, value, None, looking)
        return Read(name, known.fingerprint, known.run_id)

    def _is_as_it_was(self, name: str, value: object, known: Known) -> bool:
        if not known.holds(value):
            return False
        self.known.put(name, known.seen_again())
        return True

    def _seen_again(self, name: str, value: object, old: Known, seconds: float, touched: frozenset[int]) -> None:
        """Know that a value is as it was. Of one that took long for the second time a witness is made at once: to make one
        takes longer than a look, and most values are looked at twice.
        """
        known = replace(old, touched=touched, witness=None, again=old.again + (seconds > WORTH))
        if seconds > WORTH and old.again and self._wants_witness(known):
            known = self._witnessed(known, value)
        self.known.put(name, known)

    @staticmethod
    def _wants_witness(known: Known) -> bool:
        return known.witness is None and known.witnesses < WITNESSES and known.fingerprint.coverage is Coverage.FULL

    def _witnessed(self, known: Known, value: object) -> Known:
        return replace(known, witness=Witness.of(value, self._fingerprinter), witnesses=known.witnesses + 1)

    @property
    def unsettled(self) -> bool:
        """True where there is something to prepare."""
        return bool(self._slow)

    def prepare(self) -> None:
        """Make a witness of one value that took long to look at, while no cell runs and nothing else does anything.

        It is looked at once more for it: what a front end had run in silence since is found by the next cell that looks it up.
        """
        name = self._slow.pop() if self._slow else ""
        known, value = self.known.get(name), self.namespace.get(name)
        if known is None or known.identity != id(value) or self._open or not self._wants_witness(known):
            return
        if is_busy(self.namespace):
            return
        with suppress(TooLong), within(self.config.look_seconds):
            print_, touched = self._fingerprinter.look(value)
            if print_.same(known.fingerprint):
                self.known.put(name, self._witnessed(replace(known, touched=touched), value))

    def _look(self, name: str, value: object, run_id: str | None, looking: _Looking) -> Known:
        begun = time.perf_counter()
        if type(value) is ModuleType:
            print_, touched = self._module_values.look(value)
        else:
            print_, touched = self._fingerprinter.look(value, looking.parts, looking.ends, looking.layouts)
        known = Known(print_, id(value), touched, run_id)
        self.known.put(name, known)
        if WORTH < time.perf_counter() - begun < MOST_WORTH:
            self._slow.add(name)
        return known

    # ------------------------------------------------------------------ after

    def after(self, observation: Observation) -> None:
        """Compare every name that can have changed with what it held before."""
        before = self._open.pop(observation.run_id, None)
        if before is None:
            return
        self._module_values.note(before.slots)
        bound, gone, moved = self._changes(before)
        executed = reach(bound & before.facts.calls, self.namespace)
        late = {name for name in executed.reads if self._counts(name)} - before.looked_up - bound
        for name in sorted(late):
            known = self.known.get(name)
            if known is not None:
                observation.read(Read(name, known.fingerprint, known.run_id))
        direct = self._direct(before, late)
        shaken = self._let_go(direct & (bound | gone)) | before.figures | _shown(observation)
        for name in sorted(gone):
            self.known.forget(name)
            observation.write(Write(name, None, How.DELETED))
        taken = set() if observation.failed else self._taken(before.facts.binds, observation.source)
        left = dict.fromkeys(self._in_order(bound), How.BOUND) | dict.fromkeys(
            self._in_order(direct & self.namespace.keys() - bound), How.MUTATED
        )
        self._compare(observation, left, moved | taken, shaken)
        busy = is_busy(self.namespace)
        self._busy_since = (self._busy_since or observation.run_id) if busy else None

    def _taken(self, binds: Iterable[str], source: str) -> set[str]:
        """Of the names that a cell may bind those that it did: not those for which the constants of a branch do not stand."""
        branches = on_branches(source)
        return {name for name in binds if _is_one_of(self.namespace.get(name), branches.get(name))}

    def _changes(self, before: _Before) -> tuple[set[str], set[str], set[str]]:
        """Names that this run may have bound, those it deleted, and those that hold another object: not what another run
        did at the same time.
        """
        change = before.snapshot.change_to(Snapshot(self.namespace))
        others = set().union(*(rival.binds for rival in before.rivals)) - before.binds
        moved = {name for name in change.bound - others if self._is_users(name)}
        bound = moved | {name for name in before.binds if name in self.namespace and self._is_users(name)}
        return bound, {name for name in change.gone - others if self._is_users(name)}, moved

    def _compare(self, observation: Observation, left: dict[str, How], surely: set[str], shaken: set[int]) -> None:
        """Look at each name, as long as the time allows; what is left has unknown content from here on.

        ``surely`` are names that were bound for sure; of others only a change of content is a write. ``shaken`` are mutable
        objects that may have changed. Names that only share memory with what the run looked up are looked at last, and only
        where that has changed: as long as it is equal, all that it reaches is equal.
        """
        done = set(left)
        try:
            with within(self.config.look_seconds) as ends:
                looking = _Looking(ends, observation.layouts)
                for name, how in list(left.items()):
                    if how is How.BOUND:
                        self._bound(observation, name, looking, surely=name in surely)
                    else:
                        shaken |= self._mutated(observation, name, looking)
                    del left[name]
                sharing = self.known.reaching(shaken | {FOREIGN} if shaken else shaken) - done
                left |= dict.fromkeys(self._in_order(sharing & self.namespace.keys()), How.MUTATED)
                for name in list(left):
                    self._mutated(observation, name, looking)
                    del left[name]
        except KeyboardInterrupt as stop:
            self._give_up(observation, left, stop)

    def _give_up(self, observation: Observation, left: dict[str, How], stop: BaseException) -> None:
        why = self._why(stop)
        for name, how in left.items():
            self.known.forget(name)
            if name in self.namespace:
                print_ = Fingerprint(new_id(), Coverage.OPAQUE, note=f"not looked at ({why})")
                observation.write(Write(name, print_, how, type(self.namespace[name]).__name__))
        observation.notes.append(f"names not looked at ({why}): {', '.join(sorted(left)[:10])}")

    def _why(self, stop: BaseException) -> str:
        return f"longer than {self.config.look_seconds:g} s" if isinstance(stop, TooLong) else "interrupted"

    def _bound(self, observation: Observation, name: str, looking: _Looking, *, surely: bool) -> None:
        value = self.namespace[name]
        old = self.known.get(name)
        if not surely and old is not None and self._is_as_it_was(name, value, old):
            return
        known = self._look(name, value, observation.run_id, looking)
        same = old is not None and old.identity == known.identity and known.fingerprint.same(old.fingerprint)
        if same and old is not None and not surely:
            self.known.put(name, old)
            return
        self._write(observation, name, value, known, How.BOUND)

    def _mutated(self, observation: Observation, name: str, looking: _Looking) -> frozenset[int]:
        """Look whether a name's value has changed; the mutable objects through which others may have changed with it."""
        old = self.known.get(name)
        opaque = old is not None and old.fingerprint.coverage is not Coverage.FULL
        if old is None or (not old.touched and not opaque):
            return _NOTHING
        value = self.namespace[name]
        if self._is_as_it_was(name, value, old):
            return _NOTHING
        begun = time.perf_counter()
        known = self._look(name, value, observation.run_id, looking)
        if known.fingerprint.same(old.fingerprint):
            self._seen_again(name, value, old, time.perf_counter() - begun, known.touched)
            return old.touched if opaque else _NOTHING
        self._write(observation, name, value, known, How.MUTATED)
        return old.touched

    def _write(self, observation: Observation, name: str, value: object, known: Known, how: How) -> None:
        told = describe(value, name)
        observation.write(Write(name, known.fingerprint, how, told.type_name, told.summary))
        # A figure in a name is kept as the picture it is shown as.
        tracked = any(a.name == name and a.fingerprint.same(known.fingerprint) for a in observation.artifacts)
        if told.kind is not None and told.kind is not ArtifactKind.FIGURE and not tracked:
            observation.artifacts.append(
                Artifact(new_id(), observation.run_id, told.kind, name, known.fingerprint, told.type_name, told.summary)
            )

    def _direct(self, before: _Before, late: set[str]) -> set[str]:
        """Names that the run looked up, and whose value it so may have changed."""
        mine = before.looked_up | late
        others = set().union(*(rival.looked_up for rival in before.rivals)) - mine
        return {name for name in mine if name in self.known} - others

    def _let_go(self, names: Iterable[str]) -> set[int]:
        """What values reached that the run looked up and that no name holds any more: it cannot be looked at again."""
        found: set[int] = set()
        for name in names:
            known = self.known.get(name)
            found |= known.touched if known is not None else _NOTHING
        return found

    # ------------------------------------------------------------------ names

    def _counts(self, name: str) -> bool:
        """False for names that are IPython's own, dunder or ignored; history (``_``, ``Out``) counts when read."""
        return self._is_users(name) or (_HISTORY.fullmatch(name) is not None and not self.config.ignores_name(name))

    def _is_users(self, name: str) -> bool:
        return (
            name not in self.hidden
            and not _HISTORY.fullmatch(name)
            and not (name.startswith("__") and name.endswith("__"))
            and not self.config.ignores_name(name)
        )

    def _in_order(self, names: set[str]) -> list[str]:
        """As they were bound first: what a value was made from comes before it, and is not looked at again inside it."""
        return [name for name in list(self.namespace) if name in names] if len(names) > 1 else list(names)

    def own_values(self) -> list[object]:
        """What names of the user's hold, but for those that begin with an underscore, as those of front ends do."""
        return [self.namespace.get(name) for name in self.own_names() if not name.startswith("_")]

    def own_names(self) -> set[str]:
        """Names of the namespace that are the user's."""
        return {name for name in list(self.namespace) if self._is_users(name)}


def _shown(observation: Observation) -> set[int]:
    """Figures that the run showed: shown again, they may have changed."""
    return {id(picture.figure) for picture in observation.pictures if picture.figure is not None}


def _is_one_of(value: object, constants: tuple[object, ...] | None) -> bool:
    return constants is None or any(type(constant) is type(value) and constant == value for constant in constants)
