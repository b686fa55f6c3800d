"""What Cairn speaks of: the records that every layer shares, and nothing else.

All records are frozen; all times are ISO 8601 in UTC with a trailing ``Z``; all paths are POSIX
and relative to the project (the folder that holds ``.cairn``) where they lie inside it.
This module imports nothing of ours, so that every layer can import it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

__all__ = [
    "PRISTINE",
    "AccessMode",
    "Artifact",
    "ArtifactKind",
    "Cell",
    "CellVerdict",
    "Check",
    "Coverage",
    "Display",
    "Document",
    "Effect",
    "FileAccess",
    "Finding",
    "Fingerprint",
    "How",
    "Json",
    "LastVerified",
    "Layout",
    "Obstacle",
    "Plan",
    "Read",
    "Run",
    "RunStatus",
    "Session",
    "Severity",
    "Verdict",
    "Verified",
    "Write",
    "ambient_file",
    "at",
    "file_of",
    "is_ambient",
    "new_id",
    "now",
]

Json = Mapping[str, object]
"""A JSON object: string keys, JSON values."""


_clock = threading.Lock()
_latest = 0


def new_id() -> str:
    """32 hex digits, unique across machines, that sort by time of making as UUIDv7 does."""
    global _latest
    with _clock:
        _latest = max(_latest + 1, time.time_ns())
        milliseconds, rest = divmod(_latest, 1_000_000)
    return f"{milliseconds:012x}{rest:05x}{secrets.randbits(60):015x}"


def now() -> str:
    """The moment in the trail's notation: ISO 8601, UTC, microseconds."""
    return at(datetime.now(UTC))


