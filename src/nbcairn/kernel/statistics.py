"""Statistics and previews of artifacts: taken between cells, when the kernel is idle, bounded by a budget."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbcairn.kernel.observation import Observation
from nbcairn.masking import Masker
from nbcairn.model import Artifact, ArtifactKind
from nbcairn.profile import Budget, find_splits, split_statistics, statistics, trained_on

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["StatisticsQueue"]

QUIET = 0.2
"""Seconds without a cell after which the kernel counts as idle: cells that were sent together follow each other faster."""

BETWEEN = 0.05
"""From one artifact to the next, so that a cell that is sent meanwhile waits for one only."""

LAST = 3.0
"""How long statistics may hold up the end of a session."""

MOST = 200
_PROFILED = {ArtifactKind.DATA, ArtifactKind.MODEL, ArtifactKind.METRIC}


@dataclass(frozen=True, slots=True)
class _Job:
    """One artifact to be measured; ``parts`` are the artifacts of the split that it is a part of."""

    artifact: Artifact
    namespace: MutableMapping[str, object]
    told: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[Artifact, ...] = ()


class StatisticsQueue:
    """Artifacts that wait for their statistics. What a later cell changed meanwhile is left out."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._jobs: deque[_Job] = deque(maxlen=MOST)
        self._scheduled = False
        self._ended = 0.0

    def add(self, observation: Observation) -> None:
        """Queue the artifacts of a run, which has just ended, whose value a name still holds."""
        self._ended = time.monotonic()
        if self._recorder.config.keep_statistics or self._recorder.config.keep_values_mb > 0:
            with self._recorder._guard("statistics"):
                self._jobs.extend(self._job(artifact, observation) for artifact in _profiled(observation))
        self._schedule()

    def _job(self, artifact: Artifact, observation: Observation) -> _Job:
        told: Mapping[str, object] = {}
        parts: tuple[Artifact, ...] = ()
        if artifact.kind is ArtifactKind.MODEL:
            told = self._model(artifact.name, observation)
        elif artifact.kind is ArtifactKind.DATA:
            parts = _split(artifact, observation)
        return _Job(artifact, observation.namespace, told, parts)

    def _model(self, name: str, observation: Observation) -> dict[str, object]:
        """What the cell says of a model: the fingerprints of what it was trained on, and the scores beside it."""
        data = {part: self._recorder.names.known.get(part) for part in trained_on(observation.source, name)}
        scores = {
            part.name: statistics(observation.namespace.get(part.name))
            for part in observation.artifacts
            if part.kind is ArtifactKind.METRIC
        }
        found: dict[str, object] = {}
        read = [{"name": part, "digest": known.fingerprint.digest} for part, known in data.items() if known]
        if read:
            found["trained_on"] = read
        if scores:
            found["scores"] = {part: score.get("value", score.get("values")) for part, score in scores.items()}
        return found

    def _schedule(self, delay: float = QUIET) -> None:
        if self._waits and not self._scheduled:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return
            self._scheduled = True
            loop.call_later(delay, self._tick)

    def _tick(self) -> None:
        self._scheduled = False
        quiet = time.monotonic() - self._ended
        if quiet >= QUIET:
            self._next()
            self._schedule(BETWEEN)
        else:
            self._schedule(max(BETWEEN, QUIET - quiet))

    @property
    def _waits(self) -> bool:
        return bool(self._jobs) or self._recorder.names.unsettled

    def _next(self) -> None:
        if self._jobs:
            self._one(self._jobs.popleft())
        else:
            with self._recorder._guard("preparing"):
                self._recorder.names.prepare()

    def flush(self) -> None:
        """Take those that wait, as before a session ends, as long as there is time."""
        ends = time.monotonic() + LAST
        while self._jobs and time.monotonic() < ends:
            self._one(self._jobs.popleft())

    def _one(self, job: _Job) -> None:
        artifact = job.artifact
        known = self._recorder.names.known.get(artifact.name)
        value = job.namespace.get(artifact.name)
        with self._recorder._guard("statistics"):
            if known is not None and known.fingerprint == artifact.fingerprint and known.identity == id(value):
                detail = {**self._statistics(value), **job.told, **self._parts(job), **self._value(artifact, value)}
                safe = Masker(self._recorder.config.mask).json(detail)
                if detail and isinstance(safe, dict):
                    self._recorder.trail.enrich(artifact.id, safe)

    def _parts(self, job: _Job) -> Mapping[str, object]:
        """Sizes, classes and shared rows of the split that the artifact is a part of, if no part has changed since."""
        known = [self._recorder.names.known.get(part.name) for part in job.parts]
        same = all(k and k.fingerprint == part.fingerprint for k, part in zip(known, job.parts, strict=True))
        if not job.parts or not same or not self._recorder.config.keep_statistics:
            return {}
        values = {part.name: job.namespace.get(part.name) for part in job.parts}
        found = split_statistics(values, Budget(self._recorder.config.statistics_seconds))
        return {"split": found} if found else {}

    def _statistics(self, value: object) -> Mapping[str, object]:
        config = self._recorder.config
        return statistics(value, config.statistics_seconds) if config.keep_statistics else {}

    def _value(self, artifact: Artifact, value: object) -> Mapping[str, object]:
        """Keep the value itself, for those who asked for it and where it is safe."""
        most = int(self._recorder.config.keep_values_mb * 1e6)
        if most <= 0 or "kept" in artifact.detail:
            return {}
        from nbcairn.values import Packed, kept, pack

        packed = pack(value, most)
        if isinstance(packed, Packed):
            self._recorder.trail.blobs.put(packed.content)
        return {"kept": kept(packed)}


def _profiled(observation: Observation) -> list[Artifact]:
    return [artifact for artifact in observation.artifacts if artifact.kind in _PROFILED]


def _split(artifact: Artifact, observation: Observation) -> tuple[Artifact, ...]:
    """The artifacts of the run that are parts of one split with this one, this one among them."""
    data = {part.name: part for part in observation.artifacts if part.kind is ArtifactKind.DATA}
    for names in find_splits(data):
        if artifact.name in names:
            return tuple(data[name] for name in names)
    return ()
