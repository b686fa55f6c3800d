"""A slice with its story: which version it makes, how much of the notebook that takes, what it reads, what was proven."""

from __future__ import annotations

from dataclasses import replace

from nbcairn.errors import ExportError
from nbcairn.exporters.code import Code, compose
from nbcairn.exporters.scrub import scrub
from nbcairn.lineage.minimal import Slice
from nbcairn.lineage.targets import Target
from nbcairn.masking import MASK
from nbcairn.model import Document
from nbcairn.store import Trail

__all__ = ["code_of", "headed"]


def code_of(found: Slice, document: Document | None, *, lift: bool = False) -> Code:
    """The code of a slice. Raises ExportError when there is nothing to hand over."""
    code = compose(found, document, lift=lift)
    if not any(block.kind != "markdown" for block in code.blocks):
        raise ExportError("The slice holds no code.", "Name a version that some recorded cell made.")
    return code


def headed(code: Code, trail: Trail, target: Target, found: Slice, proof: str = "") -> Code:
    """The code with a header that tells where it comes from."""
    from nbcairn import __version__

    run, session = target.run, trail.session(target.run.session_id)
    notebook = run.notebook or "a notebook"
    digest = target.artifact.fingerprint.digest if target.artifact else (found.fingerprint or _NONE).digest
    cells = len({part.run.cell_id for part in found.parts})
    runs = len(found.parts)
    lines = [
        f"{target.label}: the code that made it, as it was executed in {notebook}, and nothing else",
        f"version {digest[:12]} of {run.started[:19].replace('T', ' ')} UTC, by {session.user}",
        f"{code.lines} lines from {runs} runs of {cells} cells; Python {session.python}, nbcairn {__version__}",
    ]
    lines += [f"reads {access.path} (md5 {access.md5 or 'unknown'})" for access in found.inputs]
    if found.missing:
        lines.append(f"needs from before the record: {', '.join(found.missing)}")
    if any(MASK in part.source for part in found.parts):
        lines.append(f"a secret was masked when it was recorded: put it back where {MASK} stands, from the environment")
    if len({part.run.session_id for part in found.parts}) > 1:
        lines.append("its parts ran in different kernel lives, which files connect")
    lines.append(f"proof: {proof}" if proof else "proof: none; `nbcairn slice --prove` runs it in a clean kernel")
    return replace(code, header=tuple(scrub(line) for line in lines))


class _Nothing:
    digest = "unknown"


_NONE = _Nothing()
