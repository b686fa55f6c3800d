"""What of a shown text counts: addresses, durations and generated ids differ in every run and are left out, and a set of texts
is read in one order.

A text counts as it stands on the screen in the end: what a carriage return, a backspace or a cursor movement wrote over
is gone, so that a progress bar that is done says the same however often it was drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from blake3 import blake3

__all__ = ["TextDigest", "bundle_digest", "normalised", "settled", "text_digest", "without_controls"]

CHUNK = 1 << 16
LONGEST_LINE = 1 << 20

_DURATION = r"[\d.,]+ ?(?:ns|[µμ]s|us|ms|s|min|h)\b"  # both the micro sign and the Greek letter are in use
_CLOCK = r"(?:\d+:)?\d{1,2}:\d\d"
_RATE = r"[\d.?]+[kMG]?(?:[\w ]{0,20}/s|s/[\w ]{1,20})"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Something no re-run repeats. ``needles``: texts without any of these need no search, which keeps long ones quick."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


def _rule(pattern: str, replacement: str | Callable[[re.Match[str]], str], *needles: str) -> _Rule:
    return _Rule(needles, re.compile(pattern), replacement)


_TEXT = r"""(?:b?'(?:[^'\\\n]|\\.)*'|b?"(?:[^"\\\n]|\\.)*")"""


def _in_order(found: re.Match[str]) -> str:
    """A set of texts has no order; each process prints it in another."""
    return "{" + ", ".join(sorted(re.findall(_TEXT, found[0]))) + "}"


