"""From a slice to stages: which statements go together, what they take, what they hand on.

Statements keep their order as far as one depends on another. Each gets the stage that it looks like (read, prepare, split,
transform, train, evaluate; or the one that its cell is tagged with, ``stage:NAME``), and never one before a stage that it depends
on. Statements that share an object which one of them changes, or draw from one random generator, stay in one stage: a file
between stages would part what they share.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbcairn.errors import ExportError
from nbcairn.lineage.graph import label_of
from nbcairn.lineage.minimal import Slice
from nbcairn.lineage.origins import moment
from nbcairn.lineage.purity import FROZEN, TABLES, Purity
from nbcairn.lineage.settings import Settings, settings_of
from nbcairn.lineage.source import BUILTINS
from nbcairn.lineage.surroundings import Surroundings
from nbcairn.lineage.targets import Target
from nbcairn.lineage.units import Unit, UnitKind, late_names, units_of
from nbcairn.model import Document, Fingerprint, How, Run, file_of, is_ambient
from nbcairn.store import Trail

__all__ = ["ORDER", "Output", "Piece", "Plan", "Stage", "make_plan", "plan_of_slice", "reads_of_definitions", "tag_of"]

ORDER = ("read", "prepare", "split", "transform", "train", "evaluate")
_READ = re.compile(r"^(read_\w+|load\w*|genfromtxt|fromfile|imread|scan_\w+|open|read_text|read_bytes|fetch_\w+)$")
_SPLIT = re.compile(r"^(train_test_split|random_split|split|TimeSeriesSplit|\w*KFold|\w*ShuffleSplit)$")
_TRAIN = re.compile(r"^(fit|partial_fit|train|fit_predict|minimize|curve_fit|GridSearchCV|RandomizedSearchCV)$")
_EVALUATE = re.compile(
    r"^(\w+_score|score|predict|predict_proba|classification_report|confusion_matrix|mean_\w+_error|roc_curve|evaluate|"
    r"dump|save\w*|to_csv|to_parquet|to_json|to_excel|write_text|write_bytes|savefig|from_estimator|from_predictions)$"
)
_TAG = re.compile(r"^stage:([A-Za-z_]\w*)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of the slice with what it does to names in the order of the slice."""

    number: int
    run: Run
    unit: Unit
    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]

    @property
    def writes(self) -> frozenset[str]:
        """Names that it binds or may change in place."""
        return self.binds | self.changes


