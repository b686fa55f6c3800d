"""Why a cell is not the same: from two traces of it, the recorded one and the one just made.

Where an input differs, that is the cause, and what made it leads to another cell, a file, a module, a generator or to the
order in which cells were run. Where every input is equal, the code itself gives different results, and what it asked of the
world (entropy, clock, network) says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbcairn.lineage.narrate import first_line
from nbcairn.lineage.source import is_run_of
from nbcairn.model import Cell, Effect, Finding, Read, Run, RunStatus, Session, file_of, is_ambient
from nbcairn.verify.names import comparable, equal
from nbcairn.verify.packages import changed_versions, imported_packages
from nbcairn.verify.result import Cause, CauseKind, Difference, VerifiedCell, What

__all__ = ["Case", "Scene", "by_hash_order", "causes_of"]

_SEEDS = {
    "<rng:python>": "random.seed(0)",
    "<rng:numpy>": "np.random.seed(0)",
    "<rng:torch>": "torch.manual_seed(0)",
}
_EFFECTS = {
    Effect.ENTROPY: (
        CauseKind.RANDOM,
        "it draws from the system's entropy: a generator without a seed, or a new uuid",
        "Give the generator a seed, such as `np.random.default_rng(0)` or `random_state=0`.",
    ),
    Effect.CLOCK: (
        CauseKind.CLOCK,
        "it asks the clock",
        "Set the time as a value in a cell where the result depends on it.",
    ),
    Effect.NETWORK: (CauseKind.NETWORK, "it reads from the network", "Save what was fetched to a file and read that."),
    Effect.SUBPROCESS: (
        CauseKind.SUBPROCESS,
        "it runs another program",
        "Move set-up commands out of the notebook, or keep the program's output in a file.",
    ),
    Effect.INPUT: (CauseKind.INPUT, "it asks a person for input", "Write the answer as a value into the cell."),
}
_ORDER_CODES = ("CN101", "CN104", "CN105", "CN106", "CN107", "CN108", "CN109")
_STATE = {
    "<rcParams>": "matplotlib's settings (`rcParams`)",
    "<pandas.options>": "pandas' options",
    "<numpy.printoptions>": "numpy's print options",
    "<cwd>": "the working folder",
    "<environ>": "the environment variables",
    "<warnings>": "the warning filters",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One cell that is not the same, with what is known of it."""

    cell: Cell
    before: Run | None
    after: Run | None
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...] = ()
    count_before: int | None = None


@dataclass(slots=True)
class Scene:
    """What is known of the whole run so far, top to bottom."""

    cells: Mapping[int, Cell]
    after_session: Session | None = None
    sessions: Mapping[str, Session] = field(default_factory=dict)
    made_by: dict[str, int] = field(default_factory=dict)
    """Index of the cell of each run of the verification."""
    different: dict[int, frozenset[str]] = field(default_factory=dict)
    """Names that differ after each cell that was found different."""
    runs: list[Run] = field(default_factory=list)
    counts: dict[int, int | None] = field(default_factory=dict)
    """Execution counts saved in the file, by index."""
    saved_python: str = ""
    measured: frozenset[str] = frozenset()
    """Names that hold a time and nothing else at this point."""


def causes_of(case: Case, scene: Scene) -> tuple[Cause, ...]:
    """The causes of a cell's differences, the likeliest first; never empty."""
    found: dict[tuple[CauseKind, int | None, str], Cause] = {}
    for cause in _candidates(case, scene):
        key = (cause.kind, cause.cell, cause.message if cause.cell is None else "")
        if key in found:
            known = found[key]
            names = tuple(dict.fromkeys((*known.names, *cause.names)))
            found[key] = Cause(cause.kind, known.message, known.remedy, cause.cell, names)
        else:
            found[key] = cause
    ordered = sorted(found.values(), key=lambda cause: list(CauseKind).index(cause.kind))
    return tuple(_named(cause) for cause in ordered) or (_unexplained(case),)


def _candidates(case: Case, scene: Scene) -> Iterator[Cause]:
    edited = case.before is not None and not is_run_of(case.before, case.cell.source)
    if edited:
        yield Cause(
            CauseKind.EDITED,
            "the code was edited after it ran, so what it showed belongs to other code",
            "Run the cell; or take the edit back (the code that ran is in its history).",
        )
    interrupted = case.before is not None and case.before.status is RunStatus.INTERRUPTED
    if interrupted:
        yield Cause(CauseKind.INTERRUPTED, "its last run was interrupted", "Run the cell to its end.")
    inputs = list(_by_inputs(case, scene))
    yield from inputs
    yield from (cause for cause in _by_error(case) if cause.kind is not CauseKind.ERROR or not inputs)
    if inputs or edited or interrupted:
        return
    own = list(_by_effects(case))
    yield from own or _by_ancestors(case, scene)
    yield from _by_versions(case, scene)
    if case.before is None:
        yield from _by_counts(case, scene)


