"""The neutral model of an export: who did what, with what, and what came of it. Every machine-readable format starts here.

Texts are free of home folders and of what looks like a secret. Names that only hold code (modules, functions, classes) and
states of the kernel (``<rng:numpy>``, ``<rcParams>``) are no entities of their own: they are told by the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nbcairn.exporters.report import imported_packages, in_project, known_as
from nbcairn.exporters.safety import black_out
from nbcairn.exporters.scrub import scrub
from nbcairn.lineage.graph import label_of
from nbcairn.lineage.origins import Origins, moment
from nbcairn.model import (
    Artifact,
    ArtifactKind,
    Document,
    Fingerprint,
    How,
    Read,
    Run,
    Session,
    Write,
    file_of,
    is_ambient,
    now,
)
from nbcairn.store import Trail

__all__ = ["Activity", "Agent", "Entity", "Record", "Step", "gather_record", "used_packages"]

MOST_RUNS = 5000
_CODE = frozenset({"module", "function", "type", "builtin_function_or_method", "ABCMeta", "method"})


@dataclass(frozen=True, slots=True)
class Agent:
    """A person as their login and machine tell."""

    id: str
    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Step:
    """A cell: the plan of its runs. ``position`` counts code cells of the document from 1; None when it is gone."""

    id: str
    cell_id: str
    label: str
    source: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A version, a file or a figure. ``made_by`` is the activity; None for what came from outside.

    ``kind`` is ``value``, ``file`` or ``figure``, or the kind of an artifact. ``blob`` is the key of a kept picture.
    """

    id: str
    kind: str
    name: str
    fingerprint: Fingerprint
    type_name: str = ""
    summary: str = ""
    made_by: str | None = None
    at: str = ""
    size: int | None = None
    media_type: str | None = None
    blob: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str | None:
        """The path of a file, else None."""
        return self.name if self.kind == "file" else None


