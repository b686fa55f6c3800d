"""The moment of a run in what it shows: a report stamped with date and time differs in every run by its stamp alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

__all__ = ["without_moment"]

LONGEST = 1 << 20
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)?(?![\d:])")
_DATES = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y")


def without_moment(text: str, started: str) -> str:
    """A text without the date and time of the run that showed it; other dates and times are data.

    ``started`` is the run's, in ISO 8601; it ends now. Only a text that has today's date and a time within the run is changed.
    """
    if len(text) > LONGEST or _CLOCK.search(text) is None:
        return text
    begun, ended = datetime.fromisoformat(started), datetime.now(UTC)
    dates = set(_dates(begun)) | set(_dates(ended))
    if not any(date in text for date in dates):
        return text

    def stamp(found: re.Match[str]) -> str:
        return "now" if _is_between(found, begun, ended) else found[0]

    stamped = _CLOCK.sub(stamp, text)
    if stamped == text:
        return text
    for date in sorted(dates, key=len, reverse=True):
        stamped = re.sub(rf"(?:\b[A-Z][a-z]{{2,8}},? )?{re.escape(date)}", "today", stamped)
    return stamped


def _dates(moment: datetime) -> Iterator[str]:
    for zoned in (moment.astimezone(UTC), moment.astimezone()):
        yield from (zoned.strftime(form) for form in _DATES)


def _is_between(found: re.Match[str], started: datetime, ended: datetime) -> bool:
    """True for a time of day, in UTC or local, from a second before the run began to a second after now."""
    second = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    span = (ended - started).total_seconds() + 2
    for zoned in (started.astimezone(UTC), started.astimezone()):
        first = zoned - timedelta(seconds=1)
        since = second - (first.hour * 3600 + first.minute * 60 + first.second)
        if since % 86400 <= span:
            return True
    return False
