"""Keep private paths out of what is handed over."""

from __future__ import annotations

import os
import re
from functools import lru_cache

__all__ = ["scrub"]

# Homes of this and other machines: /home/ada, /Users/ada, C:\Users\ada (also as written in Python source).
_HOMES = re.compile(r"(?<![\w.-])(?:/home|/Users|[A-Za-z]:(?:\\\\?|/)Users)(?:/|\\\\?)[^/\\\s\"'<>|:*?]+")


def scrub(text: str) -> str:
    """The text with every home folder written as ``~``."""
    return _own_home().sub("~", _HOMES.sub("~", text))


def _own_home() -> re.Pattern[str]:
    """The home of who runs us, where it stands as a path of its own or begins one."""
    return _path_pattern(os.path.expanduser("~").rstrip("/\\"))  # noqa: PTH111 - asked for every text


@lru_cache(maxsize=4)
def _path_pattern(home: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){re.escape(home)}(?![\w.-])") if home else re.compile(r"(?!)")
