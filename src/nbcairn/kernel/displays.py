"""What a cell showed: streams, displays, its value, its error; pictures become figure artifacts.

Hooks of ``display_pub`` and ``displayhook`` are kept per thread by IPython, so they are set for each run. Streams are
noted where they are written, before buffering.
"""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbcairn.config import Cairn
from nbcairn.fingerprint.digest import hash_bytes
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.streams import StreamTee
from nbcairn.kernel.titles import figure_title
from nbcairn.lineage.moment import without_moment
from nbcairn.lineage.normal import bundle_digest, text_digest
from nbcairn.model import Artifact, ArtifactKind, Display, Fingerprint, new_id

__all__ = ["DisplayObserver"]

TEXT_KEPT = 4000
STREAM_KEPT = 1 << 20
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(slots=True)
class _Shown:
    """One display while the run goes on."""

    kind: str
    parts: list[str] = field(default_factory=list)
    size: int = 0
    data: dict[str, object] | None = None
    display_id: str | None = None
    title: str = ""


@dataclass(slots=True)
class _Screen:
    """Everything one run showed, in order."""

    shown: list[_Shown] = field(default_factory=list)

    def stream(self, kind: str, text: str) -> None:
        if not self.shown or self.shown[-1].kind != kind:
            self.shown.append(_Shown(kind))
        last = self.shown[-1]
        if last.size < STREAM_KEPT:
            last.parts.append(text)
            last.size += len(text)

    def bundle(self, kind: str, data: dict[str, object], display_id: str | None, *, update: bool) -> None:
        for known in self.shown:
            if update and display_id and known.display_id == display_id:
                known.data = data
                return
        if not update:
            self.shown.append(_Shown(kind, data=data, display_id=display_id, title=_title(data)))


class DisplayObserver:
    """Notes what a run shows."""

    def __init__(self, shell: Any, config: Cairn) -> None:
        self._shell = shell
        self._config = config
        self._screens: dict[str, _Screen] = {}
        self._hooks: dict[str, list[Callable[[], None]]] = {}
        self._streams = StreamTee()

    def install(self) -> None:
        """Nothing to attach for good: IPython puts its own streams and hooks in place for each cell."""

    def uninstall(self) -> None:
        """Leave streams and hooks as they were, also in the middle of a run."""
        for undo in [undo for undos in self._hooks.values() for undo in undos]:
            undo()
        self._hooks.clear()
        self._streams.undo()

    def before(self, observation: Observation) -> None:
        """Begin an empty screen."""
        screen = self._screens[observation.run_id] = _Screen()
        self._hooks[observation.run_id] = [
            _hooked(getattr(self._shell, "display_pub", None), lambda message: _display(screen, message)),
            _hooked(getattr(self._shell, "displayhook", None), lambda message: _result(screen, message)),
        ]
        self._streams.watch({"stdout": sys.stdout, "stderr": sys.stderr})
        self._streams.begin(screen.stream)

    def after(self, observation: Observation) -> None:
        """Turn the screen into records, artifacts and blobs."""
        for undo in reversed(self._hooks.pop(observation.run_id, [])):
            undo()
        screen = self._screens.pop(observation.run_id, _Screen())
        self._streams.end(screen.stream)
        for shown in screen.shown:
            if shown.data is None:
                observation.displays.append(self._stream_record(shown, observation.started))
            else:
                self._bundle_record(observation, shown)

    def _stream_record(self, shown: _Shown, started: str) -> Display:
        text = "".join(shown.parts)
        digest = text_digest(without_moment(text, started))
        return Display(shown.kind, digest, text=text[:TEXT_KEPT] if self._config.keep_text else "")

    def _bundle_record(self, observation: Observation, shown: _Shown) -> None:
        data = shown.data or {}
        text = str(data.get("text/plain", ""))[:TEXT_KEPT] if self._config.keep_text else ""
        blob = self._picture(observation, shown, data)
        started = observation.started
        digest = bundle_digest({k: without_moment(v, started) if isinstance(v, str) else v for k, v in data.items()})
        observation.displays.append(Display(shown.kind, digest, tuple(sorted(data)), blob, text))

    def _picture(self, observation: Observation, shown: _Shown, data: dict[str, object]) -> str | None:
        media_type = next((kind for kind in _IMAGES if kind in data), None)
        if media_type is None:
            return None
        content = _bytes(data[media_type], media_type)
        if content is None:
            return None
        print_ = Fingerprint(hash_bytes(media_type, content))
        if any(known.fingerprint == print_ and known.kind is ArtifactKind.FIGURE for known in observation.artifacts):
            return next((a.blob for a in observation.artifacts if a.fingerprint == print_), None)
        blob = observation.blob(content) if self._config.keep_images else None
        number = sum(a.kind is ArtifactKind.FIGURE for a in observation.artifacts) + 1
        title = shown.title or f"figure {number}"
        observation.artifacts.append(
            Artifact(
                new_id(), observation.run_id, ArtifactKind.FIGURE, title, print_, "Figure",
                _size(data), media_type, blob, {"title": shown.title, "number": number},
            )
        )  # fmt: skip
        return blob


def _hooked(owner: Any, hook: Callable[[Any], None]) -> Callable[[], None]:
    """Register a hook that never raises and never swallows a message."""
    if owner is None or not hasattr(owner, "register_hook"):
        return lambda: None

    def safe(message: Any) -> Any:
        with suppress(Exception):  # nothing of ours may stop a display
            hook(message)
        return message

    owner.register_hook(safe)

    def undo() -> None:
        owner.unregister_hook(safe)

    return undo


def _display(screen: _Screen, message: Any) -> None:
    content = message["content"]
    kind = message.get("msg_type") or message["header"]["msg_type"]
    if kind in {"display_data", "update_display_data"}:
        identity = content.get("transient", {}).get("display_id")
        screen.bundle("display", dict(content["data"]), identity, update=kind == "update_display_data")


def _result(screen: _Screen, message: Any) -> None:
    content = message["content"]
    if "data" in content:
        screen.bundle("result", dict(content["data"]), None, update=False)


def _title(data: dict[str, object]) -> str:
    return figure_title() if any(kind in data for kind in _IMAGES) else ""


def _bytes(content: object, media_type: str) -> bytes | None:
    if isinstance(content, bytes):
        return content
    if media_type == "image/svg+xml":
        return str(content).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(content), validate=False)
    except (binascii.Error, ValueError):
        return None


def _size(data: dict[str, object]) -> str:
    text = str(data.get("text/plain", ""))
    return text.removeprefix("<Figure size ").removesuffix(">")[:80] if text.startswith("<Figure size") else text[:80]
