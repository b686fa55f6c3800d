"""IPython's own syntax in a cell, made plain Python by own code, so that no layer but the kernel needs IPython."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

__all__ = ["is_inert", "plain_python"]

_CODE_MAGICS = {"time", "timeit", "capture", "prun", "memit", "snakeviz", "pyinstrument", "scalene"}
_ASSIGN_MAGIC = re.compile(r"^(\s*)([A-Za-z_][\w, ]*?)\s*=\s*[%!](.*)$")
_LINE_MAGIC = re.compile(r"^(\s*)(%%?|!!?|\?{1,2}|/|,|;)(?=\S)(.*)$")
_TIMED = re.compile(r"^(\s*)%(?:time|timeit)\s+(?:-[a-zA-Z]+\s*\d*\s+)*(.+)$")
_HELP = re.compile(r"^(\s*)[\w.*]+\?{1,2}\s*$")
_OURS = re.compile(r"^\s*%(cairn\b.*|(re)?load_ext\s+nbcairn\s*|unload_ext\s+nbcairn\s*)$")


@lru_cache(maxsize=1024)
def plain_python(source: str) -> tuple[str, tuple[str, ...]]:
    """The Python in a cell and the text of its magics; a cell magic of another language leaves no Python."""
    lines = source.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return "", ()
    if lines[first].startswith("%%"):
        name = lines[first][2:].split()[:1]
        if not name or name[0] not in _CODE_MAGICS:
            return "", (source.strip(),)
        rest, magics = plain_python("\n".join(lines[first + 1 :]))
        return rest, (lines[first].strip(), *magics)
    return _without_lines(source, lines)


def _without_lines(source: str, lines: list[str]) -> tuple[str, tuple[str, ...]]:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        pass
    else:
        return source, ()
    kept, magics = [], []
    for line in lines:
        replaced, magic = _plain_line(line)
        kept.append(replaced)
        if magic:
            magics.append(magic)
    return "\n".join(kept), tuple(magics)


def _plain_line(line: str) -> tuple[str, str]:
    assigned = _ASSIGN_MAGIC.match(line)
    if assigned:
        return f"{assigned[1]}{assigned[2]} = None", line.strip()
    timed = _TIMED.match(line)
    if timed:
        return timed[1] + timed[2], "%time"
    magic = _LINE_MAGIC.match(line) or _HELP.match(line)
    if magic:
        return f"{magic[1]}pass", line.strip()
    return line, ""


@lru_cache(maxsize=4096)
def is_inert(source: str) -> bool:
    """True for cells that hold nothing but Cairn's own magics and comments: Run All changes nothing there."""
    lines = (line for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return all(_OURS.match(line) for line in lines)
