"""What each matplotlib artist shows, as plain parts and arrays: data, labels, limits, and the style that is seen.

An artist says the same before and after it was drawn: what matplotlib works out while it draws (tick positions, the
height of a title, mapped colours, the projection of three dimensions) follows from the rest and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["Marks", "mark_artist", "mark_axes", "mark_figure"]

MAX_DEPTH = 12
SMALL = 64
"""Arrays of at most this many items are written among the plain parts."""

_SOLID_3D = ("_offsets3d", "_segments3d", "_faces", "_vec", "_verts3d", "_segment3d", "_facecolor3d", "_z")
_TEXT = ("color", "fontsize", "fontfamily", "fontweight", "fontstyle", "rotation", "alpha")
_LINE = (
    "color", "linestyle", "linewidth", "marker", "markersize", "markerfacecolor", "markeredgecolor", "markeredgewidth",
    "markevery", "drawstyle", "fillstyle", "alpha",
)  # fmt: skip
_PATCH = ("facecolor", "edgecolor", "linewidth", "linestyle", "hatch", "fill", "alpha")
_ATOMS = frozenset({type(None), bool, int, float, str, bytes})
_IMAGE = ("interpolation", "alpha", "extent")


class Marks:
    """What the artists of one figure show, in their order.

    ``known`` are the marks of axes that were read since anything could change: a name often holds them beside the figure.
    """

    __slots__ = ("arrays", "artists", "known", "plain", "unread", "values")

    def __init__(self, known: dict[object, _Known] | None = None) -> None:
        self.known = {} if known is None else known
        self.plain: list[object] = []
        self.arrays: list[Any] = []
        self.values: list[object] = []
        self.artists: list[int] = []
        self.unread: list[str] = []

    def add(self, *parts: object) -> None:
        """Add plain parts: texts, numbers, tuples of these."""
        self.plain.append(parts)

    def array(self, name: str, values: Any) -> None:
        """Add an array: small ones among the plain parts, large ones to be hashed where they are."""
        import numpy as np

        if values is None:
            return
        array = np.asanyarray(values)
        if isinstance(array, np.ma.MaskedArray):
            self.array(f"{name}:mask", np.ma.getmaskarray(array))
            array = array.filled(np.nan) if array.dtype.kind == "f" else array.filled(0)
        if array.dtype.hasobject:
            self.add(name, "objects")
            self.values.append(array)
        elif array.size <= SMALL:
            self.add(name, array.dtype.str, array.shape, array.tobytes())
        else:
            self.plain.append(_Large(name, len(self.arrays)))
            self.arrays.append(array)

    def take(self, other: Marks) -> None:
        """Add what another took down."""
        start = len(self.arrays)
        self.plain += [mark.after(start) if type(mark) is _Large else mark for mark in other.plain]
        self.arrays += other.arrays
        self.values += other.values
        self.artists += other.artists
        self.unread += other.unread

    @property
    def parts(self) -> list[object]:
        """The plain parts, where the large arrays stand with their numbers."""
        return [(mark.name, "array", mark.number) if type(mark) is _Large else mark for mark in self.plain]


@dataclass(frozen=True, slots=True)
class _Large:
    """Where among the plain parts a large array stands."""

    name: str
    number: int

    def after(self, start: int) -> _Large:
        return _Large(self.name, start + self.number)


@dataclass(frozen=True, slots=True)
class _Known:
    """The marks of axes, which are kept alive: their identity stands for them."""

    axes: object
    marks: Marks
    depth: int


def _plain(value: Any) -> object:
    """A style value as builtins: colours and dashes may be arrays, families may be lists."""
    kind = type(value)
    if kind in _ATOMS or isinstance(value, bool | int | float | str | bytes):
        return value
    if kind is tuple and _ATOMS.issuperset(map(type, value)):
        return value
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if isinstance(value, dict):
        return tuple((str(key), _plain(part)) for key, part in sorted(value.items(), key=lambda item: str(item[0])))
    tolist = getattr(value, "tolist", None)
    if tolist is not None:
        return _plain(tolist())
    return f"{type(value).__name__}:{getattr(value, '__name__', '')}"


def _styles(artist: object, names: tuple[str, ...]) -> tuple[object, ...]:
    kind: type = type(artist)
    return tuple([_plain(getattr(artist, getter)()) for getter in _getters(kind, names)])


@lru_cache(maxsize=512)
def _getters(kind: type, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the styles that artists of this type have, by the methods that tell them."""
    return tuple(f"get_{name}" for name in names if hasattr(kind, f"get_{name}"))


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    """Places in a figure. Fonts of another machine move them a little."""
    return tuple(round(float(value), 4) + 0.0 for value in values)


