"""Who records: the session's identity and environment, gathered without delaying the first cell."""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from nbcairn.document import document_path
from nbcairn.model import Session, new_id, now

__all__ = ["kernel_id", "make_session", "notebook_file"]

_METADATA = re.compile(r"(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist-info|egg-info)")
_CONNECTION = re.compile(r"kernel-([0-9a-f-]{36})\.json$")


def kernel_id() -> str | None:
    """The kernel's id as Jupyter Server knows it, from the name of the connection file; None in a plain IPython."""
    if "ipykernel.kernelapp" not in sys.modules:
        return None
    try:
        from ipykernel.connect import get_connection_file

        found = _CONNECTION.search(get_connection_file())
    except Exception:  # noqa: BLE001 - not a kernel that a server started
        return None
    return found[1] if found else None


def notebook_file() -> Path | None:
    """The notebook this kernel was started for, where that is known: by us, or by Jupyter Server."""
    for variable in ("NBCAIRN_NOTEBOOK", "JPY_SESSION_NAME"):
        named = os.environ.get(variable)
        if named and named.endswith(".ipynb"):
            return Path(named).absolute()
    return None


def make_session(root: Path) -> Session:
    """The session of this process. Reads the installed packages and asks git, so it takes some 100 ms."""
    from nbcairn import __version__

    notebook = notebook_file()
    commit, dirty = _git(root)
    return Session(
        id=new_id(),
        kernel_id=kernel_id(),
        notebook=document_path(notebook, root) if notebook else None,
        user=_user(),
        host=socket.gethostname(),
        started=now(),
        ended=None,
        python=platform.python_version(),
        platform=f"{sys.platform}-{platform.machine()}",
        nbcairn=__version__,
        packages=_packages(),
        git_commit=commit,
        git_dirty=dirty,
        cwd=document_path(Path.cwd(), root),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _packages() -> Mapping[str, str]:
    """Names and versions of what is installed, from the names of the metadata folders: reading them would take 100 ms."""
    found: dict[str, str] = {}
    for entry in sys.path:
        for name in _listed(entry or "."):
            match = _METADATA.fullmatch(name)
            if match:
                found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return dict(sorted(found.items()))


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names only
    except OSError:
        return []


def _git(root: Path) -> tuple[str | None, bool | None]:
    """Commit and dirty flag; (None, None) outside a repository or without git."""
    try:
        head = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True  # noqa: S607
        )  # fmt: skip
        status = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=no"],  # noqa: S607
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None, None
    return head.stdout.strip() or None, bool(status.stdout.strip())
