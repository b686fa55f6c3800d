"""Entry points of other packages are found, and their absence is found quickly."""

from __future__ import annotations

import sys
import zipfile

import pytest

from nbcairn.plugins import declared


def package(folder, text: str) -> None:
    info = folder / "adder-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: adder\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(text)


def test_what_a_package_adds_is_found(tmp_path, monkeypatch):
    package(tmp_path, "[nbcairn.fingerprints]\nmine = adder:FAMILIES\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert ("mine", "adder:FAMILIES") in [(point.name, point.value) for point in declared("nbcairn.fingerprints")]


def test_a_package_that_adds_something_else_adds_nothing(tmp_path, monkeypatch):
    package(tmp_path, "[console_scripts]\nadder = adder:main\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert declared("nbcairn.fingerprints") == ()


def test_packages_in_archives_are_asked_by_importlib(tmp_path, monkeypatch):
    archive = tmp_path / "adder.zip"
    with zipfile.ZipFile(archive, "w") as held:
        held.writestr("adder-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: adder\nVersion: 1.0\n")
        held.writestr("adder-1.0.dist-info/entry_points.txt", "[nbcairn.profiles]\nmine = adder:FAMILIES\n")
    monkeypatch.setattr(sys, "path", [str(archive)])
    assert [point.name for point in declared("nbcairn.profiles")] == ["mine"]


def test_a_package_that_adds_to_another_group_costs_no_parsing(tmp_path, monkeypatch):
    package(tmp_path, "[nbcairn.exporters]\nmine = adder:export\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr("nbcairn.plugins.entry_points", lambda **_: pytest.fail("was asked"))
    assert declared("nbcairn.fingerprints") == ()
