"""The fixed texts of a pipeline project."""

from __future__ import annotations

__all__ = ["DOCKERFILE", "STORAGE", "TESTS"]

STORAGE = '''"""Values between stages, in open formats: Parquet, npy, JSON; joblib for models and the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
_SERIES = "__series__"


def params() -> dict[str, Any]:
    """The settings in params.yaml."""
    return yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def folder(name: str) -> None:
    """Make a folder that a stage writes into."""
    (ROOT / name).mkdir(parents=True, exist_ok=True)


def save(value: Any, name: str) -> None:
    """Write a value; the suffix says how."""
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        _save_table(value, path)
    elif path.suffix == ".npy":
        import numpy as np

        np.save(path, value, allow_pickle=False)
    elif path.suffix == ".json":
        path.write_text(json.dumps(value), encoding="utf-8")
    else:
        import joblib

        joblib.dump(value, path)


def load(name: str) -> Any:
    """Read a value that an earlier stage wrote."""
    path = ROOT / name
    if path.suffix == ".parquet":
        return _load_table(path)
    if path.suffix == ".npy":
        import numpy as np

        return np.load(path, allow_pickle=False)
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    # joblib reads pickles, too: only ever load what you or your pipeline wrote.
    import joblib

    return joblib.load(path)


def _save_table(value: Any, path: Path) -> None:
    import pandas as pd

    if isinstance(value, pd.Series):
        name = value.name if isinstance(value.name, str) else _SERIES
        value = value.to_frame(name).rename_axis(columns=_SERIES)
    value.to_parquet(path)


def _load_table(path: Path) -> Any:
    import pandas as pd

    table = pd.read_parquet(path)
    if table.columns.name != _SERIES:
        return table
    series = table.iloc[:, 0]
    return series.rename(None) if series.name == _SERIES else series
'''

TESTS = '''"""Every stage gives what was recorded in the notebook: the same content, by fingerprint."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
EXPECTED = json.loads((ROOT / "tests" / "expected.json").read_text(encoding="utf-8"))
PARAMS = ROOT / "params.yaml"


def changed() -> bool:
    return hashlib.md5(PARAMS.read_bytes()).hexdigest() != EXPECTED["params"]


@pytest.mark.skipif(changed(), reason="params.yaml was changed: other results are right")
@pytest.mark.parametrize("name", EXPECTED["values"])
def test_a_value_is_what_was_recorded(name):
    nbcairn = pytest.importorskip("nbcairn.fingerprint")
    from stages import storage

    assert nbcairn.fingerprint(storage.load(name)).digest == EXPECTED["values"][name]


@pytest.mark.skipif(changed(), reason="params.yaml was changed: other results are right")
@pytest.mark.parametrize("name", EXPECTED["files"])
def test_a_file_is_what_was_recorded(name):
    assert hashlib.md5((ROOT / name).read_bytes()).hexdigest() == EXPECTED["files"][name]
'''

DOCKERFILE = """FROM python:{python}-slim
WORKDIR /pipeline
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir -r requirements.txt -c constraints.txt && pip install --no-cache-dir dvc
COPY . .
CMD ["dvc", "repro"]
"""
