"""Every rule, in the order in which they are asked. One class, one code, one page in ``docs/findings/``."""

from __future__ import annotations

from nbcairn.lineage.rules.base import Rule, View
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

__all__ = ["RULES", "Rule", "View"]

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
