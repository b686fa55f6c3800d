"""Every option of Cairn, described in one place (traitlets): in ``ipython_kernel_config.py``, or ``%config Cairn``."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from traitlets import Bool, Float, Int, List, Unicode
from traitlets.config import Configurable

__all__ = ["Cairn", "disabled_by_environment"]

MIB = 1 << 20


def disabled_by_environment() -> bool:
    """True when ``NBCAIRN_DISABLE`` is set to anything but 0: nothing is recorded whatever else is configured."""
    return os.environ.get("NBCAIRN_DISABLE", "0") not in {"", "0"}


class Cairn(Configurable):
    """What is recorded, how much of it, and where."""

    enabled = Bool(True, help="Record runs. False keeps the extension loaded and idle.").tag(config=True)
    trail = Unicode("", help="Folder of the trail; empty: `.cairn` beside the project or the notebook.").tag(
        config=True
    )
    ignore_names = List(Unicode(), [], help="Names (shell patterns) that are never recorded, such as `token*`.").tag(
        config=True
    )
    ignore_files = List(
        Unicode(), [], help="Files (shell patterns on the path) that are never recorded, such as `secrets/*`."
    ).tag(config=True)
    mask = List(
        Unicode(),
        [],
        help="Regular expressions of texts to mask in sources, outputs and previews; secrets of known shape always are.",
    ).tag(config=True)
    max_bytes = Int(
        4096 * MIB, help="Most bytes read of one array or column for its fingerprint; above it is sampled, and says so."
    ).tag(config=True)
    look_seconds = Float(
        5.0,
        help="Most seconds after a cell spent on looking at what it changed; names left over count as unknown. 0: no limit.",
    ).tag(config=True)
    max_file_bytes = Int(
        16384 * MIB, help="Files larger than this are recorded with size and time, without a hash."
    ).tag(config=True)
    keep_text = Bool(True, help="Keep the beginning of the text that cells showed, and HTML such as tables.").tag(
        config=True
    )
    keep_images = Bool(True, help="Keep the images that cells showed.").tag(config=True)
    keep_values_mb = Float(
        0.0,
        help="Keep the value itself of data and metrics that take at most so many MB, as npy, Parquet or JSON, so that "
        "`nbcairn.load` gives it back. 0: none but those of `nbcairn.track`.",
    ).tag(config=True)
    max_image_bytes = Int(
        8 * MIB,
        help="Images, films and charts larger than this are recorded by hash and by what they plot, and not kept.",
    ).tag(config=True)
    keep_statistics = Bool(True, help="Keep statistics and a preview of frames, arrays and models.").tag(config=True)
    statistics_seconds = Float(0.2, help="Most seconds spent on the statistics of one value, between cells.").tag(
        config=True
    )

    def ignores_name(self, name: str) -> bool:
        """True for names that the user does not want recorded."""
        return any(fnmatchcase(name, pattern) for pattern in self.ignore_names)

    def ignores_file(self, path: str) -> bool:
        """True for paths (relative to the project) that the user does not want recorded."""
        return any(fnmatchcase(path, pattern) for pattern in self.ignore_files)
