"""scipy.sparse: format, shape and the arrays of that format."""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.arrays import add_array
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]

_PARTS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "bsr": ("data", "indices", "indptr"),
    "dia": ("data", "offsets"),
}


def _sparse(walk: Walk, digest: Digest, value: Any) -> None:
    """Rows whose column numbers lie unsorted count as sorted: many operations sort them in passing."""
    walk.mutable(value)
    digest.text(f"sparse:{type(value).__name__}:{value.format}:{value.shape}")
    if value.format in {"lil", "dok"}:
        _arrays(walk, digest, value.tocsr(), "csr")
    elif value.format == "coo":
        for part in (value.data, *value.coords):
            add_array(walk, digest, part)
    else:
        for name in _PARTS[value.format]:
            walk.mutable(getattr(value, name))
        if value.format in {"csr", "csc"} and not value.has_sorted_indices:
            value = value.sorted_indices()
        _arrays(walk, digest, value, value.format)


def _arrays(walk: Walk, digest: Digest, value: Any, layout: str) -> None:
    for name in _PARTS[layout]:
        add_array(walk, digest, getattr(value, name))


FAMILIES: dict[str, Family] = {"scipy.sparse._base._spbase": Family(_sparse)}