@dataclass(frozen=True, slots=True)
class Output:
    """A value that a stage hands on. ``fingerprint`` is what was recorded of it, where just this was recorded."""

    name: str
    type_name: str
    fingerprint: Fingerprint | None = None
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Stage:
    """Statements that run together: ``takes`` names which earlier stages hand on, with the stage that does."""

    name: str
    pieces: list[Piece]
    takes: dict[str, str] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    reads_files: list[str] = field(default_factory=list)
    writes_files: list[str] = field(default_factory=list)
    params: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The stages in order, with what several share: imports, constants, definitions, settings."""

    found: Slice
    stages: list[Stage]
    imports: list[Piece]
    constants: list[Piece]
    definitions: list[Piece]
    settings: Settings
    purity: Purity
    setup: list[Piece] = field(default_factory=list)

    def text(self, piece: Piece) -> str:
        """The code of a piece with names in place of lifted settings."""
        return self.settings.text(piece.number, piece.unit)


def plan_of_slice(trail: Trail, document: Document | None, found: Slice, targets: Iterable[Target]) -> Plan:
    """The plan for the slice that makes these versions, with the tags that the document has now. Raises ExportError."""
    sessions = {part.run.session_id for part in found.parts}
    runs = sorted((run for key in sessions for run in trail.runs(session_id=key)), key=moment)
    tags = {cell.id: cell.tags for cell in document.code} if document else {}
    names = {target.name for target in targets if target.name is not None and file_of(target.name) is None}
    return make_plan(found, Surroundings(runs), tags, names)


def make_plan(found: Slice, around: Surroundings, tags: Mapping[str, tuple[str, ...]], wanted: Iterable[str]) -> Plan:
    """Divide a slice into stages; ``wanted`` names are handed on by the last stage that writes them.

    ``tags`` are those of the document's cells. Raises ExportError, naming the cell, where code cannot become functions.
    """
    pieces = list(_pieces(found, around))
    types = _types(found)
    purity = Purity(around.imports, lambda name: types.get(name, ""), frozenset(around.own))
    settings = settings_of([piece.unit for piece in pieces], frozenset(n for p in pieces for n in p.changes))
    imports = [piece for piece in pieces if piece.unit.kind is UnitKind.IMPORT]
    definitions = [piece for piece in pieces if piece.unit.kind is UnitKind.DEFINITION]
    changed = {name for piece in pieces for name in piece.changes}
    bound = [name for piece in pieces for name in piece.binds]
    constants = [
        piece
        for piece in pieces
        if piece.unit.kind is UnitKind.LITERAL
        and piece.number not in settings.moved
        and all(bound.count(name) == 1 and name not in changed for name in piece.binds)
    ]
    apart = {piece.number for piece in (*imports, *definitions, *constants)} | settings.moved
    rest = [piece for piece in pieces if piece.number not in apart]
    setup = [piece for piece in rest if _is_setup(piece, around)]
    rest = [piece for piece in rest if piece not in setup]
    plan = Plan(found, [], imports, constants, definitions, settings, purity, setup)
    plan.stages = _staged(rest, purity, tags)
    _connect(plan, set(wanted), around)
    return plan


# --------------------------------------------------------------------------- pieces


def _pieces(found: Slice, around: Surroundings) -> Iterator[Piece]:
    number = 0
    for part in found.parts:
        units = part.units if part.units is not None else units_of(part.run.source)
        if units is None:
            raise ExportError(
                f"The cell {label_of(part.run.source)!r} cannot become a function: it uses magics, `import *`, or the"
                " namespace as a whole.",
                "Write it as plain Python, run it again, and export anew.",
            )
        purity = around.purity(part.run)
        in_slice = frozenset(name for p in found.parts for u in (p.units or ()) for name in u.binds)
        for unit in units:
            if unit.kind is UnitKind.MAGIC:
                continue
            if any(isinstance(node, ast.Global) for top in unit.nodes for node in ast.walk(top)):
                raise ExportError(
                    f"The cell {label_of(part.run.source)!r} cannot become a function: it binds a global name from"
                    " within a function.",
                    "Return the value instead, run the cell again, and export anew.",
                )
            changes = _changes(unit, part.run, purity, units)
            reads = set(unit.facts.reads)
            if unit.kind is UnitKind.ACTION:
                reads |= _deferred(unit, around) & in_slice
            yield Piece(number, part.run, unit, frozenset(reads), unit.binds, changes)
            number += 1


def _changes(unit: Unit, run: Run, purity: Purity, units: Sequence[Unit]) -> frozenset[str]:
    """Names whose content a unit changed in place: it may by its code, and its run did by the record.

    What a run changed through another name is laid to each of its units that may change anything.
    """
    may = purity.changes(unit.nodes) if unit.kind is UnitKind.ACTION else frozenset()
    if not may:
        return frozenset()
    written = {write.name: write.how for write in run.writes if not is_ambient(write.name)}
    by_code = {name for other in units for name in other.binds | purity.changes(other.nodes)}
    hidden = {name for name, how in written.items() if how is How.MUTATED and name not in by_code}
    return frozenset(((may & written.keys()) | hidden) - unit.binds - purity.imports.keys())


def _deferred(unit: Unit, around: Surroundings) -> set[str]:
    """What the notebook's own functions that a unit mentions look up when they run."""
    found: set[str] = set()
    waiting = [name for name in unit.facts.reads if name in around.own]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            inner = around.looks_up.get(name, frozenset())
            found |= inner
            waiting += [other for other in inner if other in around.own]
    return found


# --------------------------------------------------------------------------- stages


def _is_setup(piece: Piece, around: Surroundings) -> bool:
    """A statement that only sets how a library behaves: it stands in every stage."""
    written = {write.name for write in piece.run.writes}
    settings = {name for name in written if is_ambient(name) and file_of(name) is None and not name.startswith("<rng:")}
    plain = piece.reads <= around.imports.keys() | BUILTINS
    return bool(settings) and not piece.writes and plain and piece.unit.kind is UnitKind.ACTION


def _staged(pieces: Sequence[Piece], purity: Purity, tags: Mapping[str, tuple[str, ...]]) -> list[Stage]:
    """The stages in order: each piece at its own level or a later one, as its dependences demand."""
    named = [_tagged(piece, tags) for piece in pieces]
    after_split: set[int] = set()
    levels: list[float] = []
    names: dict[float, str] = {float(rank): name for rank, name in enumerate(ORDER)}
    for n, piece in enumerate(pieces):
        before = [m for m in range(n) if _conflict(pieces[m], piece)]
        if any(m in after_split or levels[m] == ORDER.index("split") for m in before):
            after_split.add(n)
        own = float(ORDER.index(_looks_like(piece.unit, split=n in after_split)))
        if named[n]:
            own = _level_of_tag(named[n], own, names)
        levels.append(max([own, *(levels[m] for m in before)]))
    _settle(pieces, levels, purity, pinned={n for n, name in enumerate(named) if name})
    stages: dict[float, Stage] = {}
    for n in sorted(range(len(pieces)), key=lambda n: (levels[n], n)):
        stages.setdefault(levels[n], Stage(names[levels[n]], [])).pieces.append(pieces[n])
    return list(stages.values())


