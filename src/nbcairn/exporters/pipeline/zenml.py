"""The same stages as a ZenML pipeline: one step a stage, values in the artifact store in the same open formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nbcairn.exporters.pipeline.plan import Plan, Stage

__all__ = ["pipeline_module"]

_HEAD = '''"""The stages as a ZenML pipeline. Run it: python pipeline.py"""

import hashlib
import tempfile
from pathlib import Path
from typing import Annotated, Any

from zenml import pipeline, step
from zenml.enums import ArtifactType
from zenml.io import fileio
from zenml.materializers.base_materializer import BaseMaterializer

{imports}
from stages import storage


class Kept(BaseMaterializer):
    """Values in the artifact store as ``stages/storage.py`` writes them: the format goes with the name of the step's output."""

    ASSOCIATED_TYPES = (object,)
    ASSOCIATED_ARTIFACT_TYPE = ArtifactType.DATA
    SKIP_REGISTRATION = True
    SUFFIX = ".joblib"

    def save(self, data: Any) -> None:
        """Write it."""
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / f"value{{self.SUFFIX}}"
            storage.save(data, draft)
            fileio.copy(str(draft), f"{{self.uri}}/{{draft.name}}")

    def load(self, data_type: type[Any]) -> Any:
        """Read it."""
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / f"value{{self.SUFFIX}}"
            fileio.copy(f"{{self.uri}}/{{draft.name}}", str(draft))
            return storage.load(draft)

{classes}

def content(name: str) -> str:
    """What is in an input file, as a hash: a step that reads it runs again when it changes."""
    return hashlib.md5((storage.ROOT / name).read_bytes()).hexdigest()

'''
_CLASS = '''
class Kept{title}(Kept):
    """The same, as {suffix}."""

    SUFFIX = "{suffix}"
    SKIP_REGISTRATION = True

'''


def pipeline_module(
    plan: Plan,
    suffixes: Mapping[str, str],
    inputs: Callable[[Stage], Sequence[str]],
    name: str,
) -> str:
    """The module; ``inputs`` tells the input files of a stage by their place in the project."""
    used = sorted({suffixes[output.name] for stage in plan.stages for output in stage.outputs})
    parts = [
        _HEAD.format(
            imports="\n".join(f"from stages.{s.name} import {s.name} as run_{s.name}" for s in plan.stages),
            classes="".join(_CLASS.format(title=_title(suffix), suffix=suffix) for suffix in used),
        )
    ]
    parts += [_step(stage, suffixes, inputs(stage)) for stage in plan.stages]
    parts.append(_pipeline(plan, inputs, name))
    return "\n".join(parts)


def _title(suffix: str) -> str:
    return suffix[1:].title()


def _step(stage: Stage, suffixes: Mapping[str, str], inputs: Sequence[str]) -> str:
    materializers = ", ".join(f'"{o.name}": Kept{_title(suffixes[o.name])}' for o in stage.outputs)
    arguments = [*(f"{name}: Any" for name in sorted(stage.takes)), "settings: dict[str, Any]"]
    arguments += ["contents: dict[str, str]"] if inputs else []
    outputs = [f'Annotated[Any, "{output.name}"]' for output in stage.outputs]
    kind = "None" if not outputs else outputs[0] if len(outputs) == 1 else f"tuple[{', '.join(outputs)}]"
    cached = "False" if stage.writes_files else "True"
    given = ", ".join([*(f"{name}={name}" for name in sorted(stage.takes)), "**settings"])
    folders = sorted({path.rpartition("/")[0] for path in stage.writes_files if "/" in path})
    lines = [
        "",
        f'@step(name="{stage.name}", enable_cache={cached}, output_materializers={{{materializers}}})'
        if materializers
        else f'@step(name="{stage.name}", enable_cache={cached})',
        f"def {stage.name}({', '.join(arguments)}) -> {kind}:",
        f'    """The stage ``{stage.name}``."""',
        *(f'    storage.folder("{folder}")' for folder in folders),
        f"    result = run_{stage.name}({given})" if outputs else f"    run_{stage.name}({given})",
    ]
    if outputs:
        lines.append(f"    return {', '.join(f'result.{output.name}' for output in stage.outputs)}")
    return "\n".join([*lines, ""])


def _pipeline(plan: Plan, inputs: Callable[[Stage], Sequence[str]], name: str) -> str:
    lines = [
        "",
        f'@pipeline(name="{name}")',
        "def stages() -> None:",
        '    """Every stage, in order."""',
        "    params = storage.params()",
    ]
    for place, stage in enumerate(plan.stages):
        given = [f"{name}={name}" for name in sorted(stage.takes)]
        given.append(f"settings={{{', '.join(f'{name!r}: params[{name!r}]' for name in stage.params)}}}")
        files = inputs(stage)
        if files:
            given.append(f"contents={{{', '.join(f'{file!r}: content({file!r})' for file in files)}}}")
        # A file that one stage writes and another reads is no artifact of ZenML's: the order keeps it right.
        before = [s.name for s in plan.stages[:place] if set(s.writes_files) & set(stage.reads_files)]
        if before:
            given.append(f"after={before!r}")
        call = f"{stage.name}({', '.join(given)})"
        made = ", ".join(output.name for output in stage.outputs)
        lines.append(f"    {made} = {call}" if made else f"    {call}")
    return "\n".join([*lines, "", "", 'if __name__ == "__main__":', "    stages()", ""])
