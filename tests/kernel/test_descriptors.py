"""What the system tells about open descriptors."""

from __future__ import annotations

import os
import sys

import pytest

from nbcairn.kernel.files.descriptors import newly_open, open_descriptors

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")


def test_a_file_that_stays_open_is_seen(tmp_path):
    file = tmp_path / "data.bin"
    file.write_bytes(b"1")
    before = open_descriptors()
    with file.open("rb"):
        assert str(file.resolve()) in newly_open(before)


def test_an_open_folder_is_no_file_that_is_read(tmp_path):
    before = open_descriptors()
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        assert str(tmp_path.resolve()) not in newly_open(before)
    finally:
        os.close(descriptor)
