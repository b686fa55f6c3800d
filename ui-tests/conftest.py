"""A real JupyterLab with a token, on a free port, with its own configuration; a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journey import IN_FRONT, PASSWORD, Lab, clear, command, make_project
from jupyter_server.auth import passwd
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect
from playwright.sync_api import TimeoutError as TooLate
from servers import other_jupyterlab, start_lab

expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong

HERE = Path(__file__).parent
OUTPUT = HERE / "output"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# The toolbar says "idle" before the kernel is connected; a run started then is lost.
CONNECTION = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  const context = widget?.sessionContext;
  const kernel = context?.session?.kernel;
  return [widget?.id, context?.isReady, context?.kernelDisplayStatus, kernel?.connectionStatus, kernel?.status];
}"""
READY = """() => {
  const kernel = window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel;
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return !!(context?.isReady && kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle');
}"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--jupyterlab", metavar="VERSION", help="the JupyterLab of the journeys; else the one installed here"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first journey also waits for the server and the demonstration, the nightly ones for long trails."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(3600 if item.get_closest_marker("nightly") else 600))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.exit("The browser tests need Chromium: set CHROMIUM=/path/to/chromium.", returncode=3)
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Below a prefix, as a hub has it: every journey shows that no address is built without it."""
    version = request.config.getoption("--jupyterlab")
    python = other_jupyterlab(tmp_path_factory.mktemp("other"), version) if version else sys.executable
    yield from start_lab(tmp_path_factory.mktemp("lab"), "/user/ada/", python=str(python))


@pytest.fixture(scope="session")
def lab_without_us(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server in whose environment the server extension is off, as where kernels live elsewhere."""
    option = "--ServerApp.jpserver_extensions={'nbcairn': False}"
    yield from start_lab(tmp_path_factory.mktemp("bare"), "/", option)


@pytest.fixture(scope="session")
def lab_with_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server that knows people by a cookie alone, as behind a hub: no token is in the page."""
    option = f"--PasswordIdentityProvider.hashed_password={passwd(PASSWORD)}"
    yield from start_lab(tmp_path_factory.mktemp("login"), "/user/ada/", option, token="")


@pytest.fixture(scope="session")
def demo(lab: Lab) -> str:
    """The folder of the demonstration, seen from the server: explored in order, and the messy way."""
    subprocess.run(
        [sys.executable, "-m", "nbcairn.cli", "demo", "--folder", "penguins"],
        cwd=lab.root, env=lab.env, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return "penguins"


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


class Window:
    """The page that most journeys share: JupyterLab is loaded once, a notebook of theirs is opened in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self._page: Page | None = None

    def page(self) -> Page:
        if self._page is None:
            self._page = self.context.new_page()
        return self._page

    def leave(self) -> None:
        """The next journey gets a new page."""
        if self._page is not None:
            self._page.close()
        self._page = None


@pytest.fixture(scope="session")
def window(browser: Browser, browser_context_args: dict) -> Iterator[Window]:
    context = browser.new_context(**browser_context_args)
    yield Window(context)
    context.close()


@pytest.fixture
def page(browser: Browser, browser_context_args: dict, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The shared page as the last journey left it, or one of its own where a journey is marked ``own_page``."""
    if request.node.get_closest_marker("own_page"):
        context = browser.new_context(**browser_context_args)
        yield context.new_page()
        context.close()
        return
    window = request.getfixturevalue("window")
    yield window.page()
    if request.node.stash.get(FAILED, False):
        window.leave()


@pytest.fixture
def page_errors(page: Page) -> Iterator[list[str]]:
    """What our code complained of, gathered while the test runs: none. (Notebook 7 has page errors of its own.)"""
    errors: list[str] = []

    def raised(error: Error) -> None:
        if "nbcairn" in f"{error} {error.stack}":
            errors.append(str(error))

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "nbcairn" in (message.text + str(message.location)):
            errors.append(message.text)

    page.on("pageerror", raised)
    page.on("console", note)
    yield errors
    page.remove_listener("pageerror", raised)
    page.remove_listener("console", note)


@pytest.fixture
def open_notebook(page: Page, lab: Lab) -> Callable[..., Page]:
    """Open a notebook of the served folder and wait until its kernel is connected."""

    def opened(path: str, *, kernel: bool = True, server: Lab = lab) -> Page:
        if page.url.startswith(f"{server.url}lab/"):
            clear(page)
            command(page, "docmanager:open", path=path)
            page.wait_for_function(f"path => ({IN_FRONT})() === path", arg=path)
        else:
            page.goto(server.address(path))
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
        if kernel:
            wait_for_kernel(page)
        return page

    return opened


def wait_for_kernel(page: Page) -> None:
    """Until the kernel of the notebook in front answers. One that JupyterLab has lost while it started is told, and sought again."""
    try:
        page.wait_for_function(READY, timeout=30_000)
    except TooLate:
        warnings.warn(f"the kernel was not connected after 30 s: {page.evaluate(CONNECTION)}", stacklevel=2)
        page.reload()
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
        page.wait_for_function(READY, timeout=60_000)


@pytest.fixture
def project(lab: Lab, request: pytest.FixtureRequest) -> Path:
    """A fresh folder with its own trail below the served one."""
    return make_project(lab, request.node.name)


ONE_TIME = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/\\d{1,2}:\\d{2} [AP]M/g, '10:00 AM');
  }
}"""


@pytest.fixture
def snap(page: Page) -> Callable[[str], Path]:
    """Take a screenshot; when asked, it takes the place of the one that the documentation has under its name."""

    def taken(name: str) -> Path:
        wanted = Path(os.environ.get("NBCAIRN_SCREENSHOTS") or OUTPUT) / f"{name}.png"
        target = wanted if wanted.exists() else OUTPUT / wanted.name
        target.parent.mkdir(parents=True, exist_ok=True)
        page.mouse.move(0, 0)
        if os.environ.get("NBCAIRN_SCREENSHOTS"):
            page.evaluate(ONE_TIME)  # else each picture would differ from the last by the hour it was taken
        page.screenshot(path=target, animations="disabled", caret="hide")
        return target

    return taken
