"""Push and pull: a trail shared through a remote, blobs as DVC lays them out.

There is one object for each state of each session, and one for what came of each real run (`nbcairn verify`).

Objects are named by their content, so pushing twice writes nothing and two people never overwrite each other. The blobs lie under
``files/md5/ab/cdef…``, where ``dvc`` finds them too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from nbcairn.errors import BundleRefused, ExportError, TrailError
from nbcairn.exporters.bundle import Records, checked_records, checked_verification, read_bundle, write_bundle
from nbcairn.exporters.held import kept_back
from nbcairn.exporters.intake import TakenIn, take_in
from nbcairn.exporters.remote import Remote
from nbcairn.store import Trail
from nbcairn.store.blobs.base import KEY, md5_of

__all__ = ["Pulled", "Pushed", "pull", "push"]

FOLDER = "cairn/sessions"
_OBJECT = re.compile(rf"{FOLDER}/[A-Za-z0-9_.:@-]{{1,128}}/[0-9a-f]{{32}}\.cairn")


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was written: states of sessions and blobs; ``skipped`` sessions and why."""

    sessions: int
    blobs: int
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was new, summed over all objects; ``objects`` is how many were looked at."""

    objects: int
    runs: int
    sessions: int
    artifacts: int
    notes: int
    blobs: int
    conflicts: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


def push(trail: Trail, remote: Remote, *, allow_secrets: bool = False, allow_paths: bool = False) -> Pushed:
    """Share what the remote does not have. A session that holds a secret, or keeps a value that names a home folder, is skipped,
    and told.

    Raises ExportError when the remote refuses, TrailError when the trail cannot be read.
    """
    there = remote.names(FOLDER)
    sessions = blobs = 0
    skipped: list[str] = []
    for identity, checked in _shareable(trail):
        try:
            records = checked(allow_secrets=allow_secrets)
            left = kept_back(trail, records, allow_secrets=allow_secrets, allow_paths=allow_paths)
        except ExportError as error:
            skipped.append(error.fact)
            continue
        content = write_bundle(trail, records, blobs=False)
        name = _object_name(identity, content)
        if name in there or not _OBJECT.fullmatch(name):
            continue
        for key in sorted(records.blobs - left):
            blobs += _push_blob(trail, remote, key)
        # The object comes last: who pulls it finds its blobs.
        remote.write(name, content)
        sessions += len(records.sessions)
    return Pushed(sessions, blobs, tuple(skipped))


def _shareable(trail: Trail) -> Iterator[tuple[str, Callable[..., Records]]]:
    """The id of each session in which a cell ran and of each real run, with what gives its records, checked for secrets."""
    for session in trail.sessions(used=True):
        yield session.id, partial(checked_records, trail, session.id)
    for verified in trail.verifications():
        yield verified.id, partial(checked_verification, verified)


def _object_name(identity: str, content: bytes) -> str:
    return f"{FOLDER}/{identity}/{hashlib.sha256(content).hexdigest()[:32]}.cairn"


def _push_blob(trail: Trail, remote: Remote, key: str) -> bool:
    name = _blob_name(key)
    if remote.has(name):
        return False
    try:
        content = trail.blobs.get(key)
    except TrailError:
        return False
    remote.write(name, content)
    return True


def _blob_name(key: str) -> str:
    return f"files/md5/{key[:2]}/{key[2:]}"


def pull(trail: Trail, remote: Remote) -> Pulled:
    """Take in what others shared. What is refused is told, and nothing else suffers from it.

    Raises ExportError when the remote cannot be read, TrailError when the trail cannot be written.
    """
    names = sorted(remote.names(FOLDER))
    taken: list[TakenIn] = []
    refused: list[str] = []
    fetched = 0
    for name in names:
        if not _OBJECT.fullmatch(name):
            refused.append(f"{name[:80]}: not an object of ours")
            continue
        content = remote.read(name)
        if hashlib.sha256(content).hexdigest()[:32] != name[-38:-6]:
            refused.append(f"{name}: its content does not give its name")
            continue
        try:
            bundle = read_bundle(content)
        except BundleRefused as error:
            refused.append(f"{name}: {error.fact}")
            continue
        taken.append(take_in(trail, bundle))
        fetched += sum(_pull_blob(trail, remote, key, refused) for key in sorted(bundle.records.blobs))
    return Pulled(
        len(names),
        sum(part.runs for part in taken),
        sum(part.sessions for part in taken),
        sum(part.artifacts for part in taken),
        sum(part.notes for part in taken),
        fetched,
        tuple(dict.fromkeys(identity for part in taken for identity in part.conflicts)),
        (*refused, *(reason for part in taken for reason in part.refused)),
        tuple(dict.fromkeys(told for part in taken for told in part.settled)),
    )


def _pull_blob(trail: Trail, remote: Remote, key: str, refused: list[str]) -> bool:
    if not KEY.fullmatch(key) or trail.blobs.has(key) or not remote.has(_blob_name(key)):
        return False
    content = remote.read(_blob_name(key))
    if md5_of(content) != key:
        refused.append(f"blob {key[:12]}: its content does not give its name")
        return False
    trail.blobs.put(content)
    return True
