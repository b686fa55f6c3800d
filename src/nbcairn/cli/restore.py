"""``nbcairn restore``: write back what the trail kept of an artifact or run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.errors import ExportError, RecordNotFound
from nbcairn.lineage.lookup import Record, record_called
from nbcairn.model import Run
from nbcairn.store import Trail, Version
from nbcairn.values import suffix_of

__all__ = ["Restore"]

_IMAGES = {"image/png": ".png", "image/svg+xml": ".svg", "image/jpeg": ".jpg", "image/gif": ".gif"}


class Restore(Verb):
    """A value's file, a figure's image, or a run's code."""

    name = "restore"
    help = "write what was kept of an artifact (its value or image), or the code of a run, into a file"
    examples = (
        "nbcairn restore clean                          # the value of nbcairn.track(frame, 'clean'), as clean.parquet",
        "nbcairn restore 'Body mass by species' --to mass.png",
        "nbcairn restore 01a20cf5bbe1 --to -            # the code of a run, also of a deleted cell",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """What, from where, to where."""
        parser.add_argument("what", metavar="NAME|NAME@N|ID")
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")
        parser.add_argument(
            "--to", type=Path, metavar="FILE", help="where to write it; - for stdout (NAME.SUFFIX here)"
        )
        parser.add_argument("--force", action="store_true", help="replace a file that is there")

    def run(self, options: Namespace, out: Output) -> int:
        """Write one file and say where it lies; a file that is there is left alone unless told."""
        with find_trail(options.place) as trail:
            found = record_called(trail, options.what, notebook_of(options.place, trail))
            name, content = _kept(trail, found)
        if str(options.to) == "-":
            out.raw(content)
            return 0
        target = options.to or Path(name)
        _write(target, content, force=options.force)
        if out.json:
            out.data({"path": str(target), "bytes": len(content)})
        else:
            out.text(f"Wrote {target} ({len(content)} bytes).")
        return 0


def _kept(trail: Trail, found: Record) -> tuple[str, bytes]:
    """A file name and its content. Raises RecordNotFound when nothing was kept."""
    if isinstance(found, Run):
        return f"run-{found.id[:12]}.py", (found.source.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
    name = found.write.name if isinstance(found, Version) else found.name
    kept = None if isinstance(found, Version) else found.detail.get("kept")
    if isinstance(kept, dict) and "blob" in kept:
        return f"{_plain(name)}{suffix_of(str(kept.get('format')))}", trail.blobs.get(str(kept["blob"]))
    if not isinstance(found, Version) and found.blob and found.media_type in _IMAGES:
        return f"{_plain(name)}{_IMAGES[found.media_type]}", trail.blobs.get(found.blob)
    raise RecordNotFound(
        f"Nothing of the value of {name!r} was kept, only its fingerprint and statistics.",
        f"`nbcairn restore {found.run_id[:12]}` gives the code of its run; `nbcairn.track(value, name)` keeps values.",
    )


def _plain(name: str) -> str:
    """A name as a file name: never a path."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-")[:80] or "restored"


def _write(target: Path, content: bytes, *, force: bool) -> None:
    try:
        with target.open("wb" if force else "xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise ExportError(f"{target} is there already.", "Choose another name with --to, or give --force.") from None
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written ({error.strerror}).", "Choose another place with --to."
        ) from error
