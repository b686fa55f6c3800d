"""``%cairn``: what the trail knows, from inside the notebook. Each verb prints text and changes nothing in the notebook."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_magic, magics_class

from nbcairn.document import read_document
from nbcairn.errors import CairnError, NotebookError
from nbcairn.lineage.narrate import told_check, told_run, told_runs, told_version
from nbcairn.model import Document

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["CairnMagics"]

HELP = """%cairn                what is recorded, and where
%cairn check          which cells would not show the same after Restart & Run All, and why
%cairn log [N]        the last N runs of this notebook (20)
%cairn show NAME      the versions of a name or artifact, newest first
%cairn note TEXT      keep a note about the run before
%cairn help           this page
%unload_ext nbcairn   stop recording"""


@magics_class
class CairnMagics(Magics):
    """The line magic and its verbs."""

    def __init__(self, shell: Any, recorder: Recorder) -> None:
        super().__init__(shell)
        self.recorder = recorder

    @line_magic
    def cairn(self, line: str) -> None:
        """What the trail knows: %cairn [check | log | show NAME | note TEXT | help]."""
        try:
            words = shlex.split(line)
        except ValueError:
            words = line.split()
        verb, arguments = (words[0], words[1:]) if words else ("status", [])
        verbs: dict[str, Callable[[list[str]], str]] = {
            "status": self._status,
            "check": self._check,
            "log": self._log,
            "show": self._show,
            "note": self._note,
            "help": lambda _: HELP,
        }
        try:
            text = verbs[verb](arguments) if verb in verbs else f"%cairn knows no verb {verb!r}.\n{HELP}"
        except CairnError as error:
            text = str(error)
        print(text)  # noqa: T201 - the answer

    def _status(self, _: list[str]) -> str:
        recorder = self.recorder
        runs = recorder.trail.count_runs(session_id=recorder.session.id)
        lines = [
            f"Cairn records into {recorder.folder}: {runs} runs of this session, "
            f"{recorder.trail.count_runs()} in all, {recorder.trail.count_artifacts()} artifacts.",
        ]
        if recorder.pending:
            lines.append(f"{recorder.pending} runs wait for the trail.")
        if recorder.trouble:
            lines.append(recorder.trouble)
        lines.append("%cairn check says what Restart & Run All would change; %cairn help lists the verbs.")
        return "\n".join(lines)

    def _check(self, _: list[str]) -> str:
        from nbcairn.lineage.check import check

        document = self._document()
        return told_check(check(document, self.recorder.trail), document)

    def _document(self) -> Document:
        """The notebook as last saved: unsaved edits are known to the panel only."""
        from nbcairn.kernel.session import notebook_file

        file = notebook_file()
        if file is None:
            raise NotebookError(
                "This kernel does not know its notebook.",
                "Use the Cairn panel, or `nbcairn check NOTEBOOK` in a terminal.",
            )
        return read_document(file, self.recorder.root)

    def _log(self, arguments: list[str]) -> str:
        most = int(arguments[0]) if arguments and arguments[0].isdigit() else 20
        return told_runs(self.recorder.trail.runs(notebook=self.recorder.notebook, limit=most))

    def _show(self, arguments: list[str]) -> str:
        if not arguments:
            return "Say which name: %cairn show NAME."
        trail = self.recorder.trail
        versions = trail.versions(arguments[0], limit=10)
        if not versions:
            known = ", ".join(trail.names(self.recorder.notebook)[:30])
            return f"No run wrote {arguments[0]!r}. Known names: {known or 'none yet'}."
        lines = [told_version(version, trail.run(version.run_id)) for version in versions]
        return "\n".join([*lines, "", told_run(trail.run(versions[0].run_id))])

    def _note(self, arguments: list[str]) -> str:
        trail = self.recorder.trail
        runs = trail.runs(session_id=self.recorder.session.id, limit=1)
        if not arguments or not runs:
            return "Say what to note: %cairn note TEXT (after some cell has run)."
        trail.note(runs[0].id, " ".join(arguments), self.recorder.session.user)
        return f"Noted on the run of {runs[0].started[11:19]}."
