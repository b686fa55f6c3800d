"""The slice of a version: the runs that it needs, in order, and no others.

This is dynamic slicing (Korel and Laski 1988) at the grain of cell runs: dependences are those that were
recorded, so code that could have mattered but did not is left out.
"""

from __future__ import annotations

from nbcairn.errors import RecordNotFound
from nbcairn.lineage.origins import Origins, moment
from nbcairn.model import How, Run
from nbcairn.store import Trail

__all__ = ["slice_of"]


def slice_of(trail: Trail, run_id: str, name: str | None = None) -> tuple[Run, ...]:
    """The runs that must be repeated, in this order, to have again what ``name`` held after this run.

    Without a name: to have all that the run itself wrote and showed. What was made before tracking began, or
    comes from outside, has no run and so is not part of the slice. Raises RecordNotFound when the trail has no
    such run or the run did not write this name.
    """
    run = trail.run(run_id)
    if name is not None and not any(write.name == name for write in run.writes):
        raise RecordNotFound(f"The run {run_id!r} did not write {name!r}.", f"`%cairn show {name}` lists its versions.")
    wanted = [name] if name is not None else [write.name for write in run.writes]
    return _closure(Origins(trail), run, wanted)


def _closure(origins: Origins, run: Run, wanted: list[str]) -> tuple[Run, ...]:
    origins.add(run)
    needed: dict[str, Run] = {}
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[Run, str | None]] = [(run, None), *((run, name) for name in wanted)]
    while waiting:
        current, name = waiting.pop()
        if current.id not in needed:
            needed[current.id] = current
            waiting.extend(_inputs(origins, current))
        if name is not None and (current.id, name) not in seen:
            seen.add((current.id, name))
            waiting.extend(_earlier(origins, current, name))
    return tuple(sorted(needed.values(), key=moment))


def _inputs(origins: Origins, run: Run) -> list[tuple[Run, str | None]]:
    """The versions that a run read."""
    makers = ((origins.maker(read, run), read.name) for read in run.reads)
    return [(maker, name) for maker, name in makers if maker is not None and maker.id != run.id]


def _earlier(origins: Origins, run: Run, name: str) -> list[tuple[Run, str | None]]:
    """The version that a run changed in place: its own reads need not name it, for it may be an alias."""
    if not any(write.name == name and write.how is How.MUTATED for write in run.writes):
        return []
    before = origins.before(name, run)
    return [] if before is None else [(before, name)]
