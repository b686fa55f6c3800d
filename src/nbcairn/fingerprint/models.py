"""Models whose state lies behind C or holds what is no part of it: torch, boosters, distances, formulas.

The estimators of scikit-learn and the results of statsmodels need nothing of their own: they hold what they know in their
dictionary, and ``objects.DERIVED`` says what in there does not count.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.arrays import add_array
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES"]


def _tensor(walk: Walk, digest: Digest, value: Any) -> None:
    """By values, dtype and layout; strides, as in numpy, do not count."""
    import torch

    digest.text(f"Tensor:{type(value).__name__}:{value.dtype}:{tuple(value.shape)}:{value.device.type}:{value.layout}")
    digest.text(str(value.requires_grad))
    walk.mutable(value)
    if value.is_leaf and value.requires_grad:
        walk.add(digest, value.grad)
    plain = value.detach()
    if plain.layout is not torch.strided:
        for part in _sparse_parts(plain):
            _tensor(walk, digest, part)
    elif plain.is_quantized or plain.device.type == "meta":
        raise Opaque(f"the numbers of a tensor on {plain.device.type} of {plain.dtype} cannot be read")
    else:
        walk.touched.add(plain.untyped_storage().data_ptr())
        plain = plain.resolve_conj().resolve_neg().cpu().contiguous()
        copied = plain.data_ptr() != value.data_ptr()
        add_array(walk, digest, plain.reshape(-1).view(torch.uint8).numpy(), copied=copied)


def _sparse_parts(value: Any) -> tuple[Any, ...]:
    import torch

    if value.layout is torch.sparse_coo:
        value = value.coalesce()
        return value.indices(), value.values()
    if value.layout in {torch.sparse_csr, torch.sparse_bsr}:
        return value.crow_indices(), value.col_indices(), value.values()
    if value.layout in {torch.sparse_csc, torch.sparse_bsc}:
        return value.ccol_indices(), value.row_indices(), value.values()
    raise Opaque(f"the numbers of a tensor of layout {value.layout} cannot be read")


def _torch_generator(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("torch.Generator")
    walk.add(digest, value.get_state())


def _xgboost(walk: Walk, digest: Digest, value: Any) -> None:
    """By the model as it would be saved, with its configuration."""
    walk.mutable(value)
    digest.text("xgboost.Booster")
    digest.text(value.save_config())
    digest.buffer(value.save_raw("ubj"))
    walk.add(digest, value.attributes())


def _lightgbm(walk: Walk, digest: Digest, value: Any) -> None:
    walk.mutable(value)
    digest.text("lightgbm.Booster")
    digest.text(value.model_to_string(num_iteration=-1))


def _distance(walk: Walk, digest: Digest, value: Any) -> None:
    """scikit-learn's distances: those without weights carry arrays that nobody has set."""
    name = type(value).__name__
    digest.text(f"distance:{name}")
    power, *arrays = value.__getstate__()
    walk.add(digest, power)
    if name.startswith(("SEuclidean", "Mahalanobis", "Minkowski", "WMinkowski", "Haversine", "PyFunc")):
        for part in arrays:
            walk.add(digest, part)


def _formula_environment(_: Walk, digest: Digest, value: Any) -> None:
    """Where a formula looks up its functions: all of the notebook's names, which are no part of the model."""
    digest.text(type(value).__name__)


FAMILIES: dict[str, Family] = {
    "torch.Tensor": Family(_tensor),
    "torch._C.Generator": Family(_torch_generator),
    "xgboost.core.Booster": Family(_xgboost, nested=False),
    "lightgbm.basic.Booster": Family(_lightgbm, nested=False),
    "sklearn.metrics._dist_metrics.DistanceMetric": Family(_distance),
    "patsy.eval.EvalEnvironment": Family(_formula_environment, nested=False),
    "formulaic.utils.layered_mapping.LayeredMapping": Family(_formula_environment, nested=False),
}
