"""Somebody has this already: contents of a run that other sessions of the trail made, before or since."""

from __future__ import annotations

from dataclasses import dataclass

from nbcairn.errors import RecordNotFound
from nbcairn.model import Coverage, Fingerprint, Run, Session, file_of, is_ambient
from nbcairn.store import Trail

__all__ = ["Known", "known_elsewhere", "told_known"]

_PLAIN = frozenset(
    {"int", "float", "bool", "str", "NoneType", "module", "function", "type", "list", "tuple", "dict", "set"}
)
"""Types whose contents say little: everyone has the number 42."""


@dataclass(frozen=True, slots=True)
class Known:
    """A content of the run, and who else made it: under which name, in which run and session."""

    name: str
    elsewhere: str
    run: Run
    session: Session


def known_elsewhere(trail: Trail, run: Run) -> tuple[Known, ...]:
    """For each table, model, array, figure and file that a run read or made: who else made the same, in another session."""
    contents = _contents(run)
    found: dict[tuple[str, str], Known] = {}
    sessions: dict[str, Session] = {}
    for run_id, name, digest in trail.holders(sorted(contents)):
        other = trail.run(run_id)
        if other.session_id == run.session_id:
            continue
        if other.session_id not in sessions:
            try:
                sessions[other.session_id] = trail.session(other.session_id)
            except RecordNotFound:
                continue
        key = (contents[digest], other.session_id)
        found.setdefault(key, Known(contents[digest], _shown(name), other, sessions[other.session_id]))
    return tuple(found.values())


def _contents(run: Run) -> dict[str, str]:
    """Digests worth asking for, each with the name that the run knows it by."""
    found: dict[str, str] = {}
    types = {write.name: write.type_name for write in run.writes}
    parts = [(read.name, read.fingerprint) for read in run.reads if file_of(read.name) is not None]
    parts += [(write.name, write.fingerprint) for write in run.writes if types[write.name] not in _PLAIN]
    for name, print_ in parts:
        if _is_telling(name, print_):
            assert print_ is not None
            found[print_.digest] = _shown(name)
    return found


def _is_telling(name: str, print_: Fingerprint | None) -> bool:
    if print_ is None or print_.coverage is not Coverage.FULL:
        return False
    return file_of(name) is not None or not is_ambient(name)


def _shown(name: str) -> str:
    return file_of(name) or name


def told_known(known: Known) -> str:
    """One line: what is known, who made it, when, where."""
    who, run = known.session, known.run
    same = "it" if known.elsewhere == known.name else f"it as {known.elsewhere}"
    where = f"{run.notebook or 'a notebook'} on {who.host}"
    return f"{known.name}: {who.user} has had {same} since {run.started[:16].replace('T', ' ')} UTC, in {where}."
