"""Imports run one way, heavy libraries are imported late, and every module says what it offers.

The table below is the drawing in ARCHITECTURE.md: each layer with those it may import.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "nbcairn"

RECORDS = {"model", "errors", "document", "masking", "plugins", "lean"}
VALUES = RECORDS | {"config", "fingerprint", "profile"}
STORE = VALUES | {"store"}
LOGIC = STORE | {"lineage", "values"}
LAYERS: dict[str, set[str]] = {
    "_version": set(),
    "model": set(),
    "errors": set(),
    "document": {"model", "errors"},
    "masking": set(),
    "plugins": set(),
    "lean": set(),
    "config": RECORDS,
    "fingerprint": RECORDS | {"config"},
    "profile": RECORDS | {"config", "fingerprint"},
    "values": VALUES,
    "store": VALUES,
    "lineage": STORE,
    "testing": LOGIC,
    "wire": LOGIC,
    "exporters": LOGIC | {"wire"},
    "kernel": LOGIC | {"wire", "exporters"},
    "headless": LOGIC | {"wire"},
    "verify": LOGIC | {"headless"},
    "server": LOGIC | {"wire", "exporters"},
    "cli": LOGIC | {"wire", "exporters", "headless", "verify", "server", "kernel"},
    "api": LOGIC | {"wire", "kernel", "headless"},
    "__init__": LOGIC | {"wire", "exporters", "kernel", "server", "api", "_version"},
}
"""What each layer may import besides itself. The package itself hands on the names of its layers, lazily."""

ONLY_IN: dict[str, set[str]] = {
    "IPython": {"kernel"},
    "ipykernel": {"kernel"},
    "ipywidgets": {"kernel"},
    "jupyter_server": {"server", "cli"},
    "tornado": {"server"},
    "nbclient": {"headless", "cli"},
    "sqlite3": {"store"},
}
"""Libraries that belong to certain layers."""

LATE = {
    "matplotlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "sklearn", "torch", "PIL",
    "nbformat", "nbclient", "jinja2", "rich", "statsmodels",
}  # fmt: skip
"""Libraries that no module imports at its top, so that to load Cairn costs little."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "labextension" not in path.parts)
IDS = [path.relative_to(PACKAGE).as_posix() for path in MODULES]


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> list[str]:
    """Full names of the modules that a tree imports, wherever in it."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            base = node.module or ""
            inside = base == "nbcairn" or base.startswith("nbcairn.")
            found += [f"{base}.{alias.name}" for alias in node.names] if inside else [base]
        elif isinstance(node, ast.ImportFrom):
            raise AssertionError("relative imports hide the layer: write the full name")
    return found


def run_at_import(tree: ast.Module) -> list[ast.stmt]:
    """The statements that run when a module is imported: no function bodies, nothing under TYPE_CHECKING."""
    found, waiting = [], list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_layer_has_its_place():
    assert {layer_of(path) for path in MODULES} <= set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_layer_imports_only_those_below(path):
    layer = layer_of(path)
    allowed = LAYERS[layer] | {layer}
    ours = {name.split(".")[1] for name in imported(parse(path)) if name.startswith("nbcairn.")}
    package = {"__version__", "__file__"}
    assert ours - package <= allowed, f"{layer} imports {sorted(ours - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_library_is_imported_only_where_it_belongs(path):
    tops = {name.partition(".")[0] for name in imported(parse(path))}
    for library, layers in ONLY_IN.items():
        if library in tops:
            assert layer_of(path) in layers, f"{library} belongs to {sorted(layers)}"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_heavy_libraries_are_imported_late(path):
    tops = {name.partition(".")[0] for node in run_at_import(parse(path)) for name in imported(node)}
    assert not tops & LATE


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_says_what_it_is_and_what_it_offers(path):
    tree = parse(path)
    if path.name == "_version.py":
        return
    assert ast.get_docstring(tree), "a module starts with a docstring"
    if path.name == "__main__.py":
        return
    offered = [
        node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and "'__all__'" in ast.dump(node)
    ]
    only_a_docstring = len(tree.body) <= 2 and path.name == "__init__.py"
    assert offered or only_a_docstring, "a module has __all__"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_long_module_says_why(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > 500:
        assert "500 lines" in (ast.get_docstring(parse(path)) or ""), f"{lines} lines: divide it, or say why not"


ALL_MODULES = [
    ".".join(("nbcairn", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in MODULES
    if path.name != "__main__.py"
]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_a_module_offers_is_there():
    code = """
import importlib, sys
for name in sys.argv[1:] or NAMES:
    module = importlib.import_module(name)
    missing = [part for part in getattr(module, "__all__", ()) if not hasattr(module, part)]
    if missing:
        print(name, missing)
"""
    assert python(code.replace("NAMES", repr(ALL_MODULES))) == ""


def test_to_import_the_package_imports_no_heavy_library():
    heavy = sorted(LATE | {"IPython", "jupyter_server", "ipykernel", "tornado"})
    assert python(f"import sys, nbcairn; print([n for n in {heavy} if n in sys.modules])").strip() == "[]"


def test_the_layers_below_the_kernel_import_no_heavy_library():
    below = [name for name in ALL_MODULES if (name.split(".") + [""])[1] in LOGIC | {"testing", "wire"}]
    heavy = sorted(LATE | {"IPython", "jupyter_server", "ipykernel"})
    code = f"import sys, importlib\nfor name in {below}: importlib.import_module(name)\n"
    assert python(code + f"print([n for n in {heavy} if n in sys.modules])").strip() == "[]"


@pytest.mark.parametrize(
    ("layer", "blocked"),
    [
        ("server", "IPython"),
        ("server", "ipykernel"),
        ("kernel", "jupyter_server"),
        ("lineage", "IPython"),
        ("exporters", "IPython"),
        ("exporters", "jupyter_server"),
    ],
)
def test_a_layer_can_be_imported_where_a_library_is_not_installed(layer, blocked):
    names = [name for name in ALL_MODULES if name.split(".")[1:2] == [layer]]
    code = f"""
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {blocked!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocked())
for name in {names}:
    importlib.import_module(name)
"""
    python(code)
