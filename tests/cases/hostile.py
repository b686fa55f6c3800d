"""Objects whose own methods raise, print, change something, end the process or hang when anybody but the user calls them."""

from __future__ import annotations

METHODS = (
    "__eq__", "__ne__", "__repr__", "__str__", "__hash__", "__reduce__", "__reduce_ex__", "__array__", "__getattr__",
    "__getattribute__", "__len__", "__iter__", "__bool__", "__getitem__", "__contains__", "__sizeof__", "__dir__",
    "__getstate__", "__class__", "__fspath__", "__index__", "__float__", "__format__", "__array_interface__", "shape",
    "dtype", "columns", "_repr_html_", "__wrapped__", "__name__", "__module__", "__dataframe__", "__arrow_c_stream__",
    "get_params", "__del__", "__call__", "__copy__", "__deepcopy__",
)  # fmt: skip

ACTS = {
    "raise": "raise ValueError('HOSTILE')",
    "exit": "raise SystemExit('HOSTILE')",
    "print": "print('HOSTILE')",
    "change": "HITS.append(1)",
}

BASES = ("object", "dict", "list", "str", "int", "tuple", "set")


def class_source(act: str, base: str = "object") -> str:
    """A class of which every method does the act, as properties where an attribute is expected; ``ready`` arms it."""
    lines = ["HITS = []", f"class Hostile({base}):", "    armed = False"]
    for name in METHODS:
        if name in {"__getattribute__", "__del__"}:
            continue
        kind = (
            "    @property\n"
            if name in {"shape", "dtype", "columns", "__class__", "__wrapped__", "__array_interface__"}
            else ""
        )
        if name in {"__name__", "__module__"}:
            continue
        lines.append(
            f"{kind}    def {name}(self, *args, **kwargs):\n        {ACTS[act]}\n        return NotImplemented"
        )
    return "\n".join(lines)
