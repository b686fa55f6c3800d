"""``nbcairn enable``: load the extension in every IPython kernel of this user, by the kernel's own configuration."""

from __future__ import annotations

import json
import os
from pathlib import Path

from nbcairn.errors import ConfigError

__all__ = ["configuration_file", "disable", "enable", "enabled_extensions"]

EXTENSION = "nbcairn"


def configuration_file() -> Path:
    """The JSON configuration that every IPython kernel of this user reads."""
    home = os.environ.get("IPYTHONDIR")
    folder = Path(home).expanduser() if home else Path.home() / ".ipython"
    return folder / "profile_default" / "ipython_kernel_config.json"


def enabled_extensions() -> list[str]:
    """What every new kernel loads. Raises ConfigError when the configuration cannot be read."""
    return _extensions(_read(configuration_file()))


def enable() -> Path:
    """Load the extension in every kernel from now on. Raises ConfigError when the file is not ours to change."""
    return _change(present=True)


def disable() -> Path:
    """Take that back."""
    return _change(present=False)


def _change(*, present: bool) -> Path:
    file = configuration_file()
    config = _read(file)
    app = config.setdefault("IPKernelApp", {})
    if not isinstance(app, dict) or not isinstance(app.get("extensions", []), list):
        raise ConfigError(
            f"{file} has no list of extensions where one belongs.", "Mend or remove the file, then try again."
        )
    extensions = [name for name in _extensions(config) if name != EXTENSION]
    app["extensions"] = [*extensions, EXTENSION] if present else extensions
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".json.draft")
        draft.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be written ({error}).", "Make the folder writable for this account."
        ) from error
    return file


def _read(file: Path) -> dict[str, object]:
    try:
        config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{file} is not readable JSON ({error}).", "Mend or remove the file, then try again."
        ) from error
    if not isinstance(config, dict):
        raise ConfigError(f"{file} is JSON, but not an object.", "Mend or remove the file, then try again.")
    return config


def _extensions(config: dict[str, object]) -> list[str]:
    app = config.get("IPKernelApp", {})
    found = app.get("extensions", []) if isinstance(app, dict) else []
    return [str(name) for name in found] if isinstance(found, list) else []
