"""What the command line does not import: libraries that cost seconds and that no verb needs."""

from __future__ import annotations

import json
import subprocess
import sys

RUN = """
import sys
from nbcairn.cli import main
code = main(["run", sys.argv[1]])
print(code, "nbformat" in sys.modules, "rfc3987_syntax" in sys.modules)
"""


def test_a_run_does_not_build_a_grammar_of_addresses(tmp_path):
    cell = {"cell_type": "code", "id": "a", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    done = subprocess.run([sys.executable, "-c", RUN, path], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "0 True False", done.stderr
