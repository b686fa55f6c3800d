"""``%cairn``: what the trail knows, from inside the notebook. Each verb prints text and changes nothing in the notebook."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_magic, magics_class

from nbcairn.document import read_document
from nbcairn.errors import CairnError, NotebookError, RecordNotFound
from nbcairn.model import Artifact, Document

if TYPE_CHECKING:
    from nbcairn.kernel.recorder import Recorder

__all__ = ["CairnMagics"]

HELP = """%cairn                 what is recorded, and where
%cairn check           which cells would not show the same after Restart & Run All, and why
%cairn check --plan    which cells to run, in order, so that all are fresh
%cairn verify          how to run the notebook for real, in a clean kernel, and what came of it last time
%cairn log [N]         the last N runs of this notebook (20)
%cairn show NAME       the versions of a name or artifact, newest first; NAME@2 or an id: that one
%cairn show NAME --svg a figure as SVG
%cairn diff A [B]      what differs between two artifacts or runs, or the last two versions of A
%cairn search WORDS    artifacts by words in their names, titles, columns or code
%cairn restore NAME    put a cell below that has the value, or makes it, again
%cairn slice NAME      put a cell below with the minimal code that made it (--print: only show it)
%cairn note TEXT       keep a note about the run before
%cairn help            this page
%unload_ext nbcairn    stop recording"""


@magics_class
class CairnMagics(Magics):
    """The line magic and its verbs."""

    def __init__(self, shell: Any, recorder: Recorder) -> None:
        super().__init__(shell)
        self.recorder = recorder

    @line_magic
    def cairn(self, line: str) -> None:
        """What the trail knows: %cairn [check | log | show | diff | search | restore | slice | note | help]."""
        try:
            words = shlex.split(line)
        except ValueError:
            words = line.split()
        verb, arguments = (words[0], words[1:]) if words else ("status", [])
        verbs: dict[str, Callable[[list[str]], str]] = {
            "status": self._status,
            "check": self._check,
            "verify": self._verify,
            "log": self._log,
            "show": self._show,
            "diff": self._diff,
            "search": self._search,
            "restore": self._restore,
            "slice": self._slice,
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
        lines += self._known_elsewhere()
        lines.append("%cairn check says what Restart & Run All would change; %cairn help lists the verbs.")
        return "\n".join(lines)

    def _known_elsewhere(self) -> list[str]:
        """What this session's cells read or made, and somebody else has already."""
        from nbcairn.lineage.elsewhere import newest_known, told_known

        found = newest_known(self.recorder.trail, session_id=self.recorder.session.id)
        lines = [f"Somebody has this already: {told_known(known)}" for known in found if not known.own]
        more = [f"And {len(lines) - 3} more: the panel lists them."] if len(lines) > 3 else []
        return lines[:3] + more

    def _check(self, arguments: list[str]) -> str:
        from nbcairn.lineage.check import check
        from nbcairn.lineage.narrate import told_check, told_plan

        document = self._document()
        found = check(document, self.recorder.trail)
        return told_plan(found.plan, document) if "--plan" in arguments else told_check(found, document)

    def _verify(self, _: list[str]) -> str:
        """A real run belongs into a kernel of its own, and this one has a cell to come back from."""
        from nbcairn.kernel.session import notebook_file
        from nbcairn.lineage.verified import last_verified, told_verified

        file = notebook_file()
        told = (
            f'In a terminal: nbcairn verify "{file or "NOTEBOOK.ipynb"}"\nIt runs the saved notebook in a clean kernel.'
        )
        verified = last_verified(self._document(), self.recorder.trail) if file is not None else None
        return f"{told_verified(verified)}\n{told}" if verified else told

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
        from nbcairn.lineage.narrate import told_runs

        most = int(arguments[0]) if arguments and arguments[0].isdigit() else 20
        return told_runs(self.recorder.trail.runs(notebook=self.recorder.notebook, limit=most))

    def _show(self, arguments: list[str]) -> str:
        from nbcairn.kernel.drawing import show_svg
        from nbcairn.lineage.narrate import told_run, told_version

        svg, arguments = "--svg" in arguments, [word for word in arguments if word != "--svg"]
        if not arguments:
            return "Say which name: %cairn show NAME."
        if svg:
            return show_svg(self.recorder, arguments[0])
        trail = self.recorder.trail
        versions = trail.versions(arguments[0], limit=10)
        if not versions:
            return self._show_record(arguments[0])
        lines = [told_version(version, trail.run(version.run_id)) for version in versions]
        return "\n".join([*lines, "", told_run(trail.run(versions[0].run_id))])

    def _show_record(self, word: str) -> str:
        from nbcairn.lineage.lookup import record_called, run_of
        from nbcairn.lineage.narrate import told_artifact, told_run

        trail = self.recorder.trail
        try:
            found = record_called(trail, word, self.recorder.notebook)
        except RecordNotFound:
            known = ", ".join(trail.names(self.recorder.notebook)[:30])
            return f"No run wrote {word!r}. Known names: {known or 'none yet'}."
        if isinstance(found, Artifact):
            return f"{told_artifact(found)}\n\n{told_run(trail.run(found.run_id))}"
        return told_run(run_of(trail, found))

    def _diff(self, arguments: list[str]) -> str:
        from nbcairn.lineage.differences import difference
        from nbcairn.lineage.lookup import last_two, record_called
        from nbcairn.lineage.narrate import told_difference

        trail, notebook = self.recorder.trail, self.recorder.notebook
        if not 1 <= len(arguments) <= 2:
            return "Say what to compare: %cairn diff A B, or %cairn diff NAME for its last two versions."
        if len(arguments) == 1:
            return told_difference(difference(trail, *last_two(trail, arguments[0], notebook)))
        left, right = (record_called(trail, word, notebook) for word in arguments)
        return told_difference(difference(trail, left, right))

    def _search(self, arguments: list[str]) -> str:
        from nbcairn.lineage.narrate import told_artifacts

        if not arguments:
            return "Say what to look for: %cairn search WORDS."
        return told_artifacts(self.recorder.trail.artifacts(query=" ".join(arguments), limit=20))

    def _restore(self, arguments: list[str]) -> str:
        """The code goes into a new cell, so that the notebook says what was done and Run All does it again."""
        from nbcairn.lineage.restore import restoring

        if len(arguments) != 1:
            return "Say what to bring back: %cairn restore NAME, NAME@2 or an id."
        found = restoring(self.recorder.trail, arguments[0], self.recorder.notebook)
        self.recorder.shell.set_next_input(found.source, replace=False)
        return found.told

    def _slice(self, arguments: list[str]) -> str:
        """The minimal code goes into a new cell; with --print it is only shown."""
        from nbcairn.kernel.slicing import slicing

        words = [word for word in arguments if word != "--print"]
        if len(words) != 1:
            return "Say what to slice: %cairn slice NAME, NAME@2, a file, a figure's title or an id."
        source, told = slicing(self.recorder.trail, words[0], self.recorder.notebook)
        if len(words) < len(arguments):
            return f"{source}\n# {told}"
        self.recorder.shell.set_next_input(source, replace=False)
        return f"The cell below: {told}"

    def _note(self, arguments: list[str]) -> str:
        from nbcairn.kernel.notes import keep_note

        if not arguments:
            return "Say what to note: %cairn note TEXT (after some cell has run)."
        keep_note(self.recorder, " ".join(arguments))
        return "Noted on the run before."
