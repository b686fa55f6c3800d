"""What one run shows while it goes on: streams, displays and their updates, cleared when the run clears them.

Texts are hashed to their end while little of them is kept; so are displays beyond the first 500.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbcairn.kernel.pictures import Picture
from nbcairn.lineage.moment import without_moment
from nbcairn.lineage.normal import TextDigest, bundle_digest, text_digest
from nbcairn.model import HTML_TYPES

__all__ = ["TEXT_KEPT", "Screen", "Shown"]

TEXT_KEPT = 4000
MOST_SHOWN = 500
HTML_KEPT = 256 << 10
"""The longest HTML that is kept, in characters: half of it would be no table."""

HTML_IN_ALL = 4 << 20
"""How much HTML one run keeps until it is recorded, in characters."""

_TEXTS = ("text/markdown", "text/latex", "text/plain")


@dataclass(slots=True)
class Shown:
    """One thing on the screen: a stream that grows, or a display."""

    kind: str
    stream: TextDigest | None = None
    digest: str = ""
    media_types: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    display_id: str | None = None
    picture: Picture | None = None
    open_line: bool = False

    def fill(self, data: Mapping[str, object], digest: str, picture: Picture | None, html: str) -> None:
        """Take over what a MIME bundle shows."""
        self.html = html
        self.digest = digest
        self.media_types = tuple(sorted(data))
        self.text = str(next((data[kind] for kind in _TEXTS if kind in data), ""))[:TEXT_KEPT]
        self.picture = picture


@dataclass(slots=True)
class Screen:
    """Everything one run showed, in order. ``started`` is when the run began: its moment is no part of what it shows."""

    started: str
    shown: list[Shown] = field(default_factory=list)
    more: int = 0
    rest: TextDigest = field(default_factory=TextDigest)
    _clears: bool = False
    _html: int = HTML_IN_ALL

    def stream(self, kind: str, text: str) -> None:
        """Text was written to a stream. Pieces join what the stream wrote since the last display; so does a progress bar
        that stands in an unfinished line further up.
        """
        self._cleared()
        last = self.shown[-1] if self.shown else None
        part = last if last is not None and last.kind == kind else self._continued(kind)
        if part is None:
            part = self._append(Shown(kind, TextDigest(TEXT_KEPT, self._undated)))
        if part is None or part.stream is None:
            self.rest.add(text)
            return
        part.stream.add(text)
        if part.open_line or "\r" in text:
            line = text[text.rfind("\n") + 1 :]
            part.open_line = bool(line) and ("\r" in line or (part.open_line and "\n" not in text))

    def _continued(self, kind: str) -> Shown | None:
        for known in reversed(self.shown):
            if known.kind == kind:
                return known if known.open_line or not self._displays_after(known) else None
        return None

    def _displays_after(self, known: Shown) -> bool:
        for later in reversed(self.shown):
            if later is known:
                return False
            if later.stream is None:
                return True
        return False

    def display(self, kind: str, data: Mapping[str, object], display_id: str | None, picture: Picture | None) -> None:
        """Something new was displayed."""
        self._cleared()
        part = self._append(Shown(kind, display_id=display_id))
        if part is not None:
            self._fill(part, data, picture)
        else:
            self.rest.add(self._digest(data))

    def update(self, data: Mapping[str, object], display_id: str | None, picture: Picture | None) -> None:
        """A display was replaced: one of this run, in all its places, or one under another cell."""
        places = [part for part in self.shown if display_id and part.display_id == display_id]
        if not places:
            part = self._append(Shown("update", display_id=display_id))
            places = [part] if part is not None else []
        for part in places:
            self._fill(part, data, picture)
        if not places:
            self.rest.add(self._digest(data))

    def _fill(self, part: Shown, data: Mapping[str, object], picture: Picture | None) -> None:
        self._html += len(part.html)
        part.fill(data, self._digest(data), picture, self._kept_html(data, picture))
        self._html -= len(part.html)

    def _kept_html(self, data: Mapping[str, object], picture: Picture | None) -> str:
        """A table, say, as a page shows it; empty where something better is kept, and where it is too long."""
        html = data.get("text/html")
        if not isinstance(html, str) or picture is not None or not HTML_TYPES.issuperset(data):
            return ""
        return html if len(html) <= min(HTML_KEPT, self._html) else ""

    def _undated(self, text: str) -> str:
        return without_moment(text, self.started)

    def _digest(self, data: Mapping[str, object]) -> str:
        texts = {
            key: self._undated(part)
            for key, part in data.items()
            if isinstance(part, str) and not key.startswith("image/")
        }
        return bundle_digest({**data, **texts})

    def clear(self, *, wait: bool) -> None:
        """The run clears its output: now, or when it next shows something."""
        self._clears = True
        if not wait:
            self._cleared()

    def _cleared(self) -> None:
        if self._clears:
            self._clears = False
            self.shown = [part for part in self.shown if part.kind == "update"]
            self.more, self.rest = 0, TextDigest()

    def _append(self, part: Shown) -> Shown | None:
        if len(self.shown) >= MOST_SHOWN:
            self.more += 1
            return None
        self.shown.append(part)
        return part

    def finish(self) -> list[Shown]:
        """What is on the screen in the end. What was more than is kept one by one is one thing."""
        if self.more:
            what = f"and {self.more:,} more"
            self.shown.append(Shown("display", digest=text_digest(f"{what}:{self.rest.hex()}"), text=what))
        for part in self.shown:
            if part.stream is not None:
                part.digest, part.text = part.stream.hex(), part.stream.head
        return self.shown
