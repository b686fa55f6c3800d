"""Running notebooks without a browser, in a kernel of their own, with tracking on. The file is only written when asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbcairn.document import read_document
from nbcairn.errors import CellTimeout, ExecutionError, KernelDied, NotebookInvalid

__all__ = ["CellOutcome", "HeadlessNotebook", "live", "play", "run_all"]

Progress = Callable[[int, int, str], None]
"""Called before each cell with its number (from 1), how many there are, and its source."""


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """How one execution ended; ``error`` is empty when it did well."""

    cell_id: str
    error: str = ""


class HeadlessNotebook:
    """A notebook in memory with a live kernel: cells can be run in any order, edited, inserted and deleted."""

    def __init__(self, notebook: Any, client: Any) -> None:
        self.notebook = notebook
        self._client = client

    @property
    def kernel_name(self) -> str:
        """The kernel it runs in, which is not the one the notebook names where that is missing."""
        return str(self._client.kernel_name)

    @property
    def code(self) -> list[Any]:
        """The code cells that hold something, in document order."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code" and cell.source.strip()]

    def cell(self, cell_id: str) -> Any:
        """The cell with this id; ExecutionError if there is none."""
        for cell in self.notebook.cells:
            if cell.id == cell_id:
                return cell
        raise ExecutionError(f"The notebook has no cell {cell_id!r}.", "Name a cell that is there at this step.")

    def run(self, cell_id: str, *, timeout: int | None = None) -> CellOutcome:
        """Run one cell as it stands now; ``timeout`` is in seconds, if another than the notebook's.

        Raises CellTimeout or KernelDied; the kernel can then not be used any more.
        """
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        cell = self.cell(cell_id)
        self._client.timeout = timeout if timeout is not None else self._client.timeout
        # nbclient sends no cell ids; a front end puts them into the metadata of its messages.
        self._client.kc.session.metadata = {"cellId": cell.id, "tags": list(cell.metadata.get("tags", []))}
        try:
            self._client.execute_cell(cell, self.notebook.cells.index(cell))
        except CellExecutionError as error:
            return CellOutcome(cell_id, f"{error.ename}: {error.evalue}")
        except CellTimeoutError as error:
            self._kill()
            raise CellTimeout(f"Cell {cell_id} took too long.", "Raise the limit with --timeout.") from error
        except DeadKernelError as error:
            raise KernelDied("The kernel died.", "It may have run out of memory; see the kernel's log.") from error
        finally:
            self._client.kc.session.metadata = {}
        return CellOutcome(cell_id)

    def _kill(self) -> None:
        """Asked in the middle of a cell, a kernel would not end by itself, and complain when it has to."""
        from jupyter_core.utils import run_sync

        run_sync(self._client.km.shutdown_kernel)(now=True)

    def insert(self, cell_id: str, source: str, after: str) -> None:
        """Put a new code cell below another."""
        import nbformat

        where = self.notebook.cells.index(self.cell(after)) + 1
        self.notebook.cells.insert(where, nbformat.v4.new_code_cell(source, id=cell_id))  # type: ignore[no-untyped-call]

    def delete(self, cell_id: str) -> None:
        """Take a cell out of the document; what it made lives on in the kernel."""
        self.notebook.cells.remove(self.cell(cell_id))

    def save(self, path: Path) -> None:
        """Write the notebook with its outputs, as a front end would."""
        import nbformat

        try:
            path.write_text(nbformat.writes(self.notebook) + "\n", encoding="utf-8")  # type: ignore[no-untyped-call]
        except OSError as error:
            raise ExecutionError(f"{path} cannot be written ({error}).", "Choose another place.") from error


def _load(path: Path) -> Any:
    import nbformat

    document = read_document(path)  # one sentence for every kind of broken file
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise NotebookInvalid(
            f"{path} cannot be executed ({error}).", "Open and save it in JupyterLab first."
        ) from error
    for cell, known in zip(notebook.cells, document.cells, strict=True):
        cell["id"] = known.id[:64]
    return notebook


def _environment(path: Path, trail: Path | None, project: Path | None, *, tracking: bool) -> dict[str, str]:
    env = {**os.environ, "NBCAIRN_NOTEBOOK": str(path.absolute()), "JPY_SESSION_NAME": str(path.absolute())}
    env.pop("NBCAIRN_DISABLE", None)
    if trail is not None:
        env["NBCAIRN_TRAIL"] = str(trail.absolute())
    if project is not None:
        env["NBCAIRN_PROJECT"] = str(project.absolute())
    if not tracking:
        env["NBCAIRN_DISABLE"] = "1"
    return env


