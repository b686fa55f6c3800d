"""The lineage graph: which runs made which artifacts out of what."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbcairn.lineage.origins import Origins, moment
from nbcairn.model import PRISTINE, Artifact, How, Read, Run, file_of, is_ambient
from nbcairn.store import Trail

__all__ = ["Lineage", "LineageEdge", "LineageNode", "label_of", "lineage"]

LABEL = 60


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A run, an artifact that one made, a file that came from outside, or a value older than the trail.

    ``kind`` is ``run``, ``artifact``, ``file`` or ``value``; ``at`` is when the run ended.
    """

    id: str
    kind: str
    label: str
    run_id: str | None
    cell_id: str | None
    artifact_id: str | None
    seq: int
    at: str
    focus: bool = False


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """Data went from source to target under these names."""

    source: str
    target: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Nodes in the order of time, edges from cause to effect; ``truncated`` when some were left out."""

    nodes: tuple[LineageNode, ...] = ()
    edges: tuple[LineageEdge, ...] = ()
    truncated: bool = False


def lineage(
    trail: Trail,
    notebook: str | None = None,
    artifact_id: str | None = None,
    run_id: str | None = None,
    limit: int = 150,
) -> Lineage:
    """The graph around a run or artifact (what it came from and what came of it), or of a notebook.

    At most ``limit`` nodes: the nearest to the focus, or the newest. Raises RecordNotFound for an unknown focus.
    """
    origins = Origins(trail)
    focus = trail.artifact(artifact_id).run_id if artifact_id else run_id
    if focus is not None:
        run = trail.run(focus)
        origins.add(run)
        runs: Iterable[Run] = _around(trail, origins, run)
    else:
        runs = trail.runs(notebook=notebook, limit=limit + 1)
    return _Builder(trail, origins, limit, {artifact_id or focus}).build(runs)


def label_of(source: str) -> str:
    """A cell in a few words: its first line that is neither comment, magic nor import."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    telling = (line for line in lines if not line.startswith(("#", "%", "!", "import ", "from ")))
    line = next(telling, lines[0] if lines else "(empty cell)")
    return line if len(line) <= LABEL else line[: LABEL - 1] + "…"


# --------------------------------------------------------------------------- walking


def _around(trail: Trail, origins: Origins, focus: Run) -> Iterator[Run]:
    """The focus, its ancestors and its descendants, nearest first."""
    seen = {focus.id}
    queue = deque([(focus, "both")])
    readers = _readers(trail, origins, focus)
    while queue:
        run, way = queue.popleft()
        yield run
        for near, direction in _next(origins, readers, run, way):
            if near.id not in seen:
                seen.add(near.id)
                queue.append((near, direction))


def _next(origins: Origins, readers: dict[str, list[Run]], run: Run, way: str) -> Iterator[tuple[Run, str]]:
    if way in {"both", "up"}:
        for read in run.reads:
            maker = origins.maker(read, run)
            if maker is not None:
                yield maker, "up"
    if way in {"both", "down"}:
        for reader in readers.get(run.id, ()):
            yield reader, "down"


def _readers(trail: Trail, origins: Origins, focus: Run) -> dict[str, list[Run]]:
    """Who read from whom, among the runs of the focus's session and those that later read a file it led to."""
    pool = {run.id: run for run in origins.session(focus.session_id) if moment(run) > moment(focus)}
    if any(file_of(write.name) for run in (focus, *pool.values()) for write in run.writes):
        for run in trail.runs(since=focus.id, limit=1000, newest_first=False):
            origins.add(run)
            pool.setdefault(run.id, run)
    readers: dict[str, list[Run]] = defaultdict(list)
    for run in sorted(pool.values(), key=moment):
        makers = (origins.maker(read, run) for read in run.reads)
        for maker_id in dict.fromkeys(maker.id for maker in makers if maker is not None):
            readers[maker_id].append(run)
    return readers


# --------------------------------------------------------------------------- building


class _Builder:
    """Turns runs, the most wanted first, into nodes and the edges between them."""

    def __init__(self, trail: Trail, origins: Origins, limit: int, focus: set[str | None]) -> None:
        self._trail = trail
        self._origins = origins
        self._limit = limit
        self._focus = focus
        self._nodes: dict[str, tuple[tuple[str, int, int, str], LineageNode]] = {}
        self._edges: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._truncated = False

    def build(self, wanted: Iterable[Run]) -> Lineage:
        runs = []
        for run in wanted:
            self._origins.add(run)
            if not self._add_run(run):
                break
            runs.append(run)
            if not self._add_artifacts(run):
                break
        for run in runs:
            for read in run.reads:
                self._link(read, run)
            self._link_changed(run)
        nodes = tuple(node for _, node in sorted(self._nodes.values(), key=lambda pair: pair[0]))
        edges = tuple(
            LineageEdge(source, target, tuple(sorted(names)))
            for (source, target), names in self._edges.items()
            if source in self._nodes and target in self._nodes
        )
        return Lineage(nodes, edges, self._truncated)

    def _put(self, node: LineageNode, run: Run, rank: int) -> bool:
        """False when there is no room for another node."""
        if node.id in self._nodes:
            return True
        if len(self._nodes) >= self._limit:
            self._truncated = True
            return False
        self._nodes[node.id] = ((run.started, run.seq, rank, node.id), node)
        return True

    def _add_run(self, run: Run) -> bool:
        focus = run.id in self._focus
        node = LineageNode(run.id, "run", label_of(run.source), run.id, run.cell_id, None, run.seq, run.ended, focus)
        return self._put(node, run, 1)

    def _add_artifacts(self, run: Run) -> bool:
        made = self._trail.artifacts(run_id=run.id, limit=None, enriched=False)
        made.sort(key=lambda artifact: (artifact.id not in self._focus, artifact.id))
        return all(self._add_artifact(artifact, run) for artifact in made)

    def _add_artifact(self, artifact: Artifact, run: Run) -> bool:
        focus = artifact.id in self._focus
        node = LineageNode(
            artifact.id, "artifact", artifact.name, run.id, run.cell_id, artifact.id, run.seq, run.ended, focus
        )
        self._edges[run.id, artifact.id].add(artifact.name)
        return self._put(node, run, 2)

    def _link(self, read: Read, run: Run) -> None:
        maker = self._origins.maker(read, run)
        if maker is not None:
            if maker.id != run.id:
                self._edges[maker.id, run.id].add(read.name)
        elif _is_input(read):
            self._add_input(read, run)

    def _link_changed(self, run: Run) -> None:
        """What a run changed in place through another name than the one it looked up."""
        read = {read.name for read in run.reads}
        for write in run.writes:
            if write.how is How.MUTATED and write.name not in read:
                before = self._origins.before(write.name, run)
                if before is not None:
                    self._edges[before.id, run.id].add(write.name)

    def _add_input(self, read: Read, run: Run) -> None:
        """What no recorded run made: a file from outside, or a value from before tracking."""
        path = file_of(read.name)
        kind, label = ("value", read.name) if path is None else ("file", path)
        digest = read.fingerprint.digest if read.fingerprint else ""
        identity = f"{kind}:{read.name}:{digest}"
        if self._put(LineageNode(identity, kind, label, None, None, None, run.seq, run.started), run, 0):
            self._edges[identity, run.id].add(read.name)


def _is_input(read: Read) -> bool:
    if read.fingerprint is None or read.fingerprint == PRISTINE or read.run_id is not None:
        return False
    return file_of(read.name) is not None or not is_ambient(read.name)
