"""What the tables of cases share: checks, and making the same value in another process."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

from hypothesis import settings

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


NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
EXAMPLES = int(os.environ.get("NBCAIRN_EXAMPLES") or (10_000 if NIGHTLY else 15))
many = settings(max_examples=EXAMPLES)
"""How many examples a family's properties are tried on."""

few = settings(max_examples=max(8, EXAMPLES // 10))
"""The same, where one example takes long."""


class Elsewhere:
    """Another process, with another hash seed, that fingerprints the values it is sent."""

    _CODE = """
import pickle, sys
from nbcairn.fingerprint import fingerprint
while True:
    value = pickle.load(sys.stdin.buffer)
    pickle.dump(fingerprint(value), sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""

    def __init__(self, seed: str = "77") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )

    def fingerprint(self, value):
        pickle.dump(value, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def close(self):
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
