"""Where a trail is, or would be made."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["FOLDER", "locate", "place"]

FOLDER = ".cairn"
REPOSITORY = ".git"
ROOT_MARKS = (REPOSITORY, "pyproject.toml", "dvc.yaml")


def locate(start: Path) -> Path | None:
    """The ``.cairn`` folder of a notebook or folder, found by walking up inside its project; None when there is none.

    The environment variable ``NBCAIRN_TRAIL`` names the folder and ends the search.
    """
    chosen = os.environ.get("NBCAIRN_TRAIL")
    if chosen:
        return Path(chosen).absolute() if (Path(chosen) / "trail.db").exists() else None
    for folder in _project(_upwards(start)):
        if (folder / FOLDER).is_dir():
            return folder / FOLDER
    return None


def place(start: Path) -> Path:
    """The folder of the trail that is, or where one belongs: at the project's root or beside the notebook."""
    chosen = os.environ.get("NBCAIRN_TRAIL")
    if chosen:
        return Path(chosen).absolute()
    found = locate(start)
    if found is not None:
        return found
    folders = _upwards(start)
    root = _first_with(ROOT_MARKS, folders)
    return folders[root or 0] / FOLDER


def _project(folders: list[Path]) -> list[Path]:
    """These folders up to the root of the repository, else of the project they are in: what lies outside is of others.

    So one notebook that ran beside several projects does not gather the records of all of them.
    """
    root = _first_with((REPOSITORY,), folders)
    if root is None:
        root = _first_with(ROOT_MARKS, folders)
    return folders if root is None else folders[: root + 1]


def _first_with(marks: tuple[str, ...], folders: list[Path]) -> int | None:
    """The place of the first folder that holds one of these."""
    return next((at for at, folder in enumerate(folders) if any((folder / mark).exists() for mark in marks)), None)


def _upwards(start: Path) -> list[Path]:
    """The folder of ``start`` and those above it, short of the home folder and the root."""
    start = start.absolute()
    folder = start if start.is_dir() else start.parent
    above = [folder, *folder.parents]
    limits = {Path.home(), Path(folder.anchor)}
    return [step for step in above if step not in limits] or [folder]
