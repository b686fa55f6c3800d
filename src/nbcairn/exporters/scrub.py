"""Keep private paths out of what is handed over."""

from __future__ import annotations

import os
import re
from functools import lru_cache

__all__ = ["personal_paths", "scrub"]

_NAME = r"[^/\\\s\"'<>|:*?]+"
# Homes of this and other machines, also as they stand in Python source and in JSON of it, where backslashes are doubled:
# /home/ada, /export/home/ada, /Users/ada, C:\Users\Ada Lovelace, /mnt/c/Users/ada.
_BACK = r"\\{1,4}"
_HOMES = re.compile(
    rf"(?<![\w.-])(?:(?:/var|/export)?/home/{_NAME}|(?:(?:/mnt)?/[a-z])?/Users/{_NAME}"
    rf"|[A-Za-z]:(?:{_BACK}|/)Users(?:{_BACK}|/)(?:{_NAME}(?: {_NAME}){{1,3}}(?=[/\\])|{_NAME}))"
)
# The super-user's is the same everywhere: it is nobody's name, but tells of a machine.
_ROOT = re.compile(r"(?<![\w./~-])/root(?![\w.-])")


def scrub(text: str) -> str:
    """The text with every home folder written as ``~``."""
    if "/" not in text and "\\" not in text:
        return text
    return _ROOT.sub("~", _own_home().sub("~", _HOMES.sub("~", text)))


def personal_paths(text: str) -> list[tuple[int, str]]:
    """Every home folder of a person that a text names, with its line (from 1)."""
    patterns = [pattern for pattern in (_HOMES, _own_home()) if pattern.search(text)]
    return [
        (number, found[0])
        for number, line in enumerate(text.splitlines() if patterns else (), 1)
        for pattern in patterns
        for found in pattern.finditer(line)
    ]


def _own_home() -> re.Pattern[str]:
    """The home of who runs us, where it stands as a path of its own or begins one."""
    return _path_pattern(os.path.expanduser("~").rstrip("/\\"))  # noqa: PTH111 - asked for every text


@lru_cache(maxsize=4)
def _path_pattern(home: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){re.escape(home)}(?![\w.-])") if home else re.compile(r"(?!)")
