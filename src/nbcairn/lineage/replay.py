"""Replay: what Restart & Run All would do, predicted from recorded runs alone (``design``: constructive traces).

For each cell in document order the trace index is asked for a run of this source whose every read equals what the cells
above would leave. Where there is one, the cell would do what that run did; where there is none, the names it may write are
unknown from there on, because of this cell. Linear in the number of cells; nothing is executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from nbcairn.document import anonymous_id, is_anonymous
from nbcairn.errors import RecordNotFound
from nbcairn.lineage.branches import branches_of
from nbcairn.lineage.dependence import DRAWN, dependencies, may_change
from nbcairn.lineage.disk import Disk
from nbcairn.lineage.draws import Draws, bound_once, imports_of
from nbcairn.lineage.edits import imported_anew, left_by_edit
from nbcairn.lineage.environment import SOFT, Cause, Environment, Slot
from nbcairn.lineage.failure import Stop, first_stop
from nbcairn.lineage.influence import Functions
from nbcairn.lineage.magics import is_inert
from nbcairn.lineage.matches import Matches, came_out_alike
from nbcairn.lineage.predicted import HISTORY, CellReplay, Difference, Replay
from nbcairn.lineage.source import BUILTINS, SourceFacts, analyse, is_run_of, same_code, source_key
from nbcairn.lineage.tables import TablesOnRecord
from nbcairn.lineage.within import changed_outside, reached_outside
from nbcairn.model import (
    Cell,
    Document,
    Effect,
    How,
    Layout,
    Read,
    Run,
    RunStatus,
    Verdict,
    Write,
    file_of,
    is_ambient,
)
from nbcairn.store import Trace, Trail

__all__ = ["CellReplay", "Difference", "Replay", "replay"]

UNREPEATABLE = frozenset({Effect.CLOCK, Effect.NETWORK, Effect.SUBPROCESS, Effect.INPUT, Effect.ENTROPY})
INTERNAL = frozenset({"display", "get_ipython", "In", "Out", "exit", "quit", "open"})
NEVER_OURS = BUILTINS | INTERNAL


def replay(document: Document, trail: Trail) -> Replay:
    """Predict Restart & Run All of a document. Raises a TrailError when the trail cannot be read."""
    last = _last_runs(document, trail)
    disk = Disk(trail.root)
    for run in last.values():
        disk.learn(run.files)
    player = _Player(trail, Environment(disk), last, document.code)
    cells = tuple(player.play(cell) for cell in document.code)
    return Replay(document, cells, last, player.needs, player.makes)


def _last_runs(document: Document, trail: Trail) -> dict[str, Run]:
    """The newest run of each cell; where the front end gave no ids, or they were lost since, runs of the cell's source."""
    found = trail.last_runs(document)
    if len(found) < len(document.code):
        nameless = {cell.id: anonymous_id(cell.source, 1) for cell in document.code if cell.id not in found}
        cells = tuple(Cell(nameless[cell.id], cell.index, cell.source) for cell in document.code if cell.id in nameless)
        by_source = trail.last_runs(Document(document.path, cells))
        found |= {cell: by_source[key] for cell, key in nameless.items() if key in by_source}
        lost = {
            cell.id: source_key(cell.source)
            for cell in document.code
            if cell.id not in found and (cell.executed or is_anonymous(cell.id)) and not is_inert(cell.source)
        }
        found |= trail.runs_of_lost_cells(document, lost) if lost else {}
    return found


