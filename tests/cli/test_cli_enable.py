"""``nbcairn enable`` and ``disable``: the user's own configuration is kept."""

import json

import pytest


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path / "ipython" / "profile_default" / "ipython_kernel_config.json"


def extensions(file):
    return json.loads(file.read_text())["IPKernelApp"]["extensions"]


def test_on_twice_and_off(nbcairn, file):
    assert nbcairn("enable").code == 0
    first = file.read_bytes()
    assert nbcairn("enable --json").json == {"enabled": True, "file": file.as_posix()}
    assert file.read_bytes() == first
    assert extensions(file) == ["nbcairn"]
    assert nbcairn("disable --json").json["enabled"] is False
    assert extensions(file) == []


def test_what_else_is_configured_stays(nbcairn, file):
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"IPKernelApp": {"extensions": ["autoreload"], "debug": True}, "Other": {"x": 1}}))
    nbcairn("enable")
    assert extensions(file) == ["autoreload", "nbcairn"]
    nbcairn("disable")
    assert json.loads(file.read_text()) == {
        "IPKernelApp": {"extensions": ["autoreload"], "debug": True},
        "Other": {"x": 1},
    }


@pytest.mark.parametrize("content", ["{", "[1]", '"text"', "\x00"])
@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_a_file_we_cannot_read_is_left_alone(nbcairn, file, verb, content):
    file.parent.mkdir(parents=True)
    file.write_text(content)
    answer = nbcairn(verb)
    assert answer.code == 2
    assert "Mend or remove the file" in answer.err
    assert file.read_text() == content


@pytest.mark.parametrize("config", [{"IPKernelApp": []}, {"IPKernelApp": {"extensions": "autoreload"}}])
def test_an_odd_configuration_is_refused_not_overwritten(nbcairn, file, config):
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(config))
    answer = nbcairn("enable")
    assert answer.code == 2
    assert json.loads(file.read_text()) == config


def test_a_folder_that_cannot_be_made_is_told(nbcairn, file):
    file.parent.parent.write_text("a file where the folder should be")
    answer = nbcairn("enable")
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_a_kernel_that_starts_afterwards_records_without_being_asked(nbcairn, tmp_path, monkeypatch):
    from kernels import kernel

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    nbcairn("enable")
    with kernel(tmp_path, load=False) as live:
        assert live.run("x = 1").bound == {"x"}
    nbcairn("disable")
    with kernel(tmp_path, load=False) as live:
        assert live.run("x = 2").run is None
