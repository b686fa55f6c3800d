"""Real kernels for tests: a tracked (or plain) ipykernel, run cell by cell as a front end does, and what the trail then says."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.manager import KernelManager

from nbcairn.errors import TrailNotFound
from nbcairn.model import Artifact, How, Run, is_ambient
from nbcairn.store import Trail


@dataclass(slots=True)
class Ran:
    """One execution as a front end saw it, and as the trail holds it (None: nothing was recorded)."""

    status: str
    outputs: list[dict] = field(default_factory=list)
    run: Run | None = None
    artifacts: list[Artifact] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that was shown, as text."""
        parts = []
        for part in self.outputs:
            if part["kind"] == "stream":
                parts.append(part["text"])
            elif part["kind"] == "error":
                parts.append(f"{part['ename']}: {part['evalue']}")
            else:
                parts.append(part["data"].get("text/plain", ""))
        return "".join(parts)

    @property
    def reads(self) -> set[str]:
        """Variables that were looked up and held something."""
        return {read.name for read in self.run.reads if read.fingerprint is not None and not is_ambient(read.name)}

    @property
    def missed(self) -> set[str]:
        """Variables that were looked up and held nothing (builtins among them)."""
        return {read.name for read in self.run.reads if read.fingerprint is None and not is_ambient(read.name)}

    @property
    def bound(self) -> set[str]:
        """Variables that were bound."""
        return {write.name for write in self.run.writes if write.how is How.BOUND and not is_ambient(write.name)}

    @property
    def mutated(self) -> set[str]:
        """Variables that were changed in place."""
        return {write.name for write in self.run.writes if write.how is How.MUTATED and not is_ambient(write.name)}

    @property
    def deleted(self) -> set[str]:
        """Variables that were deleted."""
        return {write.name for write in self.run.writes if write.how is How.DELETED}

    @property
    def ambient_reads(self) -> set[str]:
        """Ambient names that were looked up."""
        return {read.name for read in self.run.reads if is_ambient(read.name)}

    @property
    def ambient_writes(self) -> set[str]:
        """Ambient names that were changed."""
        return {write.name for write in self.run.writes if is_ambient(write.name)}

    @property
    def effects(self) -> set[str]:
        """The effects, as words."""
        return {str(effect) for effect in self.run.effects}

    def digest(self, name: str) -> str | None:
        """The digest that a name was left with."""
        return next(write.fingerprint.digest for write in self.run.writes if write.name == name)


class Tracked:
    """A live kernel in a folder, whose trail is ``folder/.cairn``."""

    def __init__(self, client, manager: KernelManager, folder: Path) -> None:
        self.client = client
        self.manager = manager
        self.folder = folder
        self._numbers = iter(range(1, 1_000_000))

    @property
    def trail(self) -> Trail:
        """The trail, to read; close it."""
        return Trail.open(self.folder / ".cairn", read_only=True)

    def run(
        self,
        source: str,
        cell_id: str | None = "",
        *,
        silent: bool = False,
        tags=(),
        timeout: float = 60,
        look: bool = True,
    ) -> Ran:
        """Run one cell. ``cell_id``: empty for a new one, None as a client that knows no cells; ``look`` it up in the trail."""
        cell_id = f"cell-{next(self._numbers)}" if cell_id == "" else cell_id
        self.client.session.metadata = {"cellId": cell_id, "tags": list(tags)} if cell_id else {}
        message = self.client.execute(source, silent=silent, store_history=not silent, stop_on_error=False)
        ran = self.gather(message, timeout)
        if look and not silent:
            self._look_up(ran, source, cell_id)
        return ran

    def gather(self, message: str, timeout: float = 60) -> Ran:
        """Wait for the end of an execution."""
        outputs, deadline = [], time.monotonic() + timeout
        while True:
            try:
                part = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                self.manager.interrupt_kernel()
                raise TimeoutError("the cell took too long") from None
            if part["parent_header"].get("msg_id") != message:
                continue
            kind, content = part["msg_type"], part["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind in {"stream", "display_data", "execute_result", "error", "update_display_data"}:
                outputs.append({"kind": kind, **content})
        reply = self.client.get_shell_msg(timeout=timeout)
        while reply["parent_header"].get("msg_id") != message:
            reply = self.client.get_shell_msg(timeout=timeout)
        return Ran(reply["content"]["status"], outputs)

    def _look_up(self, ran: Ran, source: str, cell_id: str | None) -> None:
        if not (self.folder / ".cairn" / "trail.db").exists():
            return
        try:
            trail = self.trail
        except TrailNotFound:
            return  # in the making: the first run is finished beside the next cells
        with trail:
            found = trail.runs(cell_id=cell_id, limit=1) if cell_id else trail.runs(limit=1)
            if found and found[0].source == source:
                ran.run = found[0]
                ran.artifacts = trail.artifacts(run_id=found[0].id, limit=None)

    def last(self, cell_id: str) -> Run | None:
        """The newest run of a cell."""
        with self.trail as trail:
            return next(iter(trail.runs(cell_id=cell_id, limit=1)), None)


def _started(folder: Path, env: Mapping[str, str], tries: int = 3):
    """A kernel that answers; started again when another process took one of its ports."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=dict(env))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        if tries < 2:
            raise
        return _started(folder, env, tries - 1)
    return manager, client


@contextmanager
def kernel(
    folder: Path, *, tracked: bool = True, load: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[Tracked]:
    """A fresh kernel in a folder, with its own configuration folder, and Cairn loaded unless told otherwise."""
    (folder / ".cairn").mkdir(exist_ok=True)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("NBCAIRN", "JPY_"))},
        "IPYTHONDIR": str(folder / ".ipython"),
        "PYTHONUNBUFFERED": "1",
        **({} if tracked else {"NBCAIRN_DISABLE": "1"}),
        **(environment or {}),
    }
    manager, client = _started(folder, env)
    try:
        live = Tracked(client, manager, folder)
        if load:
            live.run("%load_ext nbcairn", silent=True)
        yield live
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
