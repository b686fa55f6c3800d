"""Ambient state that code may set which was never run as it stands: generators that it seeds or draws from, options, folders.

Told by the full names of what it calls and assigns to. What a library's function sets inside is not seen here; what it sets for
the time of a ``with`` block is set back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from nbcairn.lineage.purity import chain_of
from nbcairn.lineage.syntax import parse

__all__ = ["may_set"]

_CALLED = (
    ("<rng:python>", re.compile(r"random\.(?!Random$|SystemRandom$|getstate$)\w+")),
    (
        "<rng:numpy>",
        re.compile(r"numpy\.random\.(?!default_rng$|get_state$|Generator|RandomState|SeedSequence|[A-Z]\w+$)\w+"),
    ),
    (
        "<rng:torch>",
        re.compile(
            r"torch\.(manual_seed|seed|set_rng_state|rand\w*|normal|bernoulli|multinomial|poisson)"
            r"|torch\.nn\.(Linear|Conv\w+|Embedding\w*|RNN|LSTM|GRU|Bilinear|Transformer\w*|MultiheadAttention)"
        ),
    ),
    (
        "<rcParams>",
        re.compile(
            r"matplotlib\.(pyplot\.)?(rc|rcdefaults|rc_file|rc_file_defaults|xkcd|style\.use|rcParams\.(update|setdefault|pop))"
            r"|matplotlib\.pyplot\.set_cmap|seaborn\.(set|set_\w+|reset_\w+)"
        ),
    ),
    ("<pandas.options>", re.compile(r"pandas\.(set_option|reset_option|set_eng_float_format)")),
    ("<numpy.printoptions>", re.compile(r"numpy\.set_printoptions")),
    ("<warnings>", re.compile(r"warnings\.(filterwarnings|simplefilter|resetwarnings)")),
    ("<cwd>", re.compile(r"os\.f?chdir")),
    ("<environ>", re.compile(r"os\.(putenv|unsetenv|environ\.(update|setdefault|pop|popitem|clear))")),
)
_ASSIGNED = (
    ("<rcParams>", re.compile(r"matplotlib\.(pyplot\.)?rcParams")),
    ("<pandas.options>", re.compile(r"pandas\.options(\.\w+)*")),
    ("<environ>", re.compile(r"os\.environ")),
)
_FOR_A_WHILE = frozenset({"catch_warnings", "rc_context", "option_context", "printoptions", "context", "axes_style"})
_GENERATORS = "<rng:"


def may_set(source: str, imports: Mapping[str, str], defined: str = "") -> frozenset[str]:
    """Names of ambient state that running this source may set; with ``defined`` calling its function or class of this name.

    ``imports`` are the full names of what imported names stand for.
    """
    tree, _ = parse(source)
    if tree is None:
        return frozenset()
    parts = _bodies_of(tree, defined) if defined else tree.body
    return frozenset(name for node in parts for name in _set_by(node, imports, bodies=bool(defined)))


def _bodies_of(tree: ast.AST, name: str) -> list[ast.stmt]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [part for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name for part in node.body]


def _set_by(node: ast.AST, imports: Mapping[str, str], *, bodies: bool) -> Iterator[str]:
    """What one piece of code sets; of functions that it defines only where ``bodies`` are asked for."""
    if isinstance(node, ast.Call):
        yield from _matching(_CALLED, chain_of(node.func), imports)
    elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield from _matching(_ASSIGNED, _without_items(node), imports)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not bodies:
        return
    found = (name for part in ast.iter_child_nodes(node) for name in _set_by(part, imports, bodies=bodies))
    if isinstance(node, ast.With | ast.AsyncWith) and any(map(_sets_back, node.items)):
        found = (name for name in found if name.startswith(_GENERATORS))
    yield from found


def _matching(
    table: Iterable[tuple[str, re.Pattern[str]]], chain: tuple[str, ...], imports: Mapping[str, str]
) -> Iterator[str]:
    if chain and chain[0] in imports:
        full = ".".join((imports[chain[0]], *chain[1:]))
        yield from (name for name, pattern in table if pattern.fullmatch(full))


def _without_items(node: ast.expr) -> tuple[str, ...]:
    """The chain of what is assigned to, down to the first item: ``plt.rcParams["a"]`` is ``plt.rcParams``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return chain_of(node)


def _sets_back(item: ast.withitem) -> bool:
    called = item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in _FOR_A_WHILE
