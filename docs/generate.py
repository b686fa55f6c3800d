"""Write every generated reference page again; with ``--check`` only say which are out of date (exit 1).

A generator is a module, as a rule ``nbcairn.<layer>.describe``, with ``page()``, the text, and ``PAGE``, the file below the
repository (``docs/reference/<layer>.md`` if it names none). To add one, add its name to GENERATORS. The pages of the
configuration and of the Python interface are made here, from the traits and the docstrings.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import inspect
import re
import sys
from pathlib import Path

__all__ = ["GENERATORS", "main"]

GENERATORS = (
    "nbcairn.profile.reference",
    "nbcairn.store.describe",
    "nbcairn.lineage.describe",
    "nbcairn.server.describe",
    "nbcairn.cli.describe",
)
ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[Path, str]:
    """The text of each generated page, by its file; generators of layers that are not there are left out."""
    found = {}
    for name in GENERATORS:
        if importlib.util.find_spec(name.rpartition(".")[0]) and importlib.util.find_spec(name):
            module = importlib.import_module(name)
            usual = Path("docs/reference") / f"{name.split('.')[1]}.md"
            found[ROOT / getattr(module, "PAGE", usual)] = module.page()
    found[ROOT / "docs/reference/config.md"] = config_page()
    found[ROOT / "docs/reference/python.md"] = python_page()
    return found


CONFIG_HEAD = """# Configuration

<!-- Written by `./dev docs` from src/nbcairn/config.py; edit that instead. -->

Every option has a good default; none must be set. In one notebook, at any time:

```python
%config Cairn.keep_text = False
```

For every notebook, in `~/.ipython/profile_default/ipython_kernel_config.py` (`c.Cairn.keep_text = False`), or in the
`ipython_kernel_config.json` beside it (`{"Cairn": {"keep_text": false}}`).

| option | default | meaning |
|---|---|---|
"""

CONFIG_TAIL = """
## Environment variables

| variable | meaning |
|---|---|
| `NBCAIRN_DISABLE` | anything but `0`: nothing is recorded, whatever else is configured |
| `NBCAIRN_TRAIL` | the folder of the trail; ends the search for a `.cairn` folder |
| `NBCAIRN_NOTEBOOK` | path of the notebook, for programs that start a kernel without Jupyter Server |
| `NBCAIRN_PROJECT` | the folder that recorded paths are relative to, where it is not the one that holds the trail |
"""


def config_page() -> str:
    """Every option with its default and meaning, from the traits."""
    from nbcairn.config import Cairn

    traits = Cairn.class_traits(config=True)
    own = list(Cairn.class_own_traits(config=True))
    rows = [f"| `c.Cairn.{name}` | `{traits[name].default()!r}` | {traits[name].help} |" for name in own]
    return CONFIG_HEAD + "\n".join(rows) + "\n" + CONFIG_TAIL


METHODS = (
    "check", "show", "diff", "slice", "search", "load",
    "artifacts", "runs", "versions", "names", "sessions", "notes", "count_artifacts", "count_runs",
    "artifact", "run", "session", "find", "query", "sizes", "close",
)  # fmt: skip
"""What people call; the rest is for recorders and tools."""

PYTHON_HEAD = """# Python

<!-- Written by `./dev docs` from the docstrings of nbcairn. -->

The verbs of the command line for notebooks, scripts and tests. `note` and `track` record, so they need a notebook that
records; everything else works wherever there is a trail, with no kernel at all.

```python
import nbcairn

with nbcairn.Trail("analysis.ipynb") as trail:
    for artifact in trail.artifacts(kind="figure"):
        print(artifact.name, artifact.fingerprint.digest)
    print(trail.check("analysis.ipynb").summary)
```

Records are frozen dataclasses, described in `nbcairn.model`. Errors are a tree of their own, in `nbcairn.errors`: each says
the fact and what to do about it. `nbcairn.testing` has a fake shell, trails in memory and builders of records for tests.
"""


def python_page() -> str:
    """The public functions and the methods of ``Trail``, from their docstrings."""
    import nbcairn

    parts = [_described(f"nbcairn.{name}", getattr(nbcairn, name)) for name in ("load", "track", "note")]
    parts.append("\n## nbcairn.Trail\n\n" + inspect.cleandoc(nbcairn.Trail.__doc__ or "").replace("``", "`") + "\n")
    parts.append(_described("Trail", nbcairn.Trail.__init__, level=3))
    parts += [_described(f"Trail.{name}", getattr(nbcairn.Trail, name), level=3) for name in METHODS]
    return PYTHON_HEAD + "".join(parts)


def _described(name: str, function: object, level: int = 2) -> str:
    signature = str(inspect.signature(function)).replace("(self, ", "(").replace("(self)", "()")
    signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature)
    text = inspect.cleandoc(function.__doc__ or "").replace("``", "`")
    return f"\n{'#' * level} {name}\n\n```python\n{name}{signature}\n```\n\n{text}\n"


def main(arguments: list[str] | None = None) -> int:
    """Write or check; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    stale = [file for file, text in pages().items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        print(("out of date: " if check else "written: ") + file.relative_to(ROOT).as_posix())  # noqa: T201
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pages()[file], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
