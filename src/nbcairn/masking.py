"""Secrets are masked before anything is written: tokens of known shape, values given to names that say secret, and what the
environment holds under such names.

A mask is ``‹secret›``. Hashes are taken of the unmasked text, so that what ran can still be told from what is in the notebook.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

__all__ = ["MASK", "Masker", "is_secret_name"]

MASK = "‹secret›"
LEAST = 8
"""Values of the environment shorter than this are not looked for: they would be found everywhere."""

_SHAPES: dict[tuple[str, ...], str] = {
    ("AKIA", "ASIA"): r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}",  # AWS key ids
    ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"): r"gh[pousr]_[A-Za-z0-9]{36,255}",
    ("github_pat_",): r"github_pat_[A-Za-z0-9_]{22,255}",
    ("glpat-",): r"glpat-[A-Za-z0-9_-]{20,}",
    ("hf_",): r"hf_[A-Za-z0-9]{30,}",
    ("sk-",): r"sk-(?:ant-|proj-|live-|svcacct-)?[A-Za-z0-9_-]{20,}",
    ("_live_", "_test_"): r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}",
    ("xox",): r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    ("AIza",): r"AIza[0-9A-Za-z_-]{35}",
    ("ya29.",): r"ya29\.[0-9A-Za-z_-]{20,}",
    ("pypi-",): r"pypi-[A-Za-z0-9_-]{40,}",
    ("npm_",): r"npm_[A-Za-z0-9]{36}",
    ("dop_v1_",): r"dop_v1_[a-f0-9]{64}",
    ("SG.",): r"SG\.[\w-]{16,}\.[\w-]{16,}",
    ("eyJ",): r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",  # JSON web tokens
    ("-----BEGIN",): r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
}
"""By what stands in every text with a secret of that shape: a quick look before the pattern."""
_KEYS = ("api", "private", "access", "encryption", "account")
_BEFORE_KEY = "|".join(f"(?<={word}{line})" for word in _KEYS for line in ("", "_"))
_WORDS = rf"(?:pass(?:word|wd|phrase)|pwd|secret(?:_?key)?|credentials?|token|(?:{_BEFORE_KEY})key)"
"""What a name that says secret ends with; of ``access_token`` the last word says it."""
_ANY_WORD = ("pass", "pwd", "secret", "key", "token", "credential")
_CORE = re.compile("|".join(_ANY_WORD), re.IGNORECASE)
_QUOTE = r"\\?[\"']|&\#x27;|&\#39;|&quot;"
"""Also as HTML and nested literals write it."""
_NAME = re.compile(
    r"(?:^|[_.-])(?:pass(?:word|wd|phrase)|pwd|secret(?:_?key)?|(?:access|auth|bearer|refresh|id)_?token|token"
    rf"|(?:{'|'.join(_KEYS)}|secret_access)_?key|credentials?)s?\d*$",
    re.IGNORECASE,
)
_SHAPE = [(beginnings, re.compile(shape)) for beginnings, shape in _SHAPES.items()]
_ASSIGNED = re.compile(
    rf"({_WORDS}\d*(?:[\"'\]\\]|{_QUOTE})*\s*(?:=|:(?!:)|=>)\s*[rbfuRBFU]{{0,2}})"
    rf"({_QUOTE})((?:(?!\2)[^\n]){{3,}})(\2)?",
    re.IGNORECASE,
)
_IN_URL = re.compile(r"(://(?<=[A-Za-z0-9+.-]://)[^\s/:@\"']*:)([^\s/@\"']+)(@)")
_QUERY = re.compile(rf"([?&][\w.-]{{0,200}}?{_WORDS}=)([^&\s\"'#]+)", re.IGNORECASE)
_BEARER = re.compile(
    r"(authorization[\"'\]]*\s*[:=]\s*[\"']?\w+\s+|bearer\s+(?=[\w.~+/=-]{16}))([A-Za-z0-9._~+/=-]{3,})", re.IGNORECASE
)
_KEPT = frozenset({"none", "null", "true", "false", "password", "token", "secret", "auto", "default"})


def is_secret_name(name: str) -> bool:
    """True for names of variables whose value is nobody's business: ``api_key``, ``DB_PASSWORD``."""
    return _NAME.search(name) is not None


