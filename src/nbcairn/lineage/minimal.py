"""The slice of a version at the grain of statements: of each run that it needs, only the statements that matter.

Two kinds of evidence meet. Between runs the recorded dependences hold (which run made what another looked up). Within
a run the code is read backwards from what is wanted: a statement stays when it binds a wanted name or may change one in
place. What cannot be told keeps the statement, or the whole cell: code that asks for the namespace, magics, values changed
through another name, random draws that share a generator.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nbcairn.errors import RecordNotFound
from nbcairn.lineage.origins import Origins, moment
from nbcairn.lineage.purity import FROZEN
from nbcairn.lineage.slices import slice_of
from nbcairn.lineage.surroundings import Surroundings, top_package
from nbcairn.lineage.units import Unit, UnitKind, late_names, units_of
from nbcairn.model import PRISTINE, AccessMode, Coverage, FileAccess, Fingerprint, How, Read, Run, file_of, is_ambient
from nbcairn.store import Trail

__all__ = ["Part", "Slice", "joint_slice", "minimal_slice", "whole_slice"]

_FIGURE_TYPES = ("Figure", "Axes", "AxesSubplot", "FacetGrid", "JointGrid", "PairGrid", "AxesImage")
_PATHS = ("sys.path", "site.addsitedir")
_FOLDERS = (".mkdir(", "makedirs(")
_ENABLES = "<enables:"
_IMPORTS = "<imports:"
"""Beginnings of what is wanted of a run that no name stands for: statements with this text, imports for effect of a package."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a slice takes of one run. ``units`` is None when it takes the cell as a whole."""

    run: Run
    units: tuple[Unit, ...] | None = None

    @property
    def source(self) -> str:
        """The code, exactly as executed, without the statements that do not matter."""
        return self.run.source if self.units is None else "\n".join(unit.text for unit in self.units)

    @property
    def is_whole(self) -> bool:
        """True when nothing of the cell is left out."""
        return self.units is None or len(self.units) == len(units_of(self.run.source) or ())


@dataclass(frozen=True, slots=True)
class Slice:
    """The code that made a version.

    ``name`` is None when all that the target run wrote and showed is wanted. ``inputs`` are files from outside with the
    content they had; ``missing`` names what the code needs and no recorded run made.
    """

    target: Run
    name: str | None
    fingerprint: Fingerprint | None
    parts: tuple[Part, ...]
    inputs: tuple[FileAccess, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """Lines of code, blank ones not counted."""
        return sum(bool(line.strip()) for part in self.parts for line in part.source.splitlines())


def whole_slice(trail: Trail, run_id: str, name: str | None = None) -> Slice:
    """The slice at the grain of runs: every cell as it was executed. Raises RecordNotFound."""
    runs = slice_of(trail, run_id, name)
    origins = Origins(trail)
    parts = tuple(Part(run) for run in runs)
    reads = [(read, run) for run in runs for read in run.reads]
    return _slice(trail.run(run_id), name, origins, parts, reads)


def minimal_slice(trail: Trail, run_id: str, name: str | None = None) -> Slice:
    """The statements that must be repeated, in this order, to have again what ``name`` held after this run.

    Without a name: to have all that the run wrote and showed. Raises RecordNotFound when the trail has no such run or
    the run did not write this name.
    """
    run = trail.run(run_id)
    if name is not None and not any(write.name == name for write in run.writes):
        raise RecordNotFound(f"The run {run_id!r} did not write {name!r}.", f"`%cairn show {name}` lists its versions.")
    return _Minimiser(trail).slice([(run, name)])


def joint_slice(trail: Trail, targets: Sequence[tuple[Run, str | None]]) -> Slice:
    """One slice that makes several versions; its target is the newest of them."""
    return _Minimiser(trail).slice(sorted(targets, key=lambda target: moment(target[0])))


def _slice(
    target: Run, name: str | None, origins: Origins, parts: tuple[Part, ...], reads: Iterable[tuple[Read, Run]]
) -> Slice:
    written = next((write.fingerprint for write in target.writes if write.name == name), None)
    inputs: dict[str, FileAccess] = {}
    missing: dict[str, None] = {}
    for read, reader in reads:
        if read.fingerprint is None or read.fingerprint == PRISTINE or origins.maker(read, reader) is not None:
            continue
        path = file_of(read.name)
        if path is not None:
            access = next((f for f in reader.files if f.path == path and f.mode is AccessMode.READ), None)
            inputs.setdefault(path, access or FileAccess(path, AccessMode.READ, read.fingerprint.digest))
        elif not is_ambient(read.name):
            missing[read.name] = None
    return Slice(target, name, written, parts, tuple(inputs.values()), tuple(missing))


# --------------------------------------------------------------------------- one run


@dataclass(slots=True)
class _Demand:
    """What is wanted of one run, and what that keeps of it."""

    run: Run
    names: set[str] = field(default_factory=set)
    whole: bool = False
    kept: set[int] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)


