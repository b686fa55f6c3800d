"""The Python of a pipeline: one module a stage, with a typed function, and what stages share."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from nbcairn.document import is_anonymous
from nbcairn.exporters.pipeline.imports import import_block
from nbcairn.exporters.pipeline.plan import Piece, Plan, Stage, reads_of_definitions
from nbcairn.lineage.narrate import in_words
from nbcairn.lineage.units import UnitKind, late_names

__all__ = ["about", "common_module", "stage_module", "suffix_of"]

_SUFFIXES = {"DataFrame": ".parquet", "Series": ".parquet", "ndarray": ".npy"}
_PLAIN = {"int", "float", "str", "bool", "NoneType"}
_TYPES = {
    "DataFrame": ("pd.DataFrame", "import pandas as pd"),
    "Series": ("pd.Series", "import pandas as pd"),
    "Index": ("pd.Index", "import pandas as pd"),
    "ndarray": ("np.ndarray", "import numpy as np"),
    **{name: (name, "") for name in ("int", "float", "str", "bool", "list", "dict", "tuple", "set", "bytes")},
}


def suffix_of(type_name: str, *, table: bool = False, model: bool = False) -> str:
    """The open format for values of a type: Parquet, npy, JSON for numbers and texts, skops for models; joblib for the rest.

    ``table`` when Parquet can hold every column of the table, ``model`` when skops can hold the model.
    """
    if type_name in _SUFFIXES:
        return _SUFFIXES[type_name] if table or type_name == "ndarray" else ".joblib"
    if model:
        return ".skops"
    return ".json" if type_name in _PLAIN else ".joblib"


def stage_module(plan: Plan, stage: Stage, suffixes: Mapping[str, str], in_common: frozenset[str]) -> str:
    """The module of one stage; ``suffixes`` tells the format of each value, ``in_common`` what the shared module has."""
    body = [*plan.setup, *_nested_definitions(plan, stage), *stage.pieces]
    used = _names(plan, body)
    takes = sorted(stage.takes)
    types = _stage_types(plan, stage)
    hints = sorted({line for line in (_TYPES.get(kind, ("", ""))[1] for kind in types.values()) if line})
    typing = _typing(stage, types)
    imports = [*typing, *hints, *_imports(plan, used)]
    shared = sorted(in_common & used)
    lines = [
        f'"""The stage ``{stage.name}``."""',
        "",
        "from __future__ import annotations",
        "",
        *_block(import_block(imports, used | {"Any", "NamedTuple", "pd", "np"})),
        "from stages import storage",
        *([f"from stages.common import {', '.join(shared)}"] if shared else []),
        "",
        "",
        *_result_class(stage, types),
        *_function(plan, stage, body, takes, types),
        "",
        "",
        *_main(stage, takes, suffixes),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _imports(plan: Plan, used: set[str]) -> list[str]:
    """The imports of what a module uses, with those that are there for what they do to one of its packages."""
    everywhere = _names(
        plan, [*plan.setup, *plan.constants, *plan.definitions, *(p for s in plan.stages for p in s.pieces)]
    )
    wanted = [piece for piece in plan.imports if piece.binds & used]
    packages = {name.partition(".")[0] for piece in wanted for name in piece.unit.facts.imports}
    return [
        plan.text(piece)
        for piece in plan.imports
        if piece in wanted
        or (not piece.binds & everywhere and packages & {n.partition(".")[0] for n in piece.unit.facts.imports})
    ]


def _block(lines: list[str]) -> list[str]:
    return [*lines, ""] if lines else []


def about(stage: Stage) -> str:
    """A sentence: what the stage makes out of what."""
    made = [output.name for output in stage.outputs] + stage.writes_files
    given = sorted(stage.takes) + stage.reads_files
    text = f"Make {in_words(made)}" if made else f"Do what {stage.name} is for"
    return _plain_words(f"{text} out of {in_words(given)}" if given else text)


def _plain_words(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'")


def _stage_types(plan: Plan, stage: Stage) -> dict[str, str]:
    types = {name: plan.purity.type_of(name) for name in stage.takes}
    return types | {output.name: output.type_name for output in stage.outputs}


def _hint(type_name: str) -> str:
    return _TYPES.get(type_name, ("Any", ""))[0]


def _hint_of(value: object) -> str:
    """The type of a setting, with that of its parts where they are all of one."""
    kind = type(value).__name__
    parts = {type(part).__name__ for part in value} if isinstance(value, list) else set()
    return f"list[{parts.pop()}]" if len(parts) == 1 and parts <= _PLAIN - {"NoneType"} else _hint(kind)


def _names(plan: Plan, pieces: Iterable[Piece]) -> set[str]:
    """Every name that the code of some pieces mentions, also later when a function runs."""
    found: set[str] = set()
    for piece in pieces:
        found |= piece.reads | piece.binds | piece.changes | late_names(piece.unit.plain) | piece.unit.facts.reads
        found |= {name.id for top in piece.unit.nodes for name in ast.walk(top) if isinstance(name, ast.Name)}
    return found


def _nested_definitions(plan: Plan, stage: Stage) -> list[Piece]:
    """Functions that look up settings or values of the stage: they are defined within it."""
    free = reads_of_definitions(plan)
    mentioned = _names(plan, stage.pieces)
    return [piece for piece in plan.definitions if free[piece.number] and piece.binds & mentioned]


def common_module(plan: Plan) -> tuple[str, frozenset[str]]:
    """Functions, classes and constants that stand on their own, and their names; empty where there are none."""
    free = reads_of_definitions(plan)
    pieces = sorted(
        [*plan.constants, *(piece for piece in plan.definitions if not free[piece.number])], key=lambda p: p.number
    )
    if not pieces:
        return "", frozenset()
    used = _names(plan, pieces)
    imports = import_block(_imports(plan, used), used)
    blocks = [
        f"\n\n{plan.text(piece)}\n" if piece.unit.kind is UnitKind.DEFINITION else plan.text(piece) for piece in pieces
    ]
    head = ['"""What several stages share."""', "", *imports, ""]
    names = frozenset(name for piece in pieces for name in piece.binds)
    return "\n".join([*head, *blocks]).rstrip() + "\n", names


# --------------------------------------------------------------------------- parts of a module


def _typing(stage: Stage, types: Mapping[str, str]) -> list[str]:
    names = [
        *(["Any"] if any(_hint(kind) == "Any" for kind in types.values()) else []),
        *(["NamedTuple"] if stage.outputs else []),
    ]
    return [f"from typing import {', '.join(names)}"] if names else []


def _result_class(stage: Stage, types: Mapping[str, str]) -> list[str]:
    if not stage.outputs:
        return []
    fields = [f"    {output.name}: {_hint(types[output.name])}" for output in stage.outputs]
    return ["class Result(NamedTuple):", f'    """What ``{stage.name}`` hands on."""', "", *fields, "", ""]


def _function(
    plan: Plan, stage: Stage, body: Sequence[Piece], takes: Sequence[str], types: Mapping[str, str]
) -> list[str]:
    values = [f"{name}: {_hint(types[name])}" for name in takes]
    settings = [f"{name}: {_hint_of(plan.settings.found[name].value)}" for name in stage.params]
    arguments = [*values, *(["*"] if settings else []), *settings]
    result = "Result" if stage.outputs else "None"
    lines = [*_signature(stage.name, arguments, result), *_docstring(stage)]
    for piece in body:
        text = plan.text(piece)
        lines += indented(text if piece.unit.plain in piece.unit.text else piece.unit.plain)
    if stage.outputs:
        lines.append(f"    return Result({', '.join(f'{o.name}={o.name}' for o in stage.outputs)})")
    return lines


def _signature(name: str, arguments: Sequence[str], result: str) -> list[str]:
    line = f"def {name}({', '.join(arguments)}) -> {result}:"
    if len(line) <= 100:
        return [line]
    return [f"def {name}(", *(f"    {argument}," for argument in arguments), f") -> {result}:"]


def _docstring(stage: Stage) -> list[str]:
    lines = _wrapped(f'"""{about(stage)}.')
    cells = [cell for cell in dict.fromkeys(piece.run.cell_id for piece in stage.pieces) if not is_anonymous(cell)]
    if not cells:
        return [f'{lines[0]}"""'] if len(lines) == 1 else [*lines, '    """']
    told = _wrapped(_plain_words(f"From the {'cell' if len(cells) == 1 else 'cells'} {', '.join(cells)}."))
    return [*lines, "", *told, '    """']


