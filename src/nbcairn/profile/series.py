"""What a matplotlib figure plots: its series, read from the artists, each with a digest of the numbers drawn.

Numbers are taken as matplotlib draws them: dates as days, categories as their places, everything as 64-bit floats,
so that the digest of a column of a table can be compared with that of a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbcairn.fingerprint.digest import Digest, hash_bytes
from nbcairn.profile.text import shorten

__all__ = ["Plotted", "Series", "plotted", "series_of"]

MAX_SERIES = 60
UNREADABLE = "unreadable"
"""The kind of what could not be read."""

MAX_POINTS = 20_000_000


@dataclass(frozen=True, slots=True)
class Plotted:
    """One sequence of numbers that a series draws: how many, the first and the last, and a digest of all."""

    digest: str
    size: int
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Series:
    """One thing plotted: a line, a set of points, of bars, an image.

    ``data`` are its numbers by what they are for (x, y, colour, size, values); ``more`` what else is said of it.
    """

    kind: str
    label: str = ""
    points: int = 0
    data: Mapping[str, Plotted] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)


def plotted(values: Any) -> Plotted | None:
    """A sequence or array of numbers; None for anything else."""
    import numpy as np

    array = np.asanyarray(values)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]").astype(np.float64) / 86_400e6
    if not 0 < array.size <= MAX_POINTS:
        return None
    if array.dtype.kind in "UOST":
        return _worded(array)
    if array.dtype.kind not in "biuf":
        return None
    if isinstance(array, np.ma.MaskedArray):
        array = np.ma.filled(array.astype(np.float64), np.nan)
    flat = np.ascontiguousarray(array, dtype=np.float64).reshape(-1)
    return Plotted(_digest(flat), flat.size, float(flat[0]), float(flat[-1]))


def _digest(numbers: Any) -> str:
    digest = Digest("plotted")
    digest.buffer(numbers)
    return digest.hex()


def _worded(array: Any) -> Plotted | None:
    """Categories, by their words; anything that is neither a text nor a number does not count."""
    import numpy as np

    words = array.reshape(-1).tolist()
    if not all(isinstance(word, str | int | float) or word is None for word in words):
        return None
    if not any(isinstance(word, str) for word in words):
        return plotted(np.array([np.nan if word is None else word for word in words], dtype=np.float64))
    return Plotted(hash_bytes("words", repr(words).encode("utf-8", "surrogatepass")), len(words), 0.0, 0.0)


def _series(kind: str, artist: Any, data: Mapping[str, Any], **more: object) -> Series:
    found = {name: part for name, values in data.items() if values is not None and (part := plotted(values))}
    points = max((part.size for part in found.values()), default=0)
    label = artist.get_label() if artist is not None else ""
    label = "" if not isinstance(label, str) or label.startswith("_") else shorten(label)
    return Series(kind, label, points, found, more)


def series_of(axes: Any) -> list[Series]:
    """What one set of axes plots, in the order in which it was drawn, at most 60."""
    found: list[Series] = []
    for part in _all_series(axes):
        if len(found) == MAX_SERIES:
            found.append(Series("more"))
            break
        found.append(part)
    return found


def _all_series(axes: Any) -> Iterator[Series]:
    used: set[int] = set()
    for container in axes.containers:
        yield from _container(container, used)
    drawn = [(child, {base.__name__ for base in type(child).__mro__}) for child in axes._children]
    drawn = [(child, names) for child, names in drawn if id(child) not in used and child.get_visible()]
    lines = [child for child, names in drawn if "Line2D" in names]
    patches = [child for child, names in drawn if "Patch" in names]
    boxes = _readable(lambda: _boxes(lines, patches))
    if boxes is not None and boxes.kind != UNREADABLE:
        yield boxes
        drawn = [(child, names) for child, names in drawn if "Line2D" not in names]
    for child, names in drawn:
        found = _readable(lambda child=child, names=names: _artist(child, names))  # type: ignore[misc]
        if found is not None:
            yield found
    wedges = [patch for patch in patches if type(patch).__name__ == "Wedge"]
    if wedges:
        yield _series("pie", None, {"size": [abs(patch.theta2 - patch.theta1) for patch in wedges]})


def _readable(read: Callable[[], Series | None]) -> Series | None:
    """What can be read; artists of other libraries and of the user may raise anything."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001
        return Series(UNREADABLE, more={"error": type(error).__name__})


def _artist(artist: Any, names: set[str]) -> Series | None:
    if "Line2D" in names:
        return _line(artist)
    if "Collection" in names:
        return _collection(artist, names)
    if "_ImageBase" in names:
        return _series("image", artist, {"values": artist.get_array()}, shape=list(artist.get_array().shape))
    if type(artist).__name__ == "Polygon":
        return _series("outline", artist, {"x": artist.get_xy()[:, 0], "y": artist.get_xy()[:, 1]})
    return None


