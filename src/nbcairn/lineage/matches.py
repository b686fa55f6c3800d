"""The runs that show what a cell would do: of its source, with every read as the cells above would leave it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from nbcairn.model import Coverage, Fingerprint, How, Run, Write, is_ambient
from nbcairn.store import Trace, Trail

__all__ = ["Matches", "came_out_alike"]


@dataclass(frozen=True, slots=True)
class Matches:
    """Such runs, newest first; of many that came out the same one is enough. ``sessions`` counts those that they were made in."""

    runs: tuple[Run, ...] = ()
    sessions: int = 0

    def __bool__(self) -> bool:
        return bool(self.runs)

    @classmethod
    def among(cls, trail: Trail, traces: Collection[Trace], last: Run | None) -> Matches:
        """The runs behind these traces; ``last``, the cell's last run, before others that came out the same."""
        found = sorted({trace.run_id: trace for trace in traces}.values(), key=lambda trace: trace.run_id, reverse=True)
        ids = [trace.run_id for trace in found]
        if len({trace.outcome for trace in found}) == 1:
            ids = [last.id] if last is not None and last.id in ids else ids[:1]
        return cls(tuple(map(trail.run, ids)), len({trace.session_id for trace in found}))

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Matches:
        """All of these runs, newest first."""
        return cls(tuple(runs), len({run.session_id for run in runs}))

    def chosen(self, last: Run | None) -> Run:
        """The run to go by: the cell's last where it is among them, else the newest."""
        return next((run for run in self.runs if last is not None and run.id == last.id), self.runs[0])

    def variation(self) -> tuple[str, ...]:
        """What differed among them, though their inputs were equal: names, and ``output``."""
        if len(self.runs) < 2:
            return ()
        found: dict[str, None] = {}
        shown = {tuple((part.kind, part.digest) for part in run.displays) for run in self.runs}
        if len(shown) > 1:
            found["output"] = None
        versions = _versions(self.runs)
        found |= dict.fromkeys(name for name in sorted(versions) if len(versions[name]) > 1)
        return tuple(found)

    def state_left(self, chosen: Run) -> list[Write]:
        """Ambient state that equal runs set and the chosen one found set already, as a set-up cell does that is run again."""
        own = {write.name for write in chosen.writes}
        found = {write.name: write for run in self.runs for write in run.writes if is_ambient(write.name)}
        return [write for name, write in sorted(found.items()) if name not in own]


def _versions(runs: Iterable[Run]) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for run in runs:
        for write in run.writes:
            if write.fingerprint is None:
                versions.setdefault(write.name, set()).add("")
            elif write.fingerprint.coverage is not Coverage.OPAQUE and write.type_name != "module":
                versions.setdefault(write.name, set()).add(write.fingerprint.digest)
    return versions


def came_out_alike(one: Run, other: Run) -> bool:
    """True when both runs showed the same, and left the same in every name that one of them set, whichever of them set it.

    A run that found a name as it leaves it wrote nothing: ``d["k"] = 1`` for the second time. Of ambient state only what both
    looked up or set counts: a library that is imported for the second time sets nothing, and what it set is there.
    """
    if _shown(one) != _shown(other):
        return False
    (mine, set_here), (theirs, set_there) = _left(one), _left(other)
    names = {name for name in set_here | set_there if not is_ambient(name) or (name in mine and name in theirs)}
    return all(mine.get(name, _NOWHERE) == theirs.get(name, _NOWHERE) for name in names)


_NOWHERE = ("", "nowhere")
_Content = tuple[str, str] | None


def _shown(run: Run) -> tuple[tuple[str, str], ...]:
    return tuple((str(shown.kind), shown.digest) for shown in run.displays)


def _left(run: Run) -> tuple[dict[str, _Content], set[str]]:
    """What each name held after a run, as far as it was looked up or set, and the names that the run set."""
    found = {read.name: _content(read.fingerprint) for read in run.reads if not _is_opaque(read.fingerprint)}
    looked_up, known = {read.name for read in run.reads}, set()
    for write in run.writes:
        found.pop(write.name, None)
        if not _is_opaque(write.fingerprint):
            found[write.name] = _content(write.fingerprint)
            known |= {write.name} if write.how is not How.MUTATED or write.name in looked_up else set()
    return found, known


def _content(print_: Fingerprint | None) -> _Content:
    return (print_.method, print_.digest) if print_ else None


def _is_opaque(print_: Fingerprint | None) -> bool:
    return print_ is not None and print_.coverage is Coverage.OPAQUE
