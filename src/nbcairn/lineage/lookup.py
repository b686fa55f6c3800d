"""What a person's word for a record means: a name, one version of it (``penguins@2``), or the beginning of an id."""

from __future__ import annotations

from nbcairn.errors import RecordNotFound
from nbcairn.model import Artifact, Run
from nbcairn.store import Trail

__all__ = ["artifact_called", "last_two", "record_called"]

LIST = "`nbcairn ls` lists artifacts, `nbcairn ls --runs` lists runs."


def record_called(trail: Trail, word: str, notebook: str | None = None) -> Artifact | Run:
    """The artifact of this name (the newest, or the version after ``@``), else what has an id that begins so.

    Raises RecordNotFound when nothing is called so.
    """
    name, _, number = word.rpartition("@")
    if name and number.isdigit():
        return _version(trail, name, int(number), notebook)
    newest = trail.artifacts(name=word, notebook=notebook, limit=1)
    found = newest[0] if newest else trail.find(word)
    if found is None:
        raise RecordNotFound(f"The trail holds no artifact or run {word!r}.", LIST)
    return found


def artifact_called(trail: Trail, word: str, notebook: str | None = None) -> Artifact:
    """The same, but an artifact only; for a run that made one, that one. Raises RecordNotFound."""
    found = record_called(trail, word, notebook)
    if isinstance(found, Artifact):
        return found
    made = trail.artifacts(run_id=found.id, limit=2)
    if len(made) != 1:
        raise RecordNotFound(f"The run {word} made {len(made) or 'no'} artifacts.", "Name the artifact.")
    return made[0]


def last_two(trail: Trail, name: str, notebook: str | None = None) -> tuple[Artifact, Artifact]:
    """The two newest artifacts of a name, the older first. Raises RecordNotFound when there are fewer."""
    found = trail.artifacts(name=name, notebook=notebook, limit=2)
    if len(found) < 2:
        raise RecordNotFound(f"There are fewer than two versions of {name!r}.", "Name two records to compare.")
    return found[1], found[0]


def _version(trail: Trail, name: str, number: int, notebook: str | None) -> Artifact:
    """Versions count from 1 within the notebook of the newest, as lists show them."""
    newest = trail.artifacts(name=name, notebook=notebook, limit=1)
    if newest:
        where = notebook or trail.run(newest[0].run_id).notebook
        series = trail.artifacts(name=name, kind=newest[0].kind, notebook=where, limit=None, enriched=False)
        if 1 <= number <= len(series):
            return trail.artifact(series[-number].id)
        raise RecordNotFound(
            f"{name!r} has {len(series)} versions, not {number}.", f"`nbcairn show {name}` lists them."
        )
    raise RecordNotFound(f"The trail holds no artifact {name!r}.", LIST)
