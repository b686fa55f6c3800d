"""Literals in code that look like settings: paths, seeds, sizes, hyperparameters, with names taken from the code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nbcairn.lineage.units import Unit, UnitKind

__all__ = ["Edit", "Setting", "Settings", "apply_edits", "settings_of"]

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

_SETTING = re.compile(
    r"^([A-Z][A-Z0-9_]*|.*(seed|random_state|size|frac|ratio|rate|alpha|beta|gamma|lambda|epochs?|batch|depth|threshold|limit|"
    r"cutoff|path|file|folder|url|window|lags?|steps|tol|neighbors|clusters|components|estimators|iter|leaf|leaves|C|penalty|"
    r"kernel|degree|quantile|horizon|nrows|folds?|cv)|(n|num|min|max)_.*|lr|k)$"
)
_NOT_WHERE = re.compile(
    r"^(plot|hist|scatter|bar|barh|line|box|kde|pie|subplots|figure|legend|set.*|title|xlabel|ylabel|text|annotate|axhline|axvline|"
    r"fill_between|savefig|imshow|heatmap|print|round|grid|tight_layout|show|suptitle|colorbar|tick_params|pairplot|displot|"
    r"catplot|lineplot|scatterplot|barplot|boxplot|histplot)$"
)
_READERS = re.compile(r"^(read_\w+|load\w*|open|Path|genfromtxt|fromfile|imread|scan_\w+)$")
_WRITERS = re.compile(r"^(to_\w+|save\w*|dump|write_\w+|Path|open|sink_\w+)$")
_SHARED = re.compile(r"(seed|random_state)$", re.IGNORECASE)
_FILE = re.compile(r"^[\w./\\ ~-]*[\w-]\.\w{1,8}$")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value under a name: ``test_size`` is 0.25.

    ``is_path`` for a file that the code reads or writes; ``assigned`` when the code has it under this name already.
    """

    name: str
    value: Plain
    is_path: bool = False
    assigned: bool = False

    @property
    def code(self) -> str:
        """The assignment."""
        return f"{self.name} = {self.value!r}"


@dataclass(frozen=True, slots=True)
class Edit:
    """A literal of a unit to be replaced by a name: its place counts lines of the cell from 1 and UTF-8 bytes from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(slots=True)
class Settings:
    """What was found. Units are known by their place in the list that was asked about."""

    found: dict[str, Setting] = field(default_factory=dict)
    edits: dict[int, list[Edit]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    """Units that only bind settings: their values come from outside now."""

    def text(self, number: int, unit: Unit) -> str:
        """The text of a unit with names in place of lifted literals."""
        return apply_edits(unit, self.edits.get(number, ()))


def settings_of(units: Sequence[Unit], changed: frozenset[str] = frozenset()) -> Settings:
    """The settings in the units of a slice; ``changed`` are names that some unit changes in place."""
    settings = Settings()
    bound = Counter(name for unit in units for name in unit.binds)
    taken = set(bound) | {name for unit in units for name in unit.facts.reads}
    for number, unit in enumerate(units):
        if unit.kind is UnitKind.LITERAL and not (unit.binds & changed) and all(bound[n] == 1 for n in unit.binds):
            _move(settings, number, unit)
    for number, unit in enumerate(units):
        if unit.kind is UnitKind.ACTION:
            for node in unit.nodes:
                _lift(settings, number, node, taken)
    return settings


def _move(settings: Settings, number: int, unit: Unit) -> None:
    found = []
    for node in unit.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if (
            not isinstance(target, ast.Name)
            or value is None
            or (isinstance(node, ast.Assign) and len(node.targets) > 1)
        ):
            return
        literal = ast.literal_eval(value)
        path = isinstance(literal, str) and bool(_FILE.match(literal))
        if not _is_plain(literal) or not (_SETTING.match(target.id) or path):
            return
        found.append(Setting(target.id, literal, path, assigned=True))
    settings.found |= {setting.name: setting for setting in found}
    settings.moved.add(number)


def _lift(settings: Settings, number: int, node: ast.stmt, taken: set[str]) -> None:
    about = _target_of(node)
    for call in _calls(node):
        function = _called(call)
        if _NOT_WHERE.match(function):
            continue
        for keyword in call.keywords:
            if keyword.arg and _SETTING.match(keyword.arg) and _is_number_or_text(keyword.value):
                _put(settings, number, keyword.value, [keyword.arg, *_prefixed(about, function, keyword.arg)], taken)
        if call.args and (_READERS.match(function) or _WRITERS.match(function)):
            for argument in call.args[:2]:
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and _FILE.match(argument.value)
                ):
                    _put(settings, number, argument, _path_names(about, argument.value), taken, is_path=True)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that happen when the statement runs, in the order of the text."""
    deferred = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    if isinstance(node, deferred):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _put(
    settings: Settings, number: int, node: ast.expr, names: Iterable[str], taken: set[str], *, is_path: bool = False
) -> None:
    value = ast.literal_eval(node)
    name = _free(settings, names, value, taken, shared=is_path)
    settings.found[name] = Setting(name, value, is_path)
    taken.add(name)
    edit = Edit(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0, name)
    settings.edits.setdefault(number, []).append(edit)


def _free(settings: Settings, names: Iterable[str], value: Plain, taken: set[str], *, shared: bool) -> str:
    """The first name that is free, or that has this value already and may be shared."""
    last = ""
    for name in names:
        known = settings.found.get(name)
        same = known is not None and type(known.value) is type(value) and known.value == value
        if name not in taken or (same and (shared or _SHARED.search(name))):
            return name
        last = name
    number = 2
    while f"{last}_{number}" in taken:
        number += 1
    return f"{last}_{number}"


def _prefixed(about: str, function: str, word: str) -> list[str]:
    found = [f"{about}_{word}"] if about else []
    return [*found, f"{_snake(function)}_{word}"]


def _path_names(about: str, path: str) -> list[str]:
    stem = re.sub(r"\W+", "_", re.split(r"[/\\]", path)[-1].rpartition(".")[0]).strip("_").lower() or "file"
    stem = stem if not stem[0].isdigit() else f"file_{stem}"
    return [f"{stem}_path", *([f"{about}_path"] if about else []), f"{stem}_file_path"]


def _target_of(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _is_number_or_text(node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _is_plain(value: object) -> bool:
    """True for what JSON and YAML give back as it was."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(_is_plain, value.values()))
    return value is None or isinstance(value, bool | int | float | str)


def apply_edits(unit: Unit, edits: Iterable[Edit]) -> str:
    """The text of a unit with some literals replaced."""
    first = unit.lines[0]
    lines = [line.encode("utf-8", "surrogatepass") for line in unit.text.split("\n")]
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        top, bottom = edit.line - first, edit.end_line - first
        joined = lines[top][: edit.column] + edit.text.encode() + lines[bottom][edit.end_column :]
        lines[top : bottom + 1] = [joined]
    return b"\n".join(lines).decode("utf-8", "surrogatepass")
