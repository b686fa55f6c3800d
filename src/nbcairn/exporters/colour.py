"""Python source with the few colours that a page shows: keywords, strings, comments, numbers, and names being defined.

One pass of one pattern. A lexer that tells some eighty kinds of tokens takes half the time of a page with a thousand runs.
"""

from __future__ import annotations

import keyword
import re

from markupsafe import Markup, escape

__all__ = ["coloured"]

_ONE_LINE = r"""'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?"""
_MANY_LINES = r"""'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|\"""(?:[^"\\]|\\.|"(?!""))*+(?:\""")?"""
_TOKEN = re.compile(
    rf"""(?P<c>\#[^\n]*)
    |(?P<s>(?:[rR][fFtTbB]?|[fFtTbB][rR]?|[uU])?+(?:{_MANY_LINES}|{_ONE_LINE}))
    |(?P<m>(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*[eE][+-]?\d(?:_?\d)*j?
        |0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*)
    |(?P<f>@[^\W\d]\w*)
    |(?P<definition>(?:def|class)(?!\w))(?P<space>[ \t]+)(?P<defined>[^\W\d]\w*)
    |(?P<name>[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset(keyword.kwlist)
_SOFT = re.compile(
    r"(?:match|case)\b(?![ \t]*(?:[:,;=^&|@~)\]}]|(?:"
    + "|".join(word for word in keyword.kwlist if word.islower())
    + r")\b))"
)
_FORMATTED = re.compile(r"[rR]?[fFtT]")
_FIELD = re.compile(r"\{\{|\{(?P<code>(?:[^{}\n]|\{[^{}\n]*\})*)\}")
_FORMAT = re.compile(r"(?:=\s*)?(?:![rsaf])?(?::.*)?\Z", re.DOTALL)


def coloured(source: str) -> Markup:
    """The source as HTML: spans of class ``k``, ``s``, ``c``, ``m`` and ``f``, everything else as it is."""
    parts: list[str] = []
    done = 0
    for token in _TOKEN.finditer(source):
        shown = _shown(token, source)
        if shown:
            parts += (escape(source[done : token.start()]), shown)
            done = token.end()
    parts.append(escape(source[done:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def _shown(token: re.Match[str], source: str) -> str:
    """A token in its colour; an empty string where it has none."""
    kind, text = token.lastgroup, token[0]
    if kind == "name":
        return _span("k", text) if text in _KEYWORDS or _is_soft(token, source) else ""
    if kind == "defined":
        return _span("k", token["definition"]) + token["space"] + _span("f", token["defined"])
    if kind == "s" and "{" in text and _FORMATTED.match(text):
        return _formatted(text)
    return _span(kind or "", text)


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>'


def _is_soft(token: re.Match[str], source: str) -> bool:
    """True for ``match`` and ``case`` that begin a statement."""
    if token[0] not in {"match", "case"} or not _SOFT.match(source, token.start()):
        return False
    return not source[source.rfind("\n", 0, token.start()) + 1 : token.start()].strip(" \t")


def _formatted(text: str) -> str:
    """An f-string: the expressions in it are code, also those that say how another is shown."""
    parts, done = [], 0
    for field in _FIELD.finditer(text):
        code = field["code"]
        if code is not None:
            end = _end_of_expression(code)
            parts += [_span("s", text[done : field.start("code")]), coloured(code[:end]), _formatted(code[end:])]
            done = field.end("code")
    return "".join([*parts, _span("s", text[done:])] if done < len(text) else parts)


def _end_of_expression(code: str) -> int:
    """Where the expression of a field ends: before the ``=``, ``!r`` or ``:`` that says how it is shown."""
    depth, quote = 0, ""
    for place, sign in enumerate(code):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif not depth and (sign == ":" or (sign in "=!" and _FORMAT.match(code, place))):
            return place
    return len(code)
