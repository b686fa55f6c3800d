"""Which documents can be written: the exporters of the entry point group ``nbcairn.exporters``, ours and other packages'."""

from __future__ import annotations

from pathlib import Path

from nbcairn.errors import ExportError
from nbcairn.model import Document
from nbcairn.plugins import declared
from nbcairn.store import Trail

__all__ = ["write"]

CHECKED = "bundle"
"""The format of ours that is not written where it holds a secret or a personal folder, and can be told that it may."""


def write(
    name: str,
    trail: Trail,
    document: Document | None,
    target: Path,
    *,
    data: bool = True,
    allow_secrets: bool = False,
    allow_paths: bool = False,
) -> None:
    """Write a document in the format of this name. Raises ExportError where no package has it or it cannot be written.

    What is allowed counts where an export would stop for it; other documents have neither secrets nor personal folders.
    """
    points = {point.name: point for point in declared("nbcairn.exporters")}
    if name not in points:
        raise ExportError(
            f"There is no exporter for {name[:40]}.",
            f"Known formats: {', '.join(sorted(points))}." if points else "Install nbcairn again.",
        )
    exporter = points[name].load()
    if name == CHECKED:
        exporter(trail, document, target, data=data, allow_secrets=allow_secrets, allow_paths=allow_paths)
    else:
        exporter(trail, document, target, data=data)
