"""A slice as code that others run: a script, a clean notebook, or cells to put into another notebook.

Statements stand exactly as they were executed and in that order; only imports go to the top where that changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbcairn.lineage.magics import plain_python
from nbcairn.lineage.minimal import Part, Slice
from nbcairn.lineage.settings import Setting, Settings, settings_of
from nbcairn.lineage.units import Unit, UnitKind, units_of
from nbcairn.model import Document, RunStatus

__all__ = ["Block", "Code", "as_cells", "as_notebook", "as_script", "compose"]

_MOVES_IMPORTS = re.compile(r"sys\.path|os\.environ|chdir\(|%cd|importlib|sys\.modules|addsitedir")


@dataclass(frozen=True, slots=True)
class Block:
    """One cell of what is handed over. ``kind`` is ``markdown``, ``imports``, ``parameters`` or ``code``.

    ``cell_id`` is the cell it comes from; ``fails`` when the run that it repeats raised an error.
    """

    kind: str
    text: str
    cell_id: str = ""
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The blocks of a slice, top to bottom, with the settings that were lifted out of it."""

    blocks: tuple[Block, ...]
    settings: tuple[Setting, ...] = ()
    header: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """Lines of code, blank ones not counted."""
        return sum(
            bool(line.strip()) for block in self.blocks if block.kind != "markdown" for line in block.text.splitlines()
        )


@dataclass(slots=True)
class _Piece:
    """A part while it is being composed: its text, and its units where it has any."""

    part: Part
    units: list[tuple[int, Unit]] = field(default_factory=list)
    text: str = ""


def compose(found: Slice, document: Document | None = None, *, lift: bool = False) -> Code:
    """The blocks of a slice: imports first, Markdown kept, settings lifted into one cell when asked."""
    pieces, units = _pieces(found)
    settings = settings_of(units, _changed(found, units)) if lift else Settings()
    hoisted = _hoisted(pieces, units)
    blocks = []
    prose = _Prose(document, [piece.part.run.cell_id for piece in pieces])
    blocks += prose.title()
    imports = list(dict.fromkeys(units[number].text for number in sorted(hoisted)))
    if imports:
        blocks.append(Block("imports", "\n".join(imports)))
    if settings.found:
        moved = [units[number].text for number in sorted(settings.moved)]
        lifted = [setting.code for setting in settings.found.values() if not setting.assigned]
        blocks.append(Block("parameters", "\n".join([*moved, *lifted])))
    for piece in pieces:
        texts = [
            settings.text(number, unit)
            for number, unit in piece.units
            if number not in hoisted and number not in settings.moved
        ]
        text = piece.text if not piece.units else "\n".join(texts)
        if text.strip():
            blocks += prose.before(piece.part.run.cell_id)
            failed = piece.part.run.status is not RunStatus.OK
            blocks.append(Block("code", text.rstrip(), piece.part.run.cell_id, failed))
    return Code(tuple(blocks), tuple(settings.found.values()))


def _pieces(found: Slice) -> tuple[list[_Piece], list[Unit]]:
    """The parts, with every unit that can be moved or edited numbered through."""
    pieces: list[_Piece] = []
    units: list[Unit] = []
    for part in found.parts:
        own = part.units
        if own is None and part.run is not found.target:
            known = units_of(part.run.source)
            own = known if known and all(unit.kind is UnitKind.IMPORT for unit in known) else None
        piece = _Piece(part, text=part.source)
        for unit in own or ():
            piece.units.append((len(units), unit))
            units.append(unit)
        pieces.append(piece)
    return pieces, units


def _changed(found: Slice, units: Iterable[Unit]) -> frozenset[str]:
    """Names that some part may change in place: their literals are no settings."""
    whole = {name for part in found.parts if part.units is None for name in _touched(part.run.source)}
    in_place = {write.name for part in found.parts for write in part.run.writes if write.how != "bound"}
    return frozenset(whole | in_place)


def _touched(source: str) -> frozenset[str]:
    from nbcairn.lineage.source import analyse

    return analyse(source).binds


def _hoisted(pieces: Sequence[_Piece], units: Sequence[Unit]) -> set[int]:
    """Imports that can go to the top: nothing else binds their names, and nothing says where modules come from."""
    if any(_MOVES_IMPORTS.search(piece.text) for piece in pieces):
        return set()
    local = {
        read.name[len("<module:") : -1].partition(".")[0]
        for piece in pieces
        for read in piece.part.run.reads
        if read.name.startswith("<module:")
    }
    meanings: dict[str, set[str]] = {}
    for unit in units:
        for name in unit.binds:
            meaning = unit.plain if unit.kind is UnitKind.IMPORT else f"{unit.lines} {unit.plain}"
            meanings.setdefault(name, set()).add(meaning if name in unit.sure else "package")
    for piece in pieces:
        if not piece.units:
            for name in _touched(piece.part.run.source):
                meanings.setdefault(name, set()).add("bound by a whole cell")
    return {
        number
        for number, unit in enumerate(units)
        if unit.kind is UnitKind.IMPORT
        and all(len(meanings[name]) == 1 for name in unit.binds)
        and not {module.partition(".")[0] for module in unit.facts.imports} & local
    }


