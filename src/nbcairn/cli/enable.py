"""``nbcairn enable`` and ``disable``: record in every notebook, or no longer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nbcairn.cli.verb import Output, Verb
from nbcairn.kernel.enable import disable, enable

__all__ = ["Disable", "Enable"]


class Enable(Verb):
    """Opt in."""

    name = "enable"
    help = "record in every notebook of this user from now on"
    examples = ("nbcairn enable", "nbcairn disable    # takes it back")

    def configure(self, parser: ArgumentParser) -> None:
        """No arguments."""

    def run(self, options: Namespace, out: Output) -> int:
        """Change the kernel's configuration and say where."""
        file = enable()
        _told(out, file.as_posix(), "Every kernel that starts from now on records. Undo: nbcairn disable.", on=True)
        return 0


class Disable(Verb):
    """Opt out again."""

    name = "disable"
    help = "stop recording in every notebook; loading the extension in one still works"
    examples = ("nbcairn disable",)

    def configure(self, parser: ArgumentParser) -> None:
        """No arguments."""

    def run(self, options: Namespace, out: Output) -> int:
        """Change it back."""
        file = disable()
        _told(out, file.as_posix(), "Kernels that start from now on do not record unless asked.", on=False)
        return 0


def _told(out: Output, file: str, text: str, *, on: bool) -> None:
    if out.json:
        out.data({"enabled": on, "file": file})
    else:
        out.text(f"{text}\n(written to {file})")
