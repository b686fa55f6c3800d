"""What the tables of cases share: checks, and making the same value in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from nbcairn.fingerprint import fingerprint
from nbcairn.model import Coverage


def full(value):
    """The digest of a value, which must rest on all of it."""
    found = fingerprint(value)
    assert found.coverage is Coverage.FULL, found.note
    assert len(found.digest) == 32
    return found.digest


def elsewhere(sources: list[str], setup: str = "", seed: str = "0") -> list[str]:
    """The digests of these expressions in a new process with another hash seed."""
    code = f"""
import json, sys
from nbcairn.fingerprint import fingerprint
{setup}
print(json.dumps([fingerprint(eval(source)).digest for source in json.loads(sys.argv[1])]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sources)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
