"""What the properties share."""

from __future__ import annotations

import pytest
from fingerprint_cases import Elsewhere


@pytest.fixture(scope="module")
def another_process():
    other = Elsewhere()
    yield other
    other.close()
