"""The exception tree.

::

    CairnError                      fact + remedy; everything below is one
    ├── ConfigError                 a setting has a value that cannot be used
    ├── TrailError                  the trail cannot be used as it is
    │   ├── TrailNotFound           no ``.cairn`` folder here or above      (FileNotFoundError)
    │   ├── TrailTooNew             written by a later nbcairn
    │   ├── TrailLocked             another process holds the write lock    (TimeoutError)
    │   ├── TrailReadOnly           the file or its disk refuses writes     (PermissionError)
    │   ├── TrailCorrupt            SQLite or a blob says it is damaged
    │   └── RecordNotFound          no such run, version, artifact or blob  (LookupError)
    ├── NotebookError               the document cannot be read
    │   ├── NotebookNotFound        no file at this path                    (FileNotFoundError)
    │   └── NotebookInvalid         not JSON, or not a notebook             (ValueError)
    ├── ExecutionError              a headless run could not be carried out
    │   ├── CellTimeout             a cell took longer than its limit       (TimeoutError)
    │   └── KernelDied              the kernel's process ended
    ├── ExportError                 a document cannot be written
    │   ├── SecretFound             it would hold what looks like a secret
    │   └── PersonalPathFound       it would name somebody's home folder
    └── BundleRefused               a bundle is not what it should be       (ValueError)

A message states the fact; ``remedy`` says what to do about it. ``str(error)`` gives both.
"""

from __future__ import annotations

__all__ = [
    "BundleRefused",
    "CairnError",
    "CellTimeout",
    "ConfigError",
    "ExecutionError",
    "ExportError",
    "KernelDied",
    "NotebookError",
    "NotebookInvalid",
    "NotebookNotFound",
    "PersonalPathFound",
    "RecordNotFound",
    "SecretFound",
    "TrailCorrupt",
    "TrailError",
    "TrailLocked",
    "TrailNotFound",
    "TrailReadOnly",
    "TrailTooNew",
]


class CairnError(Exception):
    """Something Cairn cannot do, and what would mend it."""

    def __init__(self, fact: str, remedy: str) -> None:
        self.fact = fact
        self.remedy = remedy
        super().__init__(f"{fact} {remedy}")


class ConfigError(CairnError):
    """A setting has a value that cannot be used."""


class TrailError(CairnError):
    """The trail cannot be used as it is."""


class TrailNotFound(TrailError, FileNotFoundError):
    """No ``.cairn`` folder in this folder or any above it."""


class TrailTooNew(TrailError):
    """The trail was written by a later version of nbcairn."""


class TrailLocked(TrailError, TimeoutError):
    """Another process held the write lock for longer than we wait."""


class TrailReadOnly(TrailError, PermissionError):
    """The trail, its folder or its disk refuses writes."""


class TrailCorrupt(TrailError):
    """The database or a blob is damaged."""


class RecordNotFound(TrailError, LookupError):
    """The trail holds no such run, version, artifact or blob."""


class NotebookError(CairnError):
    """The document cannot be read."""


class NotebookNotFound(NotebookError, FileNotFoundError):
    """There is no file at this path."""


class NotebookInvalid(NotebookError, ValueError):
    """The file is not JSON, or JSON that is no notebook."""


class ExecutionError(CairnError):
    """A headless run could not be carried out."""


class CellTimeout(ExecutionError, TimeoutError):
    """A cell took longer than its limit."""


class KernelDied(ExecutionError):
    """The kernel's process ended while a cell ran."""


class ExportError(CairnError):
    """A document cannot be written."""


class SecretFound(ExportError):
    """What would be written holds what looks like a secret. Whoever knows that it is none may allow it."""


class PersonalPathFound(ExportError):
    """What would be written names the home folder of a person. Whoever asks may allow it."""


class BundleRefused(CairnError, ValueError):
    """A bundle is damaged, foreign, or made to do harm; nothing of it was taken in."""
