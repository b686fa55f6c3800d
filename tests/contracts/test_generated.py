"""Pages that are written from code are as the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = generator().pages()


@pytest.mark.parametrize("file", PAGES, ids=[file.name for file in PAGES])
def test_a_generated_page_is_up_to_date(file):
    assert file.exists(), "./dev docs writes it"
    assert file.read_text(encoding="utf-8") == PAGES[file], "./dev docs writes it again"


def test_every_generator_that_is_there_is_used():
    names = {f"nbcairn.{path.parent.name}.describe" for path in (ROOT / "src" / "nbcairn").glob("*/describe.py")}
    assert names <= set(generator().GENERATORS)