def _tagged(piece: Piece, tags: Mapping[str, tuple[str, ...]]) -> str:
    """What the cell's tags say now, where the document still has it; else what they said when it ran."""
    return tag_of(tags.get(piece.run.cell_id, piece.run.tags))


def tag_of(tags: Iterable[str]) -> str:
    """The stage that tags name (``stage:NAME``), or nothing."""
    return next((match[1] for match in map(_TAG.match, tags) if match), "")


def _level_of_tag(name: str, own: float, names: dict[float, str]) -> float:
    """A stage of the usual name has its usual place; another one comes right after what its first statement looks like."""
    for level, known in names.items():
        if known == name:
            return level
    level = own + 0.5
    while level in names:
        level += 0.01
    names[level] = name
    return level


def _settle(pieces: Sequence[Piece], levels: list[float], purity: Purity, pinned: set[int]) -> None:
    """Raise levels until what must be together is, and everything stands after what it depends on."""
    together = list(_inseparable(pieces, purity))
    moved = True
    while moved:
        moved = False
        for group in together:
            top = max(levels[n] for n in group)
            for n in group:
                moved |= levels[n] != top
                levels[n] = top
        for n, piece in enumerate(pieces):
            least = max((levels[m] for m in range(n) if _conflict(pieces[m], piece)), default=levels[n])
            if levels[n] < least:
                levels[n], moved = least, True


def _conflict(first: Piece, second: Piece) -> bool:
    """True when the second may not run before the first."""
    return bool(first.writes & (second.reads | second.writes) or first.reads & second.writes)


def _inseparable(pieces: Sequence[Piece], purity: Purity) -> Iterator[list[int]]:
    """Groups of pieces (by place) that must run in one process."""
    drawing = [n for n, piece in enumerate(pieces) if any(w.name.startswith("<rng:") for w in piece.run.writes)]
    if len(drawing) > 1:
        yield drawing
    for n, piece in enumerate(pieces):
        for changed in piece.changes:
            makers = _sharing(pieces, n, changed, purity)
            if len(makers) > 1:
                yield sorted(makers)


def _sharing(pieces: Sequence[Piece], last: int, changed: str, purity: Purity) -> set[int]:
    """The piece that changes an object in place, and those that put it, or what holds it, under several names."""
    group, names = {last}, {changed}
    for n in range(last - 1, -1, -1):
        bound = pieces[n].binds & names
        shared = {name for name in _shares(pieces[n].unit, purity) if name not in names} if bound else set()
        if shared:
            group.add(n)
            names |= shared
    others = names - {changed}
    return group | {n for n in range(last) if pieces[n].binds & others} if others else {last}


def _shares(unit: Unit, purity: Purity) -> set[str]:
    """Names whose objects the names that a unit binds may hold or be."""
    found: set[str] = set()
    for node in unit.nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            found |= _held_by(node.value, purity)
        elif not isinstance(node, ast.Expr):
            found |= {
                name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
            }
    return {name for name in found if _is_shared_by_holding(name, purity)}


def _is_shared_by_holding(name: str, purity: Purity) -> bool:
    """Tables and arrays are copied, or copied when written, where they are handed on; what never changes is no matter."""
    kind = purity.type_of(name)
    return name not in purity.imports and name not in purity.own and kind not in FROZEN | TABLES | {"ndarray"}


def _held_by(node: ast.expr, purity: Purity) -> set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare | ast.BinOp | ast.UnaryOp):
        return set()
    if isinstance(node, ast.Call):
        held = {
            name
            for part in (*node.args, *(keyword.value for keyword in node.keywords))
            for name in _held_by(part, purity)
        }
        if isinstance(node.func, ast.Attribute):
            held |= _held_by(node.func.value, purity)
        # A call that is known to leave its arguments alone gives back values of its own.
        return held if purity.changes([node]) else set()
    return {
        name for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) for name in _held_by(child, purity)
    }


def _looks_like(unit: Unit, *, split: bool) -> str:
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for top in unit.nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Call)
    }
    for pattern, name in ((_TRAIN, "train"), (_SPLIT, "split"), (_EVALUATE, "evaluate"), (_READ, "read")):
        if any(pattern.match(call) for call in calls):
            return name
    return "transform" if split else "prepare"


# --------------------------------------------------------------------------- what flows between


def _types(found: Slice) -> dict[str, str]:
    """The type that each name last had in the slice."""
    return {write.name: write.type_name for part in found.parts for write in part.run.writes}


