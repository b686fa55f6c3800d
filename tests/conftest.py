"""Settings for every test: how many examples a property gets, and no trail from the outside."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
# The same examples each time: a red build is then due to the change that it judges. New ones are tried by ./dev nightly.
settings.register_profile("default", derandomize=True, max_examples=25, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("nightly", derandomize=False, max_examples=1000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def _no_trail_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own NBCAIRN_TRAIL must not be written to by tests."""
    monkeypatch.delenv("NBCAIRN_TRAIL", raising=False)
