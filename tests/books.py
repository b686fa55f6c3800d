"""A notebook that is explored by a script: recorded for real, checked from its trail, and judged by a real Restart & Run All.

A book is driven by steps in words (``run``) or by its methods. Below it is a *desk*: ``InProcess`` runs cells in this process
(fast, Python only), ``kernels.Desk`` in a real kernel.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import oracle
from kernels import Tracked
from nbcairn.config import Cairn
from nbcairn.kernel.recorder import Recorder
from nbcairn.lineage.check import check
from nbcairn.model import Cell, Check, Document, Verdict
from nbcairn.store import Trail
from nbcairn.testing import FakeShell


@dataclass(frozen=True)
class Seen:
    """What one execution showed, and what it left in the names that it bound or changed."""

    shown: str = ""
    left: Mapping[str, str] = field(default_factory=dict)


class Desk(Protocol):
    """Where cells run."""

    folder: Path

    def run(self, source: str, cell_id: str | None) -> Seen: ...
    def restart(self) -> None: ...
    def run_all(self, cells: list[tuple[str, str]]) -> dict[str, Seen]: ...
    def close(self) -> None: ...


def _alike(source: str, one: Seen, two: Seen) -> bool:
    return one.shown == two.shown and oracle.alike(source, one.left, two.left)


@dataclass
class Page:
    """A cell of the book as it stands, and what its last run showed."""

    id: str
    source: str
    seen: Seen | None = None


class Book:
    """Cells in order, with what each last showed."""

    def __init__(self, desk: Desk, path: str = "analysis.ipynb") -> None:
        self.desk = desk
        self.path = path
        self.pages: list[Page] = []
        self.log: list[str] = []

    # ------------------------------------------------------------------ in words

    def play(self, *steps: str) -> Book:
        """``a: x = 1`` writes a cell, ``a> x = 1`` writes and runs it, ``run a b`` (or ``run``) runs cells;
        ``delete a``, ``move a below b``, ``move a first``, ``restart``, ``file data.txt 1``, ``remove data.txt``.
        """
        for step in steps:
            head = step.split()[0]
            if head.endswith((":", ">")):
                self.write(head[:-1], step[len(head) + 1 :])
                if head.endswith(">"):
                    self.run(head[:-1])
            else:
                self._act(*step.split())
        return self

    def _act(self, verb: str, *words: str) -> None:
        if verb == "run":
            for name in words or [page.id for page in self.pages]:
                self.run(name)
        elif verb == "delete":
            self.delete(words[0])
        elif verb == "move":
            self.move(words[0], None if words[1] == "first" else words[2])
        elif verb == "restart":
            self.restart()
        elif verb == "file":
            (self.desk.folder / words[0]).write_text(" ".join(words[1:]))
        elif verb == "remove":
            (self.desk.folder / words[0]).unlink()
        else:
            raise ValueError(verb)

    # ------------------------------------------------------------------ what a person does

    def page(self, name: str) -> Page:
        return next(page for page in self.pages if page.id == name)

    def write(self, name: str, source: str, below: str | None = None) -> None:
        """Edit a cell; one that is not there yet comes at the end, or below another."""
        self.log.append(f"{name}: {source}")
        known = next((page for page in self.pages if page.id == name), None)
        if known is not None:
            known.source = source
        elif below is None:
            self.pages.append(Page(name, source))
        else:
            self.pages.insert(self.pages.index(self.page(below)) + 1, Page(name, source))

    def run(self, name: str) -> None:
        self.log.append(f"run {name}")
        page = self.page(name)
        page.seen = self.desk.run(page.source, page.id)

    def delete(self, name: str) -> None:
        self.log.append(f"delete {name}")
        self.pages.remove(self.page(name))

    def move(self, name: str, below: str | None) -> None:
        self.log.append(f"move {name} below {below}")
        page = self.page(name)
        self.pages.remove(page)
        self.pages.insert(0 if below is None else self.pages.index(self.page(below)) + 1, page)

    def restart(self) -> None:
        self.log.append("restart")
        self.desk.restart()

    # ------------------------------------------------------------------ what is told, and what is true

    def document(self) -> Document:
        cells = (Cell(page.id, n, page.source, executed=page.seen is not None) for n, page in enumerate(self.pages))
        return Document(self.path, tuple(cells))

    @property
    def folder(self) -> Path:
        """The folder of the trail."""
        return self.desk.folder / ".cairn"

    def check(self, target: str | None = None) -> Check:
        with Trail.open(self.folder, read_only=True) as trail:
            return check(self.document(), trail, target)

    def verdicts(self) -> dict[str, Verdict]:
        return {cell.cell_id: cell.verdict for cell in self.check().cells}

    def told(self) -> dict[str, str]:
        """``{"a": "fresh", "b": "stale CN101"}``."""
        return {
            cell.cell_id: " ".join([str(cell.verdict), *sorted({finding.code for finding in cell.findings})])
            for cell in self.check().cells
        }

    def truth(self) -> set[str]:
        """Ids of the cells that a real Restart & Run All would show or define otherwise."""
        again = self.desk.run_all([(page.id, page.source) for page in self.pages])
        return {page.id for page in self.pages if not _alike(page.source, page.seen or Seen(), again[page.id])}


# --------------------------------------------------------------------------- cells in this process


class InProcess:
    """Cells run in this process by a fake shell; a restart is a new shell, recorder and session."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = Cairn(trail=str(folder / ".cairn"))
        self._begin()

    def _begin(self) -> None:
        self.shell = FakeShell()
        oracle.fresh_generators()
        with _inside(self.folder):
            self.recorder = Recorder(self.shell, self.config)
            self.recorder.install()

    def close(self) -> None:
        self.recorder.uninstall()
        assert not self.shell.events.errors

    def restart(self) -> None:
        self.close()
        self._begin()

    def run(self, source: str, cell_id: str | None) -> Seen:
        with _inside(self.folder):
            return _execute(self.shell, source, cell_id)

    def run_all(self, cells: list[tuple[str, str]]) -> dict[str, Seen]:
        self.recorder.close()
        with _inside(self.folder):
            oracle.fresh_generators()
            shell = FakeShell()
            return {cell_id: _execute(shell, source, cell_id) for cell_id, source in cells}


