"""Charts that a browser draws (plotly, altair, bokeh), read from the specification that their display carries.

The specification is JSON in a MIME bundle: in a part of its own, or inside the HTML or script that draws it. Nothing of
these libraries is called or imported.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbcairn.fingerprint.digest import hash_bytes
from nbcairn.profile.figures import Panel
from nbcairn.profile.series import Plotted, Series, plotted
from nbcairn.profile.text import shorten

__all__ = ["Chart", "read_chart"]

MOST_PARTS = 60
MOST_BYTES = 1 << 28
_VEGA = re.compile(r"application/vnd\.vegalite\.v\d+(?:\.\d+)?\+json")
_VEGA_CALL = re.compile(r"\}\)\(\s*(?=\{)")
_DOCS = re.compile(r"docs_json = (?=\{)")
_MADE_NAMES = re.compile(r'"((?:view|param|concat|layer|p)_?\d+)(?="|_)')


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: its library, title, panels, and the specification as canonical JSON.

    Names that a library counts up in each process are renamed in the order in which they come, so that ``digest`` is
    the same wherever the same chart is made.
    """

    engine: str
    title: str
    panels: tuple[Panel, ...]
    media_type: str
    spec: bytes

    @property
    def digest(self) -> str:
        """128 bits of the specification."""
        return hash_bytes(f"chart:{self.engine}", self.spec)


def read_chart(data: Mapping[str, object]) -> Chart | None:
    """The chart in a MIME bundle; None when there is none, or when it cannot be read."""
    try:
        return _plotly(data) or _vega(data) or _bokeh(data)
    except Exception:  # noqa: BLE001 - a specification of another version or of somebody's own making
        return None


def _canonical(spec: object) -> bytes:
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"), default=str)
    names: dict[str, str] = {}
    return _MADE_NAMES.sub(lambda found: f'"{names.setdefault(found[1], f"name_{len(names)}")}', text).encode()


def _text(value: object) -> str:
    """A title: a text, or an object that holds one."""
    if isinstance(value, Mapping):
        value = value.get("text", "")
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return shorten(str(value)) if value else ""


def _parts(kind: str, label: str, data: Mapping[str, object]) -> Series:
    found = {name: part for name, values in data.items() if (part := _numbers(values))}
    return Series(kind, shorten(label), max((part.size for part in found.values()), default=0), found)


def _numbers(values: object) -> Plotted | None:
    """Values as a specification writes them: a list, or bytes in base64 with their type."""
    import numpy as np

    if isinstance(values, Mapping):
        packed = values.get("bdata") or values.get("array")
        packed = packed.get("data") if isinstance(packed, Mapping) else packed
        kind = str(values.get("dtype", ""))
        if not isinstance(packed, str) or not kind:
            return _numbers(packed) if isinstance(packed, list) else None
        content = base64.b64decode(packed)
        if content.startswith(b"\x1f\x8b"):
            content = zlib.decompressobj(wbits=31).decompress(content, MOST_BYTES)
        return plotted(np.frombuffer(content, np.dtype(kind)))
    return plotted(np.asarray(values)) if isinstance(values, list) and values else None


# --------------------------------------------------------------------------- plotly

_TRACE_DATA = (
    "x", "y", "z", "values", "labels", "lat", "lon", "r", "theta", "open", "high", "low", "close", "locations",
)  # fmt: skip


def _plotly(data: Mapping[str, Any]) -> Chart | None:
    media_type = "application/vnd.plotly.v1+json"
    whole = data.get(media_type)
    if not isinstance(whole, Mapping):
        return None
    traces = [trace for trace in whole.get("data", ()) if isinstance(trace, Mapping)]
    layout = whole.get("layout", {})
    spec = {"data": [{key: part for key, part in trace.items() if key != "uid"} for trace in traces], "layout": layout}
    series = tuple(_trace(trace) for trace in traces[:MOST_PARTS])
    x, y = (_text(layout.get(f"{letter}axis", {}).get("title")) for letter in "xy")
    legend = tuple(str(trace["name"]) for trace in traces if trace.get("name") and trace.get("showlegend", True))
    panel = Panel("", x, y, legend[:MOST_PARTS], series)
    return Chart("plotly", _text(layout.get("title")), (panel,), media_type, _canonical(spec))


def _trace(trace: Mapping[str, Any]) -> Series:
    marker = trace.get("marker", {})
    extra = {"colour": marker.get("color"), "size": marker.get("size")} if isinstance(marker, Mapping) else {}
    kind = str(trace.get("type", "trace"))
    return _parts(kind, str(trace.get("name") or ""), {**{key: trace.get(key) for key in _TRACE_DATA}, **extra})


# --------------------------------------------------------------------------- altair (Vega-Lite)


def _vega(data: Mapping[str, Any]) -> Chart | None:
    media_type = next((key for key in data if _VEGA.fullmatch(key)), "")
    spec = data.get(media_type) if media_type else _vega_in_html(data.get("text/html"))
    if not isinstance(spec, Mapping):
        return None
    kept = {key: part for key, part in spec.items() if key not in {"config", "$schema"}}
    panels = tuple(_units(spec, spec.get("datasets", {}), spec.get("data", {})))[:MOST_PARTS]
    return Chart("altair", _text(spec.get("title")), panels, "application/vnd.vegalite+json", _canonical(kept))


