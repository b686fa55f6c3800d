"""The names of the namespace: which a run looked up and bound, what they held before and after.

Nothing is traced while the cell runs. What it *can* look up is read from its source and from the code of every function it
can reach; what it changed is found by comparing content before and after. A value can have changed when its name was
bound, could be looked up, or shares mutable memory with one that could.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field

from nbcairn.config import Cairn
from nbcairn.fingerprint import Fingerprinter, Memory
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.reach import Reach, reach
from nbcairn.lineage.source import SourceFacts, analyse
from nbcairn.model import Artifact, ArtifactKind, Coverage, Fingerprint, How, Read, Write, new_id
from nbcairn.profile import describe

__all__ = ["Known", "NameObserver"]

_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|In|Out|_ih|_oh|_dh")
_WHOLE_NAMESPACE = frozenset({"globals", "eval", "exec"})
"""A function that looks these up may look up anything."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a name's present value: content, the run that made it, what it shares.

    ``identity`` is the object's id, kept without a reference to it, so that nothing of the user's is kept alive.
    """

    fingerprint: Fingerprint
    identity: int
    touched: frozenset[int]
    run_id: str | None = None


@dataclass(slots=True)
class _Before:
    """What ``after`` compares with."""

    facts: SourceFacts
    looked_up: set[str]
    identities: dict[str, int]
    known: dict[str, Known] = field(default_factory=dict)
    reached: Reach = field(default_factory=Reach)


class NameObserver:
    """Reads and writes of variables. One for all threads; state of a run is kept with its observation."""

    def __init__(self, namespace: MutableMapping[str, object], hidden: Iterable[str], config: Cairn) -> None:
        self.namespace = namespace
        self.hidden = frozenset(hidden) | {"__builtins__", "get_ipython", "exit", "quit", "_exit_code"}
        self.config = config
        self.known: dict[str, Known] = {}
        self._memory = Memory()
        self._fingerprinter = Fingerprinter(max_bytes=config.max_bytes, memory=self._memory)
        self._open: dict[str, _Before] = {}

    def install(self) -> None:
        """Nothing to attach: the namespace is only looked at."""

    def uninstall(self) -> None:
        """Forget what was known, and stop watching memory."""
        self._memory.close()
        self.known.clear()
        self._open.clear()

    # ------------------------------------------------------------------ before

    def before(self, observation: Observation) -> None:
        """Note what the cell can look up, and what each of these names holds."""
        facts = analyse(observation.source)
        reached = reach(facts.reads | facts.mutates, self.namespace)
        looked_up = {name for name in facts.reads | reached.reads if self._counts(name)}
        if facts.dynamic or reached.reads & _WHOLE_NAMESPACE:
            looked_up |= self._own_names()
        self._open[observation.run_id] = _Before(facts, looked_up, self._identities(), reached=reached)
        for name in sorted(looked_up):
            observation.read(self._read(name))
        self._open[observation.run_id].known = dict(self.known)

    def _read(self, name: str) -> Read:
        if _HISTORY.fullmatch(name):
            return Read(name, Fingerprint(new_id(), Coverage.OPAQUE, note="depends on the history of outputs"))
        if name not in self.namespace:
            return Read(name, None)
        known = self._know(name)
        return Read(name, known.fingerprint, known.run_id)

    def _know(self, name: str) -> Known:
        """What a name holds now; taken anew when it was bound behind our back."""
        value = self.namespace[name]
        known = self.known.get(name)
        if known is None or known.identity != id(value):
            known = self._look(name, value, None)
        return known

    def _look(self, name: str, value: object, run_id: str | None) -> Known:
        print_, touched = self._fingerprinter.look(value)
        known = Known(print_, id(value), touched, run_id)
        self.known[name] = known
        return known

    # ------------------------------------------------------------------ after

    def after(self, observation: Observation) -> None:
        """Compare every name that can have changed with what it held before."""
        before = self._open.pop(observation.run_id, None)
        if before is None:
            return
        now = self._identities()
        bound = {name for name in now if before.identities.get(name) != now[name]}
        bound |= {name for name in before.facts.binds | before.reached.writes if name in now}
        executed = reach(bound & before.facts.calls, self.namespace)
        late = {name for name in executed.reads if self._counts(name)} - before.looked_up - bound
        for name in sorted(late & before.known.keys()):
            known = before.known[name]
            observation.read(Read(name, known.fingerprint, known.run_id))
        for name in sorted(set(before.identities) - set(now)):
            self.known.pop(name, None)
            observation.write(Write(name, None, How.DELETED))
        for name in sorted(bound):
            self._bound(observation, before, name)
        for name in sorted(self._suspects(before, late) - bound):
            self._mutated(observation, before, name)

    def _bound(self, observation: Observation, before: _Before, name: str) -> None:
        value = self.namespace[name]
        old = before.known.get(name)
        known = self._look(name, value, observation.run_id)
        same = old is not None and old.identity == known.identity and known.fingerprint.same(old.fingerprint)
        if same and old is not None and name not in before.facts.binds:
            self.known[name] = old
            return
        self._write(observation, name, value, known, How.BOUND)

    def _mutated(self, observation: Observation, before: _Before, name: str) -> None:
        old = before.known[name]
        value = self.namespace[name]
        if not old.touched and old.fingerprint.coverage is not Coverage.OPAQUE:
            return
        known = self._look(name, value, observation.run_id)
        if known.fingerprint.same(old.fingerprint):
            self.known[name] = Known(old.fingerprint, known.identity, known.touched, old.run_id)
            return
        self._write(observation, name, value, known, How.MUTATED)

    def _write(self, observation: Observation, name: str, value: object, known: Known, how: How) -> None:
        told = describe(value, name)
        observation.write(Write(name, known.fingerprint, how, told.type_name, told.summary))
        # A figure in a name is kept as the picture it is shown as.
        tracked = any(a.name == name and a.fingerprint.same(known.fingerprint) for a in observation.artifacts)
        if told.kind is not None and told.kind is not ArtifactKind.FIGURE and not tracked:
            observation.artifacts.append(
                Artifact(new_id(), observation.run_id, told.kind, name, known.fingerprint, told.type_name, told.summary)
            )

    def _suspects(self, before: _Before, late: set[str]) -> set[str]:
        """Names whose value the run could reach: looked up, or sharing memory with one that was."""
        direct = {name for name in before.looked_up | late if name in before.known and name in self.namespace}
        touched = frozenset().union(*(before.known[name].touched for name in direct)) if direct else frozenset()
        sharing = {
            name
            for name, known in before.known.items()
            if name in self.namespace and not touched.isdisjoint(known.touched)
        }
        return direct | sharing

    # ------------------------------------------------------------------ names

    def _counts(self, name: str) -> bool:
        """False for names that are IPython's own, dunder or ignored; history (``_``, ``Out``) counts when read."""
        if name.startswith("__") and name.endswith("__") and name != "__":
            return False
        if name in self.hidden and not _HISTORY.fullmatch(name):
            return False
        return not self.config.ignores_name(name)

    def _is_users(self, name: str) -> bool:
        return (
            name not in self.hidden
            and not _HISTORY.fullmatch(name)
            and not (name.startswith("__") and name.endswith("__"))
            and not self.config.ignores_name(name)
        )

    def _own_names(self) -> set[str]:
        return {name for name in list(self.namespace) if self._is_users(name)}

    def _identities(self) -> dict[str, int]:
        return {name: id(value) for name, value in list(self.namespace.items()) if self._is_users(name)}
