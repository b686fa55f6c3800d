"""Takes out of a finished run what shall not be written: secrets, and names that the user does not want recorded."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from nbcairn.config import Cairn
from nbcairn.kernel.writer import Record
from nbcairn.masking import Masker
from nbcairn.model import Artifact, Display, Layout, Run
from nbcairn.store.blobs.base import md5_of

__all__ = ["masked"]


def masked(record: Record, config: Cairn) -> Record:
    """The record without secrets. Shown blobs of text (tables as HTML, vector pictures) are masked, too; values that the
    user asked to keep are kept as they are.
    """
    masker = Masker(config.mask)
    shown = {part.blob for part in record.run.displays if part.blob} | {a.blob for a in record.artifacts if a.blob}
    blobs, renamed = _blobs(record.blobs or {}, shown, masker)
    artifacts = tuple(_artifact(artifact, masker, renamed) for artifact in record.artifacts)
    return Record(_run(record.run, masker, renamed), artifacts, blobs, _layouts(record.layouts, masker))


def _run(run: Run, masker: Masker, renamed: Mapping[str, str]) -> Run:
    return replace(
        run,
        source=masker.text(run.source),
        error_message=masker.text(run.error_message),
        writes=tuple(replace(write, summary=masker.value(write.name, write.summary)) for write in run.writes),
        files=tuple(
            replace(access, path=masker.text(access.path), note=masker.text(access.note)) for access in run.files
        ),
        displays=tuple(_display(shown, masker, renamed) for shown in run.displays),
        notes=tuple(map(masker.text, run.notes)),
    )


def _layouts(layouts: Mapping[str, Layout], masker: Masker) -> dict[str, Layout]:
    """Those without a secret among the labels: one with another label would be a lie."""
    labels = {digest: "\n".join(layout.columns) for digest, layout in layouts.items()}
    return {digest: layouts[digest] for digest, text in labels.items() if masker.text(text) == text}


def _display(shown: Display, masker: Masker, renamed: Mapping[str, str]) -> Display:
    blob = renamed.get(shown.blob, shown.blob) if shown.blob else None
    return replace(shown, text=masker.text(shown.text), blob=blob)


def _artifact(artifact: Artifact, masker: Masker, renamed: Mapping[str, str]) -> Artifact:
    detail = masker.json(artifact.detail)
    assert isinstance(detail, dict)
    blob = renamed.get(artifact.blob, artifact.blob) if artifact.blob else None
    return replace(artifact, summary=masker.value(artifact.name, artifact.summary), detail=detail, blob=blob)


def _blobs(blobs: Mapping[str, bytes], shown: Set[str], masker: Masker) -> tuple[dict[str, bytes], dict[str, str]]:
    found: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for md5, content in blobs.items():
        clean = _clean(content, masker) if md5 in shown else content
        if clean is content:
            found[md5] = content
        else:
            renamed[md5] = md5_of(clean)
            found[renamed[md5]] = clean
    return found, renamed


def _clean(content: bytes, masker: Masker) -> bytes:
    """The content without secrets; the very same object where there are none, or where it is no text."""
    if content[:4] in {b"\x89PNG", b"\xff\xd8\xff\xe0", b"PAR1", b"\x93NUM"} or b"\0" in content[:512]:
        return content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    clean = masker.text(text)
    return content if clean == text else clean.encode("utf-8")
