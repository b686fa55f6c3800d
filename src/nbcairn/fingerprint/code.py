"""Functions, classes and modules: by what they would do, not by where they were typed.

A function counts by its bytecode, constants, names, defaults and closure; file names and line numbers do not count.
The values of the globals it reaches are reads of their own (``kernel/names.py``). What belongs to an installed
library counts by its name and the library's version.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from abc import ABCMeta
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from nbcairn.fingerprint.digest import Digest, hash_bytes
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["CYTHON", "FAMILIES", "is_lasting", "is_replaced", "is_user_code"]

_INSTALLED = ("site-packages", "dist-packages")
_STDLIB = tuple({sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib")})
_STATED = re.compile(r"^Version: *(\S+) *$", re.MULTILINE)
_REPLACED = "__nbcairn_original__"
"""On a function that the kernel put in place of a library's: the library's."""

_PLAIN_CLASSES = (type, ABCMeta)
"""Types of classes that answer questions by themselves."""


def is_user_code(module: str | None) -> bool:
    """True for code typed in the notebook or kept in a file outside the installed packages."""
    if module is None or module == "__main__":
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return isinstance(file, str) and not file.startswith(_STDLIB) and not any(part in file for part in _INSTALLED)


def _version(module: str) -> str:
    return _version_of(module.partition(".")[0])


@lru_cache(maxsize=1024)
def _version_of(package: str) -> str:
    """The version that a package states, without running a ``__getattr__`` of its own."""
    stated = vars(sys.modules[package]).get("__version__") if package in sys.modules else None
    if isinstance(stated, str):
        return stated
    try:
        return "" if package in sys.stdlib_module_names else _installed_version(package)
    except (metadata.PackageNotFoundError, ValueError):
        return ""


def _installed_version(package: str) -> str:
    """As ``metadata.version`` gives it, which would parse the whole description for it: that takes as long as five cells.

    Raises PackageNotFoundError.
    """
    distribution = metadata.distribution(package)
    head = (distribution.read_text("METADATA") or "").partition("\n\n")[0]
    found = _STATED.search(head)
    return found[1] if found else distribution.version


def add_code(walk: Walk, digest: Digest, code: CodeType) -> None:
    """Add compiled code without its places."""
    digest.text("code")
    digest.raw(code.co_code)
    digest.raw(code.co_exceptiontable)
    digest.texts((*code.co_names, "|", *code.co_varnames, "|", *code.co_freevars, "|", *code.co_cellvars))
    digest.text(f"{code.co_argcount}:{code.co_posonlyargcount}:{code.co_kwonlyargcount}:{code.co_flags}")
    digest.text(str(len(code.co_consts)))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            add_code(walk, digest, constant)
        else:
            walk.add(digest, constant)


def _is_named(value: Any) -> bool:
    """True when a library offers this very function under its name, so that the name says it all."""
    found: Any = sys.modules.get(value.__module__)
    for part in value.__qualname__.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    return found is value or getattr(found, "__func__", None) is value


def is_replaced(value: Any) -> bool:
    """True for a function of ours that stands for a library's."""
    return _REPLACED in vars(value)


def is_lasting(value: Any) -> bool:
    """True for a library's own function, class or module, which counts by its name: it is what it is."""
    kind = type(value)
    if kind is FunctionType:
        return not is_replaced(value) and not is_user_code(value.__module__) and _is_named(value)
    if kind is BuiltinFunctionType:
        owner = value.__self__
        return owner is None or type(owner) is ModuleType
    if kind is ModuleType:
        return not is_user_code(value.__name__)
    return kind in _PLAIN_CLASSES and not is_user_code(value.__module__)


def _always(_: Any) -> bool:
    return True


def _stand_in(walk: Walk, digest: Digest, value: Any) -> None:
    walk.add(digest, vars(value)[_REPLACED])