@contextmanager
def live(
    path: Path,
    *,
    trail: Path | None = None,
    project: Path | None = None,
    kernel: str | None = None,
    tracking: bool = True,
    timeout: int = 600,
) -> Iterator[HeadlessNotebook]:
    """Open a notebook with a fresh kernel in its folder. ``timeout`` is seconds for each cell.

    ``project`` is the folder that recorded paths are relative to, where it is not the one that holds the trail;
    ``kernel`` the kernel to use instead of the notebook's.

    Raises NotebookNotFound, NotebookInvalid, or ExecutionError when the kernel does not start.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient

    notebook = _load(path)
    folder = str(path.absolute().parent)
    kernel = kernel or _kernel_name(path, notebook.metadata)
    client = NotebookClient(notebook, timeout=timeout, kernel_name=kernel, resources={"metadata": {"path": folder}})
    client.reset_execution_trackers()
    try:
        manager = client.create_kernel_manager()
        if manager.ipykernel:
            # Its warnings are about how it is reached, and would stand between ours.
            client.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
        with client.setup_kernel(cwd=folder, env=_environment(path, trail, project, tracking=tracking)):
            if tracking:
                _silently(client, "%load_ext nbcairn")
            yield HeadlessNotebook(notebook, client)
            if tracking:
                # Close in order, so that the last record and the session's end are written before the kernel is killed.
                _silently(client, "%unload_ext nbcairn")
    except NoSuchKernel as error:
        raise ExecutionError(
            f"There is no kernel {kernel!r} here.",
            "`jupyter kernelspec list` names those there are; `pip install ipykernel`.",
        ) from error


def _silently(client: Any, code: str) -> None:
    """Run code of ours that leaves no trace in history, counts or outputs."""
    from jupyter_core.utils import run_sync

    run_sync(client.kc.execute_interactive)(
        code, silent=True, store_history=False, timeout=60, output_hook=lambda _: None
    )


def _kernel_name(path: Path, metadata: Mapping[str, Any]) -> str:
    """The notebook's kernel where it is a Python of its own name; else this environment's.

    Raises ExecutionError for a notebook in another language.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    language = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    if language and not str(language).lower().startswith(("python", "ipython")):
        raise ExecutionError(f"{path} is a notebook in {language}.", "Cairn runs notebooks in Python.")
    name = str(metadata.get("kernelspec", {}).get("name", "python3"))
    return name if name in KernelSpecManager().find_kernel_specs() else "python3"


def run_all(
    path: Path,
    *,
    trail: Path | None = None,
    timeout: int = 600,
    allow_errors: bool = False,
    save_to: Path | None = None,
    progress: Progress = lambda *_: None,
) -> list[CellOutcome]:
    """Run every cell from the top in a fresh kernel, tracked; stops at the first error unless they are allowed.

    A cell with the tag ``raises-exception`` is meant to fail, and so is none.
    """
    outcomes = []
    with live(path, trail=trail, timeout=timeout) as notebook:
        cells = notebook.code
        for number, cell in enumerate(cells, 1):
            progress(number, len(cells), cell.source)
            outcome = notebook.run(cell.id)
            outcomes.append(outcome)
            if outcome.error and not allow_errors:
                break
        if save_to is not None:
            notebook.save(save_to)
    return outcomes


def play(
    path: Path, steps: list[Mapping[str, Any]], *, trail: Path | None = None, progress: Progress = lambda *_: None
) -> None:
    """Explore a notebook as a person would, step by step, in a real kernel, and save it as it then stands.

    A step is one of ``{"run": "all" | cell_id}``, ``{"edit": cell_id, "replace": [old, new]}``,
    ``{"insert": cell_id, "after": cell_id, "source": …}``, ``{"delete": cell_id}``.
    """
    with live(path, trail=trail) as notebook:
        total = sum(len(notebook.code) if step.get("run") == "all" else 1 for step in steps)
        done = 0
        for step in steps:
            targets = [cell.id for cell in notebook.code] if step.get("run") == "all" else [step.get("run")]
            for target in targets:
                done += 1
                progress(done, total, notebook.cell(target).source if target else _change(notebook, step))
                if target:
                    notebook.run(target)
        notebook.save(path)


def _change(notebook: HeadlessNotebook, step: Mapping[str, Any]) -> str:
    """Apply a step that runs nothing; returns what to show for it."""
    if "insert" in step:
        notebook.insert(step["insert"], step["source"], step["after"])
        return str(step["source"])
    if "delete" in step:
        notebook.delete(step["delete"])
        return f"(delete {step['delete']})"
    cell = notebook.cell(step["edit"])
    cell.source = cell.source.replace(*step["replace"])
    return str(cell.source)
