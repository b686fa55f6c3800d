"""What a person's word for a record means: a name, one version of it (``penguins@2``), or the beginning of an id."""

from __future__ import annotations

from nbcairn.errors import RecordNotFound
from nbcairn.model import Artifact, Run
from nbcairn.store import Trail, Version

__all__ = ["Record", "last_two", "record_called", "run_of"]

Record = Artifact | Version | Run
"""What can be called: an artifact, a version of a name that is none, a run."""

_LIST = "`nbcairn ls` lists artifacts, `nbcairn ls --runs` lists runs."


def record_called(trail: Trail, word: str, notebook: str | None = None) -> Record:
    """What is called so: the newest artifact or version of a name, the one that ``@N`` counts, else an id's beginning.

    Raises RecordNotFound when nothing is called so.
    """
    name, _, number = word.rpartition("@")
    if name and number.isdigit():
        return _counted(trail, name, int(number), notebook)
    found = _newest(trail, word, notebook) or trail.find(word)
    if found is None:
        raise RecordNotFound(f"The trail holds no name, run or artifact {word!r}.", _LIST)
    return found


def last_two(trail: Trail, name: str, notebook: str | None = None) -> tuple[Record, Record]:
    """The two newest versions of a name, the older first. Raises RecordNotFound when there are fewer."""
    return _counted(trail, name, -2, notebook), _counted(trail, name, -1, notebook)


def run_of(trail: Trail, record: Record) -> Run:
    """The run that made a record. Raises RecordNotFound when the trail lacks it."""
    return record if isinstance(record, Run) else trail.run(record.run_id)


def _newest(trail: Trail, name: str, notebook: str | None) -> Artifact | Version | None:
    """The newest artifact of a name; of one that never was an artifact, the newest version."""
    artifacts = trail.artifacts(name=name, notebook=notebook, limit=1)
    if artifacts:
        return artifacts[0]
    versions = (version for version in trail.versions(name, notebook=notebook) if version.write.fingerprint)
    return next(versions, None)


def _counted(trail: Trail, name: str, number: int, notebook: str | None) -> Artifact | Version:
    """Versions count from 1, or back from -1, within the notebook of the newest, as lists show them."""
    newest = _newest(trail, name, notebook)
    if newest is None:
        raise RecordNotFound(f"The trail holds no name {name!r}.", _LIST)
    where = notebook or trail.run(newest.run_id).notebook
    series: list[str] | list[Version]
    if isinstance(newest, Artifact):
        series = trail.series(name, newest.kind, where)
    else:
        series = [version for version in reversed(trail.versions(name, notebook=where)) if version.write.fingerprint]
    position = number - 1 if number > 0 else len(series) + number
    if not 0 <= position < len(series):
        what = f"{number}" if number >= 0 else "two to compare"
        raise RecordNotFound(f"{name!r} has {_count(len(series))} here: there are not {what}.", _LIST)
    found = series[position]
    return trail.artifact(found) if isinstance(found, str) else found


def _count(number: int) -> str:
    return f"{number} version{'' if number == 1 else 's'}"
