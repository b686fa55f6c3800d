"""What a value is, in a few words (``describe``) and in figures (``statistics``).

Neither raises, runs a ``__repr__`` of somebody else's class, or imports a library that the value's own maker
has not imported already. A type belongs to the family registered under its qualified name or that of its
nearest base; other packages add families by the entry point group ``nbcairn.profiles``, each naming a dict
like ``FAMILIES`` of the modules here.
"""

from __future__ import annotations

from nbcairn.profile.family import Budget, Description, Family
from nbcairn.profile.registry import describe, statistics
from nbcairn.profile.splits import find_splits, split_statistics
from nbcairn.profile.training import trained_on

__all__ = [
    "Budget",
    "Description",
    "Family",
    "describe",
    "find_splits",
    "split_statistics",
    "statistics",
    "trained_on",
]