def _execute(shell: FakeShell, source: str, cell_id: str | None) -> Seen:
    hidden = frozenset(shell.user_ns_hidden)
    before = oracle.digests(shell.user_ns, hidden)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        result = shell.run_cell(source, cell_id)
    error = result.error_in_exec or result.error_before_exec
    left = oracle.left(source, before, oracle.digests(shell.user_ns, hidden), failed=error is not None)
    return Seen(out.getvalue() + (f"{type(error).__name__}: {error}" if error else ""), left)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """In the folder of the notebook, as a kernel is, and able to import from there."""
    before = os.getcwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        os.chdir(before)


# --------------------------------------------------------------------------- cells in a kernel


class InKernel:
    """Cells run in one real kernel; a restart empties its namespace and begins a new session of the recorder."""

    def __init__(self, live: Tracked, folder: Path) -> None:
        self.live = live
        self.folder = folder
        self.restart()

    def restart(self) -> None:
        self._begin(str(self.folder / ".cairn"))

    def _begin(self, trail: str | None) -> None:
        notebook = str(self.folder / "analysis.ipynb")
        self._silently(
            f"import os; os.chdir({str(self.folder)!r}); os.environ['NBCAIRN_NOTEBOOK'] = {notebook!r}; del os"
        )
        self._silently(f"__import__('oracle').begin({trail!r})")

    def _silently(self, code: str) -> str:
        ran = self.live.run(code, silent=True)
        assert ran.status == "ok", ran.text
        return ran.text

    def run(self, source: str, cell_id: str | None) -> Seen:
        self._silently("__import__('oracle').look()")
        ran = self.live.run(source, cell_id)
        return Seen(
            ran.text, json.loads(self._silently(f"__import__('oracle').tell({source!r}, {ran.status != 'ok'})"))
        )

    def close(self) -> None:
        """The kernel is somebody else's."""

    def run_all(self, cells: list[tuple[str, str]]) -> dict[str, Seen]:
        self._begin(None)
        return {cell_id: self.run(source, cell_id) for cell_id, source in cells}
