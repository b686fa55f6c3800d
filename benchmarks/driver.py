"""A kernel driven as a front end drives it: cells with ids, outputs gathered, nothing else."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_client.manager import KernelManager


@dataclass(slots=True)
class Outcome:
    """What one execution showed, and how long the front end waited for it."""

    seconds: float
    status: str
    outputs: list[dict] = field(default_factory=list)
    count: int | None = None


class Kernel:
    """One live kernel; ``run`` is one cell executed by a person."""

    def __init__(self, client, manager: KernelManager) -> None:
        self.client = client
        self.manager = manager

    def run(self, source: str, cell_id: str | None = None, timeout: float = 120, silent: bool = False) -> Outcome:
        self.client.session.metadata = {"cellId": cell_id} if cell_id else {}
        started = time.perf_counter()
        message = self.client.execute(source, silent=silent, store_history=not silent, stop_on_error=False)
        outcome = Outcome(0.0, "ok")
        self._gather(message, outcome, started + timeout)
        reply = self._reply(message, timeout)
        outcome.seconds = time.perf_counter() - started
        outcome.status = reply["content"]["status"]
        outcome.count = reply["content"].get("execution_count")
        return outcome

    def evaluate(self, expression: str, timeout: float = 120) -> str:
        """The text of an expression's value, told in the reply: what other threads and processes print is not in it."""
        message = self.client.execute("", silent=True, user_expressions={"value": expression})
        return self._reply(message, timeout)["content"]["user_expressions"]["value"]["data"]["text/plain"]

    def _reply(self, message: str, timeout: float) -> dict:
        while True:
            reply = self.client.get_shell_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == message:
                return reply

    def _gather(self, message: str, outcome: Outcome, deadline: float) -> None:
        while True:
            try:
                part = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.perf_counter()))
            except queue.Empty:
                self.manager.interrupt_kernel()
                raise TimeoutError("the cell took too long") from None
            if part["parent_header"].get("msg_id") != message:
                continue
            kind, content = part["msg_type"], part["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if kind in {"stream", "display_data", "execute_result", "error", "update_display_data"}:
                outcome.outputs.append({"kind": kind, **content})


@contextmanager
def kernel(
    folder: Path, *, tracked: bool, trail: Path | None = None, notebook: Path | None = None, enabled: bool | None = None
) -> Iterator[Kernel]:
    """A fresh kernel in ``folder``, with Cairn loaded or not; ``enabled``: whether a cell may load it later."""
    import os

    env = {**os.environ, "NBCAIRN_DISABLE": "" if (tracked if enabled is None else enabled) else "1"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: a module is compiled once, not by every kernel
    if trail is not None:
        env["NBCAIRN_TRAIL"] = str(trail)
    if notebook is not None:
        env["NBCAIRN_NOTEBOOK"] = env["JPY_SESSION_NAME"] = str(notebook)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=env)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        live = Kernel(client, manager)
        if tracked:
            live.run("%load_ext nbcairn", silent=True)
        yield live
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
