"""How libraries show things: matplotlib's rcParams, the options of pandas, numpy's print options and error handling."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from nbcairn.kernel.ambient.state import Remembered, State, changed_keys, differences
from nbcairn.model import Fingerprint

__all__ = ["OPTIONS", "TOUCHED_BY"]

_NUMPY_PRINT = {
    "edgeitems": 3, "threshold": 1000, "floatmode": "maxprec", "precision": 8, "suppress": False, "linewidth": 75,
    "nanstr": "nan", "infstr": "inf", "sign": "-", "formatter": None, "legacy": False, "override_repr": None,
}  # fmt: skip
_INLINE_KEYS = {"backend", "interactive", "backend_fallback"}


def _rc_params() -> object:
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None or not hasattr(matplotlib, "rcParamsOrig"):
        return None
    _rc_default()
    return _rc_now.stamp(matplotlib.rcParams)


@cache
def _rc_default() -> dict[str, object]:
    """What a fresh kernel begins with. It shares its lists with the live parameters, so they are copied when first seen."""
    return _frozen(sys.modules["matplotlib"].rcParamsOrig)


def _frozen(parameters: dict[str, Any]) -> dict[str, object]:
    """A copy whose lists nobody can change in place, as in ``rcParams["font.sans-serif"].insert(…)``."""
    return {
        key: tuple(value) if type(value) is list else value
        for key, value in dict.items(parameters)
        if key not in _INLINE_KEYS
    }


_rc_now = Remembered(_frozen)


def _rc_content(stamp: Any) -> Fingerprint:
    return differences(stamp, {key: value for key, value in _rc_default().items() if key in stamp})


def _pandas_options() -> object:
    config = sys.modules.get("pandas._config.config")
    if config is None or "pandas" not in sys.modules:
        return None
    return _pandas_now.stamp(config._global_config)


def _flat(options: dict[str, Any], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in options.items():
        if type(value) is dict:
            found.update(_flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = value
    return found


_pandas_now = Remembered(_flat)


def _pandas_content(stamp: Any) -> Fingerprint:
    registered = sys.modules["pandas._config.config"]._registered_options  # the only place that tells defaults
    return differences(stamp, {key: option.defval for key, option in registered.items() if key in stamp})


def _print_options() -> object:
    numpy = sys.modules.get("numpy")
    return numpy.get_printoptions() if numpy is not None and hasattr(numpy, "get_printoptions") else None


def _print_content(stamp: Any) -> Fingerprint:
    return differences(stamp, {key: value for key, value in _NUMPY_PRINT.items() if key in stamp})


def _told(old: Any, new: Any) -> str:
    keys = changed_keys(old, new)
    return ", ".join(keys[:4]) + (", …" if len(keys) > 4 else "")


OPTIONS = (
    State("<rcParams>", _rc_params, _rc_content, _told),
    State("<pandas.options>", _pandas_options, _pandas_content, _told),
    State("<numpy.printoptions>", _print_options, _print_content, _told),
)
TOUCHED_BY = {
    "<rcParams>": frozenset({"matplotlib", "seaborn", "plotnine", "figure"}),
    "<pandas.options>": frozenset({"pandas"}),
    "<numpy.printoptions>": frozenset({"numpy"}),
}
"""Values of these packages are shown according to the options."""
