"""Which names a statement may change in place, as far as its code and known libraries tell. When in doubt: it may."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["ARRAY_CHANGES", "FROZEN", "UNCHANGING", "Purity", "chain_of", "imported_as", "is_in_place"]

UNCHANGING = frozenset(
    {"int", "float", "str", "bool", "bytes", "NoneType", "complex", "module", "function", "type",
     "builtin_function_or_method", "datetime", "date", "Timestamp", "range", "PosixPath", "WindowsPath"}
)  # fmt: skip
"""Types whose values never change; a tuple is not among them, for its parts may."""
FROZEN = UNCHANGING | {
    "int64", "float64", "float32", "int32", "bool_", "str_", "Timedelta", "Decimal", "Pattern", "ABCMeta",
}  # fmt: skip
"""The same, with those that only the parts of a cell are asked about."""

TABLES = frozenset({"DataFrame", "Series", "Index", "RangeIndex", "MultiIndex", "LazyFrame", "Table", "DataFrameGroupBy",
                    "SeriesGroupBy", "DatetimeIndex", "Categorical"})  # fmt: skip
_TABLE_CHANGES = frozenset(
    {"insert", "pop", "update", "extend", "replace_column", "drop_in_place", "set_flags", "__setitem__"}
)
ARRAY_CHANGES = frozenset({"sort", "fill", "resize", "put", "partition", "itemset", "setfield", "byteswap", "setflags"})
_ITERATORS = frozenset(
    {"generator", "map", "filter", "zip", "enumerate", "reversed", "list_iterator", "TextIOWrapper", "BufferedReader",
     "Generator", "RandomState", "Random", "iterator", "count", "cycle", "chain", "reader", "DictReader", "TextFileReader"}
)  # fmt: skip
"""Types that change by being looked at."""

_LAZY = "Results"
"""Ending of types that compute what they are asked for once, and keep it."""
FITTED = "ResultsWrapper"
"""Ending of the types of statsmodels' results. What they keep of what they are asked for does not count, but for these."""
FITTED_KEEPS = frozenset({"HC0_se", "HC1_se", "HC2_se", "HC3_se", "cov_HC0", "cov_HC1", "cov_HC2",
                          "cov_HC3", "cov_params_approx", "cov_params_oim", "cov_params_opg",
                          "cov_params_robust", "cov_params_robust_approx", "cov_params_robust_oim"})  # fmt: skip
FITTED_LEAVE = frozenset({"conf_int", "cov_params", "f_test", "forecast", "get_forecast", "get_influence", "get_margeff",
                          "get_prediction", "predict", "summary", "summary2", "t_test"})  # fmt: skip
"""Methods of theirs that change nothing."""

_PURE_BUILTINS = frozenset(
    {"abs", "all", "any", "bool", "bytes", "callable", "chr", "complex", "dict", "dir", "display", "divmod", "enumerate",
     "float", "format", "frozenset", "getattr", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass", "len", "list",
     "max", "min", "oct", "ord", "pow", "print", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum",
     "tuple", "type", "zip"}
)  # fmt: skip
_PURE_METHODS = frozenset(
    {"predict", "predict_proba", "predict_log_proba", "decision_function", "score", "transform", "get_params",
     "get_feature_names_out", "copy", "keys", "values", "items", "get", "index", "count", "format", "join", "split", "strip",
     "lower", "upper", "replace", "startswith", "endswith", "summary", "mean", "std", "sum", "min", "max", "head", "tail",
     "describe", "read_text", "exists", "as_posix", "isoformat", "strftime", "tolist", "astype", "reshape", "group", "groups",
     "groupby", "isna", "corr", "round", "to_numpy", "encode", "decode"}
)  # fmt: skip
"""Methods that change nothing whatever library has them; classes of the notebook's own are not trusted."""

_PURE_LIBRARIES = ("numpy", "pandas", "polars", "math", "statistics", "json", "itertools", "operator", "functools", "re",
                   "sklearn.metrics", "sklearn.model_selection", "sklearn.base", "scipy.stats", "scipy.special", "scipy.linalg",
                   "collections", "datetime", "pathlib", "os.path", "textwrap", "string", "copy", "pprint")  # fmt: skip
_CHANGING_FUNCTIONS = frozenset(
    {"shuffle", "copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask", "heappush", "heappop", "heapify",
     "setattr", "set_option", "seed", "set_printoptions", "seterr", "next"}
)  # fmt: skip


