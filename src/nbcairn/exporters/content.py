"""The content of a page within its budget: images as data, source in colour, text of bounded length."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from nbcairn.errors import TrailError
from nbcairn.exporters.colour import coloured
from nbcairn.exporters.report import Picture
from nbcairn.exporters.safety import clean
from nbcairn.store import Trail

__all__ = ["Block", "Content", "Image", "Text"]

IMAGE_BYTES = 3_000_000
TEXT_CHARS = 700_000
COLOURED_CHARS = 160_000
ONE_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as the page shows it.

    ``data`` is a data URI the first time, and empty when ``anchor`` already stands elsewhere in the page, or when
    the picture was ``left_out`` for the reason given.
    """

    anchor: str
    data: Markup
    text: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Source or output as the page shows it; ``cut`` is the number of characters that were left out."""

    html: Markup
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a Markdown cell: ``heading`` of a level, ``item`` of a list, or ``text`` (a paragraph)."""

    kind: str
    text: str
    level: int = 0


@dataclass(slots=True)
class Content:
    """Hands out content until the budget is spent, and keeps count of what it left out.

    Without ``data`` it hands out neither pictures nor what cells showed.
    """

    trail: Trail
    data: bool = True
    image_bytes: int = IMAGE_BYTES
    text_chars: int = TEXT_CHARS
    coloured_chars: int = COLOURED_CHARS
    images_left_out: int = 0
    chars_left_out: int = 0
    _images: dict[str, Image] = field(default_factory=dict)

    def image(self, picture: Picture) -> Image:
        """A picture; the same one twice costs once."""
        known = self._images.get(picture.key)
        if known is not None:
            return Image(known.anchor, Markup(), picture.text, known.left_out)
        made = self._images[picture.key] = self._image(picture, f"p{len(self._images) + 1}")
        self.images_left_out += bool(made.left_out)
        return made

    def _image(self, picture: Picture, anchor: str) -> Image:
        if not self.data:
            return Image(anchor, Markup(), picture.text, "as asked for")
        try:
            content = self.trail.blobs.get(picture.key)
        except (TrailError, OSError):
            return Image(anchor, Markup(), picture.text, "its file is no longer in the trail")
        size = -(-len(content) // 3) * 4
        if size > self.image_bytes:
            return Image(anchor, Markup(), picture.text, f"to keep this page small ({_size(len(content))})")
        self.image_bytes -= size
        data = base64.b64encode(content).decode("ascii")
        return Image(anchor, Markup(f"data:{picture.media_type};base64,{data}"), picture.text)  # noqa: S704

    def source(self, text: str) -> Text:
        """Source in colour, or plain when the budget for colour is spent."""
        return self._take(text, self._coloured)

    def plain(self, text: str) -> Text:
        """Text as it is."""
        return self._take(text, escape)

    def prose(self, text: str) -> list[Block]:
        """The coarse structure of Markdown: enough to read it; everything else stays as it was written."""
        kept, _ = self._keep(text)
        return _blocks(kept)

    def _take(self, text: str, show: Callable[[str], Markup]) -> Text:
        kept, cut = self._keep(text)
        return Text(show(kept), cut)

    def _keep(self, text: str) -> tuple[str, int]:
        """What the budget leaves of a text, and how much it cuts."""
        text = clean(text)
        kept = text[: max(0, min(ONE_TEXT, self.text_chars))]
        self.text_chars -= len(kept)
        self.chars_left_out += len(text) - len(kept)
        return kept, len(text) - len(kept)

    def _coloured(self, text: str) -> Markup:
        if len(text) > self.coloured_chars:
            return escape(text)
        self.coloured_chars -= len(text)
        return coloured(text)


def _blocks(source: str) -> list[Block]:
    blocks: list[Block] = []
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            blocks.append(Block("text", "\n".join(paragraph)))
            paragraph.clear()

    for line in source.splitlines():
        heading = re.match(r"^(#{1,6})\s+(.+)$", line)
        item = re.match(r"^\s*[-*+]\s+(.*)$", line)
        if heading or item or not line.strip():
            flush()
        if heading:
            blocks.append(Block("heading", heading[2].rstrip(" #"), len(heading[1])))
        elif item:
            blocks.append(Block("item", item[1]))
        elif line.strip():
            paragraph.append(line)
    flush()
    return blocks


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
