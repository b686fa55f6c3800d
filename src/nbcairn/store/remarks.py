"""What is added to a trail after a run was recorded: notes, statistics found later, names of notebooks as they were seen."""

from __future__ import annotations

from dataclasses import dataclass

from nbcairn.model import Json

__all__ = ["Enrichment", "Note", "Remarks", "SeenPath"]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote about a run, an artifact or a session."""

    id: str
    subject: str
    author: str
    made: str
    text: str


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What was found out about an artifact after its run."""

    id: str
    artifact_id: str
    made: str
    detail: Json


@dataclass(frozen=True, slots=True)
class SeenPath:
    """Under which path a kernel's notebook was seen, and when."""

    kernel_id: str
    seen: str
    notebook: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """What was added to a trail beside its sessions, runs and artifacts."""

    paths: tuple[SeenPath, ...] = ()
    notes: tuple[Note, ...] = ()
    enrichments: tuple[Enrichment, ...] = ()
