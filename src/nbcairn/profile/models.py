"""Models: scikit-learn and what follows its conventions, statsmodels, boosters, torch modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text, count, is_real, shorten, type_name

__all__ = ["FAMILIES"]

MAX_PARAMS = 100
MAX_SHOWN = 6


def _held(value: object) -> dict[str, Any]:
    """What the object holds in its dictionary, read without running its own code."""
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held if type(held) is dict else {}


def _fitted(value: object) -> bool:
    """By scikit-learn's convention, fitting adds attributes that end in an underscore."""
    held = _held(value)
    steps = held.get("steps")
    if type(steps) is list and steps and type(steps[-1]) is tuple and len(steps[-1]) == 2:
        return _fitted(steps[-1][1])
    return any(name.endswith("_") and not name.startswith("_") for name in held)


def _param_names(value: object) -> list[str]:
    """The parameters of the constructor: scikit-learn keeps each under its own name."""
    code = getattr(type(value).__init__, "__code__", None)
    if code is None:
        return []
    return [name for name in code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount] if name in _held(value)]


def _params(value: object) -> dict[str, str]:
    held = _held(value)
    return {name: _shown(held[name]) for name in _param_names(value)[:MAX_PARAMS]}


def _shown(value: object) -> str:
    known = value is None or type(value) in {bool, str} or is_real(value)
    if known:
        return f"'{shorten(value, 40)}'" if isinstance(value, str) else cell_text(value)
    if type(value) is list and value and all(type(step) is tuple and len(step) >= 2 for step in value):
        return " → ".join(type_name(type(step[1])) for step in value)
    return type_name(type(value)) if hasattr(type(value), "get_params") else cell_text(value)


def _changed(value: object) -> dict[str, str]:
    """The parameters that differ from the constructor's defaults."""
    function = type(value).__init__
    code, held = getattr(function, "__code__", None), _held(value)
    if code is None:
        return {}
    names = code.co_varnames[: code.co_argcount]
    defaults = dict(zip(reversed(names), reversed(function.__defaults__ or ()), strict=False))
    defaults.update(function.__kwdefaults__ or {})
    return {name: _shown(held[name]) for name in _param_names(value) if not _is_default(held[name], defaults, name)}


def _is_default(value: object, defaults: Mapping[str, object], name: str) -> bool:
    if name not in defaults:
        return False
    default = defaults[name]
    return value is default or (type(value) is type(default) and _shown(value) == _shown(default))


def _estimator(value: Any, _: str) -> tuple[ArtifactKind, str]:
    params = ", ".join(f"{name}={text}" for name, text in list(_changed(value).items())[:MAX_SHOWN])
    state = "" if _fitted(value) else ", not fitted"
    return ArtifactKind.MODEL, shorten(f"{type_name(type(value))}({params}){state}", 160)


def _estimator_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    held = _held(value)
    found: dict[str, object] = {
        "class": f"{type(value).__module__}.{type_name(type(value))}",
        "params": _params(value),
        "fitted": _fitted(value),
    }
    for name, key in (
        ("n_features_in_", "features"),
        ("n_iter_", "iterations"),
        ("best_score_", "best_score"),
    ):
        if is_real(held.get(name)):
            found[key] = held[name]
    names = held.get("feature_names_in_")
    if names is not None and hasattr(names, "tolist"):
        found["feature_names"] = [cell_text(name) for name in names.tolist()[:MAX_PARAMS]]
    return found


def _results(value: Any, _: str) -> tuple[ArtifactKind, str]:
    """statsmodels: the model behind a results object."""
    inner = _held(value).get("_results", value)
    model = _held(inner).get("model")
    title = type_name(type(model)) if model is not None else type_name(type(value))
    shape: Any = getattr(_held(model).get("exog"), "shape", None)
    size = f", {count(shape[0], 'observation')}" if shape else ""
    return ArtifactKind.MODEL, f"{title} results{size}"


def _results_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    inner = _held(value).get("_results", value)
    model, params = _held(inner).get("model"), _held(inner).get("params")
    names = _held(_held(model).get("data")).get("xnames") or _held(model).get("exog_names") or []
    numbers = list(params.tolist()) if params is not None and hasattr(params, "tolist") else []
    labelled = (
        dict(zip(map(str, names), numbers, strict=False)) if len(names) == len(numbers) else dict(enumerate(numbers))
    )
    found = {"class": f"{type(model).__module__}.{type_name(type(model))}", "coefficients": labelled}
    shape: Any = getattr(_held(model).get("exog"), "shape", None)
    return {**found, "observations": shape[0]} if shape else found


def _booster(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.MODEL, f"{type(value).__module__.partition('.')[0]} booster"


def _booster_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    return {"class": f"{type(value).__module__}.{type_name(type(value))}"}


def _torch_module(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.MODEL, f"{type_name(type(value))}, {count(_weights(value), 'parameter')}"


def _weights(value: Any, depth: int = 0) -> int:
    held = _held(value)
    own = sum(int(part.numel()) for part in held.get("_parameters", {}).values() if part is not None)
    below = (part for part in held.get("_modules", {}).values() if part is not None and depth < 50)
    return own + sum(_weights(part, depth + 1) for part in below)


def _torch_module_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    layers = {name: type_name(type(part)) for name, part in _held(value).get("_modules", {}).items()}
    return {
        "class": f"{type(value).__module__}.{type_name(type(value))}",
        "parameters": _weights(value),
        "params": layers,
    }


_ESTIMATOR = Family(_estimator, _estimator_statistics)
_BOOSTER = Family(_booster, _booster_statistics)
_RESULTS = Family(_results, _results_statistics)
FAMILIES: dict[str, Family] = {
    "sklearn.base.BaseEstimator": _ESTIMATOR,
    "statsmodels.base.model.Results": _RESULTS,
    "statsmodels.base.wrapper.ResultsWrapper": _RESULTS,
    "xgboost.core.Booster": _BOOSTER,
    "lightgbm.basic.Booster": _BOOSTER,
    "torch.nn.modules.module.Module": Family(_torch_module, _torch_module_statistics),
}
