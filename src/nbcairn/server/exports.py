"""Downloads: an artifact's code, or the whole notebook's record, in a format that others read."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from nbcairn.document import read_document
from nbcairn.errors import NotebookError
from nbcairn.exporters.code import as_notebook, as_script
from nbcairn.exporters.formats import write
from nbcairn.exporters.safety import refuse_paths, refuse_secrets
from nbcairn.exporters.slices import code_of, headed
from nbcairn.lineage.minimal import minimal_slice
from nbcairn.lineage.targets import target_of
from nbcairn.model import Document
from nbcairn.server.answers import Refused
from nbcairn.store import Trail

__all__ = ["FORMATS", "Asked", "Download", "exported"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A format, and the artifact that is to be exported; without one, the notebook's whole record.

    ``allow`` is what a person has said may be in it: ``secrets`` (that are none) or ``paths`` (that name a home folder).
    """

    format: str
    artifact: str | None = None
    allow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Download:
    """A file for a browser to save."""

    name: str
    content: bytes


_Make = Callable[[Trail, Document | None, Asked, Path], None]


@dataclass(frozen=True, slots=True)
class _Format:
    """``make(trail, document, what was asked, target)`` writes the file or folder."""

    suffix: str
    of_artifact: bool
    make: _Make


def exported(trail: Trail, file: Path, asked: Asked) -> Download:
    """What was asked for, of the notebook in this file. Raises Refused, ExportError, RecordNotFound."""
    known = FORMATS.get(asked.format)
    if known is None:
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            f"There is no format {asked.format[:40]!r}.",
            f"Known formats: {', '.join(FORMATS)}.",
        )
    if known.of_artifact and not asked.artifact:
        raise Refused(HTTPStatus.BAD_REQUEST, "This format is made of one artifact.", "Send ?artifact=ID.")
    subject = trail.artifact(asked.artifact).name if asked.artifact and known.of_artifact else file.stem
    with _place() as folder:
        target = folder / f"export{known.suffix}"
        known.make(trail, _document(file, trail), asked, target)
        if target.is_dir():
            return Download(f"{_plain(subject)}-{asked.format}.zip", _zipped(target, _plain(subject)))
        return Download(f"{_plain(subject)}{known.suffix}", target.read_bytes())


# --------------------------------------------------------------------------- formats


def _slice(form: Callable[..., str]) -> _Make:
    def make(trail: Trail, document: Document | None, asked: Asked, target: Path) -> None:
        wanted = target_of(trail, trail.artifact(asked.artifact or ""))
        found = minimal_slice(trail, wanted.run.id, wanted.name)
        text = form(headed(code_of(found, document), trail, wanted, found))
        if "secrets" not in asked.allow:
            refuse_secrets(text, f"the code of {wanted.label}")
        if "paths" not in asked.allow:
            refuse_paths(text, f"the code of {wanted.label}")
        target.write_text(text, encoding="utf-8", errors="replace")

    return make


def _pipeline(trail: Trail, document: Document | None, asked: Asked, target: Path) -> None:
    from nbcairn.exporters.pipeline import export_pipeline

    wanted, allow = [asked.artifact or ""], asked.allow
    export_pipeline(trail, document, target, wanted, allow_secrets="secrets" in allow, allow_paths="paths" in allow)


def _record(name: str) -> _Make:
    """One of the documents that the command line writes, too."""

    def make(trail: Trail, document: Document | None, asked: Asked, target: Path) -> None:
        allow = asked.allow
        write(name, trail, document, target, allow_secrets="secrets" in allow, allow_paths="paths" in allow)

    return make


FORMATS: dict[str, _Format] = {
    "script": _Format(".py", True, _slice(as_script)),
    "notebook": _Format(".ipynb", True, _slice(as_notebook)),
    "pipeline": _Format("", True, _pipeline),
    "html": _Format(".html", False, _record("html")),
    "ro-crate": _Format("", False, _record("ro-crate")),
    "bundle": _Format(".cairn", False, _record("bundle")),
    "prov": _Format(".json", False, _record("prov")),
    "openlineage": _Format(".jsonl", False, _record("openlineage")),
    "mermaid": _Format(".mmd", False, _record("mermaid")),
    "record": _Format(".json", False, _record("record")),
}
"""Every format, by the name that a client sends."""


# --------------------------------------------------------------------------- files


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nbcairn-") as folder:
        yield Path(folder)


def _document(file: Path, trail: Trail) -> Document | None:
    """The notebook as it was saved; None where it is gone or broken: its trail still has the code."""
    try:
        return read_document(file, trail.root)
    except NotebookError:
        return None


def _zipped(folder: Path, inside: str) -> bytes:
    archive = folder.with_name("export.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                target.write(file, f"{inside}/{file.relative_to(folder).as_posix()}")
    return archive.read_bytes()


def _plain(name: str) -> str:
    """A name as a file name, in letters that a header can hold: never a path."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip(".-")[:60] or "cairn"
