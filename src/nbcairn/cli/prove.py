"""Proof of a slice: its code runs in a clean kernel, in a scratch copy of what it reads, and must give the same content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from nbcairn.document import read_document
from nbcairn.exporters.code import Code, as_notebook
from nbcairn.headless import live
from nbcairn.lineage.minimal import Slice
from nbcairn.lineage.targets import Target
from nbcairn.model import ArtifactKind, Coverage, FileAccess, Fingerprint, Run, Session, now
from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of

__all__ = ["Proof", "prove"]

MOST_MODULES = 2000
_SKIPPED = {".git", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".cairn", ".tox"}


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a slice gave the recorded content again; ``can_tell`` is False where nothing could be compared."""

    holds: bool
    told: str
    can_tell: bool = True


def prove(trail: Trail, target: Target, found: Slice, code: Code, timeout: int = 600) -> Proof:
    """Run the code of a slice in a clean kernel and compare with the record. Nothing in the project is touched.

    Raises ExecutionError when no kernel can be had.
    """
    wanted = _wanted(target, found)
    if wanted is None:
        reason = found.fingerprint.note if found.fingerprint else "nothing was written"
        return Proof(False, f"cannot be compared: {reason or 'its content has no fingerprint'}", can_tell=False)
    session = trail.session(target.run.session_id)
    with tempfile.TemporaryDirectory(prefix="nbcairn-proof-") as folder:
        scratch = Path(folder)
        trouble = _furnish(trail, found, session, scratch)
        if trouble:
            return Proof(False, trouble, can_tell=False)
        place = scratch / _inside(session.cwd)
        place.mkdir(parents=True, exist_ok=True)
        notebook = place / "slice-of-a-version.ipynb"
        notebook.write_text(as_notebook(code), encoding="utf-8")
        error = _run(notebook, scratch / ".cairn", timeout)
        if error:
            return Proof(False, f"its code ended with {error}")
        with Trail.open(scratch / ".cairn", read_only=True) as again:
            return _compared(target, found, wanted, again)


def _wanted(target: Target, found: Slice) -> Fingerprint | None:
    if found.name is None:
        return target.artifact.fingerprint if target.artifact else Fingerprint("run")
    comparable = found.fingerprint is not None and found.fingerprint.coverage is not Coverage.OPAQUE
    return found.fingerprint if comparable else None


# --------------------------------------------------------------------------- the scratch folder


def _furnish(trail: Trail, found: Slice, session: Session, scratch: Path) -> str:
    """Copy what the slice reads; what stands in the way of a proof, or an empty string."""
    if PurePosixPath(session.cwd).is_absolute():
        return "cannot be run apart: its kernel worked outside of the project"
    outside = sorted({access.path for part in found.parts for access in part.run.files if _writes_outside(access)})
    if outside:
        return f"not run: it would write {outside[0]}, outside of the project"
    named = sorted({str(trail.root)} & {str(trail.root) for part in found.parts if str(trail.root) in part.source})
    if named and any(access.mode == "write" for part in found.parts for access in part.run.files):
        return "not run: its code names the project's folder and would write into it"
    for access in found.inputs:
        trouble = _copy(trail.root, access, scratch)
        if trouble:
            return trouble
    if any(read.name.startswith("<module:") for part in found.parts for read in part.run.reads):
        _copy_modules(trail.root, scratch)
    if found.missing:
        return f"cannot be run alone: {', '.join(found.missing)} came from before the record"
    return ""


def _writes_outside(access: FileAccess) -> bool:
    return access.mode == "write" and PurePosixPath(access.path).is_absolute()


def _copy(root: Path, access: FileAccess, scratch: Path) -> str:
    path = PurePosixPath(access.path)
    source = Path(path) if path.is_absolute() else root / path
    if not source.is_file():
        return f"cannot be run: {access.path} is no longer there"
    if access.md5 and md5_of(source.read_bytes()) != access.md5:
        return f"cannot be proven: {access.path} is not what it was"
    if not path.is_absolute():
        target = scratch / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return ""


def _copy_modules(root: Path, scratch: Path) -> None:
    found = 0
    for file in root.rglob("*.py"):
        inside = file.relative_to(root)
        if found >= MOST_MODULES or _SKIPPED & set(inside.parts):
            continue
        found += 1
        (scratch / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, scratch / inside)


def _inside(cwd: str) -> PurePosixPath:
    return PurePosixPath(cwd or ".")


# --------------------------------------------------------------------------- running and comparing


def _run(notebook: Path, folder: Path, timeout: int) -> str:
    """The first error that the record did not have, or an empty string."""
    cells = {cell.id: cell for cell in read_document(notebook).code}
    with live(notebook, trail=folder, timeout=timeout) as running:
        for cell in running.code:
            outcome = running.run(cell.id)
            if outcome.error and "raises-exception" not in cells[cell.id].tags:
                return outcome.error.splitlines()[0][:300]
    return ""


def _compared(target: Target, found: Slice, wanted: Fingerprint, again: Trail) -> Proof:
    when = now()[:10]
    if found.name is not None:
        versions = again.versions(found.name, limit=1)
        held = versions[0].write.fingerprint if versions else None
        if wanted.same(held):
            sampled = f" ({wanted.note})" if wanted.coverage is Coverage.SAMPLED else ""
            return Proof(True, f"run in a clean kernel on {when}: the same fingerprint {wanted.digest}{sampled}")
        return Proof(False, f"run in a clean kernel on {when}: {_other(held)}, not the recorded {wanted.digest}")
    last = again.runs(limit=1)[0]
    if target.artifact is not None and target.artifact.kind is ArtifactKind.FIGURE:
        figures = again.artifacts(run_id=last.id, kind=ArtifactKind.FIGURE, limit=None)
        same = any(wanted.same(figure.fingerprint) for figure in figures)
        told = "the same picture" if same else f"another picture ({len(figures)} drawn)"
        return Proof(same, f"run in a clean kernel on {when}: {told}")
    same = _outcome(last) == _outcome(target.run)
    told = "the same writes and outputs" if same else "other writes or outputs"
    return Proof(same, f"run in a clean kernel on {when}: {told}")


def _other(held: Fingerprint | None) -> str:
    return f"fingerprint {held.digest}" if held else "the name holds nothing"


def _outcome(run: Run) -> tuple[Any, ...]:
    writes: Sequence[tuple[str, str]] = sorted(
        (write.name, write.fingerprint.digest if write.fingerprint else "")
        for write in run.writes
        if not (write.fingerprint and write.fingerprint.coverage is Coverage.OPAQUE)
    )
    return tuple(writes), tuple((shown.kind, shown.digest) for shown in run.displays)
