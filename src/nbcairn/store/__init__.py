"""The trail: a SQLite database and content-addressed blobs in one ``.cairn`` folder."""

from __future__ import annotations

from nbcairn.store.locate import locate, place
from nbcairn.store.merge import Merged
from nbcairn.store.sweep import Sweep
from nbcairn.store.traces import Trace
from nbcairn.store.trail import Note, Trail, Version

__all__ = ["Merged", "Note", "Sweep", "Trace", "Trail", "Version", "locate", "place"]