# --------------------------------------------------------------------------- inputs that differ


def _by_inputs(case: Case, scene: Scene) -> Iterator[Cause]:
    if case.after is None:
        return
    known = {read.name: read for read in case.before.reads} if case.before else None
    for read in case.after.reads:
        if known is None:
            yield from _alone(case, read, scene)
        elif read.name in known and not equal(known[read.name].fingerprint, read.fingerprint):
            yield from _differing(case, known[read.name], read, scene)
        elif read.name in known and not comparable(known[read.name].fingerprint, read.fingerprint):
            yield from _from_above(read, scene)


def _alone(case: Case, read: Read, scene: Scene) -> Iterator[Cause]:
    """Without an earlier run: what came from a cell that differs, and what nothing has seeded."""
    if read.name in _SEEDS and not _seeded(read.name, case.cell.index, scene):
        yield _unseeded(read.name)
    yield from _from_above(read, scene)


def _from_above(read: Read, scene: Scene) -> Iterator[Cause]:
    """The cell that made an input, where that cell differs in it."""
    maker = scene.made_by.get(read.run_id or "")
    if maker is not None and read.name in scene.different.get(maker, ()):
        cell = scene.cells[maker]
        told = f"cell {maker + 1} (`{first_line(cell.source, 40)}`)"
        yield Cause(
            CauseKind.UPSTREAM, f"it follows from {told}", f"Settle cell {maker + 1} first.", maker, (read.name,)
        )


def _differing(case: Case, old: Read, new: Read, scene: Scene) -> Iterator[Cause]:
    name, path = new.name, file_of(new.name)
    if name in _SEEDS and not _seeded(name, case.cell.index, scene):
        yield _unseeded(name)
        return
    above = list(_from_above(new, scene))
    if above:
        yield from above
    elif name in scene.measured:
        message = f"it uses `{name}`, a time that differs in every run"
        yield Cause(CauseKind.CLOCK, message, _EFFECTS[Effect.CLOCK][2], names=(name,))
    elif path is not None and (new.run_id or "") not in scene.made_by:
        yield _file(path, old, new, case)
    elif name.startswith("<module:"):
        yield Cause(
            CauseKind.MODULE,
            f"the project's module {name[8:-1]} has other code now than when the cell ran",
            "Restart the kernel and run the cells that use it.",
            names=(name,),
        )
    elif name in _SEEDS:
        yield _other_draws(name)
    elif name in _STATE:
        message = (
            f"{_STATE[name]} were set otherwise when it ran" if name != "<cwd>" else "it ran in another working folder"
        )
        yield Cause(CauseKind.STATE, message, "Set them in a cell above that is always run.", names=(name,))
    elif path is not None or not (is_ambient(name) or _is_library(new, scene)):
        yield _order(case, old, new, scene)


def _file(path: str, old: Read, new: Read, case: Case) -> Cause:
    if new.fingerprint is None:
        return Cause(CauseKind.FILE, f"the file {path} is no longer there", "Bring the file back.", names=(path,))
    sizes = [_size(run, path) for run in (case.before, case.after)]
    told = f" ({sizes[0]:,} bytes then, {sizes[1]:,} now)" if None not in sizes and sizes[0] != sizes[1] else ""
    message = f"the file {path} has changed since the cell read it{told}"
    return Cause(CauseKind.FILE, message, "Run the cell again to use the file as it is now.", names=(path,))


def _size(run: Run | None, path: str) -> int | None:
    return next((access.size for access in run.files if access.path == path), None) if run else None


def _seeded(generator: str, index: int, scene: Scene) -> bool:
    """True when a cell above put the generator into a state of its own making."""
    for run in scene.runs:
        if scene.made_by.get(run.id, index) >= index:
            continue
        written = any(
            write.name == generator and comparable(write.fingerprint, write.fingerprint) for write in run.writes
        )
        if written and not any(read.name == generator for read in run.reads):
            return True
    return False


def _unseeded(generator: str) -> Cause:
    return Cause(
        CauseKind.RANDOM,
        "it draws random numbers that no cell above has seeded",
        f"Add `{_SEEDS[generator]}` to a cell above, or give the call its own random_state.",
        names=(generator,),
    )


def _other_draws(generator: str) -> Cause:
    return Cause(
        CauseKind.ORDER,
        "it drew from a seeded generator after other draws than a run from the top makes",
        "Run the cells from the one that seeds down to this one, in order.",
        names=(generator,),
    )


