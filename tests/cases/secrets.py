"""Texts with secrets in them: (what it is, the text, the secret that must not be left). Made up, and shaped like real ones."""

from __future__ import annotations

SECRETS = (
    ("AWS key id", "client('s3', aws_access_key_id='AKIA" + "IOSFODNN7EXAMPLE')", "IOSFODNN7EXAMPLE"),
    ("AWS secret", "aws_secret_access_key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'", "wJalrXUtnFEMI"),
    ("GitHub token", "token ghp_" + "a1B2" * 9, "a1B2a1B2"),
    ("GitHub fine-grained", "x = 'github_pat_" + "A1b2" * 8 + "'", "A1b2A1b2"),
    ("GitLab", "glpat-" + "abcd" * 5, "abcdabcd"),
    ("Hugging Face", "login('hf_" + "Ab1" * 11 + "')", "Ab1Ab1"),
    ("a model service", "key='sk-" + "proj-" + "Zz9" * 10 + "'", "Zz9Zz9"),
    ("payments", "sk_" + "live_" + "Q7" * 12, "Q7Q7Q7"),
    ("Slack", "xoxb-" + "123456789012-abcdefghij", "abcdefghij"),
    ("Google key", "AIza" + "Sy0" * 11 + "ab", "Sy0Sy0"),
    ("JSON web token", "eyJhbGciOiJI." + "eyJzdWIiOiIx." + "c2lnbmF0dXJl", "c2lnbmF0dXJl"),
    (
        "private key",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
        "MIIEpAIBAAKCAQEA",
    ),
    ("a private key cut short", "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA", "MIIEpAIBAAKCAQEA"),
    ("password in code", "password = 'hunter2'", "hunter2"),
    ("password as an argument", "connect(host='db', password=\"hunter2\")", "hunter2"),
    ("password in a dict", "cfg = {'db_password': 'hunter2', 'user': 'ada'}", "hunter2"),
    ("password in the environment", "os.environ['DB_PASSWORD'] = 'hunter2'", "hunter2"),
    ("api key", "API_KEY = 'abc-123-def'", "abc-123-def"),
    ("password in a URL", "create_engine('postgresql://ada:hunter2@db/x')", "hunter2"),
    ("token in a query", "requests.get('https://example.org/a?api_key=abc123def&x=1')", "abc123def"),
    ("authorization header", "headers = {'Authorization': 'Bearer abcdefghij0123456789'}", "abcdefghij0123456789"),
    ("JSON output", '{"access_token": "abc123def456"}', "abc123def456"),
    ("YAML output", "secret_key: 'abc123def456'", "abc123def456"),
)

PLAIN = (
    "tokens = text.split()",
    "token_count = 5",
    "for token in tokens: print(token)",
    "password = input('Password: ')",
    "x = 'https://example.org/a?page=2'",
    "key = 'species'",
    "df.sort_values(by='secretary')",
    "api_key = None",
    "tokenizer = 'bert-base-uncased'",
    "1 + 1",
    "a: 'b'",
    "sk-learn is not a key, and sk_id neither",
)
