"""numpy arrays and scalars, sparse matrices, tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.builtins import metric_kind
from nbcairn.profile.columns import FULL, moment_column, numpy_column, spaced_column, step_of
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text

__all__ = ["FAMILIES"]

PREVIEW = 10
MOST = 50
"""So many columns of a table of numbers are described one by one."""


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape) or "one value"


def _array(value: Any, _: str) -> tuple[ArtifactKind | None, str]:
    kind = ArtifactKind.DATA if value.ndim else None
    return kind, f"{_shape(value.shape)} {value.dtype}"


def _array_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    import numpy as np

    array = value if isinstance(value, np.ma.MaskedArray) else np.asarray(value)
    found: dict[str, object] = {
        "shape": list(value.shape),
        "dtype": str(value.dtype),
        "bytes": int(value.nbytes),
        "preview": _preview(array),
    }
    if array.ndim:
        found["rows"] = len(array)
    if array.dtype.names is not None:
        found["columns"] = _columns(((name, array[name].reshape(-1)) for name in array.dtype.names[:MOST]), budget)
        return found
    if not budget.spent("figures"):
        found.update(_figures(array, budget, "the values"))
    if array.ndim == 2 and 1 < array.shape[1] <= MOST and array.dtype.kind in "biufmM":
        found["columns"] = _columns(((str(n), array[:, n]) for n in range(array.shape[1])), budget)
    return found


def _preview(array: Any) -> list[object]:
    """The first rows of a table of values; the first values of all else."""
    if array.ndim == 2:
        return [list(map(cell_text, row)) for row in array[:PREVIEW, :MOST].tolist()]
    if array.dtype.names is not None and array.ndim == 1:
        return [list(map(cell_text, row)) for row in array[:PREVIEW].tolist()]
    return [cell_text(item) for item in _flat(array)[:PREVIEW].tolist()]


def _flat(array: Any) -> Any:
    """All values, in the order in which they lie; rows are left out before more than ``FULL`` values are copied."""
    if array.flags.c_contiguous:
        return array.reshape(-1)
    if array.size > FULL and not array.flags.f_contiguous:
        array = array[:: -(-array.size // FULL)]
    return array.ravel(order="K")


def _columns(named: Iterable[tuple[str, Any]], budget: Budget) -> list[dict[str, object]]:
    found = []
    for name, values in named:
        entry: dict[str, object] = {"name": name, "dtype": str(values.dtype)}
        if budget.left > 0:
            entry.update(_figures(values, budget, name))
        else:
            budget.skip("figures of some columns")
        found.append(entry)
    return found


def _figures(array: Any, budget: Budget, name: str) -> dict[str, object]:
    """The figures of all values of an array as of one column; masked ones are nulls."""
    import numpy as np

    masked = isinstance(array, np.ma.MaskedArray)
    flat = array.compressed() if masked else _flat(array)
    nulls = array.size - flat.size if masked else None
    if not masked and flat.size < array.size:
        budget.skip(f"exact figures of {name}")
    if flat.dtype.kind in "biuf":
        return numpy_column(flat, budget, name, nulls)
    if flat.dtype.kind in "mM":
        present = flat[~np.isnat(flat)]
        return {"nulls": array.size - len(present), **moment_column(present, budget, name)}
    if flat.dtype.kind not in "OUST":
        return {}
    found = spaced_column(flat[:: step_of(len(flat))].tolist(), len(flat), budget, name)
    if masked and "sampled" not in found:
        found["nulls"] = array.size - flat.size
    return found


def _scalar(value: Any, name: str) -> tuple[ArtifactKind | None, str]:
    return metric_kind(value, name), cell_text(value.item())


def _scalar_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    return {"value": value.item(), "dtype": str(value.dtype)}


def _sparse(value: Any, _: str) -> tuple[ArtifactKind, str]:
    return ArtifactKind.DATA, f"{_shape(value.shape)} {value.dtype}, {value.nnz:,} stored ({value.format})"


def _sparse_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    found: dict[str, object] = {
        "shape": list(value.shape),
        "dtype": str(value.dtype),
        "stored": int(value.nnz),
        "rows": int(value.shape[0]),
    }
    data = getattr(value, "data", None)
    kind = getattr(getattr(data, "dtype", None), "kind", "")
    if kind and kind in "biuf" and not budget.spent("figures"):
        found.update(numpy_column(data.reshape(-1), budget, "the stored values"))  # type: ignore[union-attr]
    return found


def _tensor(value: Any, _: str) -> tuple[ArtifactKind | None, str]:
    kind = ArtifactKind.DATA if value.dim() else None
    return (
        kind,
        f"{_shape(tuple(value.shape))} {str(value.dtype).removeprefix('torch.')} on {value.device.type}",
    )


def _tensor_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    if value.device.type != "cpu":
        budget.skip("figures of values on another device")
        return {"shape": list(value.shape), "dtype": str(value.dtype)}
    import torch

    plain = value.detach().to_dense().resolve_conj().resolve_neg()
    narrow = plain.dtype.is_floating_point and plain.dtype not in {torch.float16, torch.float32, torch.float64}
    found = dict(_array_statistics((plain.float() if narrow else plain).numpy(), budget))
    return {**found, "dtype": str(value.dtype)}


FAMILIES: dict[str, Family] = {
    "numpy.ndarray": Family(_array, _array_statistics),
    "numpy.generic": Family(_scalar, _scalar_statistics),
    "scipy.sparse._base._spbase": Family(_sparse, _sparse_statistics),
    "torch.Tensor": Family(_tensor, _tensor_statistics),
}
