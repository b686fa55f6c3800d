"""Modules as values of names: installed ones by name, version and what the user's code put into them (``np.answer = 42``);
the project's own by the source they were loaded from and the data they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, ModuleType

from nbcairn.fingerprint import Fingerprinter
from nbcairn.kernel.modules import ProjectModules
from nbcairn.model import Fingerprint

__all__ = ["ModuleValues", "Slots"]

Slots = Mapping[tuple[ModuleType, str], object]
_CODE = (FunctionType, BuiltinFunctionType, ModuleType, type)
_ABSENT = object()


class ModuleValues:
    """Looks at modules, and remembers what was put into them."""

    def __init__(self, fingerprinter: Fingerprinter, ours: ProjectModules) -> None:
        self._fingerprinter = fingerprinter
        self._ours = ours
        self._patches: dict[str, dict[str, str]] = {}

    def look(self, module: ModuleType) -> tuple[Fingerprint, frozenset[int]]:
        """Content, and the mutable objects that it reaches."""
        loaded = self._ours.loaded(module.__name__)
        patches = self._patches.get(module.__name__)
        if loaded is not None:
            data = {name: part for name, part in list(vars(module).items()) if _is_data(name, part)}
            print_, touched = self._fingerprinter.look(["module", module.__name__, loaded.md5, data])
            return print_, touched | {id(module)}
        if patches:
            return self._fingerprinter.of(["module", module.__name__, patches]), frozenset({id(module)})
        return self._fingerprinter.of(module), frozenset({id(module)})

    def slots(self, values: Iterable[object], attributes: Iterable[str]) -> Slots:
        """What these attributes of installed modules hold now."""
        modules = [value for value in values if type(value) is ModuleType and not self._ours.path(value)]
        names = list(attributes) if modules else []
        return {(module, name): vars(module).get(name, _ABSENT) for module in modules for name in names}

    def note(self, before: Slots) -> None:
        """Remember which of them hold something else now."""
        for (module, name), old in before.items():
            new = vars(module).get(name, _ABSENT)
            if new is not old:
                content = "gone" if new is _ABSENT else self._fingerprinter.of(new).digest
                self._patches.setdefault(module.__name__, {})[name] = content


def _is_data(name: str, value: object) -> bool:
    return not name.startswith("_") and not isinstance(value, _CODE)
