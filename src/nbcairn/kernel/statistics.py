"""Statistics and previews of artifacts: taken between cells, when the kernel is idle, bounded by a budget."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbcairn.model import Artifact, ArtifactKind
from nbcairn.profile import statistics
from nbcairn.values import Packed, kept, pack

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["StatisticsQueue"]

DELAY = 0.05
MOST = 200
_PROFILED = {ArtifactKind.DATA, ArtifactKind.MODEL, ArtifactKind.METRIC}


@dataclass(frozen=True, slots=True)
class _Job:
    artifact: Artifact
    namespace: MutableMapping[str, object]


class StatisticsQueue:
    """Artifacts that wait for their statistics. What a later cell changed meanwhile is left out."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._jobs: deque[_Job] = deque(maxlen=MOST)
        self._scheduled = False

    def add(self, artifacts: Sequence[Artifact], namespace: MutableMapping[str, object]) -> None:
        """Queue the artifacts of a run whose value a name still holds."""
        if self._recorder.config.keep_statistics or self._recorder.config.keep_values_mb > 0:
            self._jobs.extend(_Job(artifact, namespace) for artifact in artifacts if artifact.kind in _PROFILED)
            self._schedule()

    def _schedule(self) -> None:
        if self._jobs and not self._scheduled:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return
            self._scheduled = True
            loop.call_later(DELAY, self._tick)

    def _tick(self) -> None:
        self._scheduled = False
        if self._jobs:
            self._one(self._jobs.popleft())
        self._schedule()

    def flush(self) -> None:
        """Take all that wait, as before a session ends."""
        while self._jobs:
            self._one(self._jobs.popleft())

    def _one(self, job: _Job) -> None:
        artifact = job.artifact
        known = self._recorder.names.known.get(artifact.name)
        value = job.namespace.get(artifact.name)
        with self._recorder._guard("statistics"):
            if known is not None and known.fingerprint == artifact.fingerprint and known.identity == id(value):
                detail = {**self._statistics(value), **self._value(artifact, value)}
                if detail:
                    self._recorder.trail.enrich(artifact.id, detail)

    def _statistics(self, value: object) -> Mapping[str, object]:
        config = self._recorder.config
        return statistics(value, config.statistics_seconds) if config.keep_statistics else {}

    def _value(self, artifact: Artifact, value: object) -> Mapping[str, object]:
        """Keep the value itself, for those who asked for it and where it is safe."""
        most = int(self._recorder.config.keep_values_mb * 1e6)
        if most <= 0 or "value" in artifact.detail:
            return {}
        packed = pack(value, most)
        if isinstance(packed, Packed):
            self._recorder.trail.blobs.put(packed.content)
        return {"value": kept(packed)}
