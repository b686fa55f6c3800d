"""What is seen of one run while it happens: the mutable draft of one immutable ``Run``."""

from __future__ import annotations

import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nbcairn.model import Artifact, Display, Effect, FileAccess, Layout, Read, Write, new_id, now
from nbcairn.store.blobs.base import md5_of

if TYPE_CHECKING:
    from nbcairn.kernel.pictures import Picture

__all__ = ["Observation", "Observer"]


@dataclass(slots=True)
class Observation:
    """The draft that the observers fill; one per run, and so one per thread at a time.

    ``namespace`` is the live user namespace. Observers add to the collections; where two of them
    speak of the same name, the first read and the last write count. ``layouts`` has, by the digest of a
    table, what it is column by column. ``later`` holds what fills in slow parts (the hash of
    a large file) beside the next cells, before the run is written.
    """

    source: str
    cell_id: str
    namespace: MutableMapping[str, object]
    run_id: str = field(default_factory=new_id)
    started: str = field(default_factory=now)
    thread: int = field(default_factory=threading.get_ident)
    reads: dict[str, Read] = field(default_factory=dict)
    writes: dict[str, Write] = field(default_factory=dict)
    files: list[FileAccess] = field(default_factory=list)
    displays: list[Display] = field(default_factory=list)
    effects: set[Effect] = field(default_factory=set)
    artifacts: list[Artifact] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failed: bool = False
    pictures: list[Picture] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    def read(self, read: Read) -> None:
        """Note a name that the run looked up; the first look-up of a name counts."""
        self.reads.setdefault(read.name, read)

    def write(self, write: Write) -> None:
        """Note what a name held after the run; the last word counts."""
        self.writes[write.name] = write

    def blob(self, content: bytes) -> str:
        """Keep content with the run and return its md5, the key of DVC's object layout."""
        md5 = md5_of(content)
        self.blobs[md5] = content
        return md5


class Observer(Protocol):
    """One concern of the recorder: names, ambient state, files, effects, displays, figures.

    ``install`` and ``uninstall`` attach to and leave the shell; ``before`` and ``after`` frame one
    run. The recorder catches whatever an observer raises, logs it, and goes on without it.
    """

    def install(self) -> None:
        """Attach to the shell."""

    def uninstall(self) -> None:
        """Leave the shell as it was."""

    def before(self, observation: Observation) -> None:
        """A run begins."""

    def after(self, observation: Observation) -> None:
        """The run has ended: add what it did."""
