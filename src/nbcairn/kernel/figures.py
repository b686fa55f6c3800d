"""Figures that stay open after a cell (agg and other backends that show nothing): drawn and kept by us.

Under the inline backend figures are displayed, and so seen by ``displays.py``, and closed before the run ends.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from nbcairn.config import Cairn
from nbcairn.fingerprint import fingerprint
from nbcairn.fingerprint.digest import hash_bytes
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.titles import title_of
from nbcairn.model import Artifact, ArtifactKind, Fingerprint, new_id

__all__ = ["FigureObserver"]


class FigureObserver:
    """Keeps figures that a run left open and that nothing displayed."""

    def __init__(self, config: Cairn) -> None:
        self._config = config
        self._known: dict[int, str] = {}

    def install(self) -> None:
        """Nothing to attach."""

    def uninstall(self) -> None:
        """Forget the figures seen."""
        self._known.clear()

    def before(self, observation: Observation) -> None:
        """Nothing to note: what was seen of open figures is kept from run to run."""

    def after(self, observation: Observation) -> None:
        """Keep each open figure that is new or looks different now."""
        manager = getattr(sys.modules.get("matplotlib._pylab_helpers"), "Gcf", None)
        if manager is None or _is_shown_elsewhere():
            return
        numbers = set(manager.figs)
        self._known = {number: digest for number, digest in self._known.items() if number in numbers}
        for number in sorted(numbers):
            figure = manager.figs[number].canvas.figure
            digest = fingerprint(figure).digest
            if self._known.get(number) != digest and figure.get_axes():
                self._known[number] = digest
                observation.artifacts.append(self._artifact(observation, figure, number))

    def _artifact(self, observation: Observation, figure: Any, number: int) -> Artifact:
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=100)
        content = stream.getvalue()
        blob = observation.blob(content) if self._config.keep_images else None
        width, height = figure.get_size_inches() * 100
        title = title_of(figure)
        return Artifact(
            new_id(), observation.run_id, ArtifactKind.FIGURE, title or f"figure {number}",
            Fingerprint(hash_bytes("image/png", content)), "Figure", f"{width:.0f}x{height:.0f}", "image/png", blob,
            {"title": title, "number": number},
        )  # fmt: skip


def _is_shown_elsewhere() -> bool:
    """Backends that display their figures themselves."""
    matplotlib = sys.modules.get("matplotlib")
    backend = str(dict.get(matplotlib.rcParams, "backend", "")) if matplotlib else ""
    return any(part in backend.lower() for part in ("inline", "ipympl", "widget", "nbagg"))
