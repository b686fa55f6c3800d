"""``nbcairn.note`` and ``nbcairn.track``: what a person adds to the record, from code.

Both give nothing back, so that a cell which ends with one shows nothing and stays comparable.
"""

from __future__ import annotations

from nbcairn.errors import ConfigError, RecordNotFound
from nbcairn.fingerprint import fingerprint
from nbcairn.kernel.extension import of_this_kernel
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.recorder import Recorder
from nbcairn.lineage.lookup import record_called
from nbcairn.model import Artifact, ArtifactKind, new_id
from nbcairn.profile import describe
from nbcairn.store.trail import Note, Version
from nbcairn.values import Packed, kept, pack

__all__ = ["keep_note", "note", "track"]


def note(text: str, about: str | None = None) -> None:
    """Keep a note about an artifact or run (``about``: a name, ``name@2`` or an id), else about the newest run.

    Raises ConfigError where nothing is recorded, RecordNotFound when there is nothing to note it on.
    """
    keep_note(_recorder(), text, about)


def keep_note(recorder: Recorder, text: str, about: str | None = None) -> Note:
    """The same with a recorder at hand; returns the note."""
    trail = recorder.trail
    if about is not None:
        subject = record_called(trail, about, recorder.notebook)
        return trail.note(subject.run_id if isinstance(subject, Version) else subject.id, text, recorder.session.user)
    runs = trail.runs(session_id=recorder.session.id, limit=1)
    if not runs:
        raise RecordNotFound("No cell of this session has run yet.", "Run a cell, then note something about it.")
    return trail.note(runs[0].id, text, recorder.session.user)


def track(value: object, name: str, *, kind: str | None = None) -> None:
    """Record a value as an artifact of the cell that runs now, under a name, and keep it where that is safe.

    Kept are numbers, text, JSON, numpy arrays, pandas, polars and Arrow tables (as JSON, npy, Parquet), so that
    ``nbcairn.load(name)`` gives them back; of anything else the fingerprint and the reason. ``kind`` is data,
    figure, model, metric or file; left out, it is what the value looks like.
    Raises ConfigError where nothing is recorded, or for a kind that is none.
    """
    recorder = _recorder()
    observation = recorder.observation
    if observation is None:
        raise ConfigError("No recorded cell runs in this thread.", "Call nbcairn.track in a cell of the notebook.")
    observation.artifacts.append(_artifact(observation, value, name, kind))


def _artifact(observation: Observation, value: object, name: str, kind: str | None) -> Artifact:
    told = describe(value, name)
    found = _kind(kind) or told.kind or ArtifactKind.DATA
    packed = pack(value)
    if isinstance(packed, Packed):
        observation.blob(packed.content)
    return Artifact(
        new_id(), observation.run_id, found, name, fingerprint(value), told.type_name, told.summary,
        detail={"tracked": True, "kept": kept(packed)},
    )  # fmt: skip


def _kind(kind: str | None) -> ArtifactKind | None:
    if kind is None:
        return None
    try:
        return ArtifactKind(kind)
    except ValueError:
        known = ", ".join(map(str, ArtifactKind))
        raise ConfigError(f"There is no kind of artifact {kind!r}.", f"Use one of {known}.") from None


def _recorder() -> Recorder:
    recorder = of_this_kernel()
    if recorder is None:
        raise ConfigError("Cairn does not record here.", "Run `%load_ext nbcairn` in the notebook first.")
    return recorder
