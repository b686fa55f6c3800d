"""The cookbook's commands, run in a recorded project."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "cookbook.md"
RECIPES = [
    (title, commands)
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    if (commands := "\n".join(re.findall(r"^```bash\n(.*?)^```", body, re.M | re.S)))
]


def test_there_are_recipes():
    assert len(RECIPES) >= 8


@pytest.mark.parametrize(("title", "commands"), RECIPES, ids=[title for title, _ in RECIPES])
def test_a_recipe_works(project, title, commands):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=project.root, env=environment, capture_output=True, text=True,
        check=False, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr
