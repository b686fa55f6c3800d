"""By what the artifacts of a trail can be filtered: its notebooks, people, sessions and tags, with how many each has."""

from __future__ import annotations

from typing import Any

from nbcairn.store import Trail

__all__ = ["filters", "no_filters"]

JsonDict = dict[str, Any]

MOST_SESSIONS = 200
"""The newest sessions that made something; a list of more helps nobody."""

_BY_SESSION = "SELECT r.session_id, count(*) FROM artifacts a JOIN runs r ON r.id = a.run_id GROUP BY r.session_id"
_BY_TAG = (
    "SELECT t.value, count(DISTINCT a.id) FROM artifacts a JOIN runs r ON r.id = a.run_id, json_each(r.tags) t "
    "GROUP BY t.value ORDER BY t.value"
)


def no_filters() -> JsonDict:
    """``Filters`` where there is no trail."""
    return {"notebooks": [], "people": [], "sessions": [], "tags": []}


def filters(trail: Trail) -> JsonDict:
    """``Filters``: what has made no artifact is left out."""
    made: dict[str, int] = dict(trail.query(_BY_SESSION))
    notebook_of = {session: path for path, sessions in trail.notebooks().items() for session in sessions}
    sessions = [session for session in trail.sessions() if session.id in made]
    notebooks: dict[str, int] = {}
    people: dict[str, int] = {}
    for session in sessions:
        path = notebook_of.get(session.id)
        if path is not None:
            notebooks[path] = notebooks.get(path, 0) + made[session.id]
        people[session.user] = people.get(session.user, 0) + made[session.id]
    return {
        "notebooks": _counted(notebooks),
        "people": _counted(people),
        "sessions": [
            {
                "id": session.id,
                "notebook": notebook_of.get(session.id),
                "user": session.user,
                "host": session.host,
                "started": session.started,
                "artifacts": made[session.id],
            }
            for session in sessions[: -MOST_SESSIONS - 1 : -1]
        ],
        "tags": _counted(dict(trail.query(_BY_TAG))),
    }


def _counted(counts: dict[str, int]) -> list[JsonDict]:
    return [{"name": name, "artifacts": counts[name]} for name in sorted(counts)]