def _function(walk: Walk, digest: Digest, value: Any) -> None:
    if is_replaced(value):
        walk.add(digest, vars(value)[_REPLACED])
        return
    digest.text(f"function:{value.__qualname__}")
    if not is_user_code(value.__module__):
        digest.text(f"{value.__module__} {_version(value.__module__)}")
        if _is_named(value):
            return
    walk.mutable(value)
    add_code(walk, digest, value.__code__)
    walk.add(digest, value.__defaults__)
    walk.add(digest, value.__kwdefaults__)
    for cell in value.__closure__ or ():
        try:
            walk.add(digest, cell.cell_contents)
        except ValueError:
            digest.text("empty cell")
        walk.mutable(cell)
    walk.add(digest, vars(value))


CYTHON = ("cython_function_or_method", "fused_cython_function")
"""Types that each Cython version makes in a module of its own."""


def _builtin(walk: Walk, digest: Digest, value: Any) -> None:
    module = str(getattr(value, "__module__", ""))
    digest.text(f"builtin:{module}.{getattr(value, '__qualname__', '') or value.__name__}")
    owner = getattr(value, "__self__", None)
    if owner is not None and type(owner).__name__ != "module":
        walk.add(digest, owner)


def _descriptor(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"descriptor:{value.__name__}")
    walk.add(digest, value.__objclass__)


def _method(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text("method")
    walk.add(digest, value.__func__)
    walk.add(digest, value.__self__)


_SKIPPED = frozenset(
    {"__dict__", "__weakref__", "__module__", "__firstlineno__", "__static_attributes__", "__abstractmethods__",
     "__slotnames__", "__annotations_cache__", "__copyreg_slotnames__",
     "__pydantic_core_schema__", "__pydantic_validator__", "__pydantic_serializer__", "__pydantic_parent_namespace__",
     "__signature__"}
)  # fmt: skip
"""What follows from the rest of a class, or from where and when it was made."""

_PLACES = frozenset({"member_descriptor", "getset_descriptor", "wrapper_descriptor", "_abc_data"})


def _class(walk: Walk, digest: Digest, value: Any) -> None:
    digest.text(f"class:{value.__module__}.{value.__qualname__}")
    if not is_user_code(value.__module__):
        digest.text(_version(str(value.__module__)))
        return
    walk.mutable(value)
    digest.text(type(value).__qualname__)
    walk.add(digest, value.__bases__)
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
    elif type(part).__name__ in _PLACES:
        digest.text(type(part).__name__)
    else:
        walk.add(digest, part)


def _module(walk: Walk, digest: Digest, value: Any) -> None:
    """An installed module by name and version, a project's own by name and source."""
    digest.text(f"module:{value.__name__}")
    file = getattr(value, "__file__", None)
    if is_user_code(value.__name__) and file and file.endswith(".py"):
        walk.mutable(value)
        digest.text(hash_bytes("source", Path(file).read_bytes()))
        return
    digest.text(_version(value.__name__))


FAMILIES: dict[str, Family] = {
    "builtins.function": Family(_function, lasts=is_lasting),
    "builtins.builtin_function_or_method": Family(_builtin, lasts=is_lasting),
    "nbcairn.kernel.calls.StandIn": Family(_stand_in, nested=False),
    "builtins.method_descriptor": Family(_descriptor),
    "builtins.classmethod_descriptor": Family(_descriptor),
    "builtins.wrapper_descriptor": Family(_descriptor),
    "builtins.member_descriptor": Family(_descriptor),
    "builtins.getset_descriptor": Family(_descriptor),
    "builtins.method-wrapper": Family(_builtin),
    **dict.fromkeys(CYTHON, Family(_builtin)),
    "numpy.ufunc": Family(_builtin, nested=False, lasts=_always),
    "numpy._ArrayFunctionDispatcher": Family(_builtin, nested=False, lasts=_always),
    "builtins.method": Family(_method),
    "builtins.staticmethod": Family(_member),
    "builtins.classmethod": Family(_member),
    "builtins.property": Family(_member),
    "builtins.type": Family(_class, lasts=is_lasting),
    "builtins.module": Family(_module, nested=False),
    "builtins.code": Family(add_code, nested=False),
}