def _connect(plan: Plan, wanted: set[str], around: Surroundings) -> None:
    lifted = set(plan.settings.found)
    last: dict[str, Stage] = {}
    for stage in plan.stages:
        bound: set[str] = set()
        for piece in stage.pieces:
            for name in sorted(piece.reads | piece.changes):
                if name not in bound and name in last and name not in lifted:
                    stage.takes[name] = last[name].name
            bound |= piece.unit.sure | piece.binds
        for piece in stage.pieces:
            last |= dict.fromkeys(piece.writes - lifted, stage)
        stage.params = sorted(_settings_in(plan, stage, around))
        _files(plan, stage)
    for stage in plan.stages:
        handed_on = {name for later in plan.stages for name, source in later.takes.items() if source == stage.name}
        handed_on |= {name for name in wanted if last.get(name) is stage}
        stage.outputs = [_output(plan, stage, name) for name in sorted(handed_on)]


def _settings_in(plan: Plan, stage: Stage, around: Surroundings) -> set[str]:
    """Settings that the code of a stage mentions, also within the functions that it calls and in what every stage sets."""
    found: set[str] = set()
    for piece in (*stage.pieces, *plan.setup):
        found |= {edit.text for edit in plan.settings.edits.get(piece.number, ())}
        found |= piece.reads & plan.settings.found.keys()
        found |= _deferred(piece.unit, around) & plan.settings.found.keys()
    return found


def _files(plan: Plan, stage: Stage) -> None:
    for piece in stage.pieces:
        if piece.unit.kind is not UnitKind.ACTION:
            continue
        for access in piece.run.files:
            places = stage.reads_files if access.mode == "read" else stage.writes_files
            if access.path not in places and _is_about(plan, piece, access.path):
                places.append(access.path)


def _is_about(plan: Plan, piece: Piece, path: str) -> bool:
    """True when this piece names the file, or none of its run's pieces does."""
    mentioning = [
        p for s in (*plan.stages,) for p in s.pieces if p.run.id == piece.run.id and _names_file(p, path, plan)
    ]
    return piece in mentioning if mentioning else True


def _names_file(piece: Piece, path: str, plan: Plan) -> bool:
    base = path.rpartition("/")[2]
    texts = {
        node.value
        for top in piece.unit.nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    texts |= {str(plan.settings.found[name].value) for name in piece.reads & plan.settings.found.keys()}
    return any(text.replace("\\", "/").endswith(base) for text in texts)


def _output(plan: Plan, stage: Stage, name: str) -> Output:
    writers = [piece for piece in stage.pieces if name in piece.writes]
    run = writers[-1].run
    write = next((write for write in run.writes if write.name == name), None)
    kind = write.type_name if write else plan.purity.type_of(name)
    if write is None or write.fingerprint is None or kind in plan.purity.own or name in _holding_own(plan):
        return Output(name, kind)
    final = _last_to_touch(plan, run, name) in stage.pieces
    return Output(name, kind, write.fingerprint if final and write.fingerprint.coverage == "full" else None)


def _holding_own(plan: Plan) -> set[str]:
    """Names of values that may hold a function or class of the notebook: in the project it lives in another module, and a
    value that holds it has another fingerprint.
    """
    found: set[str] = set()
    for stage in plan.stages:
        for piece in stage.pieces:
            if _passes_on(piece.unit, plan.purity.own) or piece.reads & found:
                found |= {n for n in piece.writes if plan.purity.type_of(n) not in FROZEN | TABLES | {"ndarray"}}
    return found


def _passes_on(unit: Unit, own: Iterable[str]) -> bool:
    """True when a unit mentions one of these names other than to call it."""
    nodes = [node for top in unit.nodes for node in ast.walk(top)]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Name) and node.id in own and id(node) not in called for node in nodes)


def _last_to_touch(plan: Plan, run: Run, name: str) -> Piece | None:
    """The last piece of a run that writes a name; None when a statement that was left out may be it."""
    own = [piece for stage in plan.stages for piece in stage.pieces if piece.run.id == run.id and name in piece.writes]
    last = max(own, key=lambda piece: piece.number, default=None)
    units = units_of(run.source) or ()
    after = [unit for unit in units if last is not None and unit.lines[0] > last.unit.lines[1]]
    return None if any(name in unit.binds for unit in after) else last


def reads_of_definitions(plan: Plan) -> dict[int, frozenset[str]]:
    """For each definition: names it looks up that are neither imports, builtins, constants nor other definitions."""
    shared = set(BUILTINS) | {
        name for piece in (*plan.imports, *plan.constants, *plan.definitions) for name in piece.binds
    }
    return {piece.number: late_names(piece.unit.plain) - shared - _locals(piece.unit) for piece in plan.definitions}


def _locals(unit: Unit) -> set[str]:
    """Names that functions of the unit bind themselves."""
    found: set[str] = set()
    for top in unit.nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return found
