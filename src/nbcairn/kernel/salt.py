"""The project's salt: random bytes beside the trail, for hashes of values that nobody shall guess. It stays on the machine."""

from __future__ import annotations

import secrets
from pathlib import Path

__all__ = ["project_salt"]

LENGTH = 16


def project_salt(folder: Path) -> bytes:
    """The salt of the trail in this folder, made when first asked for; one of this process where it cannot be kept."""
    file = folder / "salt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(secrets.token_bytes(LENGTH))
        file.chmod(0o600)
    except FileExistsError:
        pass
    except OSError:
        return _PROCESS
    try:
        kept = file.read_bytes()
    except OSError:
        return _PROCESS
    return kept if len(kept) == LENGTH else _PROCESS


_PROCESS = secrets.token_bytes(LENGTH)
