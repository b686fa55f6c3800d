"""``nbcairn doctor``: every problem it can find is made, found, and told with its remedy."""

import importlib.metadata
import os

import pytest
from cli_samples import write_notebook

from nbcairn.server.description import api
from nbcairn.store import Trail


@pytest.fixture
def healthy(tmp_path, monkeypatch):
    """A machine with everything in place: the panel and the server extension where Jupyter looks first."""
    data, config = tmp_path / "data", tmp_path / "config"
    (data / "labextensions" / "nbcairn").mkdir(parents=True)
    (data / "labextensions" / "nbcairn" / "package.json").write_text('{"version": "0.1.0"}')
    (config / "jupyter_server_config.d").mkdir(parents=True)
    (config / "jupyter_server_config.d" / "nbcairn.json").write_text(
        '{"ServerApp": {"jpserver_extensions": {"nbcairn": true}}}'
    )
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(data))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(config))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("NBCAIRN_DISABLE", raising=False)
    monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", list)
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return tmp_path


def findings(answer):
    return {item["what"]: item for item in answer.json}


def test_all_is_well(nbcairn, healthy):
    answer = nbcairn("doctor --json")
    assert answer.code == 0, answer.out
    assert all(item["good"] for item in answer.json)
    assert "can record" in findings(answer)["kernel python3"]["state"]
    assert {
        "nbcairn",
        "JupyterLab panel",
        "server extension",
        "kernel python3",
        "disk",
        "unchanged memory",
        "recording",
        "trail",
        "example",
    } <= set(findings(answer))
    text = nbcairn("doctor")
    assert text.code == 0
    assert "✗" not in text.out
    assert not (healthy / "project" / ".cairn").exists(), "doctor changes nothing"


def missing_package(name):
    def break_it(monkeypatch, healthy):
        real = importlib.metadata.version

        def version(asked):
            if asked == name:
                raise importlib.metadata.PackageNotFoundError(asked)
            return real(asked)

        monkeypatch.setattr("nbcairn.cli.doctor.version", version)

    return break_it


def elsewhere(monkeypatch, healthy):
    """Jupyter's folders hold nothing of ours."""
    import jupyter_core.paths

    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *_: [str(healthy / "empty")])
    monkeypatch.setattr(jupyter_core.paths, "jupyter_config_path", lambda: [str(healthy / "empty")])


def broken_panel(monkeypatch, healthy):
    (healthy / "data" / "labextensions" / "nbcairn" / "package.json").write_text("{")


def server_disabled(monkeypatch, healthy):
    (healthy / "config" / "jupyter_server_config.d" / "nbcairn.json").write_text(
        '{"ServerApp": {"jpserver_extensions": {"nbcairn": false}}}'
    )


def panel_disabled(monkeypatch, healthy):
    (healthy / "config" / "labconfig").mkdir()
    (healthy / "config" / "labconfig" / "page_config.json").write_text('{"disabledExtensions": {"nbcairn": true}}')


def no_kernel(monkeypatch, healthy):
    from jupyter_client.kernelspec import KernelSpecManager

    monkeypatch.setattr(KernelSpecManager, "find_kernel_specs", lambda _: {})


def a_server_without_us(monkeypatch, healthy):
    monkeypatch.setattr(
        "jupyter_server.serverapp.list_running_servers", lambda: [{"url": "http://127.0.0.1:9/", "token": "t"}]
    )


def switched_off(monkeypatch, healthy):
    monkeypatch.setenv("NBCAIRN_DISABLE", "1")


def odd_configuration(monkeypatch, healthy):
    file = healthy / "ipython" / "profile_default" / "ipython_kernel_config.json"
    file.parent.mkdir(parents=True)
    file.write_text("{")


def corrupt_trail(monkeypatch, healthy):
    (healthy / "project" / ".cairn").mkdir()
    (healthy / "project" / ".cairn" / "trail.db").write_bytes(b"not a database" * 400)


def read_only_trail(monkeypatch, healthy):
    Trail.open(healthy / "project" / ".cairn", create=True).close()
    real = os.access
    monkeypatch.setattr("nbcairn.cli.doctor.os.access", lambda path, mode: mode != os.W_OK and real(path, mode))


def full_disk(monkeypatch, healthy):
    from collections import namedtuple

    monkeypatch.setattr(
        "nbcairn.cli.doctor.disk_usage", lambda _: namedtuple("U", "total used free")(10**9, 10**9, 10**6)
    )


