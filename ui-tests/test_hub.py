"""A real JupyterHub: needs ``pip install jupyterhub`` and ``npm install configurable-http-proxy`` (on the PATH)."""

import os
import shutil
import subprocess
import sys

import pytest
from journey import Lab, edit, make_project, run_all, run_cell, start_recording, write_notebook
from playwright.sync_api import expect
from servers import free_port, isolated_environment, stop, wait_until_up

CONFIG = """
c.JupyterHub.base_url = "/dep/"
c.JupyterHub.authenticator_class, c.JupyterHub.spawner_class = "dummy", "simple"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = {home!r} + "/{{username}}"
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url="]
c.Spawner.env_keep = ["PATH", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH"]
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
"""
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9])\nplt.title('Tuesday')"


@pytest.mark.nightly
@pytest.mark.own_page
def test_the_panel_works_below_a_hub(tmp_path, page, page_errors):
    pytest.importorskip("jupyterhub", reason="JupyterHub is not installed")
    if shutil.which("configurable-http-proxy") is None:
        pytest.skip("configurable-http-proxy is not on the PATH")
    (tmp_path / "hub.py").write_text(CONFIG.format(home=str(tmp_path), python=sys.executable))
    front, hub, api = free_port(), free_port(), free_port()
    ports = [
        f"--port={front}",
        f"--JupyterHub.hub_port={hub}",
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{api}",
    ]
    keep = {name: os.environ[name] for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH") if name in os.environ}
    start = [sys.executable, "-m", "jupyterhub", "-f", "hub.py", "--ip=127.0.0.1", *ports]
    server = Lab(f"http://127.0.0.1:{front}/dep/user/ada/", "", tmp_path / "ada", isolated_environment(tmp_path) | keep)
    server.root.mkdir()
    path = write_notebook(make_project(server, "work"), "x = 1", PLOT, "print(x)")
    refused: list[str] = []
    page.on(
        "response", lambda answer: refused.append(answer.url) if answer.status >= 400 and "nbcairn" in answer.url else 0
    )
    log = tmp_path / "hub.log"
    with log.open("w") as stream:
        process = subprocess.Popen(start, cwd=tmp_path, env=server.env, stdout=stream, stderr=subprocess.STDOUT)
    try:
        wait_until_up(f"http://127.0.0.1:{front}/dep/hub/login", process, log)
        page.goto(f"http://127.0.0.1:{front}/dep/hub/login")
        page.fill("#username_input", "ada")
        page.fill("#password_input", "any")
        page.click("#login_submit")
        page.wait_for_url("**/user/ada/**", timeout=120_000)
        page.goto(f"{server.url}lab/tree/{path}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=120_000)
        state = start_recording(page)
        run_all(page)
        expect(state).to_contain_text("would show the same in all 3 cells", timeout=60_000)
        plot = page.locator("#nbcairn-artifacts .nbc-Artifact", has_text="Tuesday")
        expect(plot.locator("img")).to_be_visible()
        plot.click()
        expect(page.locator(".nbc-Page img.nbc-Picture")).to_be_visible()
        page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="analysis.ipynb").click()
        edit(page, 0, "x = 2")
        run_cell(page, 0)
        expect(page.locator(".jp-Cell").nth(2).locator(".nbc-CellMark")).to_contain_text("stale")
    finally:
        stop(process)
    assert (refused, page_errors) == ([], [])
