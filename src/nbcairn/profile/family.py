"""What every family of types offers, and the budget its figures are bound by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbcairn.model import ArtifactKind

__all__ = ["Budget", "Description", "Family"]


@dataclass(frozen=True, slots=True)
class Description:
    """A value in a few words. ``kind`` is None when the value is not worth looking at on its own."""

    kind: ArtifactKind | None
    type_name: str
    summary: str


@dataclass(slots=True)
class Budget:
    """How long figures may take, in seconds of wall clock, and what was left out for it."""

    seconds: float
    skipped: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        """Seconds that remain; 0 when the budget is spent."""
        return max(0.0, self.seconds - (time.perf_counter() - self.started))

    def spent(self, what: str) -> bool:
        """True when nothing is left; then ``what`` is noted as skipped."""
        if self.left > 0:
            return False
        self.skip(what)
        return True

    def skip(self, what: str) -> None:
        """Note something as left out."""
        if what not in self.skipped:
            self.skipped.append(what)


@dataclass(frozen=True, slots=True)
class Family:
    """How one family of types is described.

    ``describe`` takes the value and its name and gives kind and summary, cheaply; ``statistics`` takes the
    value and a budget and gives a JSON object.
    """

    describe: Callable[[Any, str], tuple[ArtifactKind | None, str]]
    statistics: Callable[[Any, Budget], Mapping[str, object]] | None = None
