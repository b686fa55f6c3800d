"""The table of what is the same and what is not in docs/explanation/fingerprints.md holds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from fingerprint_cases import full

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "fingerprints.md"
ROW = re.compile(r"^\| `(.+?)` \| `(.+?)` \| (same|differ) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))
NAMES = {"np": np, "pd": pd, "pl": pl, "pa": pa, "sp": sp}


def test_the_page_has_the_table():
    assert len(ROWS) > 20
    assert {meaning for *_, meaning in ROWS} == {"same", "differ"}


@pytest.mark.parametrize("one,other,meaning", ROWS, ids=[f"{one} / {other}" for one, other, _ in ROWS])
def test_the_page_is_right(one, other, meaning):
    same = full(eval(one, dict(NAMES))) == full(eval(other, dict(NAMES)))
    assert same == (meaning == "same")