def at(moment: datetime) -> str:
    """A moment in the trail's notation. Raises ValueError where it does not say its time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is none")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# --------------------------------------------------------------------------- values


class Coverage(StrEnum):
    """How much of a value its fingerprint rests on."""

    FULL = "full"
    SAMPLED = "sampled"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The content hash of a value: equal exactly when the content is equal.

    ``digest`` is 32 hex digits (128 bits); for an opaque value it is unique to the observation,
    so that it equals nothing else. ``method`` names the hash and its version, so that digests
    made by different methods are never compared. ``note`` gives the bound of a sample or the
    reason of an opacity.
    """

    digest: str
    coverage: Coverage = Coverage.FULL
    method: str = "g1"
    note: str = ""

    def same(self, other: Fingerprint | None) -> bool:
        """True when both stand for the same content; opaque values are never the same."""
        return (
            other is not None
            and self.digest == other.digest
            and self.method == other.method
            and self.coverage is not Coverage.OPAQUE
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """A table column by column, so that code which reads some columns can be told from code which reads all.

    ``rows`` is the digest of all but the columns' content: type of the table, index, what it carries along. ``columns`` has
    the digest of each by its label. ``hidden`` are labels that ``table.label`` does not reach, since its type has an
    attribute of that name. Of a dict ``rows`` is the digest of its keys, after ``KEYS``, and there are no columns.
    """

    rows: str
    columns: Mapping[str, str]
    hidden: tuple[str, ...] = ()

    @property
    def is_dict(self) -> bool:
        """True for the keys of a dict."""
        return self.rows.startswith(KEYS)


KEYS = "keys:"


PRISTINE = Fingerprint("0" * 32, method="pristine")
"""What an ambient name holds in a fresh kernel that nobody has changed."""


class ArtifactKind(StrEnum):
    """What makes a version worth looking at."""

    DATA = "data"
    FIGURE = "figure"
    MODEL = "model"
    METRIC = "metric"
    FILE = "file"


class How(StrEnum):
    """In which way a run changed a name."""

    BOUND = "bound"
    MUTATED = "mutated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Read:
    """A name that a run looked up, and what it held before the run.

    ``fingerprint`` is None when the name held nothing (the lookup found a builtin or failed).
    ``run_id`` is the run that made the value; None when it was made before tracking began.
    """

    name: str
    fingerprint: Fingerprint | None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A version: what a name held after a run that changed it (None: it was deleted)."""

    name: str
    fingerprint: Fingerprint | None
    how: How = How.BOUND
    type_name: str = ""
    summary: str = ""


# --------------------------------------------------------------------------- runs


class RunStatus(StrEnum):
    """How a run ended."""

    OK = "ok"
    ERROR = "error"
    INTERRUPTED = "interrupted"


class Effect(StrEnum):
    """An input or output that no name stands for."""

    ENTROPY = "entropy"
    CLOCK = "clock"
    NETWORK = "network"
    SUBPROCESS = "subprocess"
    INPUT = "input"
    THREAD = "thread"


class AccessMode(StrEnum):
    """What a run did with a file."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class FileAccess:
    """One file that a run read or wrote; ``md5`` equals DVC's hash of the same bytes."""

    path: str
    mode: AccessMode
    md5: str | None
    size: int | None = None
    mtime_ns: int | None = None
    note: str = ""


HTML_TYPES = frozenset({"text/html", "text/plain"})
"""What a display offers whose HTML is kept: there is nothing better to keep."""


@dataclass(frozen=True, slots=True)
class Display:
    """One thing that a cell showed, in order.

    ``kind`` is ``stdout``, ``stderr``, ``display``, ``result``, ``error``, or ``update`` of a display under another
    cell; ``digest`` is taken after addresses and durations are normalised, so that it can be compared across runs;
    ``blob`` is the content kept for looking at (an image, or HTML), by its md5.
    """

    kind: str
    digest: str
    media_types: tuple[str, ...] = ()
    blob: str | None = None
    text: str = ""

    @property
    def is_html(self) -> bool:
        """True when ``blob`` is HTML, of a table say. It is a stranger's: show it through a sanitizer alone."""
        return self.blob is not None and "text/html" in self.media_types and set(self.media_types) <= HTML_TYPES


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one cell. Immutable: a re-run is another run."""

    id: str
    session_id: str
    seq: int
    notebook: str | None
    cell_id: str
    source: str
    source_key: str
    started: str
    ended: str
    seconds: float
    status: RunStatus = RunStatus.OK
    execution_count: int | None = None
    error_type: str = ""
    error_message: str = ""
    reads: tuple[Read, ...] = ()
    writes: tuple[Write, ...] = ()
    files: tuple[FileAccess, ...] = ()
    displays: tuple[Display, ...] = ()
    effects: tuple[Effect, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One kernel life."""

    id: str
    kernel_id: str | None
    notebook: str | None
    user: str
    host: str
    started: str
    ended: str | None
    python: str
    platform: str
    nbcairn: str
    packages: Mapping[str, str] = field(default_factory=dict)
    git_commit: str | None = None
    git_dirty: bool | None = None
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A version worth looking at; ``detail`` is what its kind adds (shape, labels, scores)."""

    id: str
    run_id: str
    kind: ArtifactKind
    name: str
    fingerprint: Fingerprint
    type_name: str = ""
    summary: str = ""
    media_type: str | None = None
    blob: str | None = None
    detail: Json = field(default_factory=dict)


# --------------------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the editor now; ``index`` counts every cell from 0."""

    id: str
    index: int
    source: str
    kind: str = "code"
    executed: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The ordered cells as they stand in the editor now, saved or not."""

    path: str | None
    cells: tuple[Cell, ...]

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells, in document order."""
        return tuple(cell for cell in self.cells if cell.kind == "code")


# --------------------------------------------------------------------------- verdicts


class Verdict(StrEnum):
    """What the replay says of a cell."""

    FRESH = "fresh"
    STALE = "stale"
    UNKNOWN = "unknown"
    NEVER_RUN = "never-run"


class Severity(StrEnum):
    """How much a finding matters: an error breaks the promise, a warning may, info explains."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One flag from one rule: what, why (``because``), and what to do."""

    code: str
    title: str
    message: str
    remedy: str
    severity: Severity = Severity.WARNING
    names: tuple[str, ...] = ()
    because: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """What the replay says of one cell; ``run_id`` is the cell's last run."""

    cell_id: str
    index: int
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of running a document for real: ``detail`` is the JSON of ``nbcairn verify``.

    ``document_key`` is the hash of its code cells at that time, so that a later edit can be told.
    """

    id: str
    notebook: str
    made: str
    document_key: str
    detail: Json = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Number of cells by outcome."""
        found = self.detail.get("summary")
        items = found.items() if isinstance(found, Mapping) else ()
        return {str(name): count for name, count in items if isinstance(count, int)}

    @property
    def same(self) -> bool:
        """True when every cell that could be compared was the same."""
        return self.detail.get("same") is True


@dataclass(frozen=True, slots=True)
class LastVerified:
    """The newest ``Verified`` of a document, as a check tells it; ``edited`` when the document is another one since."""

    made: str
    same: bool
    counts: Mapping[str, int]
    edited: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A cell that no re-run makes fresh: why, and which edit of the document or its surroundings would help."""

    cell_id: str
    index: int
    why: str
    edit: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells to run, by id, in order, so that every cell is fresh, but for the obstacles. Empty when all are.

    ``restart`` says that the kernel holds something that stands in the way, so that it has to be restarted first.
    """

    run: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to "what would Restart & Run All do now", for one document."""

    document: str | None
    trail: str | None
    cells: tuple[CellVerdict, ...]
    findings: tuple[Finding, ...] = ()
    plan: Plan = field(default_factory=Plan)
    verified: LastVerified | None = None

    @property
    def summary(self) -> dict[str, int]:
        """Number of cells by verdict, every verdict present."""
        counts = {str(verdict): 0 for verdict in Verdict}
        for cell in self.cells:
            counts[str(cell.verdict)] += 1
        return counts


# --------------------------------------------------------------------------- names


def is_ambient(name: str) -> bool:
    """True for names that no variable carries, such as ``<rng:numpy>``."""
    return name.startswith("<") and name.endswith(">")


def ambient_file(path: str) -> str:
    """The ambient name of a file: ``<file:data/raw.csv>``."""
    return f"<file:{path}>"


def file_of(name: str) -> str | None:
    """The path in a file's ambient name, or None for every other name."""
    return name[len("<file:") : -1] if name.startswith("<file:") else None
