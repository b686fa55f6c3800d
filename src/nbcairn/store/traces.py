"""Keys of the trace index: a run as "this source, given these inputs" (Mokhov et al. 2018)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blake3 import blake3

from nbcairn.model import Coverage, Fingerprint, Run, Write

__all__ = ["Trace", "inputs_key", "outcome_key", "outcome_text", "shape_key", "shape_names"]

ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Trace:
    """A successful run with the inputs that were asked for; ``outcome`` is equal where what runs showed and wrote is equal."""

    run_id: str
    session_id: str
    outcome: str


def shape_names(names: Iterable[str]) -> str:
    """A set of names as it is stored."""
    return json.dumps(sorted(names), ensure_ascii=False)


def shape_key(names: Iterable[str]) -> str:
    """Hash of a set of names."""
    return blake3(shape_names(names).encode()).hexdigest(length=16)


def inputs_key(inputs: Mapping[str, Fingerprint | None]) -> str | None:
    """Hash of what each name held; None when one of them is opaque and so equals nothing."""
    parts = []
    for name in sorted(inputs):
        value = inputs[name]
        if value is not None and value.coverage is Coverage.OPAQUE:
            return None
        parts.append([name, ABSENT if value is None else f"{value.method}:{value.digest}"])
    return blake3(json.dumps(parts, ensure_ascii=False).encode()).hexdigest(length=16)


def outcome_text(run: Run) -> str:
    """What a run showed, and wrote by name; of values that cannot be compared only that they are such."""
    shown = (f"{part.kind}\x1f{part.digest}" for part in run.displays)
    wrote = (f"{write.name}\x1f{_content(write)}" for write in sorted(run.writes, key=lambda write: write.name))
    return "\x1d".join(("\x1e".join(shown), "\x1e".join(wrote)))


def _content(write: Write) -> str:
    if write.fingerprint is None:
        return ""
    opaque = write.fingerprint.coverage is Coverage.OPAQUE
    return str(write.fingerprint.coverage) if opaque else write.fingerprint.digest


def outcome_key(text: str) -> str:
    """Hash of what came of a run, as ``outcome_text`` puts it."""
    return blake3(text.encode("utf-8", "backslashreplace")).hexdigest(length=16)
