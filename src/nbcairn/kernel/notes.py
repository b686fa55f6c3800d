"""``nbcairn.note``: a person's words about a run, from code."""

from __future__ import annotations

from nbcairn.errors import ConfigError
from nbcairn.store.trail import Note

__all__ = ["note"]


def note(text: str) -> Note:
    """Keep a note about the newest finished run of this session.

    Raises ConfigError where nothing is recorded, RecordNotFound before the first run.
    """
    from IPython.core.getipython import get_ipython

    from nbcairn.errors import RecordNotFound
    from nbcairn.kernel.extension import current

    shell = get_ipython()
    recorder = current(shell) if shell is not None else None
    if recorder is None:
        raise ConfigError("Cairn does not record here.", "Run `%load_ext nbcairn` in the notebook first.")
    runs = recorder.trail.runs(session_id=recorder.session.id, limit=1)
    if not runs:
        raise RecordNotFound("No cell of this session has run yet.", "Run a cell, then note something about it.")
    return recorder.trail.note(runs[0].id, text, recorder.session.user)
