"""Which packages that a document imports have other versions in two sessions."""

from __future__ import annotations

from collections.abc import Iterable

from nbcairn.lineage.source import analyse
from nbcairn.model import Session

__all__ = ["changed_versions", "distribution_of", "imported_packages"]

_NAMED_OTHERWISE = {
    "sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python", "pil": "pillow", "yaml": "pyyaml",
    "bs4": "beautifulsoup4", "dateutil": "python-dateutil", "docx": "python-docx", "umap": "umap-learn",
    "mpl-toolkits": "matplotlib", "pylab": "matplotlib", "igraph": "python-igraph", "dotenv": "python-dotenv",
}  # fmt: skip
"""Distributions that do not have the name of their module."""


def distribution_of(module: str) -> str:
    """The usual distribution of a module, as sessions write it: lower case, with hyphens."""
    top = module.partition(".")[0].lower().replace("_", "-")
    return _NAMED_OTHERWISE.get(top, top)


def imported_packages(sources: Iterable[str]) -> frozenset[str]:
    """Distributions that these sources import themselves."""
    return frozenset(distribution_of(module) for source in sources for module in analyse(source).imports if module)


def changed_versions(
    before: Session, after: Session, wanted: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``name old → new`` for Python and the wanted packages that changed; and how the names of all others that did."""
    own = [f"{name} {old} → {new}" for name, old, new in _changes(before, after) if name in wanted or name == "Python"]
    rest = [name for name, _, _ in _changes(before, after) if name not in wanted and name != "Python"]
    return tuple(own), tuple(rest)


def _changes(before: Session, after: Session) -> list[tuple[str, str, str]]:
    found = []
    if before.python != after.python:
        found.append(("Python", before.python, after.python))
    for name in sorted({*before.packages, *after.packages}):
        old, new = str(before.packages.get(name, "absent")), str(after.packages.get(name, "absent"))
        if old != new:
            found.append((name, old, new))
    return found