def _vega_in_html(html: object) -> object:
    if not isinstance(html, str) or "vega-lite" not in html:
        return None
    start = _VEGA_CALL.search(html)
    return json.JSONDecoder().raw_decode(html, start.end())[0] if start else None


def _units(spec: Mapping[str, Any], datasets: Mapping[str, Any], above: Mapping[str, Any]) -> Iterator[Panel]:
    """The views of a chart: those that lie over each other are one panel."""
    source = spec.get("data", above) or {}
    for key in ("hconcat", "vconcat", "concat"):
        for part in spec.get(key, ()):
            yield from _units(part, datasets, source)
    if "spec" in spec:
        yield from _units(spec["spec"], datasets, source)
    layers = [spec] if "mark" in spec else spec.get("layer", [])
    if layers:
        shared = spec.get("encoding", {})
        encodings = [{**shared, **layer.get("encoding", {})} for layer in layers]
        series = tuple(
            _mark(layer, encoding, _rows(layer.get("data", source), datasets))
            for layer, encoding in zip(layers, encodings, strict=True)
        )
        x, y = (next(filter(None, (_channel(part.get(letter)) for part in encodings)), "") for letter in "xy")
        yield Panel(_text(spec.get("title")), x, y, (), series)


def _rows(source: Mapping[str, Any], datasets: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = source.get("values") or datasets.get(str(source.get("name")), ())
    return found if isinstance(found, list) else ()


def _mark(layer: Mapping[str, Any], encoding: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Series:
    mark = layer.get("mark", "")
    kind = str(mark.get("type", "mark") if isinstance(mark, Mapping) else mark or "mark")
    data = {}
    for channel, part in encoding.items():
        field = part.get("field") if isinstance(part, Mapping) else None
        if isinstance(field, str) and rows and field in rows[0]:
            data[str(channel)] = [row.get(field) for row in rows]
    return _parts(kind, "", data)


def _channel(part: object) -> str:
    """What an axis is called: its title, else the field and what is made of it."""
    if not isinstance(part, Mapping):
        return ""
    if part.get("title"):
        return _text(part["title"])
    aggregate, field = part.get("aggregate", ""), str(part.get("field", ""))
    return f"{aggregate} of {field}" if isinstance(aggregate, str) and aggregate and field else field or str(aggregate)


# --------------------------------------------------------------------------- bokeh


def _bokeh(data: Mapping[str, Any]) -> Chart | None:
    if not any(key.startswith("application/vnd.bokehjs_exec") for key in data):
        return None
    script = str(data.get("application/javascript", ""))
    start = _DOCS.search(script)
    if start is None:
        return None
    documents = json.JSONDecoder().raw_decode(script, start.end())[0]
    roots = [root for document in documents.values() for root in document.get("roots", ())]
    known = {part["id"]: part for part in _objects(roots) if "id" in part and "attributes" in part}
    figures = [part for part in _objects(roots) if part.get("name") == "Figure"]
    panels = tuple(_bokeh_panel(figure, known) for figure in figures[:MOST_PARTS])
    title = next((panel.title for panel in panels if panel.title), "")
    return Chart("bokeh", title, panels, "application/vnd.bokeh+json", _canonical(roots))


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Every model in a serialized document."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            if part.get("type") == "object":
                yield part
            waiting += reversed(list(part.values()))
        elif isinstance(part, list) and part and isinstance(part[0], Mapping | list):
            waiting += reversed(part)


def _bokeh_panel(figure: Mapping[str, Any], known: Mapping[str, Any]) -> Panel:
    def full(part: object) -> Mapping[str, Any]:
        found = known.get(str(part.get("id")), part) if isinstance(part, Mapping) else {}
        attributes: Mapping[str, Any] = found.get("attributes", {}) if isinstance(found, Mapping) else {}
        return attributes

    attributes = full(figure)
    series = []
    for renderer in attributes.get("renderers", ())[:MOST_PARTS]:
        parts = full(renderer)
        columns = dict(full(parts.get("data_source")).get("data", {}).get("entries", ()))
        glyph = full(parts.get("glyph"))
        fields = {name: part.get("field") for name, part in glyph.items() if isinstance(part, Mapping)}
        kind = str(known.get(str(parts.get("glyph", {}).get("id")), {}).get("name", "glyph")).lower()
        series.append(_parts(kind, "", {name: columns[field] for name, field in fields.items() if field in columns}))
    labels = [_text(full(axis[0]).get("axis_label")) if (axis := attributes.get(side)) else "" for side in _SIDES]
    entries = [_text(full(item).get("label", {}).get("value")) for item in _legend_items(attributes, full)]
    return Panel(_text(full(attributes.get("title")).get("text")), labels[0], labels[1], tuple(entries), tuple(series))


_SIDES = ("below", "left")


def _legend_items(attributes: Mapping[str, Any], full: Any) -> list[Any]:
    found = [full(part).get("items", ()) for part in attributes.get("center", ())]
    return [item for items in found for item in items]
