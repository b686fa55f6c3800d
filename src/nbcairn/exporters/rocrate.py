"""The record as an RO-Crate: a folder with the notebook, its figures and files, and ``ro-crate-metadata.json``.

Follows Process Run Crate and Provenance Run Crate 0.5 (https://w3id.org/ro/wfrun): the notebook is the workflow, a cell a step
and the tool that the step runs, a run the action that used and made things, a kernel life what orchestrated them.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from nbcairn.errors import TrailError
from nbcairn.exporters.code import Block, Code, as_notebook
from nbcairn.exporters.record import Activity, Entity, Record, Step, gather_record, used_packages
from nbcairn.exporters.safety import black_out, paths_in_file, secrets_in_file
from nbcairn.exporters.scrub import scrub
from nbcairn.exporters.target import check_folder, writing
from nbcairn.model import Document, Session
from nbcairn.store import Trail
from nbcairn.store.blobs.base import md5_of

__all__ = ["export", "metadata"]

Node = dict[str, Any]

MOST_BYTES = 20_000_000
"""Larger files are described and not copied."""

_PROCESS = "https://w3id.org/ro/wfrun/process/0.5"
_WORKFLOW_RUN = "https://w3id.org/ro/wfrun/workflow/0.5"
_PROVENANCE = "https://w3id.org/ro/wfrun/provenance/0.5"
_WORKFLOW = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
_PROFILES = (
    (_PROCESS, "Process Run Crate", "0.5"),
    (_WORKFLOW_RUN, "Workflow Run Crate", "0.5"),
    (_PROVENANCE, "Provenance Run Crate", "0.5"),
    (_WORKFLOW, "Workflow RO-Crate", "1.0"),
)
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}
NOTEBOOK = "workflow.ipynb"


def export(trail: Trail, document: Document | None, target: Path, *, data: bool = True) -> None:
    """Write the crate into a new folder. Without ``data`` no file or figure is copied.

    Raises ExportError or TrailError.
    """
    check_folder(target)
    record = gather_record(trail, document, data=data)
    payload = _payload(trail, record) if data else {}
    with writing(target):
        target.mkdir(parents=True, exist_ok=True)
        (target / NOTEBOOK).write_text(_notebook(record, document), encoding="utf-8")
        for path, content in payload.values():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, target / path)
            else:
                (target / path).write_bytes(content)
        kept = {identity: path for identity, (path, _) in payload.items()}
        text = json.dumps(metadata(record, kept), indent=2, ensure_ascii=False)
        (target / "ro-crate-metadata.json").write_text(text + "\n", encoding="utf-8")


def _notebook(record: Record, document: Document | None) -> str:
    """The document without outputs; of a whole trail, the sources in the order they first ran."""
    if document is None:
        return as_notebook(Code(tuple(Block("code", step.source, step.id) for step in record.steps)))
    blocks = (
        Block("markdown" if cell.kind == "markdown" else "code", black_out(scrub(cell.source))[0], cell.id)
        for cell in document.cells
        if cell.kind in {"code", "markdown"}
    )
    return as_notebook(Code(tuple(blocks)))


def _payload(trail: Trail, record: Record) -> dict[str, tuple[str, Path | bytes]]:
    """What is copied, by entity: figures that were kept, and files that still are what was recorded."""
    found: dict[str, tuple[str, Path | bytes]] = {}
    taken: dict[str, str] = {}
    for number, entity in enumerate(record.entities):
        if entity.blob and entity.media_type in _SUFFIXES:
            try:
                content = trail.blobs.get(entity.blob)
            except TrailError:
                continue
            name = re.sub(r"[^\w.-]+", "-", entity.name).strip("-.")[:60] or "figure"
            found[entity.id] = (f"figures/{number:03d}-{name}{_SUFFIXES[entity.media_type]}", content)
        elif entity.path is not None:
            file = _unchanged(trail.root, entity)
            if (
                file is not None
                and taken.setdefault(entity.path, entity.fingerprint.digest) == entity.fingerprint.digest
            ):
                found[entity.id] = (f"files/{entity.path}", file)
    return found


def _unchanged(root: Path, entity: Entity) -> Path | None:
    """The file of an entity, where it lies in the project and is of moderate size.

    It has the recorded content, and no secret and no home folder is in it.
    """
    inside = PurePosixPath(entity.path or "")
    if inside.is_absolute() or ".." in inside.parts or not inside.name:
        return None
    file = root / inside
    try:
        if not file.resolve().is_relative_to(root.resolve()) or file.stat().st_size > MOST_BYTES:
            return None
        content = file.read_bytes()
        if md5_of(content) != entity.fingerprint.digest:
            return None
        return None if secrets_in_file(content) or paths_in_file(content) else file
    except OSError:
        return None


def metadata(record: Record, payload: dict[str, str] | None = None) -> dict[str, Any]:
    """The content of ``ro-crate-metadata.json``; ``payload`` tells where in the crate an entity's file lies."""
    graph = _Graph(record, payload or {})
    context = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
    return {"@context": context, "@graph": list(graph.nodes())}


