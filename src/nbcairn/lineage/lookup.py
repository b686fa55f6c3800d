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
        return _numbered(trail, name, int(number), notebook)
    series = _series(trail, word, notebook, 1)
    found = series[0] if series else trail.find(word)
    if found is None:
        raise RecordNotFound(f"The trail holds no name, run or artifact {word!r}.", _LIST)
    return found


def last_two(trail: Trail, name: str, notebook: str | None = None) -> tuple[Record, Record]:
    """The two newest versions of a name, the older first. Raises RecordNotFound when there are fewer."""
    found = _series(trail, name, notebook, 2)
    if len(found) < 2:
        raise RecordNotFound(f"There are fewer than two versions of {name!r}.", "Name two records to compare.")
    return found[1], found[0]


def run_of(trail: Trail, record: Record) -> Run:
    """The run that made a record. Raises RecordNotFound when the trail lacks it."""
    return record if isinstance(record, Run) else trail.run(record.run_id)


def _numbered(trail: Trail, name: str, number: int, notebook: str | None) -> Record:
    """Versions count from 1 within the notebook of the newest, as lists show them."""
    series = _series(trail, name, notebook, None)
    if not 1 <= number <= len(series):
        count = f"{len(series)} versions" if series else "no versions"
        raise RecordNotFound(f"{name!r} has {count} here, so there is no {name}@{number}.", _LIST)
    found = series[-number]
    return trail.artifact(found.id) if isinstance(found, Artifact) else found


def _series(trail: Trail, name: str, notebook: str | None, limit: int | None) -> list[Artifact] | list[Version]:
    """Artifacts of one name, kind and notebook, newest first; versions of a name that never was an artifact."""
    newest = trail.artifacts(name=name, notebook=notebook, limit=1)
    if newest and limit == 1:
        return newest
    if newest:
        where = notebook or trail.run(newest[0].run_id).notebook
        return trail.artifacts(name=name, kind=newest[0].kind, notebook=where, limit=limit, enriched=limit is not None)
    found = trail.versions(name, notebook=notebook, limit=1)
    if not found:
        return []
    where = notebook or trail.run(found[0].run_id).notebook
    return [version for version in trail.versions(name, notebook=where) if version.write.fingerprint][:limit]
