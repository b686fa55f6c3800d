"""The files of a pipeline project: stages, params.yaml, dvc.yaml, requirements, tests with the recorded fingerprints."""

from __future__ import annotations

import ast
import hashlib
import json
import posixpath
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from nbcairn.errors import ExportError, PersonalPathFound, SecretFound
from nbcairn.exporters.mermaid import flow_chart
from nbcairn.exporters.pipeline.modules import common_module, stage_module, suffix_of
from nbcairn.exporters.pipeline.plan import Piece, Plan, Stage, plan_of_slice
from nbcairn.exporters.pipeline.templates import DOCKERFILE, DOCKERIGNORE, TESTS, storage_module
from nbcairn.exporters.pipeline.zenml import pipeline_module
from nbcairn.exporters.report import imported_packages, known_as
from nbcairn.exporters.safety import clean, paths_in_file, refuse_paths, refuse_secrets, secrets_in_file
from nbcairn.exporters.scrub import scrub
from nbcairn.exporters.target import check_folder, writing
from nbcairn.lineage.minimal import joint_slice
from nbcairn.lineage.targets import Target, find_target, target_of
from nbcairn.masking import MASK
from nbcairn.model import Artifact, ArtifactKind, Document, Json, Session, file_of
from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of

__all__ = ["export_pipeline"]

_PICKLES = {".joblib", ".pkl", ".pickle"}
_DTYPES = ("int", "uint", "float", "bool", "str", "object", "category", "datetime64", "timedelta64", "period")
_PLAIN_OBJECTS = {
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "list",
    "tuple",
    "dict",
    "date",
    "time",
    "datetime",
    "Decimal",
    "NoneType",
}
_NOT_SKOPS = {"Birch"}
"""Of the estimators of scikit-learn that fit a plain table, those that skops refuses."""
_NEEDS = ("joblib", "numpy", "pandas", "pyarrow", "pyyaml")


def export_pipeline(
    trail: Trail,
    document: Document | None,
    target: Path,
    wanted: Sequence[str] = (),
    *,
    allow_secrets: bool = False,
    allow_paths: bool = False,
    runner: str = "dvc",
) -> Path:
    """Write the project that makes the wanted artifacts (default: files written, else models and metrics).

    ``runner`` is ``dvc`` or ``zenml``; with the latter the project has ``pipeline.py`` as well as ``dvc.yaml``.

    Raises ExportError where the code cannot be divided, or where it or an input holds a secret or names a home folder;
    RecordNotFound for an unknown artifact.
    """
    check_folder(target)
    notebook = known_as(trail, document, trail.last_runs(document)) if document else None
    targets = [find_target(trail, what, notebook) for what in wanted] or _usual_targets(trail, notebook)
    made = _Project(trail, document, targets)
    files = made.files()
    if runner == "zenml":
        files["pipeline.py"] = made.zenml()
        files["requirements.txt"] += "zenml[local]\n"
    if not allow_secrets:
        for name, text in files.items():
            refuse_secrets(text, name)
        made.refuse_secret_inputs()
    if not allow_paths:
        for name, text in files.items():
            refuse_paths(text, name)
        made.refuse_personal_inputs()
    with writing(target):
        for name, text in files.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_text(text, encoding="utf-8")
        for source, name in made.inputs.values():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
    return target


def _usual_targets(trail: Trail, notebook: str | None) -> list[Target]:
    found: dict[str, Target] = {}
    for run in trail.runs(notebook=notebook):
        for write in run.writes:
            if file_of(write.name) is not None and write.fingerprint is not None:
                found.setdefault(write.name, Target(run, write.name))
    if found:
        return list(found.values())
    artifacts: dict[str, Artifact] = {}
    for artifact in trail.artifacts(notebook=notebook, limit=None, enriched=False):
        if artifact.kind in {ArtifactKind.MODEL, ArtifactKind.METRIC}:
            artifacts.setdefault(artifact.name, artifact)
    if not artifacts:
        raise ExportError(
            "There is no model, metric or written file to make a pipeline for.", "Name what it should make."
        )
    return [target_of(trail, artifact) for artifact in artifacts.values()]


def _digest_dumped(piece: Piece, base: str, plan: Plan) -> str:
    """The fingerprint of ``x`` in ``dump(x, "x.joblib")``."""
    for top in piece.unit.nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[0], ast.Name):
                target = node.args[1]
                text = target.value if isinstance(target, ast.Constant) else _setting(plan, target)
                read = next((read for read in piece.run.reads if read.name == node.args[0].id), None)
                if str(text).endswith(base) and read is not None and read.fingerprint is not None:
                    return read.fingerprint.digest
    return ""


