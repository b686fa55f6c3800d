"""What the server refuses, and what it never sends."""

import functools
import json
import re
import sqlite3

import pytest
from tornado.httpclient import HTTPClientError

from nbcairn.errors import TrailLocked
from nbcairn.model import ArtifactKind
from nbcairn.server import queries
from nbcairn.server.answers import Refused
from nbcairn.server.description import api
from nbcairn.server.handlers import ROUTES, UnknownHandler
from nbcairn.server.paths import confined
from nbcairn.store import Trail
from nbcairn.testing import a_run, an_artifact


def addresses(method):
    """Every route of the description that is asked with this method, with ids that nothing has."""
    fill = {"{id}": "x", "{md5}": "a" * 32, "{code}": "CN104", "{format}": "html"}
    found = [address.strip("/") for address, methods in api()["paths"].items() if method in methods]
    return [functools.reduce(lambda text, pair: text.replace(*pair), fill.items(), address) for address in found]


GETS, POSTS = addresses("get"), addresses("post")
ADDRESSES = [address for address in GETS if not address.startswith("findings/")]
"""Those that are asked about a notebook."""


def test_the_table_of_routes_is_the_description():
    """Every handler has its routes in the description, so that none is left out below."""
    described = {f"/{address}" for address in (*GETS, *POSTS)}
    for pattern, handler in ROUTES:
        if handler is not UnknownHandler:
            assert any(re.fullmatch(pattern, address) for address in described), pattern


async def test_nothing_without_a_token(project, refusal):
    for address in (*GETS, "nowhere"):
        await refusal(address, 403, headers={"Authorization": "token wrong"})
    for address in POSTS:
        await refusal(address, 403, method="POST", body="{}", headers={"Authorization": "token wrong"})


@pytest.mark.parametrize(
    "path",
    ["../secret.ipynb", "a/../../secret.ipynb", "/../secret.ipynb", "..\\secret.ipynb", "C:\\x.ipynb"],
)
async def test_no_path_leaves_the_root(project, refusal, path):
    for address in ADDRESSES:
        error = await refusal(address, 404, params={"path": path})
        assert str(project.root.parent) not in json.dumps(error)


async def test_what_is_sent_leaves_the_root_as_little(project, refusal):
    body = json.dumps({"path": "../secret.ipynb", "cells": [], "subject": "x", "text": "x"})
    for address in POSTS:
        await refusal(address, 404, method="POST", body=body)


@pytest.mark.parametrize("kind", ["folder", "file"])
async def test_no_link_leaves_the_root(project, refusal, tmp_path, kind):
    outside = tmp_path / "outside"
    outside.mkdir()
    Trail.open(outside / ".cairn", create=True).close()
    (outside / "secret.ipynb").write_text("{}")
    link = project.root / "link.ipynb" if kind == "file" else project.root / "link"
    link.symlink_to(outside / "secret.ipynb" if kind == "file" else outside)
    await refusal("runs", 404, params={"path": "link.ipynb" if kind == "file" else "link/secret.ipynb"})


def test_a_path_inside_may_name_what_is_not_there_yet(tmp_path):
    assert confined(tmp_path, "/new/one.ipynb") == tmp_path.resolve() / "new" / "one.ipynb"


@pytest.mark.parametrize("path", ["", "/", ".", "a\0b", "x/..", "y" * 5000 + "/.."])
def test_what_is_no_notebook(tmp_path, path):
    with pytest.raises(Refused):
        confined(tmp_path, path)


@pytest.mark.parametrize(
    ("address", "params"),
    [
        ("runs", {}),
        ("runs", {"path": "a.ipynb", "limit": "many"}),
        ("runs", {"path": "a.ipynb", "limit": "-1"}),
        ("artifacts", {"path": "a.ipynb", "kind": "<script>"}),
        ("artifacts", {"path": "a.ipynb", "offset": "-3"}),
    ],
    ids=["no path", "no number", "negative limit", "unknown kind", "negative offset"],
)
async def test_parameters_that_make_no_sense(project, refusal, address, params):
    await refusal(address, 400, params=params)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "[" * 100_000,
        '{"path": "a.ipynb"}',
        '{"path": 1, "cells": []}',
        '{"path": "a.ipynb", "cells": [1]}',
        '{"path": "a.ipynb", "cells": [{"id": "c", "source": ["x"]}]}',
        '{"path": "a.ipynb", "cells": [{"id": "c", "source": "", "kind": "evil"}]}',
        '{"path": "a.ipynb", "kernel_id": 3, "cells": []}',
        '{"path": "a.ipynb", "target": 3, "cells": []}',
    ],
)
async def test_bodies_that_make_no_sense(project, refusal, body):
    await refusal("check", 400, method="POST", body=body)


@pytest.mark.parametrize("address", ["runs/nope", "sessions/nope", "artifacts/nope", "blobs/" + "a" * 32, "nowhere"])
async def test_what_is_not_there(project, refusal, address):
    await refusal(address, 404)


