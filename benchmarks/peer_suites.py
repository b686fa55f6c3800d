"""The test suites of IPython and ipykernel, without and with Cairn loaded in every shell and kernel: the same tests must pass.

A test that passes only without is tried again, and then without Cairn in shells that start ``LATER`` seconds later. Some
tests ask a kernel every second whether it is up and take one of the surplus answers for the next one: these fail in any
kernel that starts slowly, as on a busy machine. They are told, and do not count.

    python benchmarks/peer_suites.py [ipython] [ipykernel] [-- pytest arguments]

The suites come from the source distributions of the installed versions, downloaded once into ``.bench/``; pytest plugins
that they ask for are installed into an environment of their own beside them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path

CACHE = Path(__file__).parent.parent / ".bench" / "peers"
SOURCE = Path(__file__).parent.parent / "src"
NEEDS = {
    "ipython": ("ipython[test]", "ipykernel", "nbformat", "matplotlib", "pandas"),
    "ipykernel": (
        "ipykernel",
        "matplotlib",
        "trio",
        "flaky",
        "ipyparallel",
        "pytest-asyncio>=0.23.5",
        "pytest-cov",
        "psutil",
    ),
}
OPTIONS = {"ipykernel": ("-o", "asyncio_default_fixture_loop_scope=function")}
OURS = ("blake3", "cryptography", "sqlite-utils", "traitlets", "numpy")

# Read by every Python process of the suites: whoever makes a shell gets the extension with it.
CUSTOMIZE = """
import sys

class _AfterImport:
    def find_spec(self, name, path=None, target=None):
        if name != "IPython.core.interactiveshell":
            return None
        sys.meta_path.remove(self)
        import importlib.util
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            made = module.InteractiveShell.__init__
            def __init__(self, *args, **kwargs):
                made(self, *args, **kwargs)
                LOAD
            module.InteractiveShell.__init__ = __init__
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, _AfterImport())
"""

LOAD = "import nbcairn; nbcairn.load_ipython_extension(self)"
LATER = 1.5
WAIT = f"import time; time.sleep({LATER})"


def unpack(package: str) -> Path:
    """The source of the installed version."""
    folder = CACHE / f"{package}-{version(package)}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "download", "--no-deps"]
        wanted = f"{package}=={version(package)}"
        subprocess.run([*pip, "--no-binary", package, "-d", str(CACHE), wanted], check=True)
        archive = next(CACHE.glob(f"{package.replace('-', '_')}-{version(package)}.tar.gz"))
        with tarfile.open(archive) as held:
            held.extractall(CACHE, filter="data")
    return folder


def environment(package: str) -> Path:
    """A Python of the suite's own, with what its tests ask for."""
    folder = CACHE / f"env-{package}"
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        venv.create(folder, with_pip=True)
        pinned = [
            f"{part}=={version(package)}" if part.partition("[")[0] == package else part for part in NEEDS[package]
        ]
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
        subprocess.run([*pip, *pinned, *OURS, "pytest", "pytest-timeout"], check=True)
        (folder / ".ready").touch()
    return python


def run(package: str, load: str | None, extra: list[str]) -> dict[str, str]:
    """The outcome of each test: passed, failed, skipped. ``load`` is what each new shell runs first."""
    source, python = unpack(package), environment(package)
    shutil.rmtree(source / "tmp-ipython-pytest-profiledir", ignore_errors=True)  # left by a run that was broken off
    with tempfile.TemporaryDirectory() as scratch:
        custom = Path(scratch) / "custom"
        custom.mkdir()
        env = {**os.environ, "NBCAIRN_TRAIL": f"{scratch}/.cairn", "IPYTHONDIR": f"{scratch}/ipython"}
        env.pop("NBCAIRN_DISABLE", None)
        if load is not None:
            (custom / "sitecustomize.py").write_text(CUSTOMIZE.replace("LOAD", load))
            env["PYTHONPATH"] = f"{custom}:{SOURCE}"
        report = Path(scratch) / "report.xml"
        command = [
            str(python),
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            *OPTIONS.get(package, ()),
            *extra,
        ]
        subprocess.run(command, cwd=source, env=env, check=False, stdout=subprocess.DEVNULL)
        return outcomes(report)


def outcomes(report: Path) -> dict[str, str]:
    found = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        kinds = [part.tag for part in case if part.tag in {"failure", "error", "skipped"}]
        found[f"{case.get('classname')}::{case.get('name')}"] = kinds[0] if kinds else "passed"
    return found


def compare(package: str, extra: list[str]) -> int:
    """Print the counts and what passes only without; the number of such tests that do not merely need a quick start."""
    plain, tracked = run(package, None, extra), run(package, LOAD, extra)
    counts = [sum(kind == "passed" for kind in found.values()) for found in (plain, tracked)]
    print(
        f"{package} {version(package)}: {counts[0]} of {len(plain)} tests pass without, {counts[1]} of {len(tracked)} with"
    )
    lost = {name for name, kind in plain.items() if kind == "passed" and tracked.get(name) != "passed"}
    lost &= failing(package, LOAD, lost, extra)
    hurried = failing(package, WAIT, lost, extra)
    for name in sorted(lost):
        why = f", as without Cairn in shells that start {LATER} s later" if name in hurried else ""
        print(f"  only without: {name} ({tracked.get(name, 'not run')}{why})")
    return len(lost - hurried)


def failing(package: str, load: str, names: set[str], extra: list[str]) -> set[str]:
    """Of these tests those that do not pass when they are run by themselves."""
    if not names:
        return set()
    words = sorted({name.rpartition("::")[2].partition("[")[0] for name in names})
    found = run(package, load, [*extra, "-k", " or ".join(words)])
    return {name for name in names if found.get(name) != "passed"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=["ipykernel", "ipython"])
    parser.add_argument("--pytest", nargs=argparse.REMAINDER, default=[], help="what is handed to pytest")
    options = parser.parse_args()
    lost = sum(compare(package, options.pytest) for package in options.packages)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
