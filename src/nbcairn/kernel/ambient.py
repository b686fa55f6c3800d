"""State that no variable carries: random generators, display options, working folder, environment, imported modules.

Each such state is an ambient name (``<rng:numpy>``). What it would hold in a fresh kernel has the fingerprint ``PRISTINE``,
so that replay can tell without a run. A generator is read only by a run that drew from it before seeding it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbcairn.config import Cairn
from nbcairn.fingerprint import fingerprint
from nbcairn.kernel.observation import Observation
from nbcairn.lineage.source import analyse
from nbcairn.model import (
    PRISTINE,
    AccessMode,
    ArtifactKind,
    Coverage,
    FileAccess,
    Fingerprint,
    Read,
    Write,
    new_id,
)

__all__ = ["AmbientObserver", "SeedWatch"]

_NUMPY_PRINT = {
    "edgeitems": 3, "threshold": 1000, "floatmode": "maxprec", "precision": 8, "suppress": False, "linewidth": 75,
    "nanstr": "nan", "infstr": "inf", "sign": "-", "formatter": None, "legacy": False, "override_repr": None,
}  # fmt: skip
_INLINE_KEYS = {"backend", "interactive", "backend_fallback"}


def _python_state() -> Fingerprint | None:
    random = sys.modules.get("random")
    return fingerprint(random.getstate()) if random else None


def _numpy_state() -> Fingerprint | None:
    module = sys.modules.get("numpy.random")
    if module is None:
        return None
    kind, keys, position, *rest = module.get_state()
    return fingerprint((kind, keys.tobytes(), position, *rest))


def _torch_state() -> Fingerprint | None:
    torch = sys.modules.get("torch")
    return fingerprint(torch.get_rng_state().numpy().tobytes()) if hasattr(torch, "get_rng_state") and torch else None


GENERATORS: dict[str, Callable[[], Fingerprint | None]] = {
    "<rng:python>": _python_state,
    "<rng:numpy>": _numpy_state,
    "<rng:torch>": _torch_state,
}


def _drawn_since_import(name: str) -> bool:
    """True when a generator that this very run imported was drawn from: numpy's then has used up a part of its block."""
    module = sys.modules.get("numpy.random")
    if name != "<rng:numpy>" or module is None:
        return False
    _, _, position, has_gauss, _ = module.get_state()
    return bool(position != 624 or has_gauss)


# --------------------------------------------------------------------------- display state


def _differences(state: Mapping[str, object], default: Mapping[str, object]) -> Fingerprint:
    changed = {key: value for key, value in state.items() if key not in default or not _equal(default[key], value)}
    return fingerprint(dict(sorted(changed.items()))) if changed else PRISTINE


def _equal(a: object, b: object) -> bool:
    try:
        return a is b or bool(a == b)
    except Exception:  # noqa: BLE001 - option values may be anything
        return False


def _rc_params() -> Fingerprint | None:
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None or not hasattr(matplotlib, "rcParamsOrig"):
        return None
    plain = {key: value for key, value in dict.items(matplotlib.rcParams) if key not in _INLINE_KEYS}
    return _differences(plain, dict(dict.items(matplotlib.rcParamsOrig)))


def _pandas_options() -> Fingerprint | None:
    config = sys.modules.get("pandas._config.config")
    if config is None or "pandas" not in sys.modules:
        return None
    registered = config._registered_options  # the only place that tells defaults
    state = {}
    for key in registered:
        part: Any = config._global_config
        for step in key.split("."):
            part = part[step]
        state[key] = part
    return _differences(state, {key: option.defval for key, option in registered.items()})


def _print_options() -> Fingerprint | None:
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "get_printoptions"):
        return None
    return _differences(numpy.get_printoptions(), _NUMPY_PRINT)


_OPTIONS: dict[str, Callable[[], Fingerprint | None]] = {
    "<rcParams>": _rc_params,
    "<pandas.options>": _pandas_options,
    "<numpy.printoptions>": _print_options,
}
_TOUCHED_BY = {
    "<rcParams>": ("matplotlib", "seaborn", "plotnine", "figure"),
    "<pandas.options>": ("pandas",),
    "<numpy.printoptions>": ("numpy",),
}

# --------------------------------------------------------------------------- seeds


