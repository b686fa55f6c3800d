"""What a person means by a word: a variable, an artifact, a file, or the beginning of an id."""

from __future__ import annotations

from dataclasses import dataclass

from nbcairn.errors import RecordNotFound
from nbcairn.lineage.lookup import record_called
from nbcairn.model import Artifact, ArtifactKind, Run, ambient_file, is_ambient
from nbcairn.store import Trail, Version

__all__ = ["Target", "find_target", "target_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """A version to hand over: what ``name`` held after the run; all that the run did where ``name`` is None.

    ``artifact`` is what a person sees of it, where there is one.
    """

    run: Run
    name: str | None
    artifact: Artifact | None = None

    @property
    def label(self) -> str:
        """What a person calls it."""
        if self.artifact is not None:
            return self.artifact.name
        if self.name is None:
            return f"run {self.run.id[:12]}"
        return self.name.removeprefix("<file:").removesuffix(">") if is_ambient(self.name) else self.name


def find_target(trail: Trail, what: str, notebook: str | None = None) -> Target:
    """The newest version of a name or file, else the artifact (``penguins@2``: one version of it) or run called so.

    Raises RecordNotFound when there is none.
    """
    for name in (what, ambient_file(what)):
        for version in trail.versions(name, notebook=notebook):
            if version.write.fingerprint is not None:
                run = trail.run(version.run_id)
                return Target(run, name, _artifact(trail, run, name, what))
    try:
        found = record_called(trail, what, notebook)
    except RecordNotFound as error:
        known = ", ".join(name for name in trail.names(notebook)[:30] if not is_ambient(name))
        remedy = f"Known names: {known}." if known else "Nothing is recorded of this notebook yet."
        raise RecordNotFound(error.fact, remedy) from None
    if isinstance(found, Version):
        return Target(trail.run(found.run_id), found.write.name)
    return Target(found, None) if isinstance(found, Run) else target_of(trail, found)


def target_of(trail: Trail, artifact: Artifact) -> Target:
    """The version that an artifact is; for a figure, all that its run did."""
    run = trail.run(artifact.run_id)
    written = {write.name for write in run.writes}
    names = (artifact.name, ambient_file(artifact.name))
    name = None if artifact.kind is ArtifactKind.FIGURE else next((n for n in names if n in written), None)
    return Target(run, name, artifact)


def _artifact(trail: Trail, run: Run, name: str, what: str) -> Artifact | None:
    made = trail.artifacts(run_id=run.id, limit=None, enriched=False)
    return next((a for a in made if a.name in {name, what} and a.kind is not ArtifactKind.FIGURE), None)
