"""Paths that a cell's code names: text constants, quoted paths inside them (SQL), and names that hold a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from nbcairn.lineage.syntax import nodes_of

__all__ = ["Mentions", "mentions"]

_WRITING = re.compile(r"^(to_|write|save|sink_|dump|export|imsave|imwrite)")
_READING = re.compile(
    r"^(read|load|scan_|open|from_|File$|Dataset$|imread|connect|memmap|genfromtxt|fromfile|sql|query|execute)"
)
_QUOTED = re.compile(r"'([^'\n]{1,300})'|\"([^\"\n]{1,300})\"")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Names of the functions that a cell calls, and the texts that could be paths."""

    calls: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def reading(self) -> bool:
        """True when some call sounds like reading."""
        return any(_READING.match(name) for name in self.calls)

    @property
    def either(self) -> bool:
        """True when some call sounds like reading or writing."""
        return self.reading or any(_WRITING.match(name) for name in self.calls)

    def paths(self, namespace: Mapping[str, object]) -> set[str]:
        """The texts, with those that the named variables hold."""
        found = set(self.texts)
        for name in self.names:
            value = namespace.get(name)
            if type(value) is str and len(value) < 400 and "\n" not in value:
                found.add(value)
            elif issubclass(type(value), PurePath):
                found.add(str(value))
        return found


@lru_cache(maxsize=1024)
def mentions(source: str) -> Mentions:
    """What the code of a cell names."""
    calls, texts, names = set(), set(), set()
    for node in nodes_of(source):
        if isinstance(node, ast.Call):
            calls.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            texts |= _candidates(node.value)
        elif isinstance(node, ast.Name):
            names.add(node.id)
    return Mentions(frozenset(calls), frozenset(texts), frozenset(names))


def _candidates(text: str) -> set[str]:
    quoted = {a or b for a, b in _QUOTED.findall(text)} if " " in text else set()
    return quoted | ({text} if len(text) < 400 and "\n" not in text else set())
