"""Where an export goes: checked before the work, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbcairn.errors import ExportError

__all__ = ["check_file", "check_folder", "write_text", "writing"]


def check_file(target: Path) -> None:
    """Raise ExportError where no file can be written."""
    if target.is_dir():
        raise ExportError(f"{target} is a folder.", f"Name a file in it, such as {target / 'export'}.")
    if not target.parent.is_dir():
        raise ExportError(f"There is no folder {target.parent}.", f"Make it with `mkdir -p {target.parent}`.")


def check_folder(target: Path) -> None:
    """Raise ExportError unless the folder is new or empty."""
    if target.is_file():
        raise ExportError(f"{target} is a file.", "Name a new folder.")
    if target.is_dir() and any(target.iterdir()):
        raise ExportError(f"The folder {target} is not empty.", "Name a new folder, or empty this one.")


def write_text(target: Path, text: str) -> None:
    """Write a file whole or not at all. Raises ExportError."""
    check_file(target)
    with writing(target):
        if not target.exists() or target.is_file():
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
            try:
                with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
                    stream.write(text)
                Path(draft).chmod(0o644)
                Path(draft).replace(target)
            except OSError:
                Path(draft).unlink(missing_ok=True)
                raise
        else:
            target.write_text(text, encoding="utf-8", errors="replace")  # a pipe or device


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turn what the file system raises into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written ({error.strerror or error}).",
            "Choose a folder that you may write to and that has space.",
        ) from error