# --------------------------------------------------------------------------- figure and axes


def mark_figure(marks: Marks, figure: Any) -> None:
    """A figure or a part of one: size, texts, legends, and its axes in order."""
    marks.artists.append(id(figure))
    if hasattr(figure, "get_size_inches"):
        dpi = getattr(figure, "_original_dpi", None) or figure.dpi
        marks.add("figure", _rounded(figure.get_size_inches()), float(dpi))
    marks.add("face", _styles(figure.patch, _PATCH), figure.patch.get_visible(), figure.get_frameon())
    for name in ("_suptitle", "_supxlabel", "_supylabel"):
        text = getattr(figure, name, None)
        if text is not None:
            marks.add(name)
            _mark_text(marks, text, placed=True)
    known = {id(figure.patch), *(id(getattr(figure, name, None)) for name in ("_suptitle", "_supxlabel", "_supylabel"))}
    managed = hasattr(figure, "get_layout_engine") and figure.get_layout_engine() is not None
    for child in figure.get_children():
        if id(child) not in known:
            _mark(marks, child, 1, managed=managed)


def mark_axes(marks: Marks, axes: Any, depth: int = 0, *, managed: bool = False) -> None:
    """One set of axes: what stands around it, then the artists in it."""
    marks.artists.append(id(axes))
    if not axes.get_visible():
        marks.add("axes", "hidden")
        return
    solid = hasattr(axes, "_axis3don")  # three dimensions: the plane's own axes are off, its frame goes when drawn
    has_axis, has_frame = (axes._axis3don, True) if solid else (axes.axison, axes.get_frame_on())
    marks.add("axes", getattr(axes, "name", ""), type(axes).__name__, has_axis, has_frame)
    if not managed:
        marks.add("at", _rounded(axes.get_position(original=True).bounds))
    marks.add("shape", _plain(axes.get_aspect()), axes.get_zorder(), _styles(axes.patch, _PATCH))
    for place in ("left", "center", "right"):
        text = {"left": axes._left_title, "center": axes.title, "right": axes._right_title}[place]
        marks.artists.append(id(text))
        if text.get_text():
            marks.add("title", place)
            _mark_text(marks, text, placed=True)
    _mark_view(marks, axes)
    if has_axis:
        for name, axis in sorted(_axis_map(axes).items()):
            _mark_axis(marks, name, axis)
        for name, spine in axes.spines.items():
            at = _plain(spine.get_position() if spine._position is not None else None)
            marks.add("spine", name, spine.get_visible(), _styles(spine, _PATCH), at, _plain(spine.get_bounds()))
    for child in axes._children if hasattr(axes, "_children") else ():
        _mark(marks, child, depth + 1)
    for inner in getattr(axes, "child_axes", ()):
        _mark(marks, inner, depth + 1)
    legend = axes.get_legend()
    if legend is not None:
        _mark(marks, legend, depth + 1)


def _mark_axes_once(marks: Marks, axes: Any, depth: int, *, managed: bool) -> None:
    known = marks.known.get((id(axes), managed))
    if known is not None and known.depth >= depth:
        marks.take(known.marks)
        return
    own = Marks(marks.known)
    try:
        mark_axes(own, axes, depth, managed=managed)
        marks.known[id(axes), managed] = _Known(axes, own, depth)
    finally:  # also where an artist of the user's raised: what was read of the others counts
        marks.take(own)


