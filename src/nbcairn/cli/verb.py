"""What every verb is, and how it speaks: tables for people, JSON for programs."""

from __future__ import annotations

import json
import os
import re
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nbcairn.cli.tables import make_table
from nbcairn.errors import CairnError, TrailNotFound
from nbcairn.store import Trail

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Output", "Verb", "find_trail", "locate_trail", "plain"]


WIDTH = 140
"""Columns where nobody's terminal says how many there are."""


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Text without the control characters by which a record (an imported one, perhaps) could command a terminal."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


class Output:
    """Where a verb says what it has to say."""

    def __init__(self, *, json: bool = False) -> None:
        self.json = json

    @cached_property
    def console(self) -> Console:
        """The terminal, for people."""
        from rich.console import Console

        known = sys.stdout.isatty() or os.environ.get("COLUMNS")
        return Console(highlight=False, width=None if known else WIDTH)

    @cached_property
    def aside(self) -> Console:
        """Progress and errors, apart from the answer."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)

    def data(self, value: object) -> None:
        """The answer as JSON."""
        text = json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
        sys.stdout.write(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))

    def raw(self, content: bytes) -> None:
        """The answer as bytes, such as an image for a pipe."""
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()

    def text(self, text: str = "", style: str | None = None) -> None:
        """A line for people; never read as markup."""
        self.console.print(plain(text), style=style, markup=False, soft_wrap=True)

    def table(self, columns: Iterable[str], rows: Iterable[Iterable[str]], title: str | None = None) -> None:
        """A table for people, its columns named as ``make_table`` takes them; cells are never read as markup."""
        if title:
            self.text(title, style="bold")
        told = ([plain(cell) for cell in row] for row in rows)
        self.draw(make_table(columns, told, self.console.width))

    def draw(self, what: RenderableType) -> None:
        """Anything that rich draws, for people; where no terminal reads, no line ends in blanks."""
        if self.console.is_terminal:
            self.console.print(what)
            return
        with self.console.capture() as drawn:
            self.console.print(what)
        sys.stdout.write("\n".join(line.rstrip() for line in drawn.get().split("\n")))

    def error(self, error: CairnError) -> None:
        """One sentence with its remedy."""
        if self.json:
            self.data({"error": type(error).__name__, "message": error.fact, "remedy": error.remedy})
        self.aside.print(plain(f"nbcairn: {error}"), style="red", markup=False, soft_wrap=True)


class Verb(ABC):
    """One command."""

    name: ClassVar[str]
    help: ClassVar[str]
    examples: ClassVar[tuple[str, ...]]

    @abstractmethod
    def configure(self, parser: ArgumentParser) -> None:
        """Add the verb's own arguments."""

    @abstractmethod
    def run(self, options: Namespace, out: Output) -> int:
        """Do it; the exit code. Raises CairnError for what the user can mend."""


def find_trail(start: Path) -> Trail:
    """The trail of a notebook or folder, read-only. Raises TrailNotFound or another TrailError."""
    return Trail.open(locate_trail(start), read_only=True)


def locate_trail(start: Path) -> Path:
    """The ``.cairn`` folder of a notebook or folder. Raises TrailNotFound."""
    folder = Trail.locate(start)
    if folder is None:
        raise TrailNotFound(
            f"There is no trail for {start}: nothing was recorded here yet.",
            "Run the notebook with `%load_ext nbcairn` in its first cell, or `nbcairn run NOTEBOOK`.",
        )
    return folder
