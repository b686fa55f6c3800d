"""Which files a real kernel's cells read and write, with DVC's hashes, by tables."""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import threading
from functools import partial

import pytest

from cases.files import LIBRARIES, PYTHON, FileCase
from nbcairn.model import AccessMode


def paths(ran, mode: AccessMode) -> set[str]:
    return {access.path for access in ran.run.files if access.mode is mode and not access.note.startswith("module")}


@pytest.mark.parametrize("case", (*PYTHON, *LIBRARIES), ids=[case.id for case in (*PYTHON, *LIBRARIES)])
def test_files_of_a_run(clean, case: FileCase):
    if case.needs and importlib.util.find_spec(case.needs) is None:
        pytest.skip(f"{case.needs} is not installed")
    for source in case.before:
        ran = clean.run(source, look=False)
        assert ran.status == "ok", ran.text
    ran = clean.run(case.cell)
    assert ran.status == "ok", ran.text
    found = (paths(ran, AccessMode.READ), paths(ran, AccessMode.WRITE))
    assert found == (set(case.reads.split()), set(case.writes.split()))
    assert not ran.run.notes
    for access in ran.run.files:
        path = clean.folder / access.path
        if path.is_file() and access.mode is AccessMode.WRITE:
            assert access.md5 == hashlib.md5(path.read_bytes()).hexdigest()


def test_what_a_run_read_before_it_wrote_has_the_hash_from_before(clean):
    (clean.folder / "both.txt").write_text("before")
    ran = clean.run("t = open('both.txt').read()\n_ = open('both.txt', 'w').write(t + '!')")
    hashes = {access.mode: access.md5 for access in ran.run.files}
    assert hashes[AccessMode.READ] == hashlib.md5(b"before").hexdigest()
    assert hashes[AccessMode.WRITE] == hashlib.md5(b"before!").hexdigest()


def test_a_file_that_changes_between_two_reads_has_two_hashes(clean):
    found = []
    for content in ("one", "two"):
        (clean.folder / "changing.txt").write_text(content)
        found.append(clean.run("t = open('changing.txt').read()").run.files[0].md5)
    assert found == [hashlib.md5(content).hexdigest() for content in (b"one", b"two")]


def test_folders_have_the_hash_that_dvc_gives_them(clean):
    pytest.importorskip("dvc_data")
    from dvc_data.hashfile.build import build
    from dvc_data.hashfile.db import HashFileDB
    from dvc_objects.fs.local import LocalFileSystem

    ran = clean.run(
        "import pandas as pd\npd.DataFrame({'a': [1, 2, 3], 'b': ['x', 'ä', 'z']}).to_parquet('for_dvc', partition_cols=['b'])"
    )
    (access,) = ran.run.files
    fs = LocalFileSystem()
    odb = HashFileDB(fs, str(clean.folder / "odb"))
    _, _, tree = build(odb, str(clean.folder / "for_dvc"), fs, "md5")
    assert access.md5 == tree.hash_info.value
    assert access.md5.endswith(".dir")


def test_a_large_file_is_hashed_once(live_alone):
    with (live_alone.folder / "large.bin").open("wb") as stream:
        stream.write(bytes(9 << 20))
    count = """
from nbcairn.store import filehash
from nbcairn.kernel.files import hashes
calls = []
original = hashes.file_md5
hashes.file_md5 = lambda path: calls.append(path) or original(path)
"""
    live_alone.run(count, silent=True)
    for n in range(3):
        live_alone.run(f"n{n} = len(open('large.bin', 'rb').read())")
    assert live_alone.run("%cairn").status == "ok"
    ran = live_alone.run("n = len(open('large.bin', 'rb').read())")
    assert ran.run.files[0].md5 == hashlib.md5(bytes(9 << 20)).hexdigest()
    assert live_alone.run("print(len(calls))").text.strip() == "1"


def test_a_run_with_a_slow_hash_does_not_hold_up_the_next_cells_and_is_recorded(live_alone):
    with (live_alone.folder / "large.bin").open("wb") as stream:
        stream.write(bytes(9 << 20))
    slow = """
import time
from nbcairn.kernel.files import hashes
original = hashes.file_md5
def file_md5(path):
    time.sleep(1.5)
    return original(path)
hashes.file_md5 = file_md5
"""
    live_alone.run(slow, silent=True)
    live_alone.run("x = 0")
    first = live_alone.run("data = open('large.bin', 'rb').read()", cell_id="slow")
    assert first.run is None
    assert live_alone.run("x = 1").run is not None
    live_alone.run("%cairn")
    run = live_alone.last("slow")
    assert run.files[0].md5 == hashlib.md5(bytes(9 << 20)).hexdigest()
    assert [read.name for read in run.reads if read.name.startswith("<file")] == ["<file:large.bin>"]
    live_alone.run("x = 2")


@pytest.fixture
def website(tmp_path):
    """A server on this machine that counts what it is asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = b"a,b\n1,2\n"
            self.send_response(200)
            self.send_header("ETag", '"v1"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_urls_are_recorded_and_never_fetched_again(live_alone, website):
    address, asked = website
    ran = live_alone.run(f"import pandas as pd\ndf = pd.read_csv('{address}/data.csv')")
    assert ran.status == "ok", ran.text
    (access,) = [access for access in ran.run.files if access.path.startswith("http")]
    assert (access.path, access.size, access.note) == (f"{address}/data.csv", 8, 'etag "v1"')
    assert asked == ["/data.csv"]


def test_passwords_in_urls_are_not_recorded(live_alone, website):
    address, _ = website
    if not _has("requests"):
        pytest.skip("requests is not installed")
    # Put together in the cell: a password in its source would be masked there, too.
    secret = f"'{address}'.replace('://', '://ada:' + 2 * 'hunter2' + '@')"
    ran = live_alone.run(f"import requests\nr = requests.get({secret} + '/d')")
    assert [access.path for access in ran.run.files if access.path.startswith("http")] == [f"{address}/d"]


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def test_watched_functions_can_be_pickled_and_are_put_back(live_alone):
    ran = live_alone.run(
        "import pickle, random, numpy as np, pandas as pd, polars as pl, pyarrow.parquet as pq\n"
        "for f in (random.seed, np.random.seed, pd.read_parquet, pl.read_csv, pq.read_table):\n"
        "    assert pickle.loads(pickle.dumps(f)) is f, f\n"
        "import inspect; print(str(inspect.signature(pd.read_parquet))[:6])"
    )
    assert ran.status == "ok", ran.text
    live_alone.run("%unload_ext nbcairn", silent=True)
    ran = live_alone.run(
        "print([hasattr(f, '__nbcairn_original__') for f in (random.seed, pl.read_csv, pd.read_parquet)])"
    )
    assert ran.text.strip() == "[False, False, False]"
