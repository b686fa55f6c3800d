"""What a cell showed: streams, displays, its value, its error; pictures among it are read for the figure artifacts.

Hooks of ``display_pub`` and ``displayhook`` are kept per thread by IPython, so they are set for each run. Streams are
noted where they are written, before buffering; what other threads write counts for the run that is open alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nbcairn.config import Cairn
from nbcairn.kernel import calls
from nbcairn.kernel.observation import Observation
from nbcairn.kernel.pictures import Allowance, picture_in
from nbcairn.kernel.screen import Screen, Shown
from nbcairn.kernel.streams import StreamTee
from nbcairn.model import Display

__all__ = ["DisplayObserver"]


class DisplayObserver:
    """Notes what a run shows."""

    def __init__(self, shell: Any, config: Cairn) -> None:
        self._shell = shell
        self._config = config
        self._screens: dict[str, Screen] = {}
        self._streams = StreamTee()
        self._hooks: dict[str, list[Callable[[], None]]] = {}

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
        screen = self._screens[observation.run_id] = Screen(observation.started)
        noted = _Noted(screen, Allowance(self._config.max_image_bytes))
        self._hooks[observation.run_id] = [
            _hooked(getattr(self._shell, "display_pub", None), noted.display),
            _hooked(getattr(self._shell, "displayhook", None), noted.result),
        ]
        self._streams.watch({"stdout": sys.stdout, "stderr": sys.stderr})
        self._streams.begin(screen.stream)

    def after(self, observation: Observation) -> None:
        """Turn the screen into records; its pictures go to the figure observer."""
        for undo in reversed(self._hooks.pop(observation.run_id, [])):
            undo()
        screen = self._screens.pop(observation.run_id, None)
        if screen is None:
            return
        self._streams.end(screen.stream)
        for shown in screen.finish():
            observation.displays.append(self._record(observation, shown))

    def _record(self, observation: Observation, shown: Shown) -> Display:
        blob = None
        picture = shown.picture
        if picture is not None:
            observation.pictures.append(picture)
            if picture.content is not None and self._config.keep_images:
                blob = observation.blob(picture.content)
        elif shown.html and self._config.keep_text:
            blob = observation.blob(shown.html.encode("utf-8", "replace"))
        text = shown.text if self._config.keep_text else ""
        return Display(shown.kind, shown.digest, shown.media_types, blob, text)


class _Noted:
    """Takes the messages of one run to its screen."""

    def __init__(self, screen: Screen, allowance: Allowance) -> None:
        self._screen = screen
        self._allowance = allowance

    def display(self, message: Any) -> None:
        content = message["content"]
        kind = message.get("msg_type") or message["header"]["msg_type"]
        if kind == "clear_output":
            self._screen.clear(wait=bool(content.get("wait")))
        elif kind in {"display_data", "update_display_data"}:
            data, identity = content["data"], content.get("transient", {}).get("display_id")
            picture = picture_in(data, self._allowance)
            if kind == "display_data":
                self._screen.display("display", data, identity, picture)
            else:
                self._screen.update(data, identity, picture)

    def result(self, message: Any) -> None:
        data = message["content"].get("data")
        if data is not None:
            self._screen.display("result", data, None, picture_in(data, self._allowance))


def _hooked(owner: Any, hook: Callable[[Any], None]) -> Callable[[], None]:
    """Register a hook that never raises and never swallows a message."""
    if owner is None or not hasattr(owner, "register_hook"):
        return lambda: None

    def safe(message: Any) -> Any:
        with suppress(Exception), calls.muted():  # nothing of ours may stop a display
            hook(message)
        return message

    owner.register_hook(safe)

    def undo() -> None:
        owner.unregister_hook(safe)

    return undo
