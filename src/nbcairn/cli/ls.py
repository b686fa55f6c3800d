"""``nbcairn ls``: what the trail holds."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.present import print_artifacts, print_runs
from nbcairn.cli.verb import Output, Verb, find_trail
from nbcairn.model import ArtifactKind
from nbcairn.store import Trail
from nbcairn.wire import artifacts_json, run_summary_json, session_json

__all__ = ["Ls"]


class Ls(Verb):
    """Artifacts, runs or sessions."""

    name = "ls"
    help = "list the artifacts, runs or sessions of a notebook or project"
    examples = (
        "nbcairn ls                             # artifacts of the project in this folder",
        "nbcairn ls analysis.ipynb --kind figure",
        "nbcairn ls analysis.ipynb --runs --limit 5",
        "nbcairn ls --sessions --json",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """What to list, and how much of it."""
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")
        parser.add_argument("--runs", action="store_true", help="runs, newest first")
        parser.add_argument("--sessions", action="store_true", help="sessions in which a cell ran, oldest first")
        parser.add_argument("--kind", choices=[str(kind) for kind in ArtifactKind], help="artifacts of one kind")
        parser.add_argument("--limit", type=int, default=50, help="at most this many (50)")

    def run(self, options: Namespace, out: Output) -> int:
        """Print one list."""
        with find_trail(options.place) as trail:
            notebook = notebook_of(options.place, trail)
            if options.sessions:
                self._sessions(trail, notebook, out)
            elif options.runs:
                self._runs(trail, notebook, options.limit, out)
            else:
                self._artifacts(trail, notebook, options, out)
        return 0

    def _sessions(self, trail: Trail, notebook: str | None, out: Output) -> None:
        sessions = trail.sessions(notebook, used=True)
        if out.json:
            out.data([session_json(session) for session in sessions])
            return
        rows = (
            [
                s.id[:12],
                s.started[:19].replace("T", " "),
                s.notebook or "",
                s.user,
                s.python,
                str(trail.count_runs(session_id=s.id)),
            ]
            for s in sessions
        )
        out.table(("session", "began (UTC)", "~notebook", "who", "Python", ">runs"), rows)

    def _runs(self, trail: Trail, notebook: str | None, limit: int, out: Output) -> None:
        runs = trail.runs(notebook=notebook, limit=limit)
        if out.json:
            out.data([run_summary_json(run, trail.count_artifacts(run_id=run.id)) for run in runs])
        else:
            print_runs(out, runs)

    def _artifacts(self, trail: Trail, notebook: str | None, options: Namespace, out: Output) -> None:
        found = trail.artifacts(notebook=notebook, kind=options.kind, limit=options.limit)
        if out.json:
            out.data(artifacts_json(trail, found))
            return
        print_artifacts(out, trail, found)
        total = trail.count_artifacts(notebook=notebook, kind=options.kind)
        if total > len(found):
            out.text(f"{total - len(found)} more: --limit {total}", style="dim")
