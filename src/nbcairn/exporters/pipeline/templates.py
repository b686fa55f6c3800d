"""The fixed texts of a pipeline project; ``storage.py`` beside this is copied into it as it stands."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["DOCKERFILE", "DOCKERIGNORE", "TESTS", "storage_module"]


def storage_module() -> str:
    """The module that writes and reads values between stages."""
    return (files("nbcairn.exporters.pipeline") / "storage.py").read_text(encoding="utf-8")


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
    """True when the settings are not those of the notebook."""
    return hashlib.md5(PARAMS.read_bytes()).hexdigest() != EXPECTED["params"]


@pytest.mark.skipif(changed(), reason="params.yaml was changed: so are results")
@pytest.mark.parametrize("name", EXPECTED["values"])
def test_a_value_is_what_was_recorded(name: str) -> None:
    """By the fingerprint of its content."""
    nbcairn = pytest.importorskip("nbcairn.fingerprint")
    from stages import storage

    assert nbcairn.fingerprint(storage.load(name)).digest == EXPECTED["values"][name]


@pytest.mark.skipif(changed(), reason="params.yaml was changed: so are results")
@pytest.mark.parametrize("name", EXPECTED["files"])
def test_a_file_is_what_was_recorded(name: str) -> None:
    """By its md5."""
    content = (ROOT / name).read_bytes()
    assert hashlib.md5(content).hexdigest() == EXPECTED["files"][name]
'''

DOCKERFILE = """FROM python:{python}-slim
WORKDIR /pipeline
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir -r requirements.txt -c constraints.txt && pip install --no-cache-dir "dvc>=3.60,<4"
COPY . .
CMD ["dvc", "repro"]
"""

DOCKERIGNORE = """.dvc/cache
.dvc/tmp
.venv
**/__pycache__
"""