def _mark_view(marks: Marks, axes: Any) -> None:
    """Limits and scales, and from where three dimensions and polar axes are looked at."""
    for letter in "xyz":
        limits = getattr(axes, f"get_{letter}lim", None)
        if limits is not None:
            marks.add(letter, _plain(tuple(map(float, limits()))), getattr(axes, f"get_{letter}scale")())
    for name in ("elev", "azim", "roll"):
        if hasattr(axes, name):
            marks.add(name, float(getattr(axes, name)))
    for name in ("get_theta_offset", "get_theta_direction", "get_rorigin", "get_proj_type"):
        if hasattr(axes, name):
            marks.add(name, _plain(getattr(axes, name)()))


def _axis_map(axes: Any) -> dict[str, Any]:
    found: dict[str, Any] = getattr(axes, "_axis_map", None) or {"x": axes.xaxis, "y": axes.yaxis}
    return found


def _mark_axis(marks: Marks, name: str, axis: Any) -> None:
    """An axis by its label, its ticks' style, locators and formatters; tick positions follow from these."""
    marks.artists += [id(axis), id(axis.label)]
    if not axis.get_visible():
        marks.add("axis", name, "hidden")
        return
    marks.add("axis", name)
    if axis.label.get_text():
        _mark_text(marks, axis.label, placed=True)
    for which in ("major", "minor"):
        marks.add(which, _plain(getattr(axis, f"_{which}_tick_kw", None)))
        _mark_ticker(marks, getattr(axis, f"get_{which}_locator")())
        _mark_ticker(marks, getattr(axis, f"get_{which}_formatter")())
    categories = getattr(getattr(axis, "units", None), "_mapping", None)
    if categories is not None:
        marks.add("categories", tuple((str(key), place) for key, place in categories.items()))
    if "majorTicks" in vars(axis):
        labels = [tick.label1 for tick in axis.majorTicks] + [tick.label2 for tick in axis.majorTicks]
        turned = {(label.get_rotation(), label.get_visible()) for label in labels} - {(0.0, True), (0.0, False)}
        marks.add("turned", tuple(sorted(turned)))


_TICKERS = ("locs", "seq", "fmt", "_base", "_nbins", "_prune", "xmax", "decimals", "symbol", "unit", "places")


def _mark_ticker(marks: Marks, ticker: Any) -> None:
    """A locator or formatter by what it was made with; what it keeps from drawing does not count."""
    name = type(ticker).__name__
    marks.add(name)
    if name in {"ScalarFormatter", "AutoLocator", "NullFormatter", "NullLocator", "AutoMinorLocator"}:
        return
    state = vars(ticker)
    for key in _TICKERS:
        if key in state and (key != "locs" or name == "FixedLocator"):
            part = state[key]
            marks.array(key, part) if hasattr(part, "dtype") else marks.add(key, _plain(part))
    step = getattr(state.get("_edge"), "step", None)
    if step is not None:
        marks.add("step", float(step), float(state.get("_offset", 0)))
    if callable(state.get("func")):
        marks.values.append(state["func"])


# --------------------------------------------------------------------------- artists


def mark_artist(marks: Marks, artist: Any) -> None:
    """One artist on its own."""
    _mark(marks, artist, 0)


def _mark(marks: Marks, artist: Any, depth: int, *, managed: bool = False) -> None:
    marks.artists.append(id(artist))
    if depth > MAX_DEPTH:
        marks.unread.append("nested too deep")
        return
    names = {base.__name__ for base in type(artist).__mro__ if base.__module__.startswith(("matplotlib.", "mpl_"))}
    try:
        if "_AxesBase" in names:
            _mark_axes_once(marks, artist, depth, managed=managed)
        elif "FigureBase" in names:
            mark_figure(marks, artist)
        elif artist.get_visible():
            _mark_visible(marks, artist, names, depth)
    except Exception as error:  # noqa: BLE001 - an artist of a library or of the user may raise anything
        marks.unread.append(f"{type(artist).__name__} ({type(error).__name__})")


