"""Options: patterns, the environment, and that a change in a notebook counts at once."""

import pytest
from traitlets import TraitError

from kernels import kernel
from nbcairn.config import Cairn, disabled_by_environment


@pytest.mark.parametrize(
    ("patterns", "name", "ignored"),
    [
        ([], "token", False),
        (["token*"], "token_2", True),
        (["token*"], "my_token", False),
        (["TOKEN"], "token", False),
        (["[ab]c"], "ac", True),
        (["x", "y"], "y", True),
    ],
)
def test_names_and_files_are_matched_by_shell_patterns(patterns, name, ignored):
    assert Cairn(ignore_names=patterns).ignores_name(name) is ignored
    assert Cairn(ignore_files=patterns).ignores_file(name) is ignored


def test_a_pattern_reaches_into_folders():
    assert Cairn(ignore_files=["secrets/*"]).ignores_file("secrets/deep/key.pem")
    assert not Cairn(ignore_files=["secrets/*"]).ignores_file("data/secrets.csv")


@pytest.mark.parametrize(("value", "disabled"), [(None, False), ("", False), ("0", False), ("1", True), ("yes", True)])
def test_the_environment_switches_recording_off(monkeypatch, value, disabled):
    monkeypatch.delenv("NBCAIRN_DISABLE", raising=False)
    if value is not None:
        monkeypatch.setenv("NBCAIRN_DISABLE", value)
    assert disabled_by_environment() is disabled


@pytest.mark.parametrize("options", [{"keep_text": "maybe"}, {"max_bytes": "much"}])
def test_a_value_that_makes_no_sense_is_refused(options):
    with pytest.raises(TraitError):
        Cairn(**options)


def test_one_pattern_needs_no_list():
    assert Cairn(ignore_names="token*").ignores_name("token_2")
    assert not Cairn(ignore_names="token*").ignores_name("t")


def test_a_change_in_the_notebook_counts_at_once_and_a_configuration_file_is_read(tmp_path):
    profile = tmp_path / ".ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("c.Cairn.ignore_names = ['secret*']\n")
    with kernel(tmp_path) as live:
        assert live.run("secret_key = 1\nopen_key = 2").bound == {"open_key"}
        live.run("%config Cairn.keep_text = False")
        assert [display.text for display in live.run("print('hello')").run.displays] == [""]
        live.run("%config Cairn.enabled = False")
        assert live.run("x = 1").run is None
        live.run("%config Cairn.enabled = True")
        assert live.run("x = 2").run is not None