class _Minimiser:
    """Works from the target backwards until nothing new is wanted; what is wanted of a run only grows."""

    def __init__(self, trail: Trail) -> None:
        self._origins = Origins(trail)
        self._demands: dict[str, _Demand] = {}
        self._waiting: list[str] = []
        self._surroundings: dict[str, Surroundings] = {}

    def slice(self, targets: Sequence[tuple[Run, str | None]]) -> Slice:
        for target, name in targets:
            self._origins.add(target)
            if name is None:
                self._want(target, {write.name for write in target.writes}, whole=True)
            else:
                self._want(target, {name})
        while self._waiting:
            self._settle(self._demands[self._waiting.pop()])
        kept = sorted((d for d in self._demands.values() if d.whole or d.kept), key=lambda d: moment(d.run))
        parts = tuple(self._part(demand) for demand in kept)
        reads = [(read, demand.run) for demand in kept for read in demand.run.reads if read.name in demand.reads]
        return _slice(*targets[-1], self._origins, parts, reads)

    def _part(self, demand: _Demand) -> Part:
        units = units_of(demand.run.source)
        if demand.whole or units is None:
            return Part(demand.run)
        return Part(demand.run, tuple(unit for n, unit in enumerate(units) if n in demand.kept))

    def _want(self, run: Run, names: set[str], *, whole: bool = False) -> None:
        demand = self._demands.setdefault(run.id, _Demand(run))
        if names <= demand.names and (demand.whole or not whole):
            return
        demand.names |= names
        demand.whole |= whole
        self._waiting.append(run.id)

    def _settle(self, demand: _Demand) -> None:
        run = demand.run
        around = self._around(run)
        cut = None if demand.whole else _Cut(run, around, frozenset(demand.names)).cut()
        if cut is None:
            demand.whole = True
            demand.reads = {read.name for read in run.reads}
            exposed = demand.reads | {w.name for w in run.writes if w.name in demand.names and w.how is How.MUTATED}
        else:
            demand.kept, exposed = cut
            demand.reads = exposed
        self._follow(run, exposed)
        if demand.whole or demand.kept:
            self._enable(demand)
            self._import_for_effect(demand)

    def _follow(self, run: Run, exposed: set[str]) -> None:
        """Want what the kept code looks up from the runs that made it."""
        reads = {read.name: read for read in run.reads}
        for name in sorted(exposed):
            read = reads.get(name)
            maker = self._origins.maker(read, run) if read is not None else self._unread(run, name)
            if maker is None or maker.id == run.id:
                continue
            self._want(maker, {name})
            self._earlier_imports(maker, name)

    def _unread(self, run: Run, name: str) -> Run | None:
        """The run before that a name may come from although this one did not look it up.

        It was changed through another name; or a branch may bind it or not, and then its content tells. Earlier runs
        of the same cell are passed over: what bound the name the first time is there in this one too.
        """
        write = next((write for write in run.writes if write.name == name), None)
        before = self._origins.before(name, run)
        if write is None or write.how is How.MUTATED:
            return before
        while before is not None and before.source_key == run.source_key:
            before = self._origins.before(name, before)
        if before is None or write.fingerprint is None:
            return None
        held = next((known.fingerprint for known in before.writes if known.name == name), None)
        return before if write.fingerprint.same(held) else None

    def _earlier_imports(self, maker: Run, name: str) -> None:
        """``import a.b`` in one cell and ``import a.c`` in another fill the same package."""
        while _imports_into(maker.source, name):
            before = self._origins.before(name, maker)
            if before is None:
                return
            self._want(before, {name})
            maker = before

    def _enable(self, demand: _Demand) -> None:
        """Statements that no name stands for: places where modules are found, folders that files go to."""
        run = demand.run
        marks: tuple[str, ...] = ()
        if any(read.name.startswith("<module:") for read in run.reads):
            marks += _PATHS
        if any(file_of(name) is not None for name in demand.names) or (demand.whole and any(map(_is_file, run.writes))):
            marks += _FOLDERS
        if not marks:
            return
        for earlier in self._origins.session(run.session_id):
            if moment(earlier) >= moment(run):
                break
            if any(mark in earlier.source for mark in marks):
                self._want(earlier, {f"{_ENABLES}{mark}>" for mark in marks if mark in earlier.source})

    def _import_for_effect(self, demand: _Demand) -> None:
        """Imports of earlier cells that nobody looks up, of a package that this run imports from."""
        units = units_of(demand.run.source) or ()
        kept = (unit for n, unit in enumerate(units) if demand.whole or n in demand.kept)
        tops = {top_package(module) for unit in kept if unit.kind is UnitKind.IMPORT for module in unit.facts.imports}
        for earlier, packages in self._around(demand.run).for_effect:
            if tops & packages and moment(earlier) < moment(demand.run):
                self._want(earlier, {f"{_IMPORTS}{package}>" for package in tops & packages})

    def _around(self, run: Run) -> Surroundings:
        if run.session_id not in self._surroundings:
            self._surroundings[run.session_id] = Surroundings(self._origins.session(run.session_id))
        return self._surroundings[run.session_id]


