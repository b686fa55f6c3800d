"""Content fingerprints: 128 bits, equal exactly when the content is equal, in every process and on every machine.

``fingerprint(value)`` never raises and never runs more of the user's code than reading a value needs. A type belongs to
the family registered under its qualified name or that of its nearest base; other packages add families by
the entry point group ``nbcairn.fingerprints``, each naming a dict like ``FAMILIES`` of the modules here.
"""

from __future__ import annotations

from nbcairn.fingerprint.memory import Memory
from nbcairn.fingerprint.registry import Fingerprinter, fingerprint
from nbcairn.fingerprint.walk import FOREIGN, Parts
from nbcairn.fingerprint.witness import Witness

__all__ = ["FOREIGN", "Fingerprinter", "Memory", "Parts", "Witness", "fingerprint"]
