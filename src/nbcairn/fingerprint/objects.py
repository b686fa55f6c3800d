"""Any other object: its type and its state, walked part by part and never pickled.

State is what the object itself holds (``__dict__`` and slots). An object that holds nothing there, as one made in C, is
taken apart by its own reduce protocol; the parts are walked, nothing is called on the way back. What offers neither
is opaque.
"""

from __future__ import annotations

import copyreg
from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES", "add_object"]


def add_object(walk: Walk, digest: Digest, value: object) -> None:
    """Add an object of a type that no family knows."""
    kind = type(value)
    digest.text(f"object:{kind.__module__}.{kind.__qualname__}")
    walk.mutable(value)
    _class_of(walk, digest, kind)
    known = _builtin_part(walk, digest, value)
    state = _state(value)
    if state:
        for name in sorted(state):
            digest.text(name)
            walk.add(digest, state[name])
    elif not known and not _holds_state(kind):
        digest.text("empty")
    elif not known:
        _reduced(walk, digest, value)


def _class_of(walk: Walk, digest: Digest, kind: type) -> None:
    """An instance acts by its class: where the class is the user's own, its code counts."""
    from nbcairn.fingerprint.code import is_user_code

    if is_user_code(kind.__module__):
        walk.add(digest, kind)


def _builtin_part(walk: Walk, digest: Digest, value: Any) -> bool:
    """The content that a subclass of a builtin container or scalar inherits."""
    for base, convert in ((dict, dict), (list, list), (tuple, tuple), (set, set), (frozenset, frozenset)):
        if isinstance(value, base):
            walk.add(digest, convert(base.__iter__(value)) if base is not dict else dict(dict.items(value)))
            return True
    for scalar in (int, float, str, bytes, complex):
        if isinstance(value, scalar):
            walk.add(digest, scalar.__new__(scalar, scalar.__getnewargs__(value)[0]))  # type: ignore[attr-defined,call-overload]
            return True
    return False


def _state(value: object) -> dict[str, object]:
    """Instance dictionary and slots, read without running the object's own code."""
    state: dict[str, object] = {}
    try:
        held = object.__getattribute__(value, "__dict__")
        state.update({str(name): part for name, part in dict.items(held)})
    except (AttributeError, TypeError):
        pass
    for name in _slots(type(value)):
        try:
            state[name] = object.__getattribute__(value, name)
        except AttributeError:
            continue
    return {name: part for name, part in state.items() if name not in {"__weakref__", "__dict__"}}


def _slots(kind: type) -> list[str]:
    return list(copyreg._slotnames(kind))  # type: ignore[attr-defined]


def _holds_state(kind: type) -> bool:
    """False for objects that Python itself says are bare, such as ``object()`` or an empty user class."""
    return kind.__basicsize__ > object.__basicsize__ + 16 or kind.__itemsize__ > 0


def _reduced(walk: Walk, digest: Digest, value: Any) -> None:
    try:
        parts = value.__reduce_ex__(4)
    except Exception as error:  # noqa: BLE001 - the object's own code may raise anything
        raise Opaque(f"{type(value).__name__} does not tell its state") from error
    if isinstance(parts, str):
        digest.text(parts)
        return
    if getattr(parts[0], "__name__", "") in {"_reconstructor", "__newobj__"} and len(parts) > 2 and parts[2] is None:
        raise Opaque(f"{type(value).__name__} does not tell its state")
    digest.text("reduced")
    for part in parts[:3]:
        walk.add(digest, part)
    for iterator in parts[3:5]:
        walk.add(digest, list(iterator) if iterator is not None else None)


def _python_random(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text(type(value).__name__)
    walk.add(digest, value.getstate())


def _figure(walk: Walk, digest: Digest, value: Any) -> None:
    """A matplotlib figure by the marks on it: size, texts, data and style of every artist, axes by axes."""
    walk.mutable(value)
    digest.text("Figure")
    walk.add(digest, tuple(value.get_size_inches().tolist()))
    for artist in value.get_children():
        _artist(walk, digest, artist, 0)


def _axes(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value, value.figure)
    _artist(walk, digest, value, 0)


def _artist(walk: Walk, digest: Digest, artist: Any, depth: int) -> None:
    digest.text(type(artist).__name__)
    for name in _SHOWN:
        getter = getattr(artist, name, None)
        if getter is not None:
            try:
                part = getter()
            except Exception:  # noqa: BLE001, S112 - not every artist answers every question
                continue
            digest.text(name)
            walk.add(digest, part)
    if depth < 6:
        for child in artist.get_children():
            _artist(walk, digest, child, depth + 1)


_SHOWN = (
    "get_xydata", "get_offsets", "get_array", "get_text", "get_title", "get_xlabel", "get_ylabel", "get_xlim", "get_ylim",
    "get_xscale", "get_yscale", "get_color", "get_facecolor", "get_edgecolor", "get_linestyle", "get_linewidth", "get_marker",
    "get_markersize", "get_alpha", "get_visible", "get_zorder", "get_width", "get_height", "get_xy", "get_sizes", "get_fontsize",
)  # fmt: skip


def _tensor(walk: Walk, digest: Digest, value: Any) -> None:
    from nbcairn.fingerprint.arrays import add_array

    digest.text(f"Tensor:{value.dtype}:{tuple(value.shape)}:{value.device.type}:{value.requires_grad}")
    walk.mutable(value)
    add_array(walk, digest, value.detach().cpu().contiguous().reshape(-1).view(__import__("torch").uint8).numpy())


def _image(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text(f"Image:{value.mode}:{value.size}")
    digest.buffer(value.tobytes())


FAMILIES: dict[str, Family] = {
    "random.Random": Family(_python_random),
    "matplotlib.figure.Figure": Family(_figure),
    "matplotlib.axes._base._AxesBase": Family(_axes),
    "torch.Tensor": Family(_tensor),
    "PIL.Image.Image": Family(_image),
}
