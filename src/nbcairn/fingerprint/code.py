"""Functions, classes and modules: by what they would do, not by where they were typed.

A function counts by its bytecode, constants, names, defaults and closure; file names, line numbers and docstring-free
formatting do not count. The values of the globals it reaches are reads of their own (``kernel/names.py``).
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from nbcairn.fingerprint.digest import Digest, hash_bytes
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES", "is_user_code"]


def is_user_code(module: str | None) -> bool:
    """True for code typed in the notebook or kept in a file outside the installed packages."""
    if module in {None, "__main__", "builtins"}:
        return module != "builtins"
    file = getattr(sys.modules.get(module or ""), "__file__", None)
    return bool(file) and not any(part in file for part in ("site-packages", "dist-packages", sys.base_prefix))


def add_code(walk: Walk, digest: Digest, code: CodeType) -> None:
    """Add compiled code without its places."""
    digest.text("code")
    digest.raw(code.co_code)
    digest.texts((*code.co_names, "|", *code.co_varnames, "|", *code.co_freevars, "|", *code.co_cellvars))
    digest.text(f"{code.co_argcount}:{code.co_posonlyargcount}:{code.co_kwonlyargcount}:{code.co_flags}")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            add_code(walk, digest, constant)
        else:
            walk.add(digest, constant)


def _function(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"function:{value.__qualname__}")
    if not is_user_code(value.__module__):
        digest.text(str(value.__module__))
    add_code(walk, digest, value.__code__)
    walk.mutable(value)
    walk.add(digest, value.__defaults__)
    walk.add(digest, value.__kwdefaults__)
    for cell in value.__closure__ or ():
        try:
            walk.add(digest, cell.cell_contents)
        except ValueError:
            digest.text("empty cell")
    walk.add(digest, {key: part for key, part in value.__dict__.items() if key != "__wrapped__"})
    if "__wrapped__" in value.__dict__:
        walk.add(digest, value.__dict__["__wrapped__"])


def _builtin(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"builtin:{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}")
    owner = getattr(value, "__self__", None)
    if owner is not None and type(owner).__name__ != "module":
        walk.add(digest, owner)


def _method(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("method")
    walk.add(digest, value.__func__)
    walk.add(digest, value.__self__)


def _partial(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("partial")
    for part in (value.func, value.args, value.keywords):
        walk.add(digest, part)


_SKIPPED = {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__", "__abstractmethods__"}


def _class(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"class:{value.__module__}.{value.__qualname__}")
    if not is_user_code(value.__module__):
        return
    walk.mutable(value)
    for base in value.__bases__:
        walk.add(digest, base)
    for name, part in sorted(vars(value).items()):
        if name not in _SKIPPED and not name.startswith("_abc_"):
            digest.text(name)
            _member(walk, digest, part)


def _member(walk: Walk, digest: Digest, part: Any) -> None:
    if isinstance(part, staticmethod | classmethod):
        digest.text(type(part).__name__)
        walk.add(digest, part.__func__)
    elif isinstance(part, property):
        digest.text("property")
        for accessor in (part.fget, part.fset, part.fdel):
            walk.add(digest, accessor)
    elif type(part).__name__ in {"member_descriptor", "getset_descriptor", "wrapper_descriptor", "_abc_data"}:
        digest.text(type(part).__name__)
    else:
        walk.add(digest, part)


def _module(_: Walk, digest: Digest, value: Any) -> None:
    """An installed module by name and version, a project's own by name and source."""
    digest.text(f"module:{value.__name__}")
    file = getattr(value, "__file__", None)
    if is_user_code(value.__name__) and file and file.endswith(".py"):
        with open(file, "rb") as stream:  # noqa: PTH123 - the fastest way
            digest.text(hash_bytes("source", stream.read()))
        return
    top = sys.modules.get(value.__name__.partition(".")[0])
    digest.text(str(getattr(top, "__version__", "")))


FAMILIES: dict[str, Family] = {
    "builtins.function": Family(_function),
    "builtins.builtin_function_or_method": Family(_builtin),
    "builtins.method_descriptor": Family(_builtin, nested=False),
    "builtins.wrapper_descriptor": Family(_builtin, nested=False),
    "builtins.method-wrapper": Family(_builtin),
    "numpy.ufunc": Family(_builtin, nested=False),
    "builtins.method": Family(_method),
    "functools.partial": Family(_partial),
    "builtins.type": Family(_class),
    "builtins.module": Family(_module, nested=False),
    "builtins.code": Family(add_code, nested=False),  # type: ignore[arg-type]
}
