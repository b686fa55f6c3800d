"""Reading a notebook file into a ``Document``; the file is never changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from nbcairn.errors import NotebookInvalid, NotebookNotFound
from nbcairn.model import Cell, Document

__all__ = ["anonymous_id", "document_key", "document_path", "is_anonymous", "read_document"]


def read_document(path: Path, root: Path | None = None) -> Document:
    """The cells of a notebook as saved. ``root`` makes the document's path relative to a project.

    Cells without ids get stable ones in memory. Raises NotebookNotFound or NotebookInvalid.
    """
    notebook = _load(path)
    cells = _cells(notebook, path)
    return Document(document_path(path, root) if root else path.as_posix(), cells)


def document_path(path: Path, root: Path) -> str:
    """The path of a notebook, or of any file, as the trail writes it: relative to the project, POSIX; absolute outside of it."""
    absolute, base = path.absolute().resolve(), root.absolute().resolve()
    return absolute.relative_to(base).as_posix() if absolute.is_relative_to(base) else absolute.as_posix()


def document_key(document: Document) -> str:
    """128 bits of the code cells in their order, byte for byte: another one means that the document was edited."""
    digest = hashlib.blake2b(digest_size=16)
    for cell in document.code:
        source = cell.source.encode("utf-8", "surrogatepass")
        digest.update(len(source).to_bytes(8, "big") + source)
    return digest.hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotebookNotFound(f"There is no notebook at {path}.", "Check the spelling of the path.") from None
    except IsADirectoryError:
        raise NotebookInvalid(f"{path} is a folder.", "Name a notebook in it, such as analysis.ipynb.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookInvalid(
            f"{path} cannot be read: {error}.", "A notebook is a UTF-8 text file you may read."
        ) from error
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotebookInvalid(
            f"{path} is not valid JSON ({error}).",
            "Open it in a text editor; a merge conflict (<<<<<<<) or a half-written file is the usual cause.",
        ) from error
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise NotebookInvalid(
            f"{path} is JSON, but not a notebook: it has no cells.", "Name a file that Jupyter wrote."
        )
    notebook = notebook if "cells" in notebook else _upgraded(notebook, path)
    if not isinstance(notebook.get("cells"), list):
        raise NotebookInvalid(
            f"{path} is JSON, but not a notebook: its cells are no list.", "Name a file that Jupyter wrote."
        )
    return notebook


def _upgraded(notebook: dict[str, Any], path: Path) -> dict[str, Any]:
    import nbformat

    try:
        upgraded = dict(nbformat.reads(json.dumps(notebook), as_version=4))  # type: ignore[no-untyped-call]
    except Exception as error:
        raise NotebookInvalid(
            f"{path} has the old notebook format {notebook.get('nbformat')} and cannot be upgraded: {error}.",
            "Open and save it in JupyterLab, or run `jupyter nbconvert --to notebook`.",
        ) from error
    for cell in upgraded["cells"]:
        cell.pop("id", None)  # nbformat draws them at random, we need the same ones each time
    return upgraded


def _cells(notebook: dict[str, Any], path: Path) -> tuple[Cell, ...]:
    seen: Counter[str] = Counter()
    used: set[str] = set()
    cells = []
    for index, raw in enumerate(notebook["cells"]):
        if not isinstance(raw, dict):
            raise NotebookInvalid(
                f"Cell {index + 1} of {path} is not a cell.", "Open and save the notebook in Jupyter."
            )
        source = _text(raw.get("source", ""))
        identity = str(raw.get("id") or "")
        if not identity or identity in used:
            seen[source] += 1
            identity = anonymous_id(source, seen[source])
        used.add(identity)
        cells.append(_cell(raw, identity, index, source))
    return tuple(cells)


def _cell(raw: dict[str, Any], identity: str, index: int, source: str) -> Cell:
    kind = str(raw.get("cell_type", "code"))
    executed = kind == "code" and (raw.get("execution_count") is not None or bool(raw.get("outputs")))
    metadata = raw.get("metadata")
    tags = metadata.get("tags", ()) if isinstance(metadata, dict) else ()
    return Cell(identity, index, source, kind, executed, tuple(map(str, tags)) if isinstance(tags, list) else ())


def anonymous_id(source: str, ordinal: int) -> str:
    """The id of a cell that has none, by its source and its place (from 1) among those with equal source."""
    digest = hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return f"anon-{digest}-{ordinal}"


def is_anonymous(cell_id: str) -> bool:
    """True for an id that ``anonymous_id`` made."""
    return cell_id.startswith("anon-")


def _text(source: object) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
