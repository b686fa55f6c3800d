"""``nbcairn show``: one run, one artifact, or the versions of a name."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nbcairn.cli.places import notebook_of
from nbcairn.cli.present import short
from nbcairn.cli.verb import Output, Verb, find_trail, plain
from nbcairn.lineage.lookup import record_called, run_of
from nbcairn.model import Artifact, Run
from nbcairn.store import Trail
from nbcairn.wire import artifacts_json, run_json, write_json

__all__ = ["Show"]


class Show(Verb):
    """Whatever has this id or name."""

    name = "show"
    help = "show a run, an artifact, or the versions of a name"
    examples = (
        "nbcairn show penguins                  # the versions of a name in this folder's project",
        "nbcairn show penguins@2                # one version of an artifact, as `nbcairn ls` numbers them",
        "nbcairn show 01a20b679a24              # a run or artifact, by the beginning of its id",
        "nbcairn show best analysis.ipynb --json",
    )

    def configure(self, parser: ArgumentParser) -> None:
        """What to show, and where."""
        parser.add_argument("what", metavar="NAME|ID")
        parser.add_argument("place", nargs="?", type=Path, default=Path(), metavar="NOTEBOOK|FOLDER")

    def run(self, options: Namespace, out: Output) -> int:
        """Names come before ids."""
        with find_trail(options.place) as trail:
            notebook = notebook_of(options.place, trail)
            versions = trail.versions(options.what, notebook=notebook, limit=20)
            if versions:
                self._versions(trail, options.what, notebook, out)
                return 0
            found = record_called(trail, options.what, notebook)
            if not isinstance(found, Artifact):
                self._run(trail, run_of(trail, found), out)
            else:
                self._artifact(trail, found, out)
        return 0

    def _versions(self, trail: Trail, name: str, notebook: str | None, out: Output) -> None:
        versions = trail.versions(name, notebook=notebook, limit=20)
        if out.json:
            out.data([{"run_id": version.run_id, **write_json(version.write)} for version in versions])
            return
        rows = []
        for version in versions:
            run, write = trail.run(version.run_id), version.write
            digest = short(write.fingerprint.digest) if write.fingerprint else "deleted"
            when = run.started[:19].replace("T", " ")
            rows.append([when, digest, str(write.how), write.summary or write.type_name, run.id[:12]])
        out.table(("when (UTC)", "hash", "how", "~what", "run"), rows, title=name)
        self._run(trail, trail.run(versions[0].run_id), out)

    def _artifact(self, trail: Trail, artifact: Artifact, out: Output) -> None:
        if out.json:
            out.data(artifacts_json(trail, [artifact])[0])
            return
        out.text(f"{artifact.kind} {artifact.name}  {artifact.summary}", style="bold")
        out.text(f"  hash {artifact.fingerprint.digest}  type {artifact.type_name}")
        self._run(trail, trail.run(artifact.run_id), out)

    def _run(self, trail: Trail, run: Run, out: Output) -> None:
        if out.json:
            out.data(run_json(run, artifacts_json(trail, trail.artifacts(run_id=run.id, limit=None))))
            return
        from rich.syntax import Syntax

        out.text(
            f"\nrun {run.id[:12]} of {run.started[:19].replace('T', ' ')} UTC, {run.status}, {run.seconds:.2f} s",
            "bold",
        )
        out.draw(Syntax(plain(run.source), "python", theme="ansi_dark", background_color="default", word_wrap=True))
        reads = ([r.name, short(r.fingerprint.digest), (r.run_id or "")[:12]] for r in run.reads if r.fingerprint)
        out.table(("~read", "hash", "made by run"), reads)
        writes = (
            [w.name, short(w.fingerprint.digest if w.fingerprint else None), str(w.how), w.summary] for w in run.writes
        )
        out.table(("~wrote", "hash", "how", "~what"), writes)
        if run.error_type:
            out.text(f"{run.error_type}: {run.error_message}", "red")
