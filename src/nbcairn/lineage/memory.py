"""What the kernel of a document holds in memory now, as far as its recorded runs tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nbcairn.errors import RecordNotFound
from nbcairn.lineage.disk import Disk
from nbcairn.lineage.environment import Environment, Slot
from nbcairn.model import Run, Session, file_of, is_ambient
from nbcairn.store import Trail

__all__ = ["Lives", "Memory", "until_its_end"]

Lives = Callable[[Session], bool]
"""Whether a session goes on, as far as whoever asks can tell."""


def until_its_end(session: Session) -> bool:
    """What the trail alone tells: a kernel that was killed has noted no end."""
    return session.ended is None


class Memory:
    """The namespace and ambient state of the newest session; empty once that has ended."""

    def __init__(self, trail: Trail, last: Mapping[str, Run], lives: Lives = until_its_end) -> None:
        self._trail = trail
        disk = Disk(trail.root)
        self._fresh = Environment(disk)
        self._last = last
        newest = max((run.session_id for run in last.values()), default=None)
        # A kernel that was restarted and has run nothing yet holds nothing, also where its last life was killed.
        self.session_id = None if newest is None else trail.last_life(newest)
        self.ended = self._has_ended(lives)
        for run in last.values():
            disk.learn(run.files)

    def _has_ended(self, lives: Lives) -> bool:
        if self.session_id is None:
            return True
        try:
            return not lives(self._trail.session(self.session_id))
        except RecordNotFound:
            return False

    def get(self, name: str) -> Slot:
        """What a name holds now."""
        if self.ended or self.session_id is None or file_of(name) is not None:
            return self.fresh(name)
        held = self._trail.held(name, self.session_id)
        if held is None:
            return self.fresh(name)
        return Slot(held.write.fingerprint, None, held.run_id, type_name=held.write.type_name)

    def fresh(self, name: str) -> Slot:
        """What a name holds in a fresh kernel."""
        return self._fresh.get(name)

    def gone(self) -> tuple[str, ...]:
        """Variables that the last runs of the cells left, and that no living kernel holds any more."""
        lost = (run for run in self._last.values() if self.ended or run.session_id != self.session_id)
        names = {write.name for run in lost for write in run.writes if write.fingerprint and not is_ambient(write.name)}
        return tuple(sorted(name for name in names if self.get(name).fingerprint is None))