async def test_one_record_where_there_is_no_trail(refusal):
    error = await refusal("runs/x", 404)
    assert error["type"] == "TrailNotFound"


async def test_a_trail_of_a_later_version(project, refusal):
    with sqlite3.connect(project.folder / "trail.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    error = await refusal("status", 409)
    assert error["type"] == "TrailTooNew"
    assert "pip install --upgrade nbcairn" in error["remedy"]


async def test_a_damaged_trail(project, refusal):
    for leftover in project.folder.glob("trail.db-*"):
        leftover.unlink()
    (project.folder / "trail.db").write_bytes(b"this is no database, " * 500)
    assert (await refusal("runs", 500))["type"] == "TrailCorrupt"


async def test_a_locked_trail(project, refusal, monkeypatch):
    def locked(*_):
        raise TrailLocked("Another process holds the trail.", "Close it.")

    monkeypatch.setattr(queries, "runs", locked)
    assert (await refusal("runs", 503))["remedy"] == "Close it."


async def test_a_trail_that_a_kernel_is_writing_can_be_read(project, ask):
    writer = sqlite3.connect(project.folder / "trail.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert (await ask("runs", "RunPage"))["total"] == 3
    finally:
        writer.close()


async def test_the_unexpected_keeps_its_details_to_the_log(project, refusal, monkeypatch):
    def broken(*_):
        raise RuntimeError("a value from the trail")

    monkeypatch.setattr(queries, "runs", broken)
    error = await refusal("runs", 500)
    assert "a value from the trail" not in json.dumps(error)


async def test_hostile_records_are_data(project, ask, jp_fetch, valid):
    script = "</script><script>alert(1)</script>"
    with Trail.open(project.folder) as trail:
        run = a_run(f"x = '{script}'", "c<img src=x onerror=alert(1)>", {}, {script: 1})
        made = an_artifact(run, script, ArtifactKind.DATA, 1)
        trail.record(run, [made])
    response = await jp_fetch("nbcairn", "api", "artifacts", made.id, params={"path": "analysis.ipynb"})
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert valid("Artifact", json.loads(response.body))["name"] == script
    assert (await ask("runs", "RunPage", cell=run.cell_id))["items"][0]["writes"] == [script]


@pytest.mark.parametrize(
    ("name", "content_type", "attachment"),
    [
        ("png", "image/png", False),
        ("svg", "image/svg+xml", True),
        ("html", "text/plain; charset=UTF-8", False),
        ("json", "application/json", False),
    ],
)
async def test_blobs_come_as_types_that_run_nothing(project, jp_fetch, name, content_type, attachment):
    response = await jp_fetch("nbcairn", "api", "blobs", project.blobs[name], params={"path": "analysis.ipynb"})
    assert response.headers["Content-Type"] == content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "immutable" in response.headers["Cache-Control"]
    assert ("Content-Disposition" in response.headers) is attachment


async def test_other_blobs_are_not_served(project, refusal):
    await refusal(f"blobs/{project.blobs['binary']}", 415)


@pytest.mark.parametrize("key", ["..%2f..%2ftrail.db", "A" * 32, "a" * 31])
async def test_a_blob_has_an_md5(project, refusal, key):
    await refusal(f"blobs/{key}", 404)


async def test_post_needs_the_xsrf_header(project, jp_serverapp, http_server_client, jp_base_url):
    """A page of another site has the browser's cookies, but neither token nor header."""
    url = f"{jp_base_url}nbcairn/api/check"
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(url, method="POST", body='{"path": "a.ipynb", "cells": []}')
    assert caught.value.code == 403


@pytest.mark.parametrize("handler", [handler for _, handler in ROUTES], ids=lambda handler: handler.__name__)
def test_every_handler_demands_authentication(handler):
    own = [method for name, method in vars(handler).items() if name.upper() in handler.SUPPORTED_METHODS]
    assert own
    assert all(hasattr(method, "__wrapped__") for method in own)


SAFE = ("application/json", "application/octet-stream", "image/png", "image/jpeg", "text/plain; charset=UTF-8")
"""Types that a browser shows as they are, or saves."""


async def test_every_answer_has_a_type_that_runs_nothing(project, jp_fetch):
    real = {
        "runs/x": f"runs/{project.plot.id}",
        "sessions/x": "sessions/s1",
        f"blobs/{'a' * 32}": f"blobs/{project.blobs['html']}",
    }
    params = {"path": "analysis.ipynb", "before": project.frame.id}
    for address in GETS:
        known = real.get(address, address.replace("artifacts/x", f"artifacts/{project.frame.id}"))
        response = await jp_fetch("nbcairn", "api", *known.split("/"), params=params)
        assert response.headers["Content-Type"].startswith(SAFE), address
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        assert "default-src 'none'" in response.headers["Content-Security-Policy"], address