class _Prose:
    """Markdown cells that stand before the cells that are kept, each once."""

    def __init__(self, document: Document | None, kept: Iterable[str]) -> None:
        self._cells = document.cells if document else ()
        self._kept = set(kept)
        self._done: set[int] = set()

    def title(self) -> list[Block]:
        """The Markdown at the top of the document."""
        found = []
        for cell in self._cells:
            if cell.kind != "markdown":
                break
            found.append(cell)
            self._done.add(cell.index)
            break
        return [Block("markdown", cell.source, cell.id) for cell in found]

    def before(self, cell_id: str) -> list[Block]:
        """Markdown between the kept cell above and this one, as far as it introduces a section with kept cells."""
        place = next((cell.index for cell in self._cells if cell.id == cell_id), None)
        if place is None:
            return []
        blocks = []
        for cell in reversed(self._cells[:place]):
            if cell.kind == "code" and cell.id in self._kept:
                break
            if cell.kind == "markdown" and cell.index not in self._done and self._introduces(cell.index):
                self._done.add(cell.index)
                blocks.append(Block("markdown", cell.source, cell.id))
        return blocks[::-1]

    def _introduces(self, index: int) -> bool:
        """True when a code cell that is kept comes before the next Markdown cell."""
        for cell in self._cells[index + 1 :]:
            if cell.kind == "markdown":
                return False
            if cell.id in self._kept:
                return True
        return False


# --------------------------------------------------------------------------- forms


def as_script(code: Code, params_file: str | None = None) -> str:
    """A Python script in cells (``# %%``); with ``params_file`` the settings come from that YAML file."""
    parts = ["\n".join(f"# {line}".rstrip() for line in code.header)] if code.header else []
    for block in code.blocks:
        if block.kind == "markdown":
            parts.append("# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in block.text.splitlines()))
        elif block.kind == "parameters" and params_file:
            parts.append(_params_reader(code.settings, params_file))
        else:
            mark = {"imports": "# %% imports", "parameters": "# %% parameters"}.get(block.kind, "# %%")
            parts.append(f"{mark}\n{_runnable(block)}")
    return "\n\n".join(parts) + "\n"


def _runnable(block: Block) -> str:
    """Plain Python where the cell has IPython's own syntax that Python can do without; a failure is let pass."""
    text = block.text
    if text.lstrip().startswith("%%") or re.search(r"^\s*[%!]", text, re.MULTILINE):
        plain, magics = plain_python(text)
        ours = [magic for magic in magics if not magic.startswith("%time")]
        if plain.strip():
            text = "\n".join([*(f"# {magic}" for magic in ours), plain])
    if block.fails:
        body = "\n".join(f"    {line}" if line else line for line in text.splitlines())
        text = f"try:  # this cell ended with an error\n{body}\nexcept Exception as error:\n    print(error)"
    return text


def _params_reader(settings: Sequence[Setting], params_file: str) -> str:
    lines = ["# %% parameters", "from pathlib import Path as _Path", "", "import yaml as _yaml", ""]
    lines.append(f"_params = _yaml.safe_load(_Path({params_file!r}).read_text(encoding='utf-8'))")
    lines += [f"{setting.name} = _params[{setting.name!r}]" for setting in settings]
    return "\n".join(lines)


def as_cells(code: Code) -> list[dict[str, Any]]:
    """Cells as nbformat has them, for a front end to put in place."""
    cells: list[dict[str, Any]] = []
    for number, block in enumerate(code.blocks):
        identity = f"slice-{number + 1}"
        if block.kind == "markdown":
            cells.append({"id": identity, "cell_type": "markdown", "metadata": {}, "source": block.text})
            continue
        tags = ["parameters"] if block.kind == "parameters" else []
        tags += ["raises-exception"] if block.fails else []
        cells.append(
            {
                "id": identity,
                "cell_type": "code",
                "metadata": {"tags": tags} if tags else {},
                "execution_count": None,
                "outputs": [],
                "source": block.text,
            }
        )
    return cells


def as_notebook(code: Code) -> str:
    """A clean notebook (nbformat 4.5): no outputs, the header as its first cell, settings tagged ``parameters``."""
    header = Block("markdown", "\n".join(f"> {line}  " for line in code.header)) if code.header else None
    whole = replace(code, blocks=(*([header] if header else []), *code.blocks))
    notebook = {
        "cells": as_cells(whole),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