def _mark_visible(marks: Marks, artist: Any, names: set[str], depth: int) -> None:
    solid = [name for name in _SOLID_3D if getattr(artist, name, None) is not None]
    marks.add(type(artist).__name__, 0.0 if solid else float(artist.get_zorder()))
    if not names & {"Annotation", "Table"} and not _arrows(artist):
        # A patch's own part of its transform is made anew at each call, and is among its marks.
        transform = artist.get_data_transform() if "Patch" in names else artist.get_transform()
        marks.add(_coordinates(artist, transform))
    for name in solid:
        _mark_solid(marks, name, getattr(artist, name))
    for known, mark in _KNOWN:
        if known in names:
            mark(marks, artist, solid=bool(solid))
            return
    if "Axis" in names:
        _mark_axis(marks, "", artist)
        return
    children = artist.get_children()
    if not children:
        marks.add("other", _styles(artist, ("alpha", "label", "color", "facecolor", "text")))
    for child in children:
        _mark(marks, child, depth + 1)


def _mark_solid(marks: Marks, name: str, parts: Any) -> None:
    if isinstance(parts, tuple | list):
        marks.add(name, len(parts))
        for part in parts:
            marks.array(name, part)
    else:
        marks.array(name, parts)


def _coordinates(artist: Any, transform: Any) -> object:
    """In whose coordinates an artist is placed."""
    axes, figure = getattr(artist, "axes", None), getattr(artist, "figure", None)
    if axes is not None:
        if transform is axes.transData:
            return "data"
        if transform is axes.transAxes:
            return "axes"
        return type(transform).__name__, tuple(map(bool, transform.contains_branch_seperately(axes.transData)))
    return "figure" if figure is not None and transform is figure.transFigure else type(transform).__name__


def _mark_line(marks: Marks, line: Any, *, solid: bool) -> None:
    if not solid:
        marks.array("x", line.get_xdata(orig=False))
        marks.array("y", line.get_ydata(orig=False))
    marks.add(*_styles(line, _LINE), _plain(getattr(line, "_unscaled_dash_pattern", None)))


def _mark_patch(marks: Marks, patch: Any, *, solid: bool) -> None:
    marks.add(*_styles(patch, _PATCH))
    if solid:
        return
    name = type(patch).__name__
    if name == "Rectangle":
        marks.add(_plain((patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height(), patch.get_angle())))
    elif hasattr(patch, "_posA_posB"):
        ends = patch._posA_posB
        marks.add(type(patch.get_arrowstyle()).__name__, _plain(ends) if ends else "", patch.get_mutation_scale())
    elif hasattr(patch, "get_boxstyle"):
        corner = (patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height())
        marks.add(type(patch.get_boxstyle()).__name__, _plain(corner))
    else:
        marks.array("path", patch.get_path().vertices)
        marks.array("codes", patch.get_path().codes)
        marks.array("placed", patch.get_patch_transform().get_matrix())


def _mark_collection(marks: Marks, collection: Any, *, solid: bool) -> None:
    mapped = collection.get_array() is not None
    _mark_mapping(marks, collection)
    if mapped or solid:
        marks.add(_original(collection, "facecolor"), _original(collection, "edgecolor"))
    else:
        marks.array("facecolors", collection.get_facecolor())
        marks.array("edgecolors", collection.get_edgecolor())
    marks.array("widths", collection.get_linewidth())
    marks.add(_plain(collection.get_linestyle()), collection.get_hatch(), _plain(collection.get_alpha()))
    if hasattr(collection, "get_sizes"):
        marks.array("sizes", collection.get_sizes())
    if not solid:
        _mark_shapes(marks, collection)


def _original(collection: Any, name: str) -> object:
    return _plain(getattr(collection, f"_original_{name}", None))


def _mark_shapes(marks: Marks, collection: Any) -> None:
    """Where a collection has its marks, and of what shape they are."""
    import numpy as np

    arrows = _arrows(collection)
    marks.array("offsets", collection.get_offsets())
    marks.add(_coordinates(collection, collection.get_offset_transform()))
    for name in arrows:
        marks.array(name, getattr(collection, name))
    if arrows:
        return
    if hasattr(collection, "get_coordinates"):
        marks.array("mesh", collection.get_coordinates())
        return
    paths = collection.get_paths()
    marks.add("paths", len(paths))
    if len(paths) == 1:
        marks.array("path", paths[0].vertices)
    elif paths:
        marks.array("lengths", np.array([len(path.vertices) for path in paths]))
        marks.array("paths", np.concatenate([path.vertices for path in paths]))


