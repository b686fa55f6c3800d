"""State that no variable carries: random generators, display options, working folder, environment, imported modules.

Each such state is an ambient name (``<rng:numpy>``). What it would hold in a fresh kernel has the fingerprint ``PRISTINE``,
so that replay can tell without a run. States are compared by cheap stamps; a fingerprint is taken only where one is needed.
"""

from __future__ import annotations

from nbcairn.kernel.ambient.observer import AmbientObserver

__all__ = ["AmbientObserver"]
