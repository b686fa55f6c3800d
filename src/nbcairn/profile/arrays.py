"""numpy arrays and scalars, sparse matrices, tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.builtins import metric_kind
from nbcairn.profile.columns import numpy_column, plain_column
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text

__all__ = ["FAMILIES"]

PREVIEW = 10


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape) or "one value"


def _array(value: Any, _: str) -> tuple[ArtifactKind | None, str]:
    kind = ArtifactKind.DATA if value.ndim else None
    return kind, f"{_shape(value.shape)} {value.dtype}"


def _array_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    import numpy as np

    plain = np.asarray(value)
    flat = plain.reshape(-1) if plain.flags.c_contiguous else plain.ravel(order="K")
    found: dict[str, object] = {
        "shape": list(value.shape),
        "dtype": str(value.dtype),
        "bytes": int(value.nbytes),
        "preview": [cell_text(item) for item in flat[:PREVIEW].tolist()],
    }
    if plain.dtype.kind in "biuf" and not budget.spent("figures"):
        found.update(numpy_column(flat, budget, "the values"))
    elif plain.dtype.kind in "OUS" and not budget.spent("figures"):
        found.update(plain_column(flat[: 10 * PREVIEW * PREVIEW].tolist(), budget, "the values"))
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
    }
    data = getattr(value, "data", None)
    if getattr(getattr(data, "dtype", None), "kind", "") in {"i", "u", "f"} and not budget.spent("figures"):
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
    return _array_statistics(value.detach().numpy(), budget)


FAMILIES: dict[str, Family] = {
    "numpy.ndarray": Family(_array, _array_statistics),
    "numpy.generic": Family(_scalar, _scalar_statistics),
    "scipy.sparse._base._spbase": Family(_sparse, _sparse_statistics),
    "torch.Tensor": Family(_tensor, _tensor_statistics),
}
