"""Write every generated reference page again; with ``--check`` only say which are out of date (exit 1).

A generator is a module ``nbcairn.<layer>.describe`` with ``page()``, the text, and ``PAGE``, the file below the
repository (``docs/reference/<layer>.md`` if it names none). To add one, add its name to GENERATORS.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path

__all__ = ["GENERATORS", "main"]

GENERATORS = (
    "nbcairn.store.describe",
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
    return found


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
