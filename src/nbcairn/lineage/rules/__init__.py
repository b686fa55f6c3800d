"""Every rule, in the order in which they are asked. One class, one code, one page in ``docs/findings/``."""

from __future__ import annotations

from collections.abc import Iterator

from nbcairn.lineage.rules.base import DifferenceRule, Rule, View
from nbcairn.lineage.rules.cells import EditedSinceRun, Failed, NeverRun
from nbcairn.lineage.rules.chance import (
    Clock,
    Entropy,
    Input,
    Network,
    RandomOrder,
    Subprocess,
    UnseededRandom,
    Varies,
)
from nbcairn.lineage.rules.coverage import OpaqueValue, RanBeforeTracking, SampledValue
from nbcairn.lineage.rules.order import (
    Accumulates,
    ChangedBelow,
    DependsOnUpstream,
    OrphanName,
    ReadsFromBelow,
    StaleInput,
    UndefinedName,
)
from nbcairn.lineage.rules.outside import EnvironmentChanged, FileChanged, FileMissing, ModuleChanged
from nbcairn.model import Finding

__all__ = ["DIFFERENCE_RULES", "RULES", "Rule", "View", "findings_of"]

RULES: tuple[Rule, ...] = (
    NeverRun(),
    EditedSinceRun(),
    Failed(),
    UndefinedName(),
    OpaqueValue(),
    FileMissing(),
    FileChanged(),
    ModuleChanged(),
    RandomOrder(),
    UnseededRandom(),
    DependsOnUpstream(),
    RanBeforeTracking(),
    Accumulates(),
    ChangedBelow(),
    ReadsFromBelow(),
    OrphanName(),
    EnvironmentChanged(),
    StaleInput(),
    Clock(),
    Network(),
    Subprocess(),
    Input(),
    Entropy(),
    Varies(),
    SampledValue(),
)
"""Of the rules about differences the first that claims one has it; so the special stand before the general."""
DIFFERENCE_RULES = tuple(rule for rule in RULES if isinstance(rule, DifferenceRule))


_ASKED = tuple((rule, type(rule) if isinstance(rule, DifferenceRule) else None) for rule in RULES)


def findings_of(view: View) -> Iterator[Finding]:
    """What the rules have to say about one cell, in their order; those about differences only where they have one."""
    claimed = view.claimed
    for rule, kind in _ASKED:
        if kind in claimed if kind is not None else rule.applies(view):
            yield from rule.findings(view)
