"""Statistics and previews of artifacts: taken between cells, when the kernel is idle, bounded by a budget."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbcairn.model import Artifact, ArtifactKind
from nbcairn.profile import statistics

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
        if self._recorder.config.keep_statistics:
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
                detail = statistics(value, self._recorder.config.statistics_seconds)
                if detail:
                    self._recorder.trail.enrich(artifact.id, detail)
