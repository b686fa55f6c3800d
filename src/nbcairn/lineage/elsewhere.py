"""Somebody has this already: contents that runs read or made, and that others of the trail have, too.

A trail knows others once it was pulled or imported (``nbcairn pull``, ``nbcairn import``). Contents are compared by hash, so the
names may differ. Numbers, texts and plain lists are left out: everyone has the number 42.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbcairn.model import AccessMode, ArtifactKind, Coverage, Run, Session, is_ambient
from nbcairn.store import Trail
from nbcairn.store.holders import Holder, holders

__all__ = ["Known", "known_elsewhere", "newest_known", "told_known"]

_PLAIN = frozenset(
    {"int", "float", "bool", "complex", "str", "bytes", "NoneType", "module", "function", "type", "list", "tuple", "dict",
     "set", "frozenset", "range"}
)  # fmt: skip
"""Types whose contents say little."""


@dataclass(frozen=True, slots=True)
class Known:
    """A content of a run, and the first of one person's sessions that has it, too.

    ``name`` is what this run calls it and ``read`` says that it only read it; ``holder`` is the run there. ``own`` when it is
    the same person, in another notebook; ``times`` is in how many sessions that person had it.
    """

    name: str
    run: Run
    read: bool
    holder: Holder
    session: Session
    own: bool
    times: int


@dataclass(frozen=True, slots=True)
class _Content:
    """A hash worth asking for, by the name that the run knows it by."""

    digest: str
    name: str
    run: Run
    read: bool = False
    is_file: bool = False


def known_elsewhere(trail: Trail, runs: Sequence[Run]) -> tuple[Known, ...]:
    """For each table, model, array, figure and file that these runs read or made: who else has the same.

    Other people come first, then oneself in other notebooks; each in the order of time. Raises a TrailError.
    """
    return _known(trail, runs, trail.sessions())


def _known(trail: Trail, runs: Sequence[Run], known: Sequence[Session]) -> tuple[Known, ...]:
    sessions = {session.id: session for session in known}
    wanted = _wanted(trail, runs)
    values = [content.digest for content in wanted.values() if not content.is_file]
    files = [content.digest for content in wanted.values() if content.is_file]
    groups: dict[tuple[str, str, str], list[Holder]] = {}
    for holder in holders(trail, values, files):
        mine, theirs = sessions.get(wanted[holder.content].run.session_id), sessions.get(holder.session_id)
        if mine and theirs and _is_news(mine, wanted[holder.content].run, theirs, holder):
            groups.setdefault((holder.content, theirs.user, theirs.host), []).append(holder)
    found = []
    for (digest, user, host), group in groups.items():
        content, first = wanted[digest], group[0]
        mine = sessions[content.run.session_id]
        own = (mine.user, mine.host) == (user, host)
        found.append(Known(content.name, content.run, content.read, first, sessions[first.session_id], own, len(group)))
    return tuple(sorted(found, key=lambda known: (known.own, known.run.id, known.name)))


def newest_known(
    trail: Trail, notebook: str | None = None, session_id: str | None = None, most: int = 200
) -> tuple[Known, ...]:
    """The same for the newest run of each cell of a notebook or session, among its ``most`` latest runs."""
    sessions = trail.sessions()
    if len(sessions) < 2:
        return ()
    newest: dict[str, Run] = {}
    for run in trail.runs(notebook=notebook, session_id=session_id, limit=most):
        newest.setdefault(run.cell_id, run)
    return _known(trail, list(newest.values()), sessions)


def told_known(known: Known) -> str:
    """One line: what is known, who has it, since when, where."""
    holder = known.holder
    who = "you have" if known.own else f"{known.session.user} has"
    what = "it" if holder.name == known.name else f"it as {holder.name}"
    when = holder.started[:16].replace("T", " ")
    return (
        f"{known.name}: {who} {'read' if holder.reading else 'had'} {what} since {when} UTC,"
        f" in {holder.notebook or 'a notebook'} on {known.session.host}."
    )


# --------------------------------------------------------------------------- inside


def _wanted(trail: Trail, runs: Sequence[Run]) -> dict[str, _Content]:
    """What to ask for, by hash; what one run made and another read counts as made."""
    wanted: dict[str, _Content] = {}
    for content in (content for run in runs for content in _contents(trail, run)):
        if content.digest not in wanted or (wanted[content.digest].read and not content.read):
            wanted[content.digest] = content
    return wanted


def _contents(trail: Trail, run: Run) -> Iterator[_Content]:
    for access in run.files:
        if access.md5:
            yield _Content(access.md5, access.path, run, access.mode is AccessMode.READ, is_file=True)
    for figure in trail.artifacts(run_id=run.id, kind=ArtifactKind.FIGURE, limit=None, enriched=False):
        if figure.fingerprint.coverage is Coverage.FULL:
            yield _Content(figure.fingerprint.digest, figure.name, run)
    for write in run.writes:
        if write.fingerprint is None or is_ambient(write.name) or write.type_name in _PLAIN:
            continue
        if write.fingerprint.coverage is Coverage.FULL:
            yield _Content(write.fingerprint.digest, write.name, run)


def _is_news(mine: Session, run: Run, theirs: Session, holder: Holder) -> bool:
    """False for the session itself, and for the same notebook of the same person, who knows."""
    return theirs.id != mine.id and not (theirs.user == mine.user and holder.notebook == run.notebook)