PROBLEMS = [
    (missing_package("ipykernel"), "ipykernel", "not installed", "pip install ipykernel"),
    (missing_package("jupyter-server"), "jupyter-server", "not installed", "pip install jupyter-server"),
    (elsewhere, "JupyterLab panel", "not found", "pip install --force-reinstall nbcairn"),
    (elsewhere, "server extension", "not enabled", "jupyter server extension enable nbcairn"),
    (broken_panel, "JupyterLab panel", "cannot be read", "pip install --force-reinstall nbcairn"),
    (server_disabled, "server extension", "switched off", "jupyter server extension enable nbcairn"),
    (panel_disabled, "JupyterLab panel", "switched off", "jupyter labextension enable nbcairn"),
    (a_server_without_us, "server http://127.0.0.1:9/", "does not answer", "restart the server"),
    (no_kernel, "kernels", "none for Python", "python -m ipykernel install --user"),
    (switched_off, "recording", "switched off by NBCAIRN_DISABLE", "unset NBCAIRN_DISABLE"),
    (odd_configuration, "recording", "not readable JSON", "Mend or remove the file"),
    (corrupt_trail, "trail", "cannot be read as a database", "Move the file aside"),
    (read_only_trail, "trail", "not writable", "writable for this account"),
    (full_disk, "disk", "1 MB free", "Free some space"),
]


@pytest.mark.parametrize(
    ("break_it", "what", "state", "remedy"), PROBLEMS, ids=[f"{n}-{case[1]}" for n, case in enumerate(PROBLEMS)]
)
def test_a_problem_is_found_and_told_with_its_remedy(nbcairn, healthy, monkeypatch, break_it, what, state, remedy):
    break_it(monkeypatch, healthy)
    answer = nbcairn("doctor --json")
    assert answer.code == 1
    found = findings(answer)[what]
    assert not found["good"]
    assert state in found["state"]
    assert remedy in found["remedy"]
    assert "✗" in nbcairn("doctor").out


def test_jupyterlab_and_the_example_are_optional(nbcairn, healthy, monkeypatch):
    missing_package("jupyterlab")(monkeypatch, healthy)
    monkeypatch.setattr("nbcairn.cli.doctor.find_spec", lambda name: None if name == "pandas" else True)
    answer = nbcairn("doctor --json")
    assert answer.code == 0
    assert "nbcairn[lab]" in findings(answer)["jupyterlab"]["remedy"]
    assert "nbcairn[example]" in findings(answer)["example"]["remedy"]


def test_it_says_which_trail_a_notebook_has(nbcairn, healthy):
    notebook = write_notebook(healthy / "project" / "a.ipynb", "x = 1")
    Trail.open(healthy / "project" / ".cairn", create=True).close()
    assert "0 runs, 0 artifacts" in findings(nbcairn("doctor a.ipynb --json"))["trail"]["state"]
    notebook.unlink()


def test_recording_everywhere_is_said(nbcairn, healthy):
    nbcairn("enable")
    assert "in every notebook" in findings(nbcairn("doctor --json"))["recording"]["state"]


def a_kernel(monkeypatch, argv0):
    from jupyter_client.kernelspec import KernelSpecManager

    spec = {"language": "python", "argv": [str(argv0), "-m", "ipykernel"]}
    monkeypatch.setattr(KernelSpecManager, "find_kernel_specs", lambda _: {"other": "x"})
    monkeypatch.setattr(KernelSpecManager, "get_all_specs", lambda _: {"other": {"spec": spec}})


def test_a_kernel_that_does_not_start_is_told(nbcairn, healthy, monkeypatch):
    a_kernel(monkeypatch, healthy / "gone" / "python")
    found = findings(nbcairn("doctor --json"))["kernel other"]
    assert "does not start" in found["state"]
    assert "kernelspec remove other" in found["remedy"]


def test_a_kernel_of_another_environment_is_told_how_to_record(nbcairn, healthy, monkeypatch):
    python = healthy / "python"
    python.write_text("#!/bin/sh\necho False\n")
    python.chmod(0o755)
    a_kernel(monkeypatch, python)
    found = findings(nbcairn("doctor --json"))["kernel other"]
    assert found["remedy"] == f"{python} -m pip install nbcairn"


def test_a_server_that_runs_is_asked(nbcairn, healthy, monkeypatch):
    import http.server
    import threading

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            ok = self.path == "/nbcairn/api/status" and self.headers["Authorization"] == "token t"
            self.send_response(200 if ok else 403)
            self.end_headers()
            self.wfile.write(b'{"nbcairn": "9.9"}')

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: [{"url": url, "token": "t"}])
        found = findings(nbcairn("doctor --json"))[f"server {url}"]
        server.shutdown()
    assert found["state"] == "reachable, nbcairn 9.9"
    assert "nbcairn" in api()["$defs"]["Status"]["required"]
