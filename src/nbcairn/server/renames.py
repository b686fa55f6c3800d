"""Which notebook of the trail a server path stands for, also after the notebook was renamed.

A kernel knows the path it was started under; the server knows the path that its notebook has now.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from nbcairn.document import document_path
from nbcairn.errors import TrailError
from nbcairn.server.trails import Trails
from nbcairn.store import Trail

__all__ = ["Renames"]


class Renames:
    """Tells the trail where each kernel's notebook is now, once for each news."""

    def __init__(self, trails: Trails) -> None:
        self._trails = trails
        self._told: set[tuple[Path, str, str]] = set()

    def notebook(self, folder: Path, file: Path, kernels: Collection[str]) -> str:
        """The path that the trail has for this file, after it learned that these kernels serve it.

        Where the trail cannot be written, the name that it still has for one of the kernels.
        """
        with self._trails.borrow(folder) as trail:
            path = document_path(file, trail.root)
            news = [kernel for kernel in kernels if (folder, kernel, path) not in self._told]
            old = {
                session.kernel_id: session.notebook
                for session in (trail.sessions() if news else ())
                if session.kernel_id in news
            }
        renamed = {kernel: name for kernel, name in old.items() if kernel and name != path}
        if renamed and not self._tell(folder, renamed, path):
            return next((name for name in renamed.values() if name), path)
        self._told.update((folder, kernel, path) for kernel in old if kernel)
        return path

    def _tell(self, folder: Path, kernels: Collection[str], path: str) -> bool:
        try:
            with Trail.open(folder) as trail:
                for kernel in kernels:
                    trail.follow(kernel, path)
        except TrailError:
            return False
        # A kernel that goes back to an earlier name is news again.
        self._told = {told for told in self._told if told[1] not in kernels}
        return True
