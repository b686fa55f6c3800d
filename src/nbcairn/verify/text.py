"""Shown text compared for its meaning: addresses, ids and progress bars never count, moments and durations where they may.

A moment in the output of a cell that asks the clock, or in a log on stderr, is no difference; a date in a table is one. So
the lenient comparison is only made where the clock is known to play a part.
"""

from __future__ import annotations

import difflib
import re

from nbcairn.lineage.normal import normalised, settled

__all__ = ["excerpt", "same_text"]

_NUMBER = r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?"
_UNIT = r"(?:ns|µs|μs|us|ms|msec|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)"
_MOMENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "moment"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +\w{3,9} +\d{1,2}(?:,? +\d{4})?"), "day"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, +\d{1,2} +\w{3,9} +\d{4}"), "day"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "day"),
    (re.compile(r"datetime\.(?:datetime|date|time)\([\d, ]+\)"), "moment"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AP]M)?\b"), "moment"),
    (re.compile(rf"(?<![\w.]){_NUMBER} ?{_UNIT}(?:/\w+)?(?!\w)"), "duration"),
    (re.compile(r"\b1[5-9]\d{8}(?:\.\d+)?\b"), "moment"),
)


def same_text(before: str, after: str, *, timed: bool) -> tuple[bool, bool]:
    """Whether two texts say the same, and whether moments or durations had to be left out for that."""
    first, second = (_tidy(normalised(text)) for text in (before, after))
    if first == second:
        return True, False
    if timed and _untimed(first) == _untimed(second):
        return True, True
    return False, False


def _tidy(text: str) -> str:
    """Without spaces at the ends of lines and empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")


def _untimed(text: str) -> str:
    for pattern, word in _MOMENTS:
        text = pattern.sub(word, text)
    return text


def excerpt(before: str, after: str, width: int = 110) -> tuple[str, str]:
    """The first line that differs, on either side, cut so that the difference can be seen."""
    first, second = settled(before).split("\n"), settled(after).split("\n")
    for old, new in zip(first, second, strict=False):
        if normalised(old) != normalised(new):
            return _around(old, new, width)
    longer = first if len(first) > len(second) else second
    rest = longer[min(len(first), len(second)) :] or [""]
    told = rest[0].strip()[:width] + (f" … ({len(rest)} lines)" if len(rest) > 1 else "")
    return (told, "") if longer is first else ("", told)


def _around(old: str, new: str, width: int) -> tuple[str, str]:
    match = difflib.SequenceMatcher(None, old[:2000], new[:2000], autojunk=False).get_matching_blocks()[0]
    same = match.size if match.a == match.b == 0 else 0
    start = max(0, same - width // 3)
    return _cut(old, start, width), _cut(new, start, width)


def _cut(line: str, start: int, width: int) -> str:
    part = line[start : start + width]
    return ("…" if start else "") + part.strip() + ("…" if start + width < len(line) else "")