class SeedWatch:
    """Knows whether a run seeded a generator before it drew from it.

    The module-level seeding functions are replaced by ones that look at the state first; they take and give
    the same arguments, and are put back on unloading.
    """

    PLACES = (
        ("random", "seed", "<rng:python>"),
        ("random", "setstate", "<rng:python>"),
        ("numpy.random", "seed", "<rng:numpy>"),
        ("numpy.random", "set_state", "<rng:numpy>"),
        ("torch", "manual_seed", "<rng:torch>"),
        ("torch", "set_rng_state", "<rng:torch>"),
    )

    def __init__(self) -> None:
        self._replaced: dict[tuple[str, str], tuple[object, object]] = {}
        self.before: dict[str, Fingerprint] = {}
        self.seeded_first: set[str] = set()
        self.unseeded_calls: set[str] = set()

    def attach(self) -> None:
        """Replace what is imported by now."""
        for module_name, name, generator in self.PLACES:
            module = sys.modules.get(module_name)
            if module is None or (module_name, name) in self._replaced or not hasattr(module, name):
                continue
            original = getattr(module, name)
            wrapper = self._watching(original, generator)
            setattr(module, name, wrapper)
            self._replaced[module_name, name] = (original, wrapper)

    def detach(self) -> None:
        """Put the originals back, unless somebody else replaced ours."""
        for (module_name, name), (original, wrapper) in self._replaced.items():
            module = sys.modules.get(module_name)
            if module is not None and getattr(module, name, None) is wrapper:
                setattr(module, name, original)
        self._replaced.clear()

    def _watching(self, original: Callable[..., Any], generator: str) -> Callable[..., Any]:
        def seed(*args: Any, **kwargs: Any) -> Any:
            self._note(generator, args, kwargs)
            return original(*args, **kwargs)

        seed.__name__ = getattr(original, "__name__", "seed")
        seed.__doc__ = original.__doc__
        seed.__module__ = getattr(original, "__module__", None) or "random"
        return seed

    def _note(self, generator: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = [value for value in (*args, *kwargs.values()) if value is not None]
        try:
            now = GENERATORS[generator]()
        except Exception:  # noqa: BLE001 - never in the way of a seed
            return
        if not given:
            self.unseeded_calls.add(generator)
            return
        before = self.before.get(generator)
        # A generator imported in this very run has no state before it, so seeding comes first.
        if generator not in self.seeded_first and (before is None or (now is not None and now.same(before))):
            self.seeded_first.add(generator)
        self.unseeded_calls.discard(generator)


# --------------------------------------------------------------------------- the observer


@dataclass(slots=True)
class _Before:
    generators: dict[str, Fingerprint]
    options: dict[str, Fingerprint]
    cwd: Fingerprint
    environ: Fingerprint
    warnings: Fingerprint
    modules: frozenset[str]


@dataclass(slots=True)
class _Owner:
    """Which run left an ambient name as it is."""

    runs: dict[str, str] = field(default_factory=dict)


class AmbientObserver:
    """Reads and writes of ambient names."""

    def __init__(self, root: Path, config: Cairn) -> None:
        self.root = root
        self.config = config
        self._watch = SeedWatch()
        self._open: dict[str, _Before] = {}
        self._owner = _Owner()
        self._start_cwd = os.getcwd()  # noqa: PTH109
        self._start_environ = dict(os.environ)
        self._start_warnings = list(warnings.filters)
        self._hashes: dict[str, tuple[int, int, str]] = {}
        self._imported: dict[str, tuple[str, str]] = {}

    def install(self) -> None:
        """Watch the seeding functions."""
        self._watch.attach()

    def uninstall(self) -> None:
        """Put the seeding functions back."""
        self._watch.detach()

    def before(self, observation: Observation) -> None:
        """Note the state before the cell."""
        self._watch.attach()
        generators = _present(GENERATORS)
        self._watch.before = dict(generators)
        self._watch.seeded_first = set()
        self._watch.unseeded_calls = set()
        self._open[observation.run_id] = _Before(
            generators, _present(_OPTIONS), self._cwd(), self._environ(), self._warnings(), frozenset(sys.modules)
        )

    def after(self, observation: Observation) -> None:
        """Note what the cell drew from and what it changed."""
        before = self._open.pop(observation.run_id, None)
        if before is None:
            return
        self._watch.attach()
        self._generators(observation, before)
        self._options(observation, before)
        self._places(observation, before)
        self._modules(observation, before)

    # ------------------------------------------------------------------ random

    def _generators(self, observation: Observation, before: _Before) -> None:
        facts = analyse(observation.source)
        only_imports = bool(facts.imports) and facts.steady == facts.binds and not facts.calls
        for name, state in _present(GENERATORS).items():
            if only_imports and name not in self._owner.runs:
                continue  # libraries that draw while they are imported, from a generator that nobody has seeded
            old = before.generators.get(name)
            changed = old is None or not state.same(old)
            seeded = name in self._watch.seeded_first
            if old is None and not seeded:
                if _drawn_since_import(name):
                    observation.read(Read(name, self._unrepeatable()))
                    self._write(observation, name, self._unrepeatable())
                continue
            if name in self._watch.unseeded_calls:
                observation.notes.append(f"{name} was seeded from the system's entropy")
                self._write(observation, name, self._unrepeatable())
            elif seeded:
                self._write(observation, name, state)
            elif changed and old is not None:
                observation.read(Read(name, old, self._owner.runs.get(name)))
                self._write(observation, name, state)

    def _unrepeatable(self) -> Fingerprint:
        return Fingerprint(new_id(), Coverage.OPAQUE, note="seeded from the system's entropy")

    def _write(self, observation: Observation, name: str, state: Fingerprint | None) -> None:
        observation.write(Write(name, state))
        self._owner.runs[name] = observation.run_id

    # ------------------------------------------------------------------ options and places

    def _options(self, observation: Observation, before: _Before) -> None:
        touched = _libraries_touched(observation)
        for name, state in _present(_OPTIONS).items():
            old = before.options.get(name, PRISTINE)
            if observation.displays and touched & set(_TOUCHED_BY[name]):
                observation.read(Read(name, old, self._owner.runs.get(name)))
            if not state.same(old):
                self._write(observation, name, state)

    def _places(self, observation: Observation, before: _Before) -> None:
        names = _code_names(observation)
        states = (
            ("<cwd>", before.cwd, self._cwd(), bool(observation.files)),
            ("<environ>", before.environ, self._environ(), bool(names & {"environ", "getenv", "expandvars"})),
            ("<warnings>", before.warnings, self._warnings(), any(d.kind == "stderr" for d in observation.displays)),
        )
        for name, old, state, read in states:
            if read:
                observation.read(Read(name, old, self._owner.runs.get(name)))
            if not state.same(old):
                self._write(observation, name, state)

    def _cwd(self) -> Fingerprint:
        try:
            here = os.getcwd()  # noqa: PTH109
        except OSError:
            return fingerprint("gone")
        return PRISTINE if here == self._start_cwd else fingerprint(os.path.relpath(here, self._start_cwd))

    def _environ(self) -> Fingerprint:
        """Names and hashes only: the digest of what was changed since the session began."""
        return _differences(dict(os.environ), self._start_environ) if os.environ != self._start_environ else PRISTINE

    def _warnings(self) -> Fingerprint:
        """Filters that user code set; those that libraries add on import do not count."""
        filters = [item for item in warnings.filters if item not in self._start_warnings and _by_user(item)]
        return fingerprint([repr(item) for item in filters]) if filters else PRISTINE

    # ------------------------------------------------------------------ modules

    def _modules(self, observation: Observation, before: _Before) -> None:
        wanted = {name for name in sys.modules.keys() - before.modules if self._file(name)}
        for name in analyse(observation.source).imports:
            parts = name.split(".")
            wanted |= {step for step in (".".join(parts[: n + 1]) for n in range(len(parts))) if self._file(step)}
        for name in sorted(wanted):
            path = self._file(name)
            content = self._module_hash(name, path)
            relative = _relative(path, self.root)
            if content is None or self.config.ignores_file(relative):
                continue
            observation.read(Read(f"<module:{name}>", Fingerprint(content, method="md5")))
            observation.files.append(
                FileAccess(relative, AccessMode.READ, content, Path(path).stat().st_size, note=f"module {name}")
            )

    def _module_hash(self, name: str, path: str) -> str | None:
        """The source as it was when the module was imported (its file may have changed since)."""
        loaded = str(id(sys.modules.get(name)))
        known = self._imported.get(name)
        if known is not None and known[0] == loaded:
            return known[1]
        try:
            content = hashlib.md5(Path(path).read_bytes(), usedforsecurity=False).hexdigest()
        except OSError:
            return None
        self._imported[name] = (loaded, content)
        return content

    def _file(self, name: str) -> str:
        """The source file of a project-local module, else an empty string."""
        file = getattr(sys.modules.get(name), "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py") or name == "__main__":
            return ""
        inside = Path(file).is_relative_to(self.root) or Path(file).is_relative_to(self._start_cwd)
        library = any(part in file for part in ("site-packages", "dist-packages", f"{os.sep}nbcairn{os.sep}"))
        return file if inside and not library and not file.startswith(sys.prefix + os.sep) else ""


def _present(states: Mapping[str, Callable[[], Fingerprint | None]]) -> dict[str, Fingerprint]:
    found = {}
    for name, state in states.items():
        try:
            value = state()
        except Exception:  # noqa: BLE001, S112 - a half-imported library
            continue
        if value is not None:
            found[name] = value
    return found


def _relative(path: str, root: Path) -> str:
    absolute = Path(path).resolve()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else absolute.as_posix()


def _by_user(item: Any) -> bool:
    category = item[2]
    return getattr(category, "__module__", "").partition(".")[0] in {"builtins", "warnings"} and item[3] is None


def _libraries_touched(observation: Observation) -> set[str]:
    """Top-level packages of the values that the run looked up or bound."""
    found = {"figure"} if any(part.kind is ArtifactKind.FIGURE for part in observation.artifacts) else set()
    for name in {*observation.reads, *observation.writes}:
        value = observation.namespace.get(name)
        if value is None:
            continue
        kind = type(value)
        module = getattr(value, "__name__", "") if kind.__name__ == "module" else getattr(kind, "__module__", "")
        found.add(str(module).partition(".")[0])
        if kind.__name__ in {"function", "type"}:
            found.add(str(getattr(value, "__module__", "")).partition(".")[0])
    return found


def _code_names(observation: Observation) -> set[str]:
    import re

    return set(re.findall(r"[A-Za-z_]\w*", observation.source))