def _setting(plan: Plan, node: ast.expr) -> object:
    known = plan.settings.found.get(node.id) if isinstance(node, ast.Name) else None
    return known.value if known else ""


def _fits_parquet(detail: Json) -> bool:
    """True for a table of which ``storage.py`` writes every column, as far as its statistics tell."""
    columns = detail.get("columns")
    known = columns if isinstance(columns, list) else [detail] if "dtype" in detail else []
    return bool(known) and all(isinstance(column, dict) and _is_column(column) for column in known)


def _is_column(column: dict[str, Any]) -> bool:
    dtype, types = str(column.get("dtype", "")), column.get("types")
    plain = not isinstance(types, list) or set(types) <= _PLAIN_OBJECTS
    return plain and dtype.lower().startswith(_DTYPES)


def _fits_skops(detail: Json) -> bool:
    """True for a model of scikit-learn of a kind that skops gives back whole."""
    name = str(detail.get("class", ""))
    return name.startswith("sklearn.") and name.rpartition(".")[2] not in _NOT_SKOPS


class _Project:
    """Knows every file of the project before one is written."""

    def __init__(self, trail: Trail, document: Document | None, targets: Sequence[Target]) -> None:
        self.trail = trail
        self.targets = targets
        self.found = joint_slice(trail, [(target.run, target.name) for target in targets])
        if self.found.missing:
            raise ExportError(
                f"The code needs {', '.join(self.found.missing)}, made before recording began.",
                "Run the notebook from the top with recording on, and export anew.",
            )
        if any(MASK in part.source for part in self.found.parts):
            raise ExportError(
                "The code holds a secret, which was masked when it was recorded.",
                "Read it from the environment (os.environ) instead, run the cell again, and export anew.",
            )
        self.plan = plan_of_slice(trail, document, self.found, targets)
        self.session = trail.session(self.found.target.session_id)
        self.cwd = PurePosixPath(self.session.cwd if not PurePosixPath(self.session.cwd).is_absolute() else ".")
        self.inputs = self._inputs()
        self._rename_paths()
        self.suffixes = self._suffixes()

    # ------------------------------------------------------------------ files from outside

    def _inputs(self) -> dict[str, tuple[Path, str]]:
        """Each input file: where it lies, and where it goes in the project."""
        found: dict[str, tuple[Path, str]] = {}
        for access in self.found.inputs:
            source = Path(access.path) if PurePosixPath(access.path).is_absolute() else self.trail.root / access.path
            if not source.is_file():
                raise ExportError(
                    f"The input {clean(access.path)} is no longer there.", "Put it back, or run the notebook again."
                )
            if access.md5 and md5_of(source.read_bytes()) != access.md5:
                raise ExportError(
                    f"The input {clean(access.path)} is not what it was when it was read.",
                    "Run the notebook again, and export anew.",
                )
            found[access.path] = (source, self._place(access.path))
        return found

    def refuse_secret_inputs(self) -> None:
        """Raise SecretFound where an input file that would be copied holds a secret."""
        for path, (source, _) in self.inputs.items():
            for secret in secrets_in_file(source.read_bytes())[:1]:
                where = f"line {secret.line}: {secret.kind}"
                raise SecretFound(
                    f"Not written, for the input {clean(path)} holds what looks like a secret ({where}).",
                    "Read it from the environment (os.environ) instead; or say --allow-secrets if it is none.",
                )

    def refuse_personal_inputs(self) -> None:
        """Raise PersonalPathFound where an input file that would be copied names a home folder."""
        for path, (source, _) in self.inputs.items():
            for line, folder in paths_in_file(source.read_bytes())[:1]:
                raise PersonalPathFound(
                    f"Not written, for the input {clean(path)} names a personal folder (line {line}: {folder}).",
                    "Write paths in it from the notebook's folder; or say --allow-paths if whoever gets it may know.",
                )

    def _place(self, path: str) -> str:
        """Where a file lies in the project: as the code names it from the notebook's folder, if that stays inside."""
        if PurePosixPath(path).is_absolute():
            return f"data/input/{PurePosixPath(path).name}"
        inside = posixpath.relpath(path, str(self.cwd))
        return inside if not inside.startswith("..") else f"data/input/{PurePosixPath(path).name}"

    def _rename_paths(self) -> None:
        """Settings that name a file say where it lies in the project."""
        by_name = {path: place for path, (_, place) in self.inputs.items()}
        for name, setting in self.plan.settings.found.items():
            if setting.is_path and isinstance(setting.value, str):
                for path, place in by_name.items():
                    if posixpath.normpath(setting.value.replace("\\", "/")) in {
                        path,
                        posixpath.relpath(path, str(self.cwd)),
                    } or (PurePosixPath(path).name == PurePosixPath(setting.value).name):
                        self.plan.settings.found[name] = replace(setting, value=place)

    def _suffixes(self) -> dict[str, str]:
        suffixes = {}
        for stage in self.plan.stages:
            for output in stage.outputs:
                writer = [piece for piece in stage.pieces if output.name in piece.writes][-1]
                detail = self._detail(writer.run.id, output.name)
                suffixes[output.name] = suffix_of(
                    output.type_name, table=_fits_parquet(detail), model=_fits_skops(detail)
                )
        return suffixes

    def _detail(self, run_id: str, name: str) -> Json:
        """What was recorded about a value that is an artifact; empty for others."""
        found = self.trail.artifacts(run_id=run_id, name=name, limit=5)
        kept = (a.detail for a in found if a.kind in {ArtifactKind.DATA, ArtifactKind.MODEL})
        return next(kept, {})

    # ------------------------------------------------------------------ texts

    def files(self) -> dict[str, str]:
        """Every text file by its name."""
        common, shared = common_module(self.plan)
        params = self._params()
        files = {
            "README.md": self._readme(),
            "params.yaml": params,
            "dvc.yaml": self._dvc(has_common=bool(common)),
            ".dvc/config": "[core]\n    no_scm = True\n    analytics = False\n",
            ".dvcignore": "",
            "requirements.txt": self._requirements(),
            "constraints.txt": "".join(
                f"{n}=={v}\n" for n, v in sorted(self.session.packages.items()) if n != "nbcairn"
            ),
            "Dockerfile": DOCKERFILE.format(python=".".join(self.session.python.split(".")[:2])),
            ".dockerignore": DOCKERIGNORE,
            "stages/__init__.py": '"""The stages of the pipeline, one module each."""\n',
            "stages/storage.py": storage_module(),
            "tests/test_stages.py": TESTS,
            "tests/expected.json": json.dumps(self._expected(params), indent=1) + "\n",
        }
        if common:
            files["stages/common.py"] = common
        for stage in self.plan.stages:
            files[f"stages/{stage.name}.py"] = stage_module(self.plan, stage, self.suffixes, shared)
        return files

    def _params(self) -> str:
        import yaml

        used = {name for stage in self.plan.stages for name in stage.params}
        values = {name: setting.value for name, setting in self.plan.settings.found.items() if name in used}
        return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True))

    def _value_file(self, stage: str, name: str) -> str:
        return f"data/{stage}/{name}{self.suffixes[name]}"

    def _outs(self, stage: Stage) -> list[str]:
        values = [self._value_file(stage.name, output.name) for output in stage.outputs]
        return [*values, *dict.fromkeys(self._place(path) for path in stage.writes_files)]

    def _deps(self, stage: Stage, *, has_common: bool) -> list[str]:
        deps = [f"stages/{stage.name}.py", "stages/storage.py", *(["stages/common.py"] if has_common else [])]
        written = {path for other in self.plan.stages for path in other.writes_files}
        for path in stage.reads_files:
            if path in self.inputs:
                deps.append(self.inputs[path][1])
            elif path in written and path not in stage.writes_files:
                deps.append(self._place(path))
        return [*deps, *(self._value_file(source, name) for name, source in sorted(stage.takes.items()))]

    def _dvc(self, *, has_common: bool) -> str:
        import yaml

        stages: dict[str, Any] = {}
        for stage in self.plan.stages:
            told: dict[str, Any] = {
                "cmd": f"python -m stages.{stage.name}",
                "deps": self._deps(stage, has_common=has_common),
            }
            if stage.params:
                told["params"] = list(stage.params)
            if self._outs(stage):
                told["outs"] = self._outs(stage)
            stages[stage.name] = told
        return str(yaml.safe_dump({"stages": stages}, sort_keys=False, allow_unicode=True))

    def zenml(self) -> str:
        """``pipeline.py``: the same stages as steps of ZenML."""
        stem = PurePosixPath(self.found.target.notebook or "notebook").stem
        name = re.sub(r"\W+", "_", stem).strip("_") or "notebook"
        return pipeline_module(self.plan, self.suffixes, self._inputs_of, name)

    def _inputs_of(self, stage: Stage) -> list[str]:
        return [self.inputs[path][1] for path in stage.reads_files if path in self.inputs]

    def _requirements(self) -> str:
        sessions: list[Session] = [self.session]
        used = dict(imported_packages(sessions, (piece.unit.plain for piece in self.plan.imports)))
        needs = [*_NEEDS, *(["skops"] if ".skops" in self.suffixes.values() else [])]
        for name in needs:
            if name in self.session.packages:
                used.setdefault(name, self.session.packages[name])
        pinned = "".join(f"{name}=={version}\n" for name, version in sorted(used.items()))
        return pinned + "".join(f"{name}\n" for name in needs if name not in used)

    def _expected(self, params: str) -> dict[str, Any]:
        values = {
            self._value_file(stage.name, output.name): output.fingerprint.digest
            for stage in self.plan.stages
            for output in stage.outputs
            if output.fingerprint is not None
        }
        written = {path for stage in self.plan.stages for path in stage.writes_files}
        files = {
            self._place(access.path): access.md5
            for part in self.found.parts
            for access in part.run.files
            if access.mode == "write" and access.md5 and access.path in written
        }
        return {
            "params": hashlib.md5(params.encode(), usedforsecurity=False).hexdigest(),
            "values": values | self._dumped(),
            "files": {name: md5 for name, md5 in files.items() if PurePosixPath(name).suffix not in _PICKLES},
        }

    def _dumped(self) -> dict[str, str]:
        """Pickles differ in bytes for equal content; what was dumped into them is compared instead, where that is known."""
        found = {}
        for stage in self.plan.stages:
            for path in stage.writes_files:
                if PurePosixPath(path).suffix in _PICKLES:
                    for piece in stage.pieces:
                        digest = _digest_dumped(piece, PurePosixPath(path).name, self.plan)
                        if digest:
                            found[self._place(path)] = digest
        return found

    def _row(self, stage: Stage) -> str:
        """A stage in the table of the README: values by their names, files and settings as code."""
        takes = [*sorted(stage.takes), *(f"`{name}`" for name in self._inputs_of(stage))]
        hands_on = [*(o.name for o in stage.outputs), *(f"`{self._place(path)}`" for path in stage.writes_files)]
        columns = (takes, hands_on, [f"`{name}`" for name in stage.params])
        return f"| `{stage.name}` | {' | '.join(', '.join(dict.fromkeys(told)) or '–' for told in columns)} |\n"

    def _readme(self) -> str:
        makes = ", ".join(f"`{target.label}`" for target in self.targets)
        nodes: dict[str, tuple[str, str]] = {}
        edges: dict[tuple[str, str], set[str]] = {}
        for stage in self.plan.stages:
            nodes[f"s:{stage.name}"] = ("run", stage.name)
            for path in stage.reads_files:
                if path in self.inputs:
                    nodes[f"f:{path}"] = ("file", self.inputs[path][1])
                    edges.setdefault((f"f:{path}", f"s:{stage.name}"), set())
            for name, source in stage.takes.items():
                edges.setdefault((f"s:{source}", f"s:{stage.name}"), set()).add(name)
            for path in stage.writes_files:
                nodes[f"f:{path}"] = ("file", self._place(path))
                edges.setdefault((f"s:{stage.name}", f"f:{path}"), set())
        notebook = scrub(self.found.target.notebook or "a notebook")
        rows = "".join(self._row(stage) for stage in self.plan.stages)
        return (
            f"# {makes}, from {notebook}\n\nThe code that made {makes}, as it was executed, in stages that DVC runs.\n\n"
            f"```mermaid\n{flow_chart(nodes.items(), edges.items())}```\n\n"
            f"| stage | takes | hands on | settings |\n|---|---|---|---|\n{rows}\n"
            "## Run it\n\n```console\n$ pip install -r requirements.txt -c constraints.txt dvc pytest\n$ dvc repro\n"
            "$ pytest\n```\n\n"
            "`dvc repro` runs what has to run: change a setting in `params.yaml` or an input file, and it runs what\n"
            "depends on it. The tests compare what every stage hands on with what was recorded in the notebook, by\n"
            f"fingerprint; for that they need `nbcairn` {self.session.nbcairn}.\n\n"
            "To regroup the stages, tag cells `stage:NAME` in the notebook and export again.\n"
        )