def _is_file(write: object) -> bool:
    return file_of(getattr(write, "name", "")) is not None


def _imports_into(source: str, name: str) -> bool:
    units = units_of(source) or ()
    return any(unit.kind is UnitKind.IMPORT and name in unit.binds and name not in unit.sure for unit in units)


# --------------------------------------------------------------------------- within a run


class _Cut:
    """Decides which units of one run stay, for the names that are wanted of it."""

    def __init__(self, run: Run, around: Surroundings, wanted: frozenset[str]) -> None:
        self.run = run
        self.around = around
        self.wanted = wanted
        self.units = units_of(run.source) or ()
        self.purity = around.purity(run)
        self.written = {write.name: write for write in run.writes}
        self.read = {read.name: read for read in run.reads}
        self.in_cell = frozenset(name for unit in self.units for name in unit.binds)
        self.changes = [self._changes(unit) for unit in self.units]
        self.groups = self._aliases()

    def cut(self) -> tuple[set[int], set[str]] | None:
        """The units that stay, and the names that they look up from outside; None: the whole cell."""
        if not self.units or self._must_stay_whole():
            return None
        active = self._wants_all_actions()
        needed = {name for name in self.wanted if not is_ambient(name)}
        kept: set[int] = set()
        for n in range(len(self.units) - 1, -1, -1):
            unit = self.units[n]
            if (active and unit.kind is UnitKind.ACTION) or self._matters(n, needed):
                kept.add(n)
                needed -= unit.sure
                needed |= self._looks_up(unit)
        self._keep_imports_for_effect(kept)
        return kept, self._exposed(kept, needed)

    # -- reasons

    def _must_stay_whole(self) -> bool:
        for name in self.wanted:
            write = self.written.get(name)
            if write is not None and write.type_name.startswith(_FIGURE_TYPES):
                return True
            touched = any(name in unit.binds or name in self.changes[n] for n, unit in enumerate(self.units))
            if write is not None and not is_ambient(name) and not touched:
                return True  # changed through another name, or by a function
            if file_of(name) is not None and self._file_writer(name) is None:
                return True
        return False

    def _wants_all_actions(self) -> bool:
        """Draws share one generator, and settings act on all that follows: none may be left out."""
        ambient = {name for name in self.wanted if is_ambient(name) and file_of(name) is None}
        ambient = {name for name in ambient if not name.startswith((_ENABLES, _IMPORTS))}
        draws = any(name.startswith("<rng:") for name in self.written)
        return bool(ambient) or (draws and bool(self.wanted))

    def _matters(self, n: int, needed: set[str]) -> bool:
        unit = self.units[n]
        if unit.kind is UnitKind.MAGIC:
            return False
        if needed & (unit.binds | self._deferred_writes(unit)):
            return True
        if self._is_enabler(unit) or self._writes_wanted_file(n):
            return True
        changed = {name for name in self.changes[n] if not self._surely_left_alone(name, n)}
        return any(self._same_group(name, other) for name in changed for other in needed)

    def _changes(self, unit: Unit) -> frozenset[str]:
        """Names whose value a unit may change in place: also what a function looks up, for that may be what it gives."""
        found = self.purity.changes(unit.nodes)
        if self.purity.through(unit.nodes):
            found |= frozenset(name for name in self._looked_up_late() if self.purity.type_of(name) not in FROZEN)
        return found

    def _deferred_writes(self, unit: Unit) -> frozenset[str]:
        """Names that functions of the notebook bind (``global``): any action may call one."""
        if unit.kind is not UnitKind.ACTION:
            return frozenset()
        return frozenset(self.around.deferred_writes & self.written.keys())

    def _is_enabler(self, unit: Unit) -> bool:
        marks = [name[len(_ENABLES) : -1] for name in self.wanted if name.startswith(_ENABLES)]
        if any(file_of(name) is not None for name in self.wanted):
            marks += _FOLDERS
        return any(mark in unit.plain for mark in marks)

    def _surely_left_alone(self, name: str, n: int) -> bool:
        """The record says that the run left the value as it was, and only this unit could have changed it."""
        read = self.read.get(name)
        if read is None or read.fingerprint is None or name in self.written or name in self.in_cell:
            return False
        if read.fingerprint.coverage is not Coverage.FULL or self._holds_library_state(name):
            return False
        others = (m for m, changed in enumerate(self.changes) if m != n)
        return not any(self._same_group(name, other) for m in others for other in self.changes[m])

    def _holds_library_state(self, name: str) -> bool:
        """A module has the same fingerprint whatever is set in it."""
        return self.purity.type_of(name) == "module" or name in self.around.imports

    # -- files

    def _file_writer(self, name: str) -> int | None:
        """The one unit that wrote a file, where the code names the file in one place."""
        path = file_of(name) or ""
        base = path.rpartition("/")[2]
        mentions = [n for n, unit in enumerate(self.units) if _mentions(unit, base)]
        if len(mentions) != 1 or self.units[mentions[0]].kind is not UnitKind.ACTION:
            return None
        calls = any(isinstance(node, ast.Call) for top in self.units[mentions[0]].nodes for node in ast.walk(top))
        return mentions[0] if calls and base else None

    def _writes_wanted_file(self, n: int) -> bool:
        return any(self._file_writer(name) == n for name in self.wanted if file_of(name) is not None)

    # -- names

    def _looks_up(self, unit: Unit) -> set[str]:
        if unit.kind is UnitKind.IMPORT:
            return set()
        found = set(unit.facts.reads)
        if unit.kind is UnitKind.ACTION:
            # Any call may run a function that looks these up now.
            found |= self._looked_up_late()
        else:
            found |= late_names(unit.plain) & self.in_cell
        return found

    def _looked_up_late(self) -> frozenset[str]:
        return self.in_cell & (self.around.late | late_names(self.run.source))

    def _exposed(self, kept: set[int], needed: set[str]) -> set[str]:
        """Names that the kept units look up from outside, with those that only the record knows of."""
        exposed = {name for name in needed if name in self.read or name in self.wanted or name in self.written}
        if not kept:
            return exposed
        by_code = {name for unit in self.units for name in unit.facts.reads}
        modules = {name for name in self.read if name.startswith("<module:")}
        exposed |= modules
        if any(self.units[n].kind in {UnitKind.ACTION, UnitKind.DEFINITION} for n in kept):
            exposed |= {name for name in self.read if name not in by_code and not is_ambient(name)}
        if any(self.units[n].kind is UnitKind.ACTION for n in kept):
            exposed |= {name for name in self.read if is_ambient(name) and self._file_is_theirs(name, kept)}
        return exposed

    def _file_is_theirs(self, name: str, kept: set[int]) -> bool:
        """False for a file that only units left out name."""
        path = file_of(name)
        if path is None:
            return True
        base = path.rpartition("/")[2]
        mentions = {n for n, unit in enumerate(self.units) if _mentions(unit, base)}
        return not mentions or bool(mentions & kept)

    def _keep_imports_for_effect(self, kept: set[int]) -> None:
        """An import whose name nobody looks up is there for what it does, when a package that stays is its own."""
        tops = {
            top
            for n in kept
            if self.units[n].kind is UnitKind.IMPORT
            for top in map(top_package, self.units[n].facts.imports)
        } | {name[len(_IMPORTS) : -1] for name in self.wanted if name.startswith(_IMPORTS)}
        for n, unit in enumerate(self.units):
            if unit.kind is UnitKind.IMPORT and n not in kept:
                unused = not (unit.binds & self.around.looked_up)
                future = "__future__" in unit.facts.imports
                if (kept and future) or (unused and tops & set(map(top_package, unit.facts.imports))):
                    kept.add(n)

    # -- aliases

    def _aliases(self) -> dict[str, str]:
        """Names that may share memory after some statement of the cell, each with one that stands for its group."""
        groups: dict[str, str] = {}

        def find(name: str) -> str:
            while groups.setdefault(name, name) != name:
                name = groups[name]
            return name

        for n, unit in enumerate(self.units):
            if unit.kind in {UnitKind.IMPORT, UnitKind.LITERAL, UnitKind.DEFINITION}:
                continue
            changing = self.changes[n]
            names = unit.binds | (unit.facts.reads if unit.binds or changing else frozenset())
            together = sorted(name for name in names | changing if self._can_share(name))
            for name in together[1:]:
                groups[find(name)] = find(together[0])
        mutated = sorted(
            name for name, write in self.written.items() if write.how is How.MUTATED and not is_ambient(name)
        )
        for name in mutated[1:]:
            groups[find(name)] = find(mutated[0])
        return {name: find(name) for name in list(groups)}

    def _can_share(self, name: str) -> bool:
        if name in self.around.imports or (name in self.around.own and name not in self.written):
            return False
        return self.purity.type_of(name) not in FROZEN

    def _same_group(self, a: str, b: str) -> bool:
        return a == b or (a in self.groups and self.groups.get(a) == self.groups.get(b))


def _mentions(unit: Unit, text: str) -> bool:
    return bool(text) and any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.replace("\\", "/").endswith(text)
        for top in unit.nodes
        for node in ast.walk(top)
    )
