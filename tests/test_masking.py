"""Secrets that are masked, and plain texts that are not, by tables."""

from __future__ import annotations

import time

import pytest

from cases.secrets import PLAIN, SECRETS
from nbcairn.masking import MASK, Masker, is_secret_name


@pytest.mark.parametrize(("what", "text", "secret"), SECRETS, ids=[what for what, _, _ in SECRETS])
def test_a_secret_is_masked(what, text, secret):
    assert secret in text
    masked = Masker().text(text)
    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays(text):
    assert Masker().text(text) == text


@pytest.mark.parametrize(("what", "text", "secret"), SECRETS, ids=[what for what, _, _ in SECRETS])
def test_masking_twice_changes_nothing_more(what, text, secret):
    once = Masker().text(text)
    assert Masker().text(once) == once


def test_what_the_environment_holds_under_a_secret_name_is_masked_anywhere(monkeypatch):
    monkeypatch.setenv("MY_SERVICE_TOKEN", "quite-ordinary-words")
    assert Masker().text("it printed quite-ordinary-words today") == f"it printed {MASK} today"


def test_patterns_of_the_users_own_are_masked_and_a_wrong_one_is_left_out():
    assert Masker([r"P-\d{4}", "("]).text("patient P-1234") == f"patient {MASK}"


@pytest.mark.parametrize(("name", "secret"), [("password", True), ("DB_PASSWORD", True), ("api_key", True), ("token", True),
                                              ("tokens_seen", False), ("key", False), ("n_tokens_used", False), ("monkey", False)])  # fmt: skip
def test_names_that_say_secret(name, secret):
    assert is_secret_name(name) is secret


def test_json_is_masked_all_through():
    assert Masker().json({"a": ["password = 'hunter2'", 1]}) == {"a": [f"password = '{MASK}'", 1]}


@pytest.mark.parametrize(
    "long",
    [
        pytest.param("A1b2" * 200_000 + " token key ://", id="one word of 800 kB"),
        pytest.param("a.b-c_" * 100_000 + " password", id="a name of 600 kB"),
        pytest.param("".join(f'<path d="M{i}.5,{i}"/>' for i in range(30_000)) + " key", id="a picture in words"),
        pytest.param("&" + "x" * 500_000 + "?" * 100 + "token ://", id="a query that never ends"),
    ],
)
def test_a_long_text_takes_time_by_its_length(long):
    begun = time.process_time()
    assert Masker().text(long) == long
    assert time.process_time() - begun < 3