def _is_library(read: Read, scene: Scene) -> bool:
    """True for a module, or what was imported from one: its version is told with the packages."""
    maker = next((run for run in scene.runs if run.id == read.run_id), None)
    write = next((write for write in maker.writes if write.name == read.name), None) if maker else None
    return write is not None and write.type_name in {"module", "function", "type", "builtin_function_or_method"}


def _order(case: Case, old: Read, new: Read, scene: Scene) -> Cause:
    """The replay has words for it; else what the two traces say."""
    called = file_of(new.name) or new.name
    for finding in case.findings:
        if finding.code in _ORDER_CODES and new.name in finding.names:
            message = finding.message.rstrip(".")
            return Cause(CauseKind.ORDER, message[0].lower() + message[1:], finding.remedy, names=(new.name,))
    if new.fingerprint is None:
        return Cause(
            CauseKind.ORDER,
            f"no cell above makes `{called}`, which it used when it ran",
            "Define it in a cell above.",
            names=(new.name,),
        )
    maker = scene.made_by.get(new.run_id or "")
    by = f", which cell {maker + 1} makes," if maker is not None else ""
    held = "held something else" if old.fingerprint else "was not defined"
    return Cause(
        CauseKind.ORDER,
        f"`{called}`{by} {held} when it ran: the cells were run in another order",
        "Run the cells in order.",
        names=(new.name,),
    )


# --------------------------------------------------------------------------- equal inputs


def _by_error(case: Case) -> Iterator[Cause]:
    run = case.after
    shown = next((d.after for d in case.differences if d.what is What.ERROR and d.after), "")
    if not shown and (run is None or run.status is RunStatus.OK):
        return
    told = shown or (f"{run.error_type}: {run.error_message}" if run else "")
    kind = told.partition(":")[0]
    if kind in {"ModuleNotFoundError", "ImportError"}:
        yield Cause(CauseKind.PACKAGE, told[:200], "Install the package in this kernel's environment.")
    elif kind == "FileNotFoundError":
        yield Cause(CauseKind.FILE, told[:200], "Bring the file back, or name the one that replaced it.")
    elif kind == "StdinNotImplementedError":
        message, remedy = _EFFECTS[Effect.INPUT][1:]
        yield Cause(CauseKind.INPUT, message, remedy)
    elif any(difference.what is What.ERROR for difference in case.differences):
        yield Cause(CauseKind.ERROR, f"it fails: {told[:200]}", "Mend the error, or tag the cell `raises-exception`.")


def _by_effects(case: Case) -> Iterator[Cause]:
    runs = [run for run in (case.before, case.after) if run is not None]
    effects = {effect for run in runs for effect in run.effects}
    for effect, (kind, message, remedy) in _EFFECTS.items():
        if effect in effects:
            yield Cause(kind, message, remedy)


def _by_ancestors(case: Case, scene: Scene) -> Iterator[Cause]:
    """What cells that its inputs come from asked of the world, where those inputs cannot be compared with earlier ones."""
    known = {read.name: read.fingerprint for read in case.before.reads} if case.before else {}
    reads = case.after.reads if case.after else ()
    unsure = [read for read in reads if case.before is None or not comparable(known.get(read.name), read.fingerprint)]
    for run in _ancestors(unsure, scene):
        index = scene.made_by[run.id]
        cell = f"cell {index + 1} (`{first_line(run.source, 40)}`), which its input comes from"
        for read in run.reads:
            if read.name in _SEEDS and not _seeded(read.name, index, scene):
                told = f"{cell}, draws random numbers that no cell above it has seeded"
                yield Cause(CauseKind.RANDOM, told, f"Add `{_SEEDS[read.name]}` above cell {index + 1}.", index)
        for effect, (kind, message, remedy) in _EFFECTS.items():
            if effect in run.effects:
                yield Cause(kind, f"{cell}, {message.removeprefix('it ')}", remedy, index)


def _ancestors(reads: Iterable[Read], scene: Scene) -> list[Run]:
    """The runs of this verification that these inputs were made by, directly or not, from the top."""
    by_id = {run.id: run for run in scene.runs}
    found: dict[str, Run] = {}
    waiting = [read.run_id for read in reads]
    while waiting:
        run = by_id.get(waiting.pop() or "")
        if run is not None and run.id not in found and run.id in scene.made_by:
            found[run.id] = run
            waiting += [read.run_id for read in run.reads]
    return sorted(found.values(), key=lambda run: run.id)


