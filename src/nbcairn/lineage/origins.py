"""Where what a run read came from: the run that made it, found in the trail."""

from __future__ import annotations

from nbcairn.errors import RecordNotFound
from nbcairn.model import Read, Run, file_of
from nbcairn.store import Trail

__all__ = ["Origins", "moment"]


def moment(run: Run) -> tuple[str, int, str]:
    """The place of a run in the order of time; within one session the order of execution."""
    return (run.started, run.seq, run.id)


class Origins:
    """Looks up runs and the makers of what they read; each record is fetched once."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._runs: dict[str, Run | None] = {}
        self._sessions: dict[str, list[Run]] = {}
        self._files: dict[str, list[Run]] = {}

    def add(self, run: Run) -> None:
        """Make a run known that the caller has at hand."""
        self._runs.setdefault(run.id, run)

    def run(self, run_id: str) -> Run | None:
        """The run with this id, or None where the trail has lost it."""
        if run_id not in self._runs:
            try:
                self._runs[run_id] = self._trail.run(run_id)
            except RecordNotFound:
                self._runs[run_id] = None
        return self._runs[run_id]

    def session(self, session_id: str) -> list[Run]:
        """The runs of one kernel life in the order of execution."""
        if session_id not in self._sessions:
            runs = self._trail.runs(session_id=session_id)
            for run in runs:
                self.add(run)
            self._sessions[session_id] = sorted(runs, key=moment)
        return self._sessions[session_id]

    def maker(self, read: Read, reader: Run) -> Run | None:
        """The run that made what ``reader`` read; None for what is older than the trail or came from outside.

        A file is also found by content: the newest earlier run, of any session, that wrote these bytes there.
        """
        if read.run_id is not None:
            return self.run(read.run_id)
        if file_of(read.name) is None or read.fingerprint is None:
            return None
        for writer in reversed(self._writers_of_file(read.name)):
            if moment(writer) < moment(reader) and any(
                write.name == read.name and read.fingerprint.same(write.fingerprint) for write in writer.writes
            ):
                return writer
        return None

    def before(self, name: str, run: Run) -> Run | None:
        """The last run before this one that changed the name: in the same session, or anywhere for a file."""
        if file_of(name) is not None:
            writers = self._writers_of_file(name)
        else:
            writers = [
                known for known in self.session(run.session_id) if any(write.name == name for write in known.writes)
            ]
        earlier = [writer for writer in writers if moment(writer) < moment(run)]
        return earlier[-1] if earlier else None

    def _writers_of_file(self, name: str) -> list[Run]:
        if name not in self._files:
            ids = {version.run_id for version in self._trail.versions(name)}
            found = (self.run(run_id) for run_id in ids)
            self._files[name] = sorted((run for run in found if run is not None), key=moment)
        return self._files[name]