def _wrapped(text: str) -> list[str]:
    indent = "    "
    return textwrap.wrap(
        text, 100, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def indented(text: str) -> list[str]:
    """Lines of code four columns to the right, but for the inside of texts that span lines."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return [f"    {line}" if line else line for line in text.splitlines()]
    inside: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        )
        if is_text and isinstance(node, ast.expr) and node.end_lineno and node.end_lineno > node.lineno:
            inside |= set(range(node.lineno + 1, node.end_lineno + 1))
    return [line if number in inside or not line else f"    {line}" for number, line in enumerate(text.splitlines(), 1)]


def _main(stage: Stage, takes: Sequence[str], suffixes: Mapping[str, str]) -> list[str]:
    lines = ["def main() -> None:", '    """Run the stage: read what it takes, write what it hands on."""']
    if stage.params:
        lines.append("    params = storage.params()")
    given = [f'{name}=storage.load("data/{stage.takes[name]}/{name}{suffixes[name]}")' for name in takes]
    given += [f'{name}=params["{name}"]' for name in stage.params]
    folders = sorted({path.rpartition("/")[0] for path in stage.writes_files if "/" in path})
    lines += [f'    storage.folder("{folder}")' for folder in folders]
    call = (
        f"{stage.name}(\n" + "".join(f"        {argument},\n" for argument in given) + "    )"
        if given
        else f"{stage.name}()"
    )
    lines += (f"    result = {call}" if stage.outputs else f"    {call}").splitlines()
    lines += [
        f'    storage.save(result.{output.name}, "data/{stage.name}/{output.name}{suffixes[output.name]}")'
        for output in stage.outputs
    ]
    return [*lines, "", "", 'if __name__ == "__main__":', "    main()"]
