"""Files that a run read or wrote: path, size, time and the md5 that DVC gives the same bytes; URLs that it fetched.

Four nets, one below the other: whatever goes through Python's ``open`` is heard; a table of readers and writers is watched
by name; descriptors that are open after the cell are looked up; and paths that the cell's code names are looked
at before and after. What a child process does is not seen.
"""

from __future__ import annotations

from nbcairn.kernel.files.observer import FileObserver

__all__ = ["FileObserver"]
