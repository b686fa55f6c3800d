"""Charts that a browser draws: plotly figures and bokeh models by what they say, not by ids, documents or caches.

altair's charts need nothing of their own: they are their data and their specification.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]


def _plotly(walk: Walk, digest: Digest, value: Any) -> None:
    """Traces, layout and frames as the figure keeps them, without copying them or building its views of them."""
    digest.text("plotly.Figure")
    walk.mutable(value, *(getattr(value, "_data_objs", None) or ()))
    walk.mutable(*(part for part in (getattr(value, "_layout_obj", None),) if part is not None))
    for trace in value._data:
        walk.add(digest, {key: part for key, part in trace.items() if key != "uid"})
    walk.add(digest, value._layout)
    for frame in getattr(value, "_frame_objs", None) or ():
        walk.add(digest, frame.to_plotly_json())


def _plotly_part(walk: Walk, digest: Digest, value: Any) -> None:
    """A trace or a part of a layout: what it says; it changes with the figure that it belongs to."""
    digest.text(type(value).__name__)
    walk.mutable(value)
    owner = value
    for _ in range(10):
        owner = getattr(owner, "_parent", None)
        if owner is None:
            break
        walk.mutable(owner)
    said = value.to_plotly_json()
    walk.add(digest, {key: part for key, part in said.items() if key != "uid"})


def _bokeh(walk: Walk, digest: Digest, value: Any) -> None:
    """A model by the properties that were set; models within it are reached through them."""
    digest.text(f"bokeh:{type(value).__name__}")
    walk.mutable(value)
    said = value.properties_with_values(include_defaults=False)
    for name in sorted(said):
        digest.text(name)
        walk.add(digest, _plain(said[name]))


def _plain(value: Any) -> Any:
    """Containers as Python's own: bokeh's know their owners."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, set):
        return set(value)
    return value


FAMILIES: dict[str, Family] = {
    "plotly.basedatatypes.BaseFigure": Family(_plotly),
    "plotly.basedatatypes.BasePlotlyType": Family(_plotly_part),
    "bokeh.model.model.Model": Family(_bokeh),
}
