"""For tests of Cairn and of what is built on it: builders of records, trails to throw away, a fake shell.

``a_run``, ``a_session`` and ``a_document`` need only what the test is about. ``memory_trail`` and
``temp_trail`` are real trails. ``FakeShell`` runs cells as ``InteractiveShell`` does, as far as a recorder can
tell, without IPython.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from nbcairn.fingerprint import fingerprint
from nbcairn.lineage.source import source_key
from nbcairn.model import (
    Artifact,
    ArtifactKind,
    Cell,
    Display,
    Document,
    Effect,
    FileAccess,
    Fingerprint,
    How,
    Read,
    Run,
    RunStatus,
    Session,
    Write,
    new_id,
    now,
)
from nbcairn.profile import describe
from nbcairn.store import Trail

__all__ = [
    "CellInfo",
    "CellResult",
    "FakeShell",
    "a_document",
    "a_run",
    "a_session",
    "an_artifact",
    "memory_trail",
    "temp_trail",
]

_seq = itertools.count(1)


# --------------------------------------------------------------------------- records


def a_run(
    source: str = "x = 1",
    cell_id: str = "c1",
    reads: Mapping[str, object] | None = None,
    writes: Mapping[str, object] | None = None,
    *,
    deletes: Iterable[str] = (),
    id: str | None = None,  # noqa: A002 - the field is called so
    session_id: str = "s1",
    notebook: str | None = "analysis.ipynb",
    seq: int | None = None,
    status: RunStatus = RunStatus.OK,
    error: BaseException | None = None,
    files: Iterable[FileAccess] = (),
    displays: Iterable[Display] = (),
    effects: Iterable[Effect] = (),
    tags: Iterable[str] = (),
    notes: Iterable[str] = (),
    started: str | None = None,
) -> Run:
    """A run of this source. Each later run has a later id.

    ``reads`` and ``writes`` map names to values, which are fingerprinted, or to a Fingerprint, a Read or a
    Write; a read of None means that the name held nothing (for the value ``None``: ``fingerprint(None)``).
    """
    moment, number = started or now(), seq if seq is not None else next(_seq)
    written = [_write(name, value) for name, value in (writes or {}).items()]
    return Run(
        id=id or new_id(),
        session_id=session_id,
        seq=number,
        notebook=notebook,
        cell_id=cell_id,
        source=source,
        source_key=source_key(source),
        started=moment,
        ended=moment,
        seconds=0.01,
        status=RunStatus.ERROR if error is not None else status,
        execution_count=number,
        error_type=type(error).__name__ if error is not None else "",
        error_message=str(error) if error is not None else "",
        reads=tuple(_read(name, value) for name, value in (reads or {}).items()),
        writes=(*written, *(Write(name, None, How.DELETED) for name in deletes)),
        files=tuple(files),
        displays=tuple(displays),
        effects=tuple(effects),
        tags=tuple(tags),
        notes=tuple(notes),
    )


def _read(name: str, value: object) -> Read:
    if isinstance(value, Read):
        return value
    return Read(name, value if value is None or isinstance(value, Fingerprint) else fingerprint(value))


def _write(name: str, value: object) -> Write:
    if isinstance(value, Write):
        return value
    if isinstance(value, Fingerprint):
        return Write(name, value)
    described = describe(value, name)
    return Write(name, fingerprint(value), How.BOUND, described.type_name, described.summary)


def a_session(
    id: str = "s1",  # noqa: A002 - the field is called so
    notebook: str | None = "analysis.ipynb",
    *,
    kernel_id: str | None = "k1",
    started: str | None = None,
    ended: str | None = None,
    packages: Mapping[str, str] | None = None,
    git_commit: str | None = None,
    git_dirty: bool | None = None,
) -> Session:
    """One kernel life of this notebook."""
    return Session(
        id=id,
        kernel_id=kernel_id,
        notebook=notebook,
        user="ada",
        host="engine",
        started=started or now(),
        ended=ended,
        python="3.12.1",
        platform="Linux-x86_64",
        nbcairn="1.0.0",
        packages=packages or {},
        git_commit=git_commit,
        git_dirty=git_dirty,
        cwd=".",
    )


def a_document(*sources: str, path: str | None = "analysis.ipynb", executed: bool = False) -> Document:
    """A document of code cells with the ids c1, c2 and so on."""
    cells = (Cell(f"c{n + 1}", n, source, executed=executed) for n, source in enumerate(sources))
    return Document(path, tuple(cells))


def an_artifact(
    run: Run, name: str = "df", kind: ArtifactKind = ArtifactKind.DATA, value: object = 0, **more: Any
) -> Artifact:
    """An artifact that this run made; ``more`` are fields of Artifact."""
    described = describe(value, name)
    known = {"type_name": described.type_name, "summary": described.summary, **more}
    return Artifact(new_id(), run.id, kind, name, fingerprint(value), **known)


# --------------------------------------------------------------------------- trails


def memory_trail(root: Path | None = None) -> Trail:
    """An empty trail in memory; ``root`` is the project folder that paths are relative to."""
    return Trail.in_memory((root or Path.cwd()) / ".cairn")


def temp_trail(folder: Path) -> Trail:
    """An empty trail on disk, in the ``.cairn`` of this (temporary) folder."""
    return Trail.open(folder / ".cairn", create=True)


# --------------------------------------------------------------------------- a shell


@dataclass(slots=True)
class CellInfo:
    """What IPython tells before a run."""

    raw_cell: str
    store_history: bool = True
    silent: bool = False
    shell_futures: bool = True
    cell_id: str | None = None
    transformed_cell: str = ""


@dataclass(slots=True)
class CellResult:
    """What IPython tells after a run."""

    info: CellInfo
    execution_count: int | None = None
    error_before_exec: BaseException | None = None
    error_in_exec: BaseException | None = None
    result: object = None

    @property
    def success(self) -> bool:
        """True when nothing was raised."""
        return self.error_before_exec is None and self.error_in_exec is None


class _Events:
    """Callbacks by event; as in IPython, what a callback raises does not reach the cell."""

    def __init__(self) -> None:
        names = ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell", "shell_initialized")
        self.callbacks: dict[str, list[Callable[..., object]]] = {name: [] for name in names}
        self.errors: list[BaseException] = []

    def register(self, event: str, function: Callable[..., object]) -> None:
        if function not in self.callbacks[event]:
            self.callbacks[event].append(function)

    def unregister(self, event: str, function: Callable[..., object]) -> None:
        if function not in self.callbacks[event]:
            raise ValueError(f"{function!r} is not registered for {event}")
        self.callbacks[event].remove(function)

    def trigger(self, event: str, *args: object) -> None:
        for function in list(self.callbacks[event]):
            try:
                function(*args)
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - as IPython does
                self.errors.append(error)


@dataclass(slots=True)
class _Publisher:
    """Collects what a cell displays."""

    published: list[dict[str, Any]] = field(default_factory=list)

    def publish(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None, **_: object) -> None:
        self.published.append({"data": dict(data), "metadata": dict(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        self.published.clear()


class FakeShell:
    """Runs cells in one namespace and fires the events that a recorder listens to.

    ``events.errors`` holds what callbacks raised, so that a test can demand that it is empty.
    """

    def __init__(self) -> None:
        self.user_module = ModuleType("__main__")
        self.user_ns: dict[str, Any] = self.user_module.__dict__
        self.user_ns.update({"__name__": "__main__", "In": [""], "Out": {}, "get_ipython": lambda: self})
        self.user_ns_hidden: dict[str, Any] = dict(self.user_ns)
        self.user_global_ns = self.user_ns
        self.events = _Events()
        self.display_pub = _Publisher()
        self.execution_count = 1
        self.parent_header: dict[str, Any] = {}
        self.magics: dict[str, Callable[..., object]] = {}

    def push(self, variables: Mapping[str, object]) -> None:
        """Put variables into the namespace."""
        self.user_ns.update(variables)

    def register_magic_function(
        self, function: Callable[..., object], magic_kind: str = "line", magic_name: str | None = None
    ) -> None:
        """Keep a magic under its name."""
        self.magics[magic_name or function.__name__] = function

    def run_cell(
        self,
        source: str,
        cell_id: str | None = None,
        *,
        store_history: bool = True,
        silent: bool = False,
    ) -> CellResult:
        """Run one cell: pre-events, the code, the value of a last expression, post-events."""
        info = CellInfo(source, store_history, silent, cell_id=cell_id, transformed_cell=source)
        result = CellResult(info, self.execution_count if store_history else None)
        self.events.trigger("pre_execute")
        if not silent:
            self.events.trigger("pre_run_cell", info)
        if store_history:
            self.user_ns["In"].append(source)
        self._run(source, result)
        if store_history:
            self.execution_count += 1
        self.events.trigger("post_execute")
        if not silent:
            self.events.trigger("post_run_cell", result)
        return result

    def _run(self, source: str, result: CellResult) -> None:
        file = f"<cell {self.execution_count}>"
        try:
            body = ast.parse(source, file).body
        except (SyntaxError, ValueError) as error:
            result.error_before_exec = error
            return
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        try:
            exec(compile(ast.Module(body, []), file, "exec"), self.user_ns)  # noqa: S102
            if isinstance(last, ast.Expr):
                self._show(eval(compile(ast.Expression(last.value), file, "eval"), self.user_ns), result)  # noqa: S307
        except BaseException as error:  # noqa: BLE001 - a cell may raise anything
            result.error_in_exec = error

    def _show(self, value: object, result: CellResult) -> None:
        result.result = value
        if value is not None:
            self.user_ns["_"] = value
            self.user_ns["Out"][self.execution_count] = value
