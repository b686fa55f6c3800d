"""One tracked kernel for each module of tests."""

from __future__ import annotations

import pytest

from kernels import kernel


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """A tracked kernel, shared by the tests of a module."""
    with kernel(tmp_path_factory.mktemp("project")) as running:
        yield running


@pytest.fixture
def clean(live):
    """The same kernel with an empty namespace."""
    live.run("%reset -f", silent=True)
    return live


@pytest.fixture
def live_alone(tmp_path):
    """A tracked kernel of one test's own."""
    with kernel(tmp_path) as running:
        yield running
