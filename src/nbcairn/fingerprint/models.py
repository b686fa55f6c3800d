"""Models and query results whose state lies behind C: torch, boosters, statsmodels, DuckDB.

scikit-learn's estimators need nothing of their own: they hold what they know in their dictionary.
"""

from __future__ import annotations

from typing import Any

from nbcairn.fingerprint.arrays import add_array
from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.objects import state_of
from nbcairn.fingerprint.walk import Family, Walk

__all__ = ["FAMILIES"]


def _tensor(walk: Walk, digest: Digest, value: Any) -> None:
    import torch

    digest.text(f"Tensor:{type(value).__name__}:{value.dtype}:{tuple(value.shape)}:{value.device.type}")
    digest.text(str(value.requires_grad))
    walk.mutable(value, value.untyped_storage())
    walk.touched.add(value.untyped_storage().data_ptr())
    plain = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
    own = Walk(walk._find, walk.max_bytes)
    add_array(own, digest, plain)
    if own.sampled:
        walk.sample(own.notes[0])


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


def _statsmodels(walk: Walk, digest: Digest, value: Any) -> None:
    """Results and models by what they hold, short of what they work out and keep when asked."""
    kind = type(value)
    walk.mutable(value)
    digest.text(f"{kind.__module__}.{kind.__qualname__}")
    state = state_of(value)
    for name in sorted(state):
        if not name.startswith("_cache"):
            digest.text(name)
            walk.add(digest, state[name])


def _duckdb(walk: Walk, digest: Digest, value: Any) -> None:
    """A relation by its query: the rows are those of the database when it is executed."""
    walk.mutable(value)
    digest.text("duckdb.Relation")
    digest.text(value.sql_query())


FAMILIES: dict[str, Family] = {
    "torch.Tensor": Family(_tensor),
    "torch._C.Generator": Family(_torch_generator),
    "xgboost.core.Booster": Family(_xgboost, nested=False),
    "lightgbm.basic.Booster": Family(_lightgbm, nested=False),
    "statsmodels.base.model.Results": Family(_statsmodels),
    "statsmodels.base.wrapper.ResultsWrapper": Family(_statsmodels),
    **dict.fromkeys(
        ("duckdb.duckdb.DuckDBPyRelation", "duckdb.DuckDBPyRelation", "_duckdb.DuckDBPyRelation"), Family(_duckdb)
    ),
}
