"""What looks like a secret is found, masked in documents and refused in code."""

import pytest

from nbcairn.errors import ExportError
from nbcairn.exporters.safety import MASK, black_out, find_secrets, refuse_secrets

TOKEN = "ghp_" + "a1B2" * 9
SECRETS = [
    ('password = "hunter2horse"', "hunter2horse"),
    ('key = "AKIAIOSFODNN7EXAMPLE"', "AKIAIOSFODNN7EXAMPLE"),
    (f'GITHUB = "{TOKEN}"', TOKEN),
    ('engine = connect("postgresql://ada:s3cr3tpw@db/x")', "s3cr3tpw"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA"),
]
HARMLESS = [
    'token = os.environ["TOKEN"]', "api_key = getpass()", "frame.sort_values(key=len)", 'keys = {"a": 1}', 'password = ""',
    'secret = "<your secret>"', "d41d8cd98f00b204e9800998ecf8427e", "author = 'ada'", "x = y.groupby('key').mean()",
    "model.fit(X, tokens)",
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_masked_and_refused(text, secret):
    masked, count = black_out(f"before\n{text}\nafter")
    assert count >= 1
    assert secret not in masked
    assert MASK in masked
    assert (masked[:7], masked[-6:]) == ("before\n", "\nafter")
    with pytest.raises(ExportError, match="line 2") as refused:
        refuse_secrets(f"before\n{text}", "the slice of x")
    assert secret not in str(refused.value), "it is told where, not what"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_passes(text):
    assert find_secrets(text) == []
    assert black_out(text) == (text, 0)