def _by_versions(case: Case, scene: Scene) -> Iterator[Cause]:
    after = scene.after_session
    if case.before is None or after is None:
        python = after.python if after else ""
        if case.before is None and scene.saved_python and python and scene.saved_python != python:
            yield _versions((f"Python {scene.saved_python} → {python}",))
        return
    before = scene.sessions.get(case.before.session_id)
    if before is None:
        return
    wanted = imported_packages(cell.source for index, cell in scene.cells.items() if index <= case.cell.index)
    own, rest = changed_versions(before, after, wanted)
    if own:
        yield _versions(own)
    elif rest:
        told = f"{', '.join(rest[:3])}{f' and {len(rest) - 3} more' if len(rest) > 3 else ''}"
        yield _versions((f"packages that the notebook does not import itself: {told}",))


def _versions(changes: tuple[str, ...]) -> Cause:
    remedy = "Use the versions it was made with, or run it again and keep the new result."
    return Cause(CauseKind.PACKAGE, f"other versions: {', '.join(changes)}", remedy)


def _by_counts(case: Case, scene: Scene) -> Iterator[Cause]:
    """Saved execution counts tell an order, and nothing else."""
    own = scene.counts.get(case.cell.index)
    later = [
        index for index, count in scene.counts.items() if index < case.cell.index and count and own and count > own
    ]
    if later:
        cell = later[-1]
        yield Cause(
            CauseKind.ORDER,
            f"its execution count [{own}] is lower than that of cell {cell + 1} above it [{scene.counts[cell]}]: "
            "the saved notebook was run in another order",
            "Run the cells in order and save.",
        )


def _unexplained(case: Case) -> Cause:
    if case.before is None:
        return Cause(
            CauseKind.NOT_RECORDED,
            "no earlier run is recorded, so nothing tells how the saved output came about",
            "Track the notebook (`%load_ext nbcairn`), run it, and the next difference has a name.",
        )
    unseen = [difference.what is What.VALUE and not difference.before for difference in case.differences]
    if unseen and all(unseen):
        return Cause(
            CauseKind.NOT_REPEATABLE,
            "equal code and equal inputs left another value, though it shows the same: an object may hold scratch memory, "
            "a cache, an address or texts in the order of a set, which is another in each process",
            "Nothing is wrong if the parts of it that you use are the same; look at those in a cell of their own.",
            names=tuple(difference.name for difference in case.differences),
        )
    if any(map(_in_another_order, case.differences)):
        return Cause(
            CauseKind.NOT_REPEATABLE,
            "it shows the same in another order: texts in a set come in another order in each process (hash order)",
            _SORT,
        )
    return Cause(
        CauseKind.NOT_REPEATABLE,
        "it is not repeatable: equal code and equal inputs gave another result",
        "Look for an unordered set, an unseeded generator, or parallel work.",
    )


def by_hash_order(cells: Sequence[VerifiedCell]) -> tuple[VerifiedCell, ...]:
    """The cells, where one whose value differs unseen is followed by one that shows the same words in another order.

    That is how sets of texts differ between processes, so it is the cause of the first as well.
    """
    above = {cell.index: {cause.cell for cause in cell.causes if cause.kind is CauseKind.UPSTREAM} for cell in cells}
    shown: dict[int, int] = {}
    for cell in cells:
        if any(map(_in_another_order, cell.differences)):
            waiting = set(above[cell.index])
            while waiting:
                index = waiting.pop()
                if index is not None and index not in shown:
                    shown[index] = cell.index
                    waiting |= above.get(index, set())
    return tuple(_in_hash_order(cell, shown[cell.index]) if cell.index in shown else cell for cell in cells)


def _in_hash_order(cell: VerifiedCell, shown: int) -> VerifiedCell:
    message = (
        "texts in a set come in another order in each process (hash order), and so it left another value: "
        f"cell {shown + 1}, which follows from it, shows the same in another order"
    )
    causes = (
        replace(cause, message=message, remedy=_SORT)
        if cause.kind is CauseKind.NOT_REPEATABLE and cause.names
        else cause
        for cause in cell.causes
    )
    return replace(cell, causes=tuple(causes))


_SORT = "Sort them (`sorted(names)`), or start kernels with PYTHONHASHSEED=0."


def _in_another_order(difference: Difference) -> bool:
    """True where the line that differs has the same words before and after."""
    before, after = (sorted(re.findall(r"\w+", text)) for text in (difference.before, difference.after))
    return difference.what in {What.TEXT, What.VALUE} and len(before) > 1 and before == after


def _named(cause: Cause) -> Cause:
    """An upstream cause says which names it came by."""
    if cause.kind is not CauseKind.UPSTREAM or not cause.names:
        return cause
    quoted = ", ".join(f"`{name}`" for name in cause.names[:4])
    more = f" and {len(cause.names) - 4} more" if len(cause.names) > 4 else ""
    return Cause(cause.kind, f"{cause.message} through {quoted}{more}", cause.remedy, cause.cell, cause.names)
