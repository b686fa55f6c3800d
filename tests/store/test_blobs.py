"""Blobs: content-addressed, written whole or not at all, in the layout that DVC reads."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbcairn.errors import RecordNotFound, TrailCorrupt
from nbcairn.store.blobs import LocalBlobs, MemoryBlobs


@pytest.fixture(params=["local", "memory"])
def blobs(request, tmp_path):
    return LocalBlobs(tmp_path / "blobs") if request.param == "local" else MemoryBlobs()


@given(content=st.binary(max_size=200))
def test_the_key_is_the_md5_and_the_content_comes_back(content):
    blobs = MemoryBlobs()
    key = blobs.put(content)
    assert key == hashlib.md5(content).hexdigest()
    assert blobs.get(key) == content


def test_putting_twice_is_putting_once(blobs):
    assert blobs.put(b"picture") == blobs.put(b"picture")
    assert list(blobs.keys()) == [hashlib.md5(b"picture").hexdigest()]


def test_what_is_removed_is_gone_and_can_come_back(blobs):
    key = blobs.put(b"picture")
    blobs.remove(key)
    blobs.remove(key)
    assert not blobs.has(key)
    with pytest.raises(RecordNotFound):
        blobs.get(key)
    assert blobs.put(b"picture") == key
    assert blobs.get(key) == b"picture"


HOSTILE = ["", "../../etc/passwd", "ab/../../../etc/passwd", "A" * 32, "g" * 32, "ab" * 16 + "\n", "0" * 31, "0" * 33]


@pytest.mark.parametrize("key", HOSTILE)
def test_what_is_no_key_is_not_looked_up(blobs, key):
    with pytest.raises(RecordNotFound):
        blobs.get(key)
    blobs.remove(key)


def test_the_layout_is_that_of_dvc(tmp_path):
    blobs = LocalBlobs(tmp_path)
    key = blobs.put(b"picture")
    assert blobs.path(key) == tmp_path / "files" / "md5" / key[:2] / key[2:]
    assert blobs.path(key).read_bytes() == b"picture"
    assert blobs.path(key).stat().st_mode & 0o222 == 0, "read-only, as DVC keeps its cache"


def test_dvc_finds_and_verifies_what_we_keep(tmp_path):
    hashfile = pytest.importorskip("dvc_data.hashfile.hash")
    database = pytest.importorskip("dvc_data.hashfile.db")
    local = pytest.importorskip("dvc_objects.fs.local")
    blobs = LocalBlobs(tmp_path / "blobs")
    content = os.urandom(5000) + b"\r\n text \r\n"
    key = blobs.put(content)
    files = local.LocalFileSystem()
    assert hashfile.file_md5(str(blobs.path(key)), files) == key
    cache = database.HashFileDB(files, str(tmp_path / "blobs" / "files" / "md5"))
    assert cache.exists(key)
    assert list(cache.all()) == [key]
    assert cache.oid_to_path(key) == str(blobs.path(key))
    cache.check(key)


def test_a_damaged_blob_is_told_not_served(tmp_path):
    blobs = LocalBlobs(tmp_path)
    key = blobs.put(b"picture")
    blobs.path(key).chmod(0o644)
    blobs.path(key).write_bytes(b"pictur3")
    with pytest.raises(TrailCorrupt) as caught:
        blobs.get(key)
    assert key in caught.value.fact
    assert caught.value.remedy


def test_a_blob_that_could_not_be_finished_is_never_seen(tmp_path, monkeypatch):
    blobs = LocalBlobs(tmp_path)

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", fail)
        with pytest.raises(OSError, match="No space"):
            blobs.put(b"picture")
    assert list(blobs.keys()) == []
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    assert blobs.get(blobs.put(b"picture")) == b"picture"


def test_the_draft_of_a_killed_writer_is_no_blob(tmp_path):
    blobs = LocalBlobs(tmp_path)
    key = blobs.put(b"picture")
    (blobs.path(key).parent / "draft-abc").write_bytes(b"pict")
    assert list(blobs.keys()) == [key]
