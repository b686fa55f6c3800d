"""Which files a source that was never run may write or remove, by the names that it gives them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nbcairn.lineage.syntax import parse

__all__ = ["Saves", "texts_of"]

_WRITING_MODES = frozenset("wax+")
_SAVING = frozenset(
    {"savefig", "save", "savez", "savez_compressed", "savetxt", "dump", "tofile", "remove", "rmtree", "copy", "copyfile", "copy2",
     "copytree", "move", "urlretrieve", "imsave", "imwrite", "write", "write_html", "write_image", "write_json", "write_csv",
     "write_parquet", "save_model", "save_pretrained", "connect", "extractall"}
)  # fmt: skip
"""Functions and methods that write, move or remove a file whose name they are given; ``to_csv`` and its like are, too."""
_BY_PATH = frozenset(
    {"open", "write_text", "write_bytes", "touch", "unlink", "rename", "replace", "symlink_to", "mkdir"}
)
"""Methods of a path that do so."""
_PATHS = frozenset({"Path", "PurePath", "join", "joinpath", "format", "with_suffix", "with_name", "str"})


@dataclass(frozen=True, slots=True)
class Saves:
    """The names of files that a source may write: patterns that match the whole path or its end; and names that hold some."""

    patterns: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def among(self, paths: Iterable[str], texts: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """Those of the paths that may be meant. ``texts`` are what the document's names are bound to, where that is text."""
        patterns = self.patterns.union(*(texts.get(name, frozenset()) for name in self.names))
        if not patterns:
            return frozenset()
        one = re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)))
        return frozenset(
            path for path in paths if one.fullmatch(path) or any(one.fullmatch(end) for end in _ends(path))
        )

    def __or__(self, other: Saves) -> Saves:
        return Saves(self.patterns | other.patterns, self.names | other.names)

    @classmethod
    @lru_cache(maxsize=4096)
    def of(cls, source: str) -> Saves:
        """Of every call in a source, also in the bodies of its functions."""
        tree, magics = parse(source)
        heads = (magic.splitlines()[0].split() for magic in magics if magic.strip())
        patterns = {re.escape(words[-1]) for words in heads if words[0] == "%%writefile"}
        named = [part for node in (ast.walk(tree) if tree else ()) for part in _named_by(node)]
        return cls(
            frozenset({*patterns, *_patterns(named)}), frozenset(name for part in named for name in _loaded(part))
        )


def texts_of(sources: Iterable[str]) -> dict[str, frozenset[str]]:
    """Patterns of the texts in what is bound to each name, anywhere in a document."""
    found: dict[str, frozenset[str]] = {}
    for source in sources:
        for name, patterns in _texts(source):
            found[name] = found.get(name, frozenset()) | patterns
    return found


@lru_cache(maxsize=4096)
def _texts(source: str) -> tuple[tuple[str, frozenset[str]], ...]:
    tree, _ = parse(source)
    found = []
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For | ast.comprehension):
            targets, value = [node.target], node.iter
        else:
            continue
        patterns = frozenset(_patterns([value])) if _is_text(value) else frozenset()
        found += [(target.id, patterns) for target in targets if isinstance(target, ast.Name) and patterns]
    return tuple(found)


def _is_text(value: ast.expr) -> bool:
    """True for text, paths, and literal collections of them."""
    if isinstance(value, ast.Call):
        return _called(value) in _PATHS
    return isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp | ast.List | ast.Tuple | ast.Dict | ast.Set)


def _named_by(node: ast.AST) -> list[ast.expr]:
    """The parts of a call that may name a file which it writes; ``open`` writes one only if its mode says so, or may."""
    if not isinstance(node, ast.Call):
        return []
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    called = _called(node)
    if called == "open":
        first = 1 if receiver is None else 0  # open(path, mode), and path.open(mode)
        modes = [keyword.value for keyword in node.keywords if keyword.arg == "mode"] + node.args[first : first + 1]
        if not any(not isinstance(mode, ast.Constant) or _WRITING_MODES & set(str(mode.value)) for mode in modes):
            return []
    elif called not in _SAVING and called not in _BY_PATH and not called.startswith("to_"):
        return []
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return [*given, receiver] if receiver is not None and called in _BY_PATH else given


def _called(node: ast.Call) -> str:
    """The name of the function or method; empty where it has none."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _patterns(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Each text in the code as a pattern; the holes of an f-string may be anything."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in node.values]
            if any(isinstance(part, ast.Constant) for part in node.values):
                yield "".join(parts)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and "\n" not in node.value and 0 < len(node.value) < 512:
                yield re.escape(node.value.removeprefix("./"))
        else:
            waiting += ast.iter_child_nodes(node)


def _loaded(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load))


def _ends(path: str) -> Iterator[str]:
    """``a/b/c.csv`` as ``b/c.csv`` and ``c.csv``."""
    while "/" in path:
        path = path.partition("/")[2]
        yield path
