"""A progress bar over the cells of a notebook that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nbcairn.cli.verb import Output, plain
from nbcairn.headless import Progress
from nbcairn.lineage.narrate import first_line

__all__ = ["cells_progress"]


@contextmanager
def cells_progress(out: Output, title: str) -> Iterator[Progress]:
    """Shows which cell runs, on a terminal; silent where nobody looks."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[cell]}"),
    )
    with Bar(*columns, console=out.aside, disable=out.json or not out.aside.is_terminal) as bar:
        task = bar.add_task(title, total=None, cell="")

        def progress(number: int, total: int, source: str) -> None:
            bar.update(task, completed=number, total=total, cell=plain(first_line(source, 40)).replace("[", r"\["))

        yield progress