class Masker:
    """Masks texts. ``patterns`` are regular expressions of the user's; an invalid one is left out."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._environment = _environment()
        self._own = [compiled for pattern in patterns if (compiled := _compiled(pattern)) is not None]

    def text(self, text: str) -> str:
        """The text without secrets."""
        if len(text) < 4:
            return text
        for beginnings, shape in _SHAPE:
            if any(beginning in text for beginning in beginnings):
                text = shape.sub(MASK, text)
        for value in self._environment:
            if value in text:
                text = text.replace(value, MASK)
        for pattern in self._own:
            text = pattern.sub(MASK, text)
        if "://" in text:
            text = _QUERY.sub(rf"\1{MASK}", _IN_URL.sub(rf"\1{MASK}\3", text))
        lower = text.lower()
        if any(word in lower for word in _ANY_WORD):
            text = _without_assigned(text)
        if "authorization" in lower or "bearer" in lower:
            text = _BEARER.sub(rf"\1{MASK}", text)
        return text

    def value(self, name: str, summary: str) -> str:
        """What is told of a variable's value."""
        return MASK if summary and is_secret_name(name) else self.text(summary)

    def json(self, value: object) -> object:
        """The same for everything in a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            column = value.get("name")
            if isinstance(column, str) and is_secret_name(column):
                return {key: part if key in {"name", "dtype"} else _hidden(part) for key, part in value.items()}
            return {key: self.json(part) for key, part in value.items()}
        return [self.json(part) for part in value] if isinstance(value, list | tuple) else value


def _hidden(value: object) -> object:
    """The shape of a JSON value, with every text masked."""
    if isinstance(value, str):
        return MASK
    if isinstance(value, Mapping):
        return {MASK if isinstance(key, str) else key: _hidden(part) for key, part in value.items()}
    return [_hidden(part) for part in value] if isinstance(value, list | tuple) else value


def _without_assigned(text: str) -> str:
    """The text without values given to names that say secret. Looks only where a word of such a name stands."""
    parts, done = [], 0
    for place in _places(text):
        match = _ASSIGNED.match(text, place) if place >= done else None
        if match is not None:
            parts += [text[done : match.start()], _masked_value(match)]
            done = match.end()
    return "".join([*parts, text[done:]]) if parts else text


def _places(text: str) -> list[int]:
    """Where a word of a name that says secret begins."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two
        return [core.start() for core in _CORE.finditer(text)]
    found = []
    for word in _ANY_WORD:
        place = lower.find(word)
        while place >= 0:
            found.append(place)
            place = lower.find(word, place + 1)
    return sorted(found)


def _masked_value(match: re.Match[str]) -> str:
    # A table shows long texts cut short, without the quote at their end.
    return match[0] if match[3].lower() in _KEPT else f"{match[1]}{match[2]}{MASK}{match[4] or ''}"


def _environment() -> tuple[str, ...]:
    """What the environment holds under names that say secret, longest first."""
    # The encoded form, where there is one: to decode all takes 20 times as long.
    held = getattr(os.environ, "_data", None)
    return _secret_values(tuple(held.items() if type(held) is dict else os.environ.items()))


@lru_cache(maxsize=2)
def _secret_values(variables: tuple[tuple[str | bytes, str | bytes], ...]) -> tuple[str, ...]:
    values = {os.fsdecode(value) for name, value in variables if is_secret_name(os.fsdecode(name))}
    return tuple(sorted((value for value in values if len(value) >= LEAST), key=len, reverse=True))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None
