"""Real notebooks that nobody here wrote, taken from packages' source distributions at bench time.

The archives are kept in ``.bench/`` (git-ignored); nothing of them is committed.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parent.parent / ".bench"
ORACLE = Path(__file__).parent.parent / "tests"
"""Where the module is that says, in tests and benchmarks, what a cell left."""
sys.path.append(str(ORACLE))

# Each names a source distribution that carries notebooks, and what they import beyond our own extras.
SOURCES = {
    "arch": ("arch", "statsmodels"),
    "emcee": ("emcee", "corner"),
    "formulaic": ("formulaic",),
    "hdbscan": ("hdbscan", "seaborn"),
    "imbalanced-learn": ("imbalanced-learn",),
    "linearmodels": ("linearmodels", "statsmodels"),
    "lmfit": ("lmfit",),
    "pmdarima": ("pmdarima",),
    "scikit-survival": ("scikit-survival",),
    "statsmodels": ("statsmodels", "seaborn"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """One real notebook: where it came from and its code cells, in order."""

    package: str
    name: str
    folder: Path
    cells: tuple[str, ...]


def require(*modules: str) -> None:
    """Install what the notebooks import into this environment (wheels, as a user would)."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    subprocess.run([*pip, *modules], check=True)


def unpack(package: str) -> Path:
    """The newest source distribution of a package, downloaded once and not built."""
    folder = CACHE / package / "unpacked"
    if not folder.exists():
        require("unearth")
        from unearth import PackageFinder

        finder = PackageFinder(no_binary=[package])
        best = finder.find_best_match(package).best
        if best is None:
            raise SystemExit(f"No source distribution of {package} was found; remove it from SOURCES.")
        partial = folder.with_name("partial")
        finder.download_and_unpack(best.link, partial)
        partial.rename(folder)
    return folder


def code_cells(path: Path) -> tuple[str, ...]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = ("".join(cell["source"]) for cell in notebook.get("cells", ()) if cell["cell_type"] == "code")
    return tuple(source for source in sources if source.strip())


def examples(limit: int | None = None, least_cells: int = 8) -> list[Example]:
    """Notebooks of at least ``least_cells`` code cells that reach for no network: one of each package in turn, small first."""
    shelves = []
    for package, imports in SOURCES.items():
        require(*imports)
        shelf = [found for path in unpack(package).rglob("*.ipynb") if (found := read(package, path, least_cells))]
        shelves.append(sorted(shelf, key=lambda example: (sum(map(len, example.cells)), example.name)))
    turns = itertools.zip_longest(*shelves)
    return [example for turn in turns for example in turn if example is not None][:limit]


def read(package: str, path: Path, least_cells: int) -> Example | None:
    """The notebook, or None where it is too short or needs what is not there."""
    cells = code_cells(path)
    if len(cells) < least_cells or any(word in cell for cell in cells for word in OFFLINE):
        return None
    return Example(package, path.stem, path.parent, cells)


def words(source: str) -> set[str]:
    """Everything in a cell's text that could be a name."""
    return set(re.findall(r"[A-Za-z_]\w*", source))


# Words that mean a notebook needs the network or a package that is not there.
OFFLINE = (
    "DataReader",
    "urlopen",
    "http://",
    "https://",
    "get_rdataset",
    "requests.",
    "pymc",
    "webuse",
    "rdatasets",
    "load_dataset(",
    "fetch_",
    "!pip",
    "%pip",
    "!wget",
)