_RULES: tuple[_Rule, ...] = (
    _rule(rf"\{{{_TEXT}(?:,\s+{_TEXT})+\}}", _in_order, "{'", '{"', "{b'", '{b"'),
    _rule(r"0x[0-9a-fA-F]{6,}", "0x…", "0x"),
    _rule(
        rf"(?:CPU times|Wall time|Total CPU|Compiler *:)[^\n]*{_DURATION}[^\n]*",
        "time …",
        "CPU times",
        "Wall time",
        "Total CPU",
        "Compiler ",
    ),
    _rule(rf"{_DURATION} ± {_DURATION}[^\n]*", "time …", " ± "),
    _rule(r"The slowest run took [^\n]*\n?", "", "The slowest run took "),
    # A progress bar counts by its text and counts, not by its width, times and rate.
    _rule(r"(\d+)%\|[^|\n]*\|", r"\1%|…|", "%|"),
    _rule(rf"{_CLOCK}<(?:{_CLOCK}|\?), *{_RATE}", "time …", "<"),
    _rule(rf"(?<=\[){_CLOCK}, *{_RATE}", "time …", "it [", "B ["),
    _rule(r"[\d.]+ ?(?:it/s|s/it)", "rate …", "it/s", "s/it"),
    _rule(rf"{_CLOCK}<[?\d:]+", "time …", "<"),
    _rule(r"\d+m?s (?=\d+(?:[mµμu]?s)/step)|\d+(?:[mµμu]?s)/step", "time …", "/step"),
    _rule(r"ipykernel_\d+/\d+\.py", "ipykernel/cell.py", "ipykernel_"),
    _rule(r"<ipython-input-\d+-[0-9a-f]+>", "<cell>", "<ipython-input-"),
    _rule(r"\bIn ?\[\d+\]", "In […]", "In [", "In["),
    _rule(r"sk-(?:container|estimator)-id-[\w-]+", "sk-id", "sk-"),
    _rule(r"\bT_[0-9a-f]{5}(?=[_\s\"'#{.]|$)", "T_id", "T_"),
    _rule(r"_anim(?:_[a-z]+_?)?[0-9a-f]{32}", "_anim", "_anim"),
    _rule(r"altair-viz-[0-9a-f]{32}(?:-\d+)?", "altair-viz", "altair-viz-"),
    _rule(r'"p\d{4,}"', '"p"', "docs_json", "data-root-id"),  # bokeh counts its models up in a process
    _rule(r"IPY_MODEL_[0-9a-f]{32}", "IPY_MODEL_id", "IPY_MODEL_"),
    _rule(r"""["']model_id["']: ["'][0-9a-f]{32}["']""", "'model_id': 'id'", "model_id"),
    _rule(r"\b(id|pid)=\d+", r"\1=…", "id=", "pid="),
)
_UUID_INSIDE = re.compile(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
_MOVE = re.compile(r"\x1b\[(\d*)([ABCDEFGK])")

_SVG_RULES: tuple[_Rule, ...] = (
    _rule(r"<dc:date>[^<]*</dc:date>", "<dc:date/>", "<dc:date>"),
    _rule(r'(?<=id=")[a-z][0-9a-f]{10}(?=")|(?<=#)[a-z][0-9a-f]{10}(?=[")])', "id", 'id="', "#"),
)
_PDF_DATE = re.compile(r"/CreationDate \([^)]*\)")


def normalised(text: str) -> str:
    """The text without what no re-run repeats."""
    return _apply(_RULES, _without_uuids(without_controls(settled(text))))


def _apply(rules: tuple[_Rule, ...], text: str) -> str:
    for rule in rules:
        if any(needle in text for needle in rule.needles):
            text = rule.pattern.sub(rule.replacement, text)
    return text


def _without_uuids(text: str) -> str:
    return _UUID.sub("uuid", text) if _UUID_INSIDE.search(text) else text


def without_controls(text: str) -> str:
    """The text without colours and other terminal sequences."""
    return _CONTROL.sub("", text) if "\x1b" in text else text


# --------------------------------------------------------------------------- what stands on the screen in the end


def settled(text: str) -> str:
    """The text as it stands in the end, where it returned to the beginning of a line, went back, or moved up."""
    if "\x1b[" in text and _MOVE.search(text):
        return _screen(text)
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(_line(line) for line in text.replace("\r\n", "\n").split("\n"))


def _line(line: str) -> str:
    """One line, written over as often as there are returns in it; what is blank in the end is not seen."""
    if "\b" in line:
        return _screen(line)
    if "\r" not in line:
        return line
    shown = ""
    for part in line.split("\r"):
        shown = part + shown[len(part) :]
    return shown.rstrip(" ")


def _screen(text: str) -> str:
    """A terminal of endless width and height that knows returns, backspaces, and moving and erasing within lines."""
    lines, row, column, at = [""], 0, 0, 0
    while at < len(text):
        move = _MOVE.match(text, at) if text[at] == "\x1b" else None
        if move:
            row, column = _moved(lines, row, column, move)
            at = move.end()
            continue
        letter = text[at]
        at += 1
        if letter == "\n":
            row, column = row + 1, 0
            if row == len(lines):
                lines.append("")
        elif letter == "\r":
            column = 0
        elif letter == "\b":
            column = max(0, column - 1)
        else:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + letter + line[column + 1 :]
            column += 1
    return "\n".join(lines)


def _moved(lines: list[str], row: int, column: int, move: re.Match[str]) -> tuple[int, int]:
    steps, kind = min(int(move[1] or 1), 10_000), move[2]
    if kind in "AF":
        row = max(0, row - steps)
    elif kind in "BE":
        row = min(len(lines) - 1, row + steps)
    elif kind == "K":
        lines[row] = "" if move[1] == "2" else lines[row][:column]
    elif kind == "G":
        column = steps - 1
    else:
        column = max(0, column + (steps if kind == "C" else -steps))
    return row, 0 if kind in "EF" else column


# --------------------------------------------------------------------------- digests


class TextDigest:
    """128 bits of a normalised text that comes in pieces; the same however it was cut, in memory that stays small.

    ``keep`` is how much of the beginning is kept as ``head``; ``prepare`` takes more out of what counts, of short texts.
    """

    __slots__ = ("_digest", "_head", "_left", "_pieces", "_prepare", "_waiting", "size")

    def __init__(self, keep: int = 0, prepare: Callable[[str], str] | None = None) -> None:
        self._prepare = prepare
        self._digest = blake3()
        self._pieces: list[str] = []
        self._waiting = 0
        self._left = keep
        self._head: list[str] = []
        self.size = 0

    def add(self, text: str) -> None:
        """Add the next piece."""
        self._pieces.append(text)
        self._waiting += len(text)
        self.size += len(text)
        if self._waiting >= CHUNK and ("\n" in text or self._waiting >= LONGEST_LINE):
            self._settle()

    def _settle(self) -> None:
        text = "".join(self._pieces)
        whole, newline, rest = text.rpartition("\n")
        if "\r" in rest and "\b" not in rest and not rest.endswith("\r"):
            before, _, last = rest.rpartition("\r")
            rest = f"{_line(before)}\r{last}"  # what comes next may write over the end of what was there
        self._take(whole + newline)
        while len(rest) > LONGEST_LINE:
            self._take(rest[:LONGEST_LINE])
            rest = rest[LONGEST_LINE:]
        self._pieces, self._waiting = [rest], len(rest)

    def _take(self, text: str) -> None:
        if self._left > 0:
            shown = without_controls(settled(text))[: self._left]
            self._head.append(shown)
            self._left -= len(shown)
        if text:
            text = self._prepare(text) if self._prepare is not None and self.size <= LONGEST_LINE else text
            self._digest.update(normalised(text).encode("utf-8", "surrogatepass"))

    def hex(self) -> str:
        """The digest of everything added."""
        self._take("".join(self._pieces))
        self._pieces, self._waiting = [], 0
        return self._digest.hexdigest(length=16)

    @property
    def head(self) -> str:
        """The first ``keep`` characters of what was taken, as they stand on the screen; all of them after ``hex``."""
        return "".join(self._head)


def text_digest(text: str) -> str:
    """128 bits of a normalised text."""
    digest = TextDigest()
    for start in range(0, len(text), CHUNK):
        digest.add(text[start : start + CHUNK])
    return digest.hex()


def bundle_digest(data: Mapping[str, object]) -> str:
    """128 bits of a MIME bundle. Where there is a picture the text beside it (``<Figure size …>``) still counts."""
    digest = blake3()
    for media_type in sorted(data):
        content = _content(media_type, data[media_type])
        digest.update(f"{media_type}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest(length=16)


def _content(media_type: str, value: object) -> bytes:
    """What of one part of a bundle counts. Names that a drawing's writer draws by lot, and its date, do not."""
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else _as_json(value)
    if media_type in {"image/png", "image/jpeg", "image/gif"}:
        return text.encode("utf-8", "surrogatepass")
    if media_type == "image/svg+xml":
        text = _apply(_SVG_RULES, text)
    elif media_type == "application/pdf":
        text = _PDF_DATE.sub("", text)
    return normalised(text).encode("utf-8", "surrogatepass")


def _as_json(value: object) -> str:
    """A JSON value as text; the order in which somebody wrote its keys does not count."""
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(value)