# --------------------------------------------------------------------------- containers


def _container(container: Any, used: set[int]) -> Iterator[Series]:
    name = type(container).__name__
    if name == "BarContainer":
        used.update(map(id, container.patches))
        yield _bars(container)
    elif name == "ErrorbarContainer":
        line, caps, bars = container
        used.update(map(id, [line, *caps, *bars]))
        if line is not None:
            yield _series("error bars", container, {"x": line.get_xdata(orig=False), "y": line.get_ydata(orig=False)})
    elif name == "StemContainer":
        line = container.markerline
        used.update(map(id, [line, container.stemlines, container.baseline]))
        yield _series("stems", container, {"x": line.get_xdata(orig=False), "y": line.get_ydata(orig=False)})


def _bars(container: Any) -> Series:
    """Bars by where they stand and how far they reach; those that touch each other are a histogram."""
    patches = list(container.patches)
    sideways = getattr(container, "orientation", None) == "horizontal"
    if sideways:
        starts, widths = [patch.get_y() for patch in patches], [patch.get_height() for patch in patches]
        lengths = [patch.get_width() for patch in patches]
    else:
        starts, widths = [patch.get_x() for patch in patches], [patch.get_width() for patch in patches]
        lengths = [patch.get_height() for patch in patches]
    touching = len(patches) > 4 and all(
        abs(start + width - after) < 1e-9 * max(1.0, abs(after))
        for start, width, after in zip(starts[:-1], widths[:-1], starts[1:], strict=True)
    )
    along, across = ("y", "x") if sideways else ("x", "y")
    if touching:
        return _series("histogram", container, {"edges": [*starts, starts[-1] + widths[-1]], "counts": lengths})
    middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]
    return _series("bars", container, {along: middles, across: lengths})


def _boxes(lines: list[Any], patches: list[Any]) -> Series | None:
    """The lines of box plots: rectangles of five points, and unlabelled strokes of two."""
    import numpy as np

    data = [line.get_xydata() for line in lines]
    rectangles = sum(len(part) == 5 and bool((part[0] == part[-1]).all()) for part in data)
    rectangles += sum(type(patch).__name__ == "PathPatch" for patch in patches)
    strokes = sum(len(part) == 2 for part in data)
    labelled = any(not str(line.get_label()).startswith("_") for line in lines)
    if not rectangles or strokes < 5 * rectangles or labelled:
        return None
    return _series("box plot", None, {"values": np.concatenate(data)}, boxes=rectangles)


# --------------------------------------------------------------------------- lines and collections


def _line(line: Any) -> Series:
    if hasattr(line, "_verts3d"):
        return _series("line", line, dict(zip("xyz", line._verts3d, strict=True)))
    x, y = line.get_xdata(orig=False), line.get_ydata(orig=False)
    bare = line.get_linestyle() in {"None", "", " "}
    in_x, in_y = line.get_transform().contains_branch_seperately(line.axes.transData)
    kind = "reference" if not (in_x and in_y) else "points" if bare else "line"
    return _series(kind, line, {"x": x if in_x else None, "y": y if in_y else None})


def _collection(collection: Any, names: set[str]) -> Series:
    colour = collection.get_array()
    if hasattr(collection, "_offsets3d"):
        return _series("points", collection, {**dict(zip("xyz", collection._offsets3d, strict=True)), "colour": colour})
    if "PathCollection" in names or "RegularPolyCollection" in names:
        offsets, sizes = collection.get_offsets(), collection.get_sizes()
        sizes = sizes if len(sizes) > 1 else None
        return _series("points", collection, {"x": offsets[:, 0], "y": offsets[:, 1], "colour": colour, "size": sizes})
    if hasattr(collection, "U") or hasattr(collection, "u"):
        first, second = ("U", "V") if hasattr(collection, "U") else ("u", "v")
        return _series("arrows", collection, {"u": getattr(collection, first), "v": getattr(collection, second)})
    if hasattr(collection, "levels"):
        return _series("contours", collection, {"levels": collection.levels, "outline": _outline(collection)})
    kind = "mesh" if "QuadMesh" in names else "segments" if "LineCollection" in names else "area"
    if kind == "area" and colour is not None:
        return _series("cells", collection, {"values": colour, "at": collection.get_offsets()})
    if kind == "mesh":
        return _series(kind, collection, {"values": colour}, shape=list(colour.shape) if colour is not None else [])
    return _series(kind, collection, {"outline": _outline(collection)})


def _outline(collection: Any) -> Any:
    import numpy as np

    solid = next((getattr(collection, name) for name in ("_faces", "_vec") if hasattr(collection, name)), None)
    if solid is not None:
        return solid
    paths = [path.vertices for path in collection.get_paths()]
    return np.concatenate(paths) if paths else None