def _arrows(artist: Any) -> list[str]:
    """What the arrows of a field are made from; their outlines are worked out while drawing."""
    return [name for name in ("U", "V", "u", "v", "flip") if hasattr(artist, name)]


def _mark_mapping(marks: Marks, mappable: Any) -> None:
    """Values that colours stand for, and which: the map, the norm and its limits."""
    values = mappable.get_array()
    if values is None:
        return
    marks.array("values", values)
    if values.ndim == 3:
        return
    low, high = mappable.get_clim()
    if (low is None or high is None) and values.size:
        low, high = (values.min() if low is None else low), (values.max() if high is None else high)
    norm = mappable.norm
    marks.add(type(norm).__name__, _plain(low), _plain(high), _plain(getattr(norm, "boundaries", None)))
    marks.add(*(_plain(getattr(norm, name, None)) for name in ("vcenter", "gamma", "linthresh", "halfrange")))
    _mark_colormap(marks, mappable.get_cmap())


def _mark_colormap(marks: Marks, colours: Any) -> None:
    marks.add("colormap", colours.name, colours.N)
    marks.array("colours", colours(range(colours.N)))


def _mark_image(marks: Marks, image: Any, *, solid: bool) -> None:
    del solid
    _mark_mapping(marks, image)
    marks.add(*_styles(image, _IMAGE), getattr(image, "origin", ""))


def _mark_text(marks: Marks, text: Any, *, solid: bool = False, placed: bool = False) -> None:
    """A text, where it stands (``placed`` by matplotlib: does not count), and how it looks."""
    marks.artists.append(id(text))
    if not text.get_visible():
        return
    marks.add(text.get_text(), *_styles(text, _TEXT), text.get_ha(), text.get_va())
    if hasattr(text, "xyann"):
        marks.add(_plain(text.xy), _plain(text.xyann), _plain(text.xycoords), _plain(text.anncoords))
        marks.add(_plain(text.arrowprops))
    elif not (placed or solid):
        marks.add(_plain(text.get_unitless_position()))
    elif solid:
        marks.add(_plain(getattr(text, "_x", None)), _plain(getattr(text, "_y", None)))
    box = text.get_bbox_patch()
    if box is not None:
        marks.add(type(box.get_boxstyle()).__name__, _styles(box, _PATCH))


def _mark_legend(marks: Marks, legend: Any, *, solid: bool) -> None:
    del solid
    anchor = getattr(getattr(legend, "_bbox_to_anchor", None), "_bbox", None)
    marks.add("legend", _plain(legend._loc), legend.get_frame_on(), getattr(legend, "_ncols", 1))
    marks.add(_rounded(anchor.bounds) if anchor is not None else None)
    _mark_text(marks, legend.get_title(), placed=True)
    for text in legend.get_texts():
        _mark_text(marks, text, placed=True)
    for handle in getattr(legend, "legend_handles", ()):
        if handle is not None:
            marks.artists.append(id(handle))
            marks.add(type(handle).__name__, _styles(handle, (*_LINE, "facecolor", "edgecolor", "hatch")))


def _mark_table(marks: Marks, table: Any, *, solid: bool) -> None:
    """A table by its cells; how wide they are is worked out while drawing."""
    del solid
    marks.add("table", _plain(getattr(table, "_loc", None)), _plain(getattr(table, "_bbox", None)))
    for place, cell in sorted(table.get_celld().items()):
        marks.artists.append(id(cell))
        marks.add(_plain(place), cell.visible_edges, _styles(cell, _PATCH))
        _mark_text(marks, cell.get_text(), placed=True)


_KNOWN: tuple[tuple[str, Callable[..., None]], ...] = (
    ("Line2D", _mark_line),
    ("Patch", _mark_patch),
    ("Collection", _mark_collection),
    ("_ImageBase", _mark_image),
    ("Text", _mark_text),
    ("Legend", _mark_legend),
    ("Table", _mark_table),
)
