"""``%cairn show NAME --svg``: a figure as SVG, drawn when asked for, or as it was kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbcairn.errors import RecordNotFound
from nbcairn.kernel.figures import draw_svg
from nbcairn.lineage.lookup import record_called
from nbcairn.model import Artifact, ArtifactKind

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["show_svg"]


def show_svg(recorder: Recorder, word: str) -> str:
    """Display the figure that is called so; the words to go with it.

    A figure of matplotlib that lives and still shows what was recorded is drawn anew; so is one that a variable of this
    name holds. Otherwise the trail may have its SVG from when it was shown. Raises RecordNotFound.
    """
    try:
        found = record_called(recorder.trail, word, recorder.notebook)
    except RecordNotFound:
        found = None
    content = _recorded(recorder, found) if isinstance(found, Artifact) else None
    content = content or _held(recorder, word)
    if content is not None:
        recorder.shell.display_pub.publish({"image/svg+xml": content.decode("utf-8"), "text/plain": f"<figure {word}>"})
        return f"{word} as SVG ({len(content):,} bytes)."
    if not isinstance(found, Artifact) or found.kind is not ArtifactKind.FIGURE:
        raise RecordNotFound(f"No figure is called {word!r}.", "`%cairn search WORDS` finds figures by title and code.")
    return (
        f"The figure {word!r} no longer lives in this kernel, and was not shown as SVG. "
        f"`%cairn restore {word}` gives the code that draws it; "
        "`%config InlineBackend.figure_formats = ['svg', 'png']` keeps both from now on."
    )


def _recorded(recorder: Recorder, artifact: Artifact) -> bytes | None:
    """As it was kept, else drawn now."""
    kept = artifact.blob if artifact.media_type == "image/svg+xml" else artifact.detail.get("svg")
    if isinstance(kept, str) and recorder.trail.blobs.has(kept):
        return recorder.trail.blobs.get(kept)
    return recorder.figures.svg_of(artifact.id)


def _held(recorder: Recorder, name: str) -> bytes | None:
    kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
    value = recorder.shell.user_ns.get(name)
    return draw_svg(value) if kind is not None and issubclass(type(value), kind) else None
