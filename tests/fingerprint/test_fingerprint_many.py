"""No false equal and no false different, by tens of thousands of values of each family (``make nightly``).

Each example is a seed and a place where one draw goes astray, so that the two values compared are nearly the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fingerprint_cases import EXAMPLES, full
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import FAMILIES, Draws

ELSEWHERE = """
import json, sys
from makers import FAMILIES, Draws
from nbcairn.fingerprint import fingerprint
for line in sys.stdin:
    name, places = json.loads(line)
    print(json.dumps([fingerprint(FAMILIES[name].make(Draws(*place))).digest for place in places]), flush=True)
"""


@pytest.fixture(scope="module")
def elsewhere():
    """The digests of the same values, made in another process with another hash seed."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", ELSEWHERE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONHASHSEED": "4", "PYTHONPATH": path},
    )  # fmt: skip

    def digests(name, places):
        process.stdin.write(json.dumps([name, places]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield digests
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FAMILIES)
def test_equal_exactly_when_the_content_is_here_and_elsewhere(name, elsewhere):
    family, seen = FAMILIES[name], {}

    @settings(max_examples=EXAMPLES, database=None)
    @given(st.integers(0, 2**64 - 1), st.integers(1, 40))
    def check(seed, astray):
        one, other = family.make(Draws(seed)), family.make(Draws(seed, astray))
        digest = full(one)
        assert full(family.make(Draws(seed))) == digest, "made again"
        assert (full(other) == digest) == (repr(family.told(one)) == repr(family.told(other)))
        for again in family.relaid(one):
            assert full(again) == digest, "in other memory"
        seen[seed] = digest

    check()
    assert len(seen) >= EXAMPLES // 2
    assert elsewhere(name, [[seed] for seed in seen]) == list(seen.values())
