"""What is not handed over with records: a secret stops them, wherever it stands, and so may contents that name a home folder.

Texts of records have home folders written as ``~`` already. Contents are named by their hash and cannot be rewritten: what a
cell showed stays here where it names one, for its text is in the record; a value that was kept is what somebody asked for, so
there the export stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nbcairn.errors import PersonalPathFound, SecretFound, TrailError
from nbcairn.exporters.codec import encode
from nbcairn.exporters.safety import Secret, clean, find_secrets, paths_in_file, secrets_in_file
from nbcairn.model import Artifact, Run, Session, Verified
from nbcairn.store.remarks import Enrichment, Note

if TYPE_CHECKING:
    from nbcairn.exporters.bundle import Records
    from nbcairn.store import Trail

__all__ = ["Told", "kept_back", "refuse_secrets_in"]

Told = Session | Run | Artifact | Enrichment | Note | Verified
_WORDS: Mapping[str, str] = {
    "displays": "output", "error_message": "error", "files": "name of a file", "reads": "name of an input",
    "detail": "statistics", "writes": "summary of a value", "notes": "remarks",
}  # fmt: skip


def refuse_secrets_in(records: Records) -> None:
    """Raise SecretFound, saying where, when some text of some record holds a secret."""
    remarks = records.remarks
    everything: list[Told] = [*records.runs, *records.verifications, *remarks.notes, *records.artifacts]
    everything += [*remarks.enrichments, *records.sessions]
    for told in everything:
        for field, text in _texts(told):
            found = find_secrets(text)
            if found:
                where = f"the {_WORDS.get(field, field)} of {_label(told)}"
                raise _found_in(where, found[0])


def _found_in(where: str, secret: Secret) -> SecretFound:
    fact = f"Not written, for {where} holds what looks like a secret (line {secret.line}: {secret.kind})."
    return SecretFound(
        fact, "Leave its notebook out, remove its runs with `nbcairn gc`, or say --allow-secrets if it is none."
    )


def _texts(told: Told) -> Iterator[tuple[str, str]]:
    """Every text in a record, with the field that it is in."""
    for field, value in encode(told).items():
        for text in _strings(value):
            yield field, text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            # Of a setting the name says what its value is.
            yield from (f"{key} = {part!r}",) if isinstance(part, str) else (str(key), *_strings(part))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _label(told: Told) -> str:
    """Which record it is; what people named may be what must not be told."""
    match told:
        case Run():
            return f"run {told.id[:12]} of cell {clean(told.cell_id)} in {clean(str(told.notebook))}"
        case Artifact():
            return f"{told.kind} {clean(told.name)} ({told.id[:12]})"
        case Verified():
            return f"a real run of {clean(told.notebook)}"
        case Note():
            return f"the note of {told.made}"
        case Enrichment():
            return f"what was found out about {told.artifact_id[:12]}"
    return f"session {told.id[:12]}"


def kept_back(trail: Trail, records: Records, *, allow_secrets: bool, allow_paths: bool) -> frozenset[str]:
    """Keys of the contents that stay here. Raises SecretFound or PersonalPathFound where the export stops."""
    found = set()
    kept = {key: artifact for artifact in records.artifacts for key in _kept_by(artifact)}
    for key in sorted(records.blobs):
        try:
            content = trail.blobs.get(key)
        except TrailError:
            continue  # swept or damaged: the record stays, as in the trail itself
        secrets = [] if allow_secrets else secrets_in_file(content)
        if secrets:
            raise _found_in(_owner(key, records, kept), secrets[0])
        paths = [] if allow_paths else paths_in_file(content)
        if paths and key in kept:
            raise PersonalPathFound(
                f"Not written, for {_owner(key, records, kept)} names a personal folder (line {paths[0][0]}: {paths[0][1]}).",
                "Keep it again with paths from the notebook's folder; or say --allow-paths if whoever gets it may know.",
            )
        if paths:
            found.add(key)
    return frozenset(found)


def _kept_by(artifact: Artifact) -> Iterator[str]:
    """The contents of a value that ``nbcairn.track`` kept."""
    for part in artifact.detail.values():
        if isinstance(part, Mapping) and "blob" in part:
            yield str(part["blob"])


def _owner(key: str, records: Records, kept: Mapping[str, Artifact]) -> str:
    if key in kept:
        return f"the kept value of {_label(kept[key])}"
    shown = (run for run in records.runs if any(display.blob == key for display in run.displays))
    owner: Told | None = next(shown, None) or next((made for made in records.artifacts if made.blob == key), None)
    return f"what was shown by {_label(owner)}" if owner else f"the content {key[:12]}"