@dataclass(frozen=True, slots=True)
class Activity:
    """One run.

    ``used`` and ``made`` are ids of entities; ``revised`` pairs what it changed in place with what that was before.
    """

    id: str
    step: str
    session: str
    agent: str
    label: str
    source: str
    started: str
    ended: str
    status: str
    error: str = ""
    used: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    revised: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All there is to tell of a notebook, or of a whole trail where ``notebook`` is None."""

    title: str
    project: str
    notebook: str | None
    made: str
    generator: str
    agents: tuple[Agent, ...]
    sessions: tuple[Session, ...]
    steps: tuple[Step, ...]
    activities: tuple[Activity, ...]
    entities: tuple[Entity, ...]
    left_out: tuple[str, ...] = ()
    secrets: int = 0

    def entity(self, identity: str) -> Entity:
        """The entity with this id; KeyError if there is none."""
        return {entity.id: entity for entity in self.entities}[identity]

    @property
    def inputs(self) -> tuple[Entity, ...]:
        """What came from outside."""
        return tuple(entity for entity in self.entities if entity.made_by is None)


def gather_record(trail: Trail, document: Document | None, *, data: bool = True) -> Record:
    """Ask the trail everything. Without ``data`` no picture, value or column is told, only names and fingerprints.

    Raises a TrailError when the trail cannot be read.
    """
    return _Gatherer(trail, document, data=data).record()


class _Gatherer:
    def __init__(self, trail: Trail, document: Document | None, *, data: bool) -> None:
        self._trail = trail
        self._document = document
        self._data = data
        self._origins = Origins(trail)
        self._entities: dict[str, Entity] = {}
        self._sessions: dict[str, Session] = {}
        self._agents: dict[str, Agent] = {}
        self._steps: dict[str, Step] = {}
        self._secrets = 0

    def record(self) -> Record:
        from nbcairn import __version__

        document = self._document = in_project(self._trail, self._document)
        notebook = known_as(self._trail, document, self._trail.last_runs(document)) if document else None
        total = self._trail.count_runs(notebook)
        runs = sorted(self._trail.runs(notebook=notebook, limit=MOST_RUNS), key=moment)
        for run in runs:
            self._origins.add(run)
        artifacts: dict[str, list[Artifact]] = {}
        for artifact in self._trail.artifacts(notebook=notebook, limit=None):
            artifacts.setdefault(artifact.run_id, []).append(artifact)
        self._document_steps()
        known = {run.id for run in runs}
        activities = tuple(self._activity(run, artifacts.get(run.id, []), known) for run in runs)
        left_out = (f"The newest {len(runs):,} of {total:,} runs are told.",) if total > len(runs) else ()
        title = PurePosixPath(notebook).name if notebook else self._trail.root.name
        return Record(
            self._clean(title), self._clean(self._trail.root.name), self._clean(notebook) if notebook else None, now(),
            f"nbcairn {__version__}", tuple(self._agents.values()), tuple(self._sessions.values()),
            tuple(self._steps.values()), activities, tuple(self._entities.values()), left_out, self._secrets,
        )  # fmt: skip

    # ------------------------------------------------------------------ texts

    def _clean(self, text: str) -> str:
        masked, count = black_out(scrub(text))
        self._secrets += count
        return masked

    # ------------------------------------------------------------------ who and where

    def _session(self, session_id: str) -> Session:
        if session_id not in self._sessions:
            session = self._trail.session(session_id)
            cleaned = _rewritten(session, self._clean)
            self._sessions[session_id] = cleaned
            agent = Agent(f"{cleaned.user}@{cleaned.host}", cleaned.user, cleaned.host)
            self._agents.setdefault(agent.id, agent)
        return self._sessions[session_id]

    def _document_steps(self) -> None:
        for position, cell in enumerate(self._document.code if self._document else (), 1):
            source = self._clean(cell.source)
            self._steps[cell.id] = Step(cell.id, cell.id, label_of(source), source, position)

    # ------------------------------------------------------------------ runs

    def _activity(self, run: Run, artifacts: list[Artifact], known: set[str]) -> Activity:
        session = self._session(run.session_id)
        source = self._clean(run.source)
        self._steps.setdefault(run.cell_id, Step(run.cell_id, run.cell_id, label_of(source), source))
        used = [self._used(read, run, known) for read in run.reads if _is_told(read)]
        by_name = {artifact.name: artifact for artifact in artifacts if artifact.kind is not ArtifactKind.FIGURE}
        made = [self._made(write, run, by_name.get(write.name)) for write in run.writes if _is_told(write)]
        made += [self._figure(artifact, run) for artifact in artifacts if artifact.kind is ArtifactKind.FIGURE]
        revised = tuple(
            (self._identity(run.id, write.name), self._identity(before.id, write.name))
            for write in run.writes
            if write.how is How.MUTATED and _is_told(write)
            if (before := self._origins.before(write.name, run)) is not None and before.id in known
        )
        error = self._clean(f"{run.error_type}: {run.error_message}") if run.error_type else ""
        return Activity(
            run.id, run.cell_id, run.session_id, f"{session.user}@{session.host}", label_of(source), source,
            run.started, run.ended, str(run.status), error, tuple(dict.fromkeys(used)), tuple(made), revised,
        )  # fmt: skip

    def _used(self, read: Read, run: Run, known: set[str]) -> str:
        maker = self._origins.maker(read, run)
        if maker is not None and maker.id in known and any(w.name == read.name and _is_told(w) for w in maker.writes):
            return self._identity(maker.id, read.name)
        assert read.fingerprint is not None
        identity = f"{self._identity('outside', read.name)}/{read.fingerprint.digest}"
        path = file_of(read.name)
        size = next((access.size for access in run.files if access.path == path), None)
        kind, name = ("value", read.name) if path is None else ("file", path)
        self._entities.setdefault(identity, Entity(identity, kind, self._clean(name), read.fingerprint, size=size))
        return identity

    def _made(self, write: Write, run: Run, artifact: Artifact | None) -> str:
        assert write.fingerprint is not None
        identity = self._identity(run.id, write.name)
        path = file_of(write.name)
        kind = "file" if path is not None else str(artifact.kind) if artifact else "value"
        summary = self._clean(write.summary) if self._data or path is not None else ""
        columns = self._columns(artifact) if artifact and self._data else ()
        size = next((access.size for access in run.files if access.path == path and access.mode == "write"), None)
        self._entities[identity] = Entity(
            identity, kind, self._clean(path or write.name), write.fingerprint, write.type_name, summary, run.id,
            run.ended, size, columns=columns,
        )  # fmt: skip
        return identity

    def _identity(self, owner: str, name: str) -> str:
        """The id of what a name held; names of files are cleaned in it, as they are where they are told."""
        return f"{owner}/{name if file_of(name) is None else self._clean(name)}"

    def _columns(self, artifact: Artifact) -> tuple[tuple[str, str], ...]:
        columns = artifact.detail.get("columns")
        if not isinstance(columns, list):
            return ()
        return tuple(
            (self._clean(str(column.get("name", ""))), str(column.get("dtype", "")))
            for column in columns
            if isinstance(column, dict)
        )

    def _figure(self, artifact: Artifact, run: Run) -> str:
        identity = f"{run.id}/figure/{artifact.id}"
        blob = artifact.blob if self._data else None
        summary = self._clean(artifact.summary) if self._data else ""
        self._entities[identity] = Entity(
            identity, "figure", self._clean(artifact.name), artifact.fingerprint, artifact.type_name, summary, run.id,
            run.ended, media_type=artifact.media_type, blob=blob,
        )  # fmt: skip
        return identity


def _is_told(part: Read | Write) -> bool:
    if part.fingerprint is None or (is_ambient(part.name) and file_of(part.name) is None):
        return False
    return not (isinstance(part, Write) and part.type_name in _CODE)


def _rewritten(session: Session, clean: Callable[[str], str]) -> Session:
    """A session without the paths of a person's machine."""
    inside = not PurePosixPath(session.cwd).is_absolute()
    notebook = clean(session.notebook) if session.notebook else None
    return replace(session, cwd=session.cwd if inside else clean(session.cwd), notebook=notebook)


def used_packages(record: Record) -> tuple[tuple[str, str], ...]:
    """The packages that some source imports, with the versions of the newest session."""
    return imported_packages(record.sessions[::-1], (activity.source for activity in record.activities))
