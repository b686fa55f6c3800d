"""Python's own values: numbers (scores among them), strings, containers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nbcairn.model import ArtifactKind
from nbcairn.profile.columns import plain_column
from nbcairn.profile.family import Budget, Family
from nbcairn.profile.text import cell_text, count, is_real, shorten

__all__ = ["FAMILIES", "is_score_name", "metric_kind"]

SCORES = frozenset(
    {"acc", "accuracy", "aic", "auc", "auprc", "auroc", "bic", "bleu", "brier", "deviance", "dice",
     "err", "error", "f1", "f2", "fbeta", "iou", "kappa", "likelihood", "loglik", "logloss", "loss",
     "losses", "mae", "map", "mape", "mcc", "metric", "metrics", "mse", "msle", "ndcg",
     "perplexity", "precision", "pvalue", "r2", "recall", "rmse", "rmsle", "roc", "rouge", "score",
     "scores", "sensitivity", "silhouette", "smape", "specificity"}
)  # fmt: skip
_NOT_ALONE = frozenset({"map", "error", "err", "roc", "likelihood"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
MAX_METRICS = 50
MAX_SHOWN = 4
MAX_PREVIEW = 10
MAX_LOOKED_AT = 100_000


def is_score_name(name: str) -> bool:
    """True when a name says that its number is a score: ``rmse``, ``test_acc``, ``valLoss``."""
    words = {word.lower() for word in _WORDS.findall(name)}
    found = words & SCORES
    return bool(found) and not (found <= _NOT_ALONE and len(words) == 1)


def metric_kind(value: object, name: str) -> ArtifactKind | None:
    """METRIC for a real number under a name that says score."""
    return ArtifactKind.METRIC if is_real(value) and is_score_name(name) else None


def _scalar(value: Any, name: str) -> tuple[ArtifactKind | None, str]:
    return metric_kind(value, name), cell_text(value)


def _text(value: Any, _: str) -> tuple[None, str]:
    return None, shorten(str.__str__(value))


def _bytes(value: Any, _: str) -> tuple[None, str]:
    return None, count(len(value), "byte")


def _container(value: Any, _: str) -> tuple[None, str]:
    if type(value) not in {list, tuple, set, frozenset}:
        return None, ""
    kinds = {type(item).__name__ for item in list(value)[:MAX_PREVIEW]} if len(value) <= MAX_LOOKED_AT else set()
    of = f" ({kinds.pop()})" if len(kinds) == 1 else ""
    if 0 < len(value) <= MAX_SHOWN and all(map(_is_scalar, value)):
        return None, shorten(", ".join(map(cell_text, value)))
    return None, count(len(value), "item") + of


def _dict(value: Any, name: str) -> tuple[ArtifactKind | None, str]:
    if type(value) is not dict:
        return None, ""
    shown = list(value.items())[:MAX_SHOWN]
    if not shown or not all(type(key) is str and _is_scalar(part) for key, part in shown):
        return None, count(len(value), "key")
    text = ", ".join(f"{key}: {cell_text(part, 20)}" for key, part in shown)
    text += ", …" if len(value) > MAX_SHOWN else ""
    return _dict_kind(value, name), shorten(text, 160)


def _dict_kind(value: dict[str, object], name: str) -> ArtifactKind | None:
    if len(value) > MAX_METRICS or not all(type(key) is str and is_real(part) for key, part in value.items()):
        return None
    named = sum(map(is_score_name, value))
    return ArtifactKind.METRIC if is_score_name(name) or 2 * named >= len(value) else None


def _is_scalar(value: object) -> bool:
    return value is None or type(value) in {str, bool} or is_real(value)


def _scalar_statistics(value: Any, _: Budget) -> Mapping[str, object]:
    return {"value": value} if is_real(value) else {}


def _dict_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    if type(value) is not dict:
        return {}
    if len(value) <= MAX_METRICS and all(type(key) is str and _is_scalar(part) for key, part in value.items()):
        return {"values": dict(value)}
    budget.skip(f"all but the first {MAX_PREVIEW} keys")
    return {
        "length": len(value),
        "preview": [[cell_text(k), cell_text(v)] for k, v in list(value.items())[:MAX_PREVIEW]],
    }


def _sequence_statistics(value: Any, budget: Budget) -> Mapping[str, object]:
    if type(value) not in {list, tuple}:
        return {}
    found: dict[str, object] = {
        "length": len(value),
        "preview": [cell_text(item) for item in value[:MAX_PREVIEW]],
    }
    if value and not budget.spent("figures of the items"):
        found.update(plain_column(value, budget, "the items"))
    return found


_NUMBER = Family(_scalar, _scalar_statistics)
_SEQUENCE = Family(_container, _sequence_statistics)
FAMILIES: dict[str, Family] = {
    **dict.fromkeys(("builtins.int", "builtins.float", "decimal.Decimal", "fractions.Fraction"), _NUMBER),
    **dict.fromkeys(("builtins.bool", "builtins.NoneType", "builtins.complex"), Family(_scalar)),
    **dict.fromkeys(("datetime.date", "datetime.time", "datetime.timedelta", "uuid.UUID"), Family(_scalar)),
    "pathlib.PurePath": Family(_scalar),
    "pathlib._local.PurePath": Family(_scalar),
    "builtins.str": Family(_text),
    "builtins.bytes": Family(_bytes),
    "builtins.bytearray": Family(_bytes),
    "builtins.list": _SEQUENCE,
    "builtins.tuple": _SEQUENCE,
    "builtins.set": Family(_container),
    "builtins.frozenset": Family(_container),
    "builtins.dict": Family(_dict, _dict_statistics),
}