class _Player:
    """Walks down the document and keeps the environment."""

    def __init__(self, trail: Trail, env: Environment, last: Mapping[str, Run], cells: tuple[Cell, ...]) -> None:
        self.trail = trail
        self.env = env
        self.last = last
        self.sources = tuple(cell.source for cell in cells)
        self.functions = Functions(self.sources)
        self.tables = TablesOnRecord(trail, self.sources)
        self.paths = _files_of(last.values())
        self.shapes = trail.shapes(key for cell in cells for key in _keys(cell, last))
        self.edited: set[int] = set()
        self.needs: dict[int, dict[str, Slot]] = {}
        self.makes: dict[int, dict[str, Slot]] = {}

    @cached_property
    def imports(self) -> dict[str, str]:
        """What the document's imported names stand for."""
        return imports_of(self.sources)

    def play(self, cell: Cell) -> CellReplay:
        """One cell: its verdict, and the environment after it."""
        if is_inert(cell.source):
            return CellReplay(cell, Verdict.FRESH)
        last = self.last.get(cell.id)
        matches = self._matches(cell)
        self.env.touched.clear()
        needs = self._looked_up(cell, matches)
        found = self._matched(cell, last, matches) if matches else self._unmatched(cell, last)
        if not matches:  # a branch not taken, or an error, leaves a name as it was
            bound = _surely_bound(cell, last)
            left = {name: slot for name, slot in self.env.touched.items() if slot is not None and name not in bound}
            needs = left | needs
        self.needs[cell.index] = needs
        self.makes[cell.index] = {name: self.env.get(name) for name in self.env.touched}
        return found

    def _looked_up(self, cell: Cell, matches: Matches) -> dict[str, Slot]:
        """What each name that the cell may look up would hold."""
        last = self.last.get(cell.id)
        names = {read.name for read in matches.runs[0].reads} if matches else set()
        if not matches:
            names |= self.functions.may_read(cell.source, self.env.type_of)
        if last is not None and is_run_of(last, cell.source):
            names |= {read.name for read in last.reads}
        return {name: self.env.get(name) for name in names if name not in NEVER_OURS}

    # ------------------------------------------------------------------ a run shows what would happen

    def _matches(self, cell: Cell) -> Matches:
        found: list[Trace] = []
        for key in _keys(cell, self.last):
            for shape in self.shapes.get(key, ()):
                inputs = self.env.contents(shape)
                if inputs is not None:
                    found += self.trail.traces(key, inputs)
        last = self.last.get(cell.id)
        return Matches.among(self.trail, found, last) if found else self._matches_in_columns(cell)

    def _matches_in_columns(self, cell: Cell) -> Matches:
        """Successful runs of this source whose every read is equal in what the source can see of it."""
        if not self.tables.among(cell.source, self.env.get):
            return Matches()
        last = self.last.get(cell.id)
        runs = {run.id: run for key in _keys(cell, self.last) for run in self.trail.newest_of(key)}
        if last is not None and last.status is RunStatus.OK and is_run_of(last, cell.source):
            runs[last.id] = last
        return Matches.of([run for _, run in sorted(runs.items(), reverse=True) if not self._differences(run)])

    def _matched(self, cell: Cell, last: Run | None, matches: Matches) -> CellReplay:
        chosen, varies = matches.chosen(last), matches.variation()
        verdict = self._match_verdict(last, chosen, matches, varies)
        edited = last is not None and not is_run_of(last, cell.source)
        stale = verdict is Verdict.STALE and last is not None and not edited
        differences = self._differences(last) if stale and last is not None else ()
        self._carry_over(cell, chosen, matches, varies)
        return CellReplay(cell, verdict, last, chosen, differences, (), varies, (), edited)

    def _match_verdict(self, last: Run | None, chosen: Run, matches: Matches, varies: tuple[str, ...]) -> Verdict:
        if last is None:
            return Verdict.NEVER_RUN
        if varies or (UNREPEATABLE & set(chosen.effects) and matches.sessions < 2):
            return Verdict.UNKNOWN
        same = last.id == chosen.id or (last.status is RunStatus.OK and came_out_alike(last, chosen))
        return Verdict.FRESH if same else Verdict.STALE

    def _carry_over(self, cell: Cell, chosen: Run, matches: Matches, varies: tuple[str, ...]) -> None:
        """The environment after a run that is known: its writes, but for what no re-run repeats."""
        self.env.disk.learn(chosen.files)
        effects = tuple(sorted(UNREPEATABLE & set(chosen.effects)))
        settled = matches.sessions >= 2
        steady = analyse(cell.source).steady
        looked_up = {read.name for read in chosen.reads}
        alike = self._shares_alike(chosen)
        for write in (*matches.state_left(chosen), *chosen.writes):
            if write.how is How.MUTATED and write.name not in looked_up and not alike:
                continue  # changed through sharing, which would be otherwise; see _spread
            if write.name in varies:
                self.env.spoil(write.name, cell.index, Cause.VARIES, effects)
            elif effects and not settled and write.name not in steady and _may_carry(effects, write):
                self.env.spoil(write.name, cell.index, Cause.EFFECT, effects)
            else:
                self.env.write(write, cell.index, chosen.id)
        if not alike:
            self._spread(cell, (write.name for write in chosen.writes if write.name in looked_up))
        self.env.ran(cell.source)

    def _shares_alike(self, run: Run) -> bool:
        """True when what the run changed in place would be made by the same code, and so would be shared in the same way."""
        changed = {write.name for write in run.writes}
        return all(
            read.run_id is None or self._same_maker(read.run_id, self.env.get(read.name).run_id)
            for read in run.reads
            if read.name in changed and not is_ambient(read.name)
        )

    def _same_maker(self, one: str, two: str | None) -> bool:
        if two is None or one == two:
            return one == two
        try:
            return same_code(self.trail.run(one), self.trail.run(two))
        except RecordNotFound:
            return False

    def _spread(self, cell: Cell, changed: Iterable[str], last: Run | None = None) -> None:
        """What was changed in place changes for every name that may share it; to what, no run has shown.

        Where the ``last`` run of this code, with other inputs, left a name as it was, nothing tells whether it would change now.
        """
        whole = last is not None and last.status is RunStatus.OK
        written = {write.name for write in last.writes} if last is not None else set[str]()
        for name in list(changed):
            made = self.env.of_type(name) if name in self.functions.names else ()
            for other in (*self.env.sharing(name), *made):
                self.env.spoil(other, cell.index, Cause.UPSTREAM, perhaps=whole and other not in written)

    # ------------------------------------------------------------------ no run shows it

    def _unmatched(self, cell: Cell, last: Run | None) -> CellReplay:
        facts = analyse(cell.source)
        ran = last is not None and is_run_of(last, cell.source)
        differences = self._differences(last) if ran and last is not None else ()
        if ran and last is not None and not differences:
            return self._again(cell, last)
        absent = self._absent(facts.reads)
        stop = first_stop(cell.source, absent) if absent else None
        if stop is not None:
            return self._stopped(cell, last, stop, differences)
        if not ran or last is None:
            return self._unrun(cell, last, facts, absent)
        remade = self._remade(last, differences)
        if remade and self.tables.unchanged(last, remade, self.env.get):
            self._make_again(cell, last)
            return CellReplay(cell, Verdict.FRESH, last, last)
        hard = [difference for difference in differences if not difference.soft]
        verdict = Verdict.STALE if hard else Verdict.UNKNOWN
        self._spoil(cell, last, differences, hard, remade)
        undefined = absent.intersection(read.name for read in last.reads)
        return CellReplay(cell, verdict, last, None, differences, tuple(sorted(undefined)))

    def _differences(self, last: Run) -> tuple[Difference, ...]:
        """What the cell's last run looked up and would find otherwise."""
        get = self.env.get
        slots = [(read, slot) for read in last.reads if not (slot := get(read.name)).equals(read.fingerprint)]
        if not slots:
            return ()
        deferred, parts = analyse(last.source).deferred, self.tables.read_by(last.source)
        return tuple(
            Difference(read, slot, read.name in deferred, read.name in parts and self._in_part(last, read, slot))
            for read, slot in slots
            if read.name not in parts or not self.tables.same(last, read, slot)
        )

    def _in_part(self, last: Run, read: Read, slot: Slot) -> bool:
        """True when the run saw only attributes of what is made anew, by code that has run, and is not known as a whole.

        Code that was edited is out to change what it makes.
        """
        upstream = slot.cause is Cause.UPSTREAM and slot.cell not in self.edited
        value = slot.layout is None and slot.type_name != "module"
        return upstream and value and self.tables.in_part(last, read)

    def _make_again(self, cell: Cell, run: Run) -> None:
        for write in run.writes:
            self.env.write(write, cell.index, run.id)
        self.env.ran(cell.source)

    def _again(self, cell: Cell, last: Run) -> CellReplay:
        """A failed run with equal inputs would fail in the same way; one that was interrupted would go on to its end."""
        interrupted = last.status is RunStatus.INTERRUPTED
        if interrupted:
            self._spoil_all(cell, {write.name for write in last.writes})
        else:
            self._make_again(cell, last)
        verdict = Verdict.UNKNOWN if UNREPEATABLE & set(last.effects) else Verdict.FRESH
        return CellReplay(cell, Verdict.STALE if interrupted else verdict, last, last)

    def _stopped(self, cell: Cell, last: Run | None, stop: Stop, differences: tuple[Difference, ...]) -> CellReplay:
        """A cell that looks up what nothing defines changes nothing from there on, and shows a NameError."""
        self.edited.add(cell.index)
        left = self._left_by_edit(cell, last, stop.before)
        for name in sorted(self._may_write(stop.before)):
            self.env.spoil(name, cell.index, Cause.UPSTREAM)
        for write in left:
            self.env.write(write, cell.index, last.id if last else "")
        edited = last is not None and not is_run_of(last, cell.source)
        if last is None:
            return CellReplay(cell, Verdict.NEVER_RUN, undefined=(stop.name,))
        verdict = self._stops_as_before(cell, last, stop, differences)
        shown = () if verdict is Verdict.FRESH else differences
        return CellReplay(cell, verdict, last, None, shown, (stop.name,), edited=edited)

    def _stops_as_before(self, cell: Cell, last: Run, stop: Stop, differences: tuple[Difference, ...]) -> Verdict:
        """Fresh where the last run showed this error alone, and all that is done before it is as it was.

        Where that is done with something else, nobody knows whether it comes as far.
        """
        if last.error_message != stop.message or len(last.displays) != 1:
            return Verdict.STALE
        if stop.calm:
            return Verdict.FRESH
        if not is_run_of(last, cell.source):
            return Verdict.STALE
        ours = {*stop.reads, *map(self.env.type_of, stop.reads)} & self.functions.names
        reads = stop.reads | (self.functions.may_read(cell.source, self.env.type_of) if ours else frozenset())
        differ = [this for this in differences if is_ambient(this.name) or this.name in reads]
        if any(this.slot.known and this.slot.fingerprint is None for this in differ):
            return Verdict.STALE
        return Verdict.UNKNOWN if differ else Verdict.FRESH

    def _absent(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names that nothing defines for sure."""
        lacks = self.env.lacks
        return frozenset(
            name
            for name in names
            if name not in NEVER_OURS and lacks(name) and not (name.startswith("__") or HISTORY.fullmatch(name))
        )

    def _spoil_all(self, cell: Cell, more: Iterable[str] = ()) -> None:
        """Everything that the cell may write hold something unknown from here on."""
        facts = analyse(cell.source)
        names = self._may_write(cell.source) | set(more)
        self._spread(cell, (names - facts.binds) | self.functions.may_change(cell.source, self.env.type_of))
        for name in sorted(names):
            layout = self.tables.kept(cell.source, name, self.env.get(name))
            self.env.spoil(name, cell.index, Cause.UPSTREAM, layout=layout)
        if facts.star or facts.dynamic:
            self.env.star = Slot(cell=cell.index, cause=Cause.UPSTREAM)
        self.env.ran(cell.source)

    def _may_write(self, source: str) -> frozenset[str]:
        """Names, of files and ambient state too, that running this source may write."""
        return self.functions.may_write(source, self.env.type_of) | self._may_save(source) | self._may_set(source)

    def _may_set(self, source: str) -> frozenset[str]:
        """Ambient state, but for what no run repeats in any case: a generator that nothing has seeded."""
        found = self.functions.may_set(source, self.env.type_of, self.imports)
        return frozenset(name for name in found if self.env.get(name).cause not in SOFT)

    def _may_save(self, source: str) -> frozenset[str]:
        saved = self.functions.may_save(source, self.env.type_of, self.paths) if self.paths else ()
        return frozenset(self.paths[path] for path in saved)

    def _unrun(self, cell: Cell, last: Run | None, facts: SourceFacts, absent: frozenset[str]) -> CellReplay:
        upstream = tuple((name, slot) for name in sorted(facts.reads) if not (slot := self.env.get(name)).known)
        undefined = tuple(sorted(absent))
        self.edited.add(cell.index)
        left = self._left_by_edit(cell, last, cell.source)
        self._spoil_all(cell)
        for write in left:
            self.env.write(write, cell.index, last.id if last else "")
        verdict = Verdict.NEVER_RUN if last is None else Verdict.STALE
        return CellReplay(cell, verdict, last, None, (), undefined, (), upstream, edited=last is not None)

    def _left_by_edit(self, cell: Cell, last: Run | None, source: str) -> list[Write]:
        """What the cell's last run bound and this source, which begins as that did, would bind again."""
        if last is None or last.status is not RunStatus.OK:
            return []
        differing = {difference.name for difference in self._differences(last)}
        return left_by_edit(source, last, differing, self._type_within(cell, last), self.functions)

    def _spoil(
        self,
        cell: Cell,
        last: Run,
        differences: tuple[Difference, ...],
        hard: list[Difference],
        remade: Mapping[str, Layout],
    ) -> None:
        """Names that the cell may write hold something unknown from here on, but for those the differences do not reach.

        ``hard`` are the differences that are not soft, ``remade`` the tables of which the cell would make columns anew.
        """
        facts = analyse(cell.source)
        differing = {difference.read.name for difference in differences}
        first = hard[0] if hard else differences[0]
        cause = Cause.UPSTREAM if hard else first.slot.cause or Cause.UPSTREAM
        if any(
            this.is_gone or (this.slot.cause is not None and this.slot.cell in self.edited) for this in hard
        ) or _of_project(hard):
            self.edited.add(cell.index)
        effects = first.slot.effects
        written = {write.name: write for write in last.writes}
        kept = self._kept(cell, last, differing)
        if remade:
            kept |= {write.name for write in last.writes if write.how is How.BOUND} - remade.keys()
        changed = self._otherwise(cell, last, differing)
        for name in sorted(written.keys() | facts.binds | facts.deletes | changed):
            write = written.get(name)
            if write is not None and (name in kept or (write.how is How.MUTATED and self.env.lacks(name))):
                self.env.write(write, cell.index, last.id)
            else:
                layout = remade.get(name) or self.tables.kept(cell.source, name, self.env.get(name))
                self.env.spoil(name, cell.index, cause, effects, layout, perhaps=not hard)
        self._spread(cell, {write.name for write in last.writes if write.how is How.MUTATED} | changed, last)
        self.env.ran(cell.source)

    def _remade(self, last: Run, differences: Iterable[Difference]) -> dict[str, Layout]:
        """The tables of which the cell would make columns anew as its last run did: all that it sees of them is the same."""
        if not differences or last.status is not RunStatus.OK or UNREPEATABLE & set(last.effects):
            return {}
        return self.tables.remade(last, {this.name: (this.read, this.slot) for this in differences})

    def _kept(self, cell: Cell, last: Run, differing: set[str]) -> frozenset[str]:
        """Names that the cell would bind as its last run did, since nothing that differs reaches them."""
        steady = analyse(cell.source).steady - imported_anew(cell.source, last, differing)
        drawn = {name for name in differing if name.startswith("<rng:")}
        draws = self._draws(cell, last).may if drawn else None
        reached = dependencies(cell.source, self.env.type_of, self.functions.names, draws)
        beyond = differing - analyse(cell.source).reads - drawn
        if beyond and any(not name.startswith(_DISPLAY_STATE) for name in beyond.difference(*reached.values())):
            return steady
        found = differing - drawn | ({DRAWN} if drawn else set())
        return steady | {name for name, names in reached.items() if not names & found}

    def _draws(self, cell: Cell, last: Run) -> Draws:
        modules = frozenset(name[len("<module:") : -1] for name in _named(last) if name.startswith("<module:"))
        return Draws(self.imports, self._type_within(cell, last), modules)

    def _type_within(self, cell: Cell, last: Run) -> Callable[[str], str]:
        """The types of names while the cell runs; ``?`` for those that it binds and whose type may be another in between."""
        facts, once = analyse(cell.source), bound_once(cell.source)
        types = dict.fromkeys(facts.binds, "?")
        for write in last.writes:
            same = write.name not in facts.reads or self.env.type_of(write.name) == write.type_name
            if write.name in once and same:
                types[write.name] = write.type_name
        return lambda name: types[name] if name in types else self.env.type_of(name)

    def _otherwise(self, cell: Cell, last: Run, differing: set[str]) -> frozenset[str]:
        """What the cell may change that its last run did not: after the place where it failed, on a branch not taken, or in
        something that was as the cell would make it, and now is not.
        """
        type_of, saved = self.env.type_of, self._may_save(cell.source)
        whole = (
            last if last.status is RunStatus.OK else next(iter(self.trail.newest_of(last.source_key, limit=1)), None)
        )
        if whole is None:
            return self.functions.may_change(cell.source, type_of) | saved
        changed = frozenset(write.name for write in whole.writes if write.how is How.MUTATED)
        again = changed_outside(cell.source, type_of, frozenset()) & differing
        on_branches = may_change(branches_of(cell.source), type_of, frozenset())
        return changed | again | (reached_outside(cell.source, on_branches) if on_branches else on_branches) | saved


_DISPLAY_STATE = ("<rcParams>", "<pandas.options>", "<numpy.printoptions>", "<warnings>")


def _keys(cell: Cell, last: Mapping[str, Run]) -> tuple[str, ...]:
    """The keys under which runs of the cell's source are on record: its own, and that of its last run."""
    own, run = source_key(cell.source), last.get(cell.id)
    return (
        (own, run.source_key) if run is not None and run.source_key != own and is_run_of(run, cell.source) else (own,)
    )


def _of_project(differences: Iterable[Difference]) -> bool:
    """True where code of the project was edited."""
    return any(difference.name.startswith("<module:") for difference in differences)


def _files_of(runs: Iterable[Run]) -> dict[str, str]:
    """The files that runs read or wrote: the ambient name of each by its path."""
    found: dict[str, str] = {}
    for run in runs:
        found |= {path: this.name for this in run.reads if this.name[0] == "<" and (path := file_of(this.name))}
        found |= {path: this.name for this in run.writes if this.name[0] == "<" and (path := file_of(this.name))}
    return found


def _named(run: Run) -> Iterator[str]:
    """The names that a run looked up or wrote."""
    yield from (read.name for read in run.reads)
    yield from (write.name for write in run.writes)


def _may_carry(effects: tuple[Effect, ...], write: Write) -> bool:
    """A child process that nobody reads from leaves Python's names alone."""
    return not (effects == (Effect.SUBPROCESS,) and write.type_name in {"module", "function", "type"})


def _surely_bound(cell: Cell, last: Run | None) -> frozenset[str]:
    """Names that a run of the cell binds whatever they held before; of a cell that failed nothing is sure."""
    failed = last is not None and last.status is not RunStatus.OK
    return frozenset() if failed else analyse(cell.source).sure
