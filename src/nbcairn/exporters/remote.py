"""Places where trails are shared: a folder, or any remote that DVC knows (S3, GCS, Azure, SSH, HTTP, …)."""

from __future__ import annotations

import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbcairn.errors import ConfigError, ExportError

__all__ = ["DvcRemote", "FolderRemote", "Remote", "remote_for"]

MOST_BYTES = 8 << 30


class Remote(ABC):
    """Named contents. A content never changes under its name."""

    @abstractmethod
    def names(self, prefix: str) -> set[str]:
        """Names of everything below a prefix such as ``cairn/sessions``."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """True when there is a content of this name."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The content. Raises ExportError when it cannot be had."""

    @abstractmethod
    def write(self, name: str, content: bytes) -> None:
        """Put a content there. Raises ExportError when the place refuses."""


class FolderRemote(Remote):
    """A folder, on this machine or a shared drive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, prefix: str) -> set[str]:
        """Names of everything below a prefix."""
        top = self.folder / prefix
        return {file.relative_to(self.folder).as_posix() for file in top.rglob("*") if file.is_file()}

    def has(self, name: str) -> bool:
        """True when there is a content of this name."""
        return (self.folder / name).is_file()

    def read(self, name: str) -> bytes:
        """The content."""
        with _told(str(self.folder)):
            return (self.folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Put a content there, whole or not at all."""
        target = self.folder / name
        with _told(str(self.folder)):
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(draft).replace(target)


class DvcRemote(Remote):
    """A remote through DVC's own file systems, so that its configuration and credentials count."""

    def __init__(self, filesystem: Any, path: str) -> None:
        self._fs = filesystem
        self._path = path

    def names(self, prefix: str) -> set[str]:
        """Names of everything below a prefix."""
        top = self._join(prefix)
        with _told(self._path):
            if not self._fs.exists(top):
                return set()
            return {str(self._fs.relpath(file, self._path)).replace("\\", "/") for file in self._fs.find(top)}

    def has(self, name: str) -> bool:
        """True when there is a content of this name."""
        with _told(self._path):
            return bool(self._fs.exists(self._join(name)))

    def read(self, name: str) -> bytes:
        """The content."""
        with _told(self._path), self._fs.open(self._join(name), "rb") as stream:
            content = stream.read(MOST_BYTES)
        return bytes(content)

    def write(self, name: str, content: bytes) -> None:
        """Put a content there."""
        target = self._join(name)
        with _told(self._path):
            self._fs.makedirs(self._fs.parent(target), exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                draft = Path(folder) / "content"
                draft.write_bytes(content)
                self._fs.put_file(str(draft), target)

    def _join(self, name: str) -> str:
        return str(self._fs.join(self._path, *name.split("/")))


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Whatever a file system of whatever kind raises, told in one sentence."""
    try:
        yield
    except ExportError:
        raise
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise ExportError(
            f"The remote {place} did not do what was asked ({reason[:300]}).",
            "Check the address and your rights there.",
        ) from error


def remote_for(root: Path, place: str | None) -> Remote:
    """The remote that a word means: a folder, a URL, the name of a DVC remote of the project, or its default one.

    Raises ConfigError when there is none, or when DVC is needed and not installed.
    """
    if place and (place.startswith((".", "/", "~", "file://")) or Path(place).is_dir()):
        return FolderRemote(Path(place.removeprefix("file://")).expanduser())
    try:
        from dvc.config import ConfigError as DvcConfigError
        from dvc.exceptions import DvcException, NotDvcRepoError
        from dvc.fs import get_cloud_fs
        from dvc.repo import Repo
    except ImportError:
        raise ConfigError(
            f"To share through {place or 'the default remote'}, DVC is needed, and it is not installed.",
            "pip install 'nbcairn[dvc]', or name a folder with --remote.",
        ) from None
    try:
        if place and "://" in place:
            kind, config, path = get_cloud_fs({}, url=place)
            return DvcRemote(kind(**config), path)
        remote = Repo(str(root)).cloud.get_remote(place)
        return DvcRemote(remote.fs, remote.path)
    except NotDvcRepoError:
        raise ConfigError(
            f"{root} is no DVC project, so it has no remote.", "Name a folder or URL with --remote, or run `dvc init`."
        ) from None
    except (DvcConfigError, DvcException) as error:
        raise ConfigError(f"DVC has no such remote ({error}).", "`dvc remote list` names those there are.") from error
