"""Whether a long trail stays quick: the command line's questions over 10,000 runs.

    python benchmarks/store.py [--runs 10000] [--rounds 5]

The time is that of the command on the processor, in a Python that has started, to the last character, as text and as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nbcairn.cli import main as nbcairn
from nbcairn.model import ArtifactKind
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact

TARGET = 0.200
COMMANDS = (
    "ls", "ls analysis.ipynb", "ls --kind figure", "ls --runs", "ls --runs analysis.ipynb --limit 50", "ls --sessions",
    "show frame", "show frame@5", "show {run}", "search body mass", "diff frame",
)  # fmt: skip


def fill(folder: Path, runs: int) -> str:
    """A trail of 200 cells run over and over in 50 sessions of two notebooks; the id of a run in its middle."""
    middle = ""
    with Trail.open(folder / ".cairn", create=True) as trail:
        per_session = max(1, runs // 50)
        for number in range(runs):
            session, notebook = (
                f"s{number // per_session:03}",
                ("analysis.ipynb", "model.ipynb")[number // per_session % 2],
            )
            if number % per_session == 0:
                trail.begin(
                    a_session(session, notebook, kernel_id=session, packages={f"package{n}": "1.0" for n in range(200)})
                )
            cell = number % 200
            reads = {f"x{cell - 1}": number - 1} if cell else {}
            run = a_run(
                f"x{cell} = f(x{cell - 1})\n" * 5, f"c{cell}", reads, {f"x{cell}": number, "frame": number},
                session_id=session, notebook=notebook,
            )  # fmt: skip
            kind = (ArtifactKind.DATA, ArtifactKind.FIGURE)[cell % 10 == 0]
            made = an_artifact(run, "frame" if cell % 4 else f"Body mass {cell}", kind, detail={"rows": number})
            trail.record(run, [made])
            middle = run.id if number == runs // 2 else middle
    return middle


def seconds(command: list[str]) -> float:
    """How long one command takes."""
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = nbcairn(command)
    assert code in {0, 1}, command
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    table = Table(f"command, over {options.runs} runs", "text", "JSON", "target")
    with tempfile.TemporaryDirectory() as scratch:
        middle = fill(Path(scratch), options.runs)
        (Path(scratch) / "analysis.ipynb").write_text("{}")
        os.chdir(scratch)
        for line in COMMANDS:
            words = line.format(run=middle).split()
            seconds(words)  # imports
            both = [
                statistics.median(seconds([*words, *more]) for _ in range(options.rounds)) for more in ([], ["--json"])
            ]
            marks = ["[green]✓[/]" if value <= TARGET else "[red]✗[/]" for value in both]
            table.add_row(
                line, *(f"{v * 1000:.0f} ms {m}" for v, m in zip(both, marks, strict=True)), f"{TARGET * 1000:.0f} ms"
            )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
