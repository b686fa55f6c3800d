"""Who waits for a module is told when its code has run, once, whoever asked for it before."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec

import pytest

from nbcairn.kernel.imports import PostImport


@pytest.fixture
def listening(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "awaited", raising=False)
    imports = PostImport()
    imports.install()
    yield imports
    imports.uninstall()
    sys.modules.pop("awaited", None)


def write(tmp_path, text: str) -> None:
    (tmp_path / "awaited.py").write_text(text)
    importlib.invalidate_caches()


def test_asking_whether_there_is_such_a_module_is_no_import(listening, tmp_path):
    write(tmp_path, "value = 1")
    told: list[int] = []
    listening.when("awaited", lambda module: told.append(module.value))
    assert find_spec("awaited") is not None, "as polars asks for torch"
    assert told == []
    importlib.import_module("awaited")
    importlib.import_module("awaited")
    assert told == [1]


def test_a_module_whose_code_fails_is_waited_for_still(listening, tmp_path):
    write(tmp_path, "raise ValueError")
    told: list[str] = []
    listening.when("awaited", lambda module: told.append("after"))
    listening.around("awaited", lambda: told.append("before") or (lambda: told.append("around")))
    with pytest.raises(ValueError):
        importlib.import_module("awaited")
    assert told == ["before"]
    write(tmp_path, "value = 'mended, and longer'")
    sys.modules.pop("awaited", None)
    importlib.import_module("awaited")
    assert told == ["before", "before", "around", "after"]