def imported_as(source: ast.AST) -> dict[str, str]:
    """Names that imports bind, with the full name of what each stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def chain_of(node: ast.expr) -> tuple[str, ...]:
    """``np.linalg.norm`` as its parts, where there is a name at its root; else nothing."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


@dataclass(frozen=True, slots=True)
class Purity:
    """What is known around a cell: what names stand for, their types, and the notebook's own classes and functions."""

    imports: Mapping[str, str] = field(default_factory=dict)
    type_of: Callable[[str], str] = lambda _: ""
    own: frozenset[str] = frozenset()

    def changes(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        """Names whose value the statements may change in place."""
        found = self._found(nodes)
        return frozenset(name for name in found if self.type_of(name) not in FROZEN or name in self.imports)

    def through(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        """The notebook's functions that the statements call, or whose results they may change."""
        found = self._found(nodes)
        return frozenset(name for name in found if self.type_of(name) == "function" and name not in self.imports)

    def _found(self, nodes: Iterable[ast.AST]) -> set[str]:
        found: set[str] = set()
        for top in nodes:
            for node in ast.walk(top):
                found |= self._of(node)
            if isinstance(top, ast.Expr):
                found |= self._library_state(top.value)
        return found

    def _of(self, node: ast.AST) -> set[str]:
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return _root(node)
        if isinstance(node, ast.AugAssign):
            return _root(node.target)
        if isinstance(node, ast.withitem):
            return _root(node.context_expr)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in FITTED_KEEPS:
            return {node.value.id}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            kind = self.type_of(node.id)
            by_looking = kind in _ITERATORS or kind in self.own or kind.endswith(_LAZY)
            return {node.id} if by_looking else set()
        return self._call(node) if isinstance(node, ast.Call) else set()

    def _call(self, node: ast.Call) -> set[str]:
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        held: set[str] = set().union(*(_root(argument) for argument in arguments))
        called = node.func
        if isinstance(called, ast.Name):
            return set() if self._is_pure_function(called.id) and not is_in_place(node) else held | _root(called)
        if not isinstance(called, ast.Attribute):
            return held | _root(called)
        base = self._qualified(called)
        if base is not None:
            return set() if _is_pure_name(base) and not is_in_place(node) else held
        receivers = _root(called.value)
        if not is_in_place(node) and receivers and all(self._leaves(called.attr, name) for name in receivers):
            return set()
        return receivers | held

    def _is_pure_function(self, name: str) -> bool:
        if name in self.imports:
            return _is_pure_name(self.imports[name])
        return name in _PURE_BUILTINS and name not in self.own and hasattr(builtins, name)

    def _qualified(self, node: ast.expr) -> str | None:
        """``np.linalg.norm`` as ``numpy.linalg.norm``, where its root is an import."""
        chain = chain_of(node)
        return ".".join([self.imports[chain[0]], *chain[1:]]) if chain and chain[0] in self.imports else None

    def _leaves(self, method: str, name: str) -> bool:
        """True when the method is known to leave what the name holds as it is."""
        kind = self.type_of(name)
        if kind in self.own or name in self.own or kind.endswith(_LAZY):
            return False
        if kind.endswith(FITTED):
            return method in FITTED_LEAVE
        if kind in TABLES:
            return method not in _TABLE_CHANGES
        if kind == "ndarray":
            return method not in ARRAY_CHANGES
        return kind in FROZEN or method in _PURE_METHODS

    def _library_state(self, value: ast.expr) -> set[str]:
        """A bare call such as ``sns.set_theme()`` may change what the module does later."""
        if not isinstance(value, ast.Call):
            return set()
        name = self._qualified(value.func)
        root = _root(value.func)
        return set() if name is None or _is_pure_name(name) else root


def _is_pure_name(name: str) -> bool:
    if name.rpartition(".")[2] in _CHANGING_FUNCTIONS or name.startswith("numpy.random"):
        return False
    return name.startswith(tuple(f"{library}." for library in _PURE_LIBRARIES))


def is_in_place(node: ast.Call) -> bool:
    """True for a call that is told to change what it is called on, or given (``inplace``, ``out``)."""
    return any(
        keyword.arg in {"inplace", "out"} and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in node.keywords
    )


def _root(node: ast.AST) -> set[str]:
    """The names that an expression is, or is made of when it is a container or a choice."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call | ast.Await):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        return {node.id}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}