def _ref(identity: str) -> Node:
    return {"@id": identity}


def _refs(identities: Iterable[str]) -> list[Node]:
    return [_ref(identity) for identity in dict.fromkeys(identities)]


def _id(kind: str, text: str) -> str:
    return f"#{kind}-{quote(text, safe='')}"


@dataclass(slots=True)
class _Graph:
    """Builds the nodes of one crate."""

    record: Record
    payload: dict[str, str]
    parts: list[str] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        record = self.record
        entities = [self._entity(entity) for entity in record.entities]
        seen: dict[str, Node] = {}
        for node in entities:
            seen.setdefault(str(node["@id"]), node)
        self.parts += [identity for identity, node in seen.items() if "File" in _types(node)]
        yield self._descriptor()
        yield self._root()
        for identity, name, version in _PROFILES:
            yield {"@id": identity, "@type": "CreativeWork", "name": name, "version": version}
        yield self._workflow()
        yield from self._languages()
        for agent in record.agents:
            yield {"@id": _id("agent", agent.id), "@type": "Person", "name": agent.name}
        for step in self._run_steps():
            yield from self._step(step)
        for session in record.sessions:
            yield from self._session(session)
        for activity in record.activities:
            yield from self._activity(activity)
        yield from seen.values()
        for name, version in used_packages(record):
            yield {
                "@id": _id("package", name),
                "@type": "SoftwareApplication",
                "name": name,
                "softwareVersion": version,
            }

    def _descriptor(self) -> Node:
        conforms = ["https://w3id.org/ro/crate/1.1", _WORKFLOW]
        about = {"about": _ref("./"), "conformsTo": _refs(conforms)}
        return {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", **about}

    def _root(self) -> Node:
        record = self.record
        return {
            "@id": "./",
            "@type": "Dataset",
            "name": record.title,
            "description": f"How {record.title} was explored: {len(record.activities)} runs as Cairn recorded them.",
            "datePublished": record.made,
            "license": "The authors have not said under which license this may be used.",
            "conformsTo": _refs(identity for identity, _, _ in _PROFILES),
            "hasPart": _refs([NOTEBOOK, *self.parts]),
            "mainEntity": _ref(NOTEBOOK),
            "mentions": _refs(_id("kernel-run", session.id) for session in record.sessions),
        }

    def _run_steps(self) -> list[Step]:
        """Cells that ran: the profile knows no step without an action."""
        ran = {activity.step for activity in self.record.activities}
        return [step for step in self.record.steps if step.id in ran]

    def _workflow(self) -> Node:
        steps = self._run_steps()
        return {
            "@id": NOTEBOOK,
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "name": self.record.notebook or self.record.title,
            "encodingFormat": "application/x-ipynb+json",
            "programmingLanguage": _ref("#python"),
            "hasPart": _refs(_id("tool", step.id) for step in steps),
            "step": _refs(_id("step", step.id) for step in steps),
            "softwareRequirements": _refs(_id("package", name) for name, _ in used_packages(self.record)),
        }

    def _languages(self) -> Iterator[Node]:
        versions = [session.python for session in self.record.sessions]
        yield {
            "@id": "#python", "@type": "ComputerLanguage", "name": "Python", "version": versions[-1] if versions else "3",
            "url": _ref("https://www.python.org"), "identifier": _ref("https://www.python.org"),
        }  # fmt: skip
        yield {
            "@id": "#jupyter", "@type": "SoftwareApplication", "name": "Jupyter kernel, recorded by nbcairn",
            "softwareVersion": self.record.generator.removeprefix("nbcairn "), "url": _ref("https://jupyter.org"),
        }  # fmt: skip

    def _step(self, step: Step) -> Iterator[Node]:
        place = {"position": str(step.position)} if step.position is not None else {}
        tool = _id("tool", step.id)
        yield {
            "@id": _id("step", step.id),
            "@type": "HowToStep",
            "name": step.label,
            "workExample": _ref(tool),
            **place,
        }
        yield {
            "@id": tool, "@type": "SoftwareSourceCode", "name": step.label, "text": step.source,
            "programmingLanguage": _ref("#python"),
        }  # fmt: skip

    def _session(self, session: Session) -> Iterator[Node]:
        runs = [activity for activity in self.record.activities if activity.session == session.id]
        if not runs:
            return
        made = {identity for run in runs for identity in run.made}
        used = [identity for run in runs for identity in run.used if identity not in made]
        agent = _ref(_id("agent", f"{session.user}@{session.host}"))
        times = {"startTime": session.started, "endTime": session.ended or runs[-1].ended}
        action = _id("kernel-run", session.id)
        yield {
            "@id": action, "@type": "CreateAction", "name": f"Kernel life of {session.started[:19]}Z", "agent": agent,
            "instrument": _ref(NOTEBOOK), "object": self._places(used),
            "result": self._places([identity for run in runs for identity in run.made]), **times,
        }  # fmt: skip
        yield {
            "@id": _id("engine-run", session.id), "@type": "OrganizeAction", "name": "Execution of cells", "agent": agent,
            "instrument": _ref("#jupyter"), "result": _ref(action),
            "object": _refs(_id("control", run.id) for run in runs), **times,
        }  # fmt: skip

    def _activity(self, run: Activity) -> Iterator[Node]:
        failed = "" if run.status == "ok" else (run.error or run.status)
        yield {
            "@id": _id("control", run.id), "@type": "ControlAction", "name": f"run cell {run.step}",
            "instrument": _ref(_id("step", run.step)), "object": _ref(_id("run", run.id)),
        }  # fmt: skip
        yield {
            "@id": _id("run", run.id), "@type": "CreateAction", "name": run.label, "startTime": run.started,
            "endTime": run.ended, "agent": _ref(_id("agent", run.agent)), "instrument": _ref(_id("tool", run.step)),
            "object": self._places(run.used), "result": self._places(run.made), "description": run.source,
            "actionStatus": f"http://schema.org/{'FailedActionStatus' if failed else 'CompletedActionStatus'}",
            **({"error": failed} if failed else {}),
        }  # fmt: skip

    def _places(self, identities: Iterable[str]) -> list[Node]:
        return _refs(self._place(identity) for identity in identities)

    def _place(self, identity: str) -> str:
        path = self.payload.get(identity)
        return quote(path, safe="/") if path else _id("entity", identity)

    def _entity(self, entity: Entity) -> Node:
        digest = f"{entity.fingerprint.method}:{entity.fingerprint.digest}"
        told: Node = {"@id": self._place(entity.id), "name": entity.name, "identifier": digest}
        if entity.summary:
            told["description"] = entity.summary
        if entity.id in self.payload:
            told["@type"] = "File"
            if entity.size is not None:
                told["contentSize"] = str(entity.size)
            if entity.media_type:
                told["encodingFormat"] = entity.media_type
        elif entity.kind in {"file", "figure"}:
            told["@type"] = "CreativeWork"
        else:
            told |= {"@type": "PropertyValue", "value": entity.summary or entity.type_name or digest}
        return told


def _types(node: Node) -> list[str]:
    kind = node["@type"]
    return [kind] if isinstance(kind, str) else list(kind)
