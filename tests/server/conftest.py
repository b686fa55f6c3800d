"""A Jupyter server with the extension, over a project with a trail."""

import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError

from nbcairn.model import ArtifactKind, Display
from nbcairn.server.description import api
from nbcairn.store import Trail
from nbcairn.testing import a_run, a_session, an_artifact

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def jp_server_config():
    return {"ServerApp": {"jpserver_extensions": {"nbcairn": True, "jupyter_server_terminals": False}}}


@dataclass
class Project:
    """What the trail of the tests holds: load -> clean -> plot, all in one session."""

    root: Path
    load: object
    clean: object
    plot: object
    frame: object
    figure: object
    blobs: dict

    @property
    def folder(self):
        return self.root / ".cairn"


@pytest.fixture
def project(jp_root_dir):
    """A recorded notebook ``analysis.ipynb`` in the server's root."""
    with Trail.open(jp_root_dir / ".cairn", create=True) as trail:
        trail.begin(a_session(packages={"pandas": "2.2.0"}))
        load = a_run("df = read()", "c1", {}, {"df": 1})
        clean = a_run("df2 = df + 1", "c2", {"df": _from(load, "df")}, {"df2": 2})
        key = trail.blobs.put(PNG)
        shown = Display("display", "d" * 32, ("image/png",), key, "<Figure>")
        plot = a_run("df2.plot()", "c3", {"df2": _from(clean, "df2")}, displays=[shown])
        frame = an_artifact(clean, "df2", ArtifactKind.DATA, 2)
        figure = an_artifact(plot, "Mass", ArtifactKind.FIGURE, 3, media_type="image/png", blob=key)
        trail.record(load)
        trail.record(clean, [frame])
        trail.record(plot, [figure], {key: PNG})
        keys = {name: trail.blobs.put(content) for name, content in SAMPLES.items()}
    return Project(jp_root_dir, load, clean, plot, frame, figure, keys)


SAMPLES = {
    "png": PNG,
    "svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<html><script>alert(1)</script></html>",
    "json": b'{"rows": 3}',
    "binary": b"\x80\x04\x95\xff\xfe",
}


def _from(run, name):
    from nbcairn.model import Read

    fingerprint = next(write.fingerprint for write in run.writes if write.name == name)
    return Read(name, fingerprint, run.id)


def _valid(shape, answer):
    description = api()
    schema = {"$ref": f"#/$defs/{shape}", "$defs": description["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(answer)
    return answer


@pytest.fixture
def valid():
    """``valid("Run", answer)``: the answer, once it has this shape of the description."""
    return _valid


@pytest.fixture
def ask(jp_fetch):
    """``await ask("runs", "RunPage", limit=2)``: fetch, demand 200 and the shape, and give the JSON."""

    async def fetch(address, shape, *, path="analysis.ipynb", **params):
        response = await jp_fetch("nbcairn", "api", *address.split("/"), params={"path": path, **params})
        assert response.code == 200
        assert response.headers["Content-Type"].startswith("application/json")
        return _valid(shape, json.loads(response.body))

    return fetch


@pytest.fixture
def refusal(jp_fetch):
    """``await refusal("runs/x", 404)``: fetch, demand this status and the shape ``Error``, and give it."""

    async def fetch(address, status, *, params=None, **kwargs):
        wanted = {"path": "analysis.ipynb"} if params is None else params
        with pytest.raises(HTTPClientError) as caught:
            await jp_fetch("nbcairn", "api", *address.split("/"), params=wanted, **kwargs)
        assert caught.value.code == status
        error = _valid("Error", json.loads(caught.value.response.body))
        assert error["status"] == status
        assert error["message"]
        assert error["remedy"]
        return error

    return fetch
