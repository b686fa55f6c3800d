"""Nothing secret or personal leaves: texts are searched for keys, tokens, passwords and home folders before they are handed over.

Documents for reading have them blacked out. Code and records would no longer be what they were, so there the export
stops and says where. The search is that of detect-secrets, without its guesses by entropy, which take hashes for keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nbcairn.errors import PersonalPathFound, SecretFound
from nbcairn.exporters.scrub import personal_paths, scrub

__all__ = [
    "Secret",
    "black_out",
    "clean",
    "find_secrets",
    "paths_in_file",
    "refuse_paths",
    "refuse_secrets",
    "secrets_in_file",
]

_DETECTORS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "IbmCosHmacDetector",
    "JwtTokenDetector", "KeywordDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector",
    "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SoftlayerDetector", "SquareOAuthDetector", "StripeDetector",
    "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
_PROMISING = re.compile(
    r"key|secret|token|pass|pwd|auth|credential|-----BEGIN|://[^/\s:]+:[^/\s@]+@|AKIA|ASIA|ghp_|gho_|ghs_|glpat-|xox[abp]|eyJ|"
    r"sk-|sk_live|rk_live|pypi-|SG\.|npm_|bot\d|AC[0-9a-f]{32}|\d{8,10}:[\w-]{35}|-us\d|sq0",
    re.IGNORECASE,
)
"""Lines without any of these hold nothing that a detector looks for; the search costs microseconds for them."""

_PLACEHOLDERS = re.compile(
    r"^(x+|\*+|\.+|<.*>|\$\{?\w+\}?|%\(?\w+\)?s?|\{\w*\}|none|null|true|false|your.*|example|changeme|test)$", re.I
)
_CODE_VALUE = re.compile(r"^[A-Za-z_][\w.]*[(\[]")

MASK = "‹secret removed›"
MOST_SEARCHED = 5_000_000
"""Bytes of a file that are searched: secrets stand in small files of settings, and a table of data is long."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands (line from 1) and what it looks like; ``value`` is never shown."""

    line: int
    kind: str
    value: str


def find_secrets(text: str) -> list[Secret]:
    """Everything in a text that looks like a key, token or password."""
    if not _PROMISING.search(text):
        return []
    lines = text.splitlines()
    wanted = [number for number, line in enumerate(lines) if _PROMISING.search(line)]
    if not wanted:
        return []
    with _detectors() as scan:
        found = (Secret(number + 1, kind, value) for number in wanted for kind, value in scan(lines[number]))
        return [secret for secret in found if _is_likely(secret)]


def _is_likely(secret: Secret) -> bool:
    value = secret.value.strip("'\" ")
    if not value or _PLACEHOLDERS.match(value):
        return False
    return not (secret.kind == "Secret Keyword" and (_CODE_VALUE.match(value) or len(value) < 4))


@contextmanager
def _detectors() -> Iterator[Callable[[str], Iterable[tuple[str, str]]]]:
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import transient_settings

    def scan(line: str) -> Iterable[tuple[str, str]]:
        return ((found.type, found.secret_value or "") for found in scan_line(line))

    with transient_settings({"plugins_used": [{"name": name} for name in _DETECTORS]}):
        yield scan


def black_out(text: str) -> tuple[str, int]:
    """The text with every secret masked, and how many there were."""
    secrets = find_secrets(text)
    for secret in sorted(secrets, key=lambda secret: -len(secret.value)):
        text = _pattern(secret).sub(MASK, text)
    return text, len(secrets)


def clean(text: str) -> str:
    """The text without secrets and without the home folders of people."""
    return black_out(scrub(text))[0]


def _pattern(secret: Secret) -> re.Pattern[str]:
    """A private key goes as a block; of a token some detectors tell the beginning alone, so its whole word goes."""
    if secret.kind == "Private Key":
        return re.compile(r"-----BEGIN [^-]+-----.*?(-----END [^-]+-----|\Z)", re.DOTALL)
    value = re.escape(secret.value)
    return re.compile(rf"{value}[\w-]*") if "Token" in secret.kind or "Key" in secret.kind else re.compile(value)


def refuse_secrets(text: str, where: str) -> None:
    """Raise SecretFound, with line and kind, when a text holds a secret."""
    secrets = find_secrets(text)
    if not secrets:
        return
    places = "; ".join(f"line {secret.line}: {secret.kind}" for secret in secrets[:5])
    more = f" and {len(secrets) - 5} more" if len(secrets) > 5 else ""
    raise SecretFound(
        f"Not written, for {where} holds what looks like a secret ({places}{more}).",
        "Read it from the environment (os.environ) or a file that is not shared, run the cell again, and export anew;"
        " or say --allow-secrets if it is none.",
    )


def refuse_paths(text: str, where: str) -> None:
    """Raise PersonalPathFound, with line and folder, when code names the home folder of a person: it would run nowhere else."""
    found = personal_paths(text)
    if not found:
        return
    places = "; ".join(f"line {number}: {folder}" for number, folder in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    raise PersonalPathFound(
        f"Not written, for {where} names a personal folder ({places}{more}).",
        "Write the path from the notebook's folder, run the cell again, and export anew;"
        " or say --allow-paths if only you will use it.",
    )


def secrets_in_file(content: bytes) -> list[Secret]:
    """What looks like a secret in a file of text that would be copied; nothing in other files."""
    return find_secrets(_text_of(content))


def paths_in_file(content: bytes) -> list[tuple[int, str]]:
    """The home folders that such a file names, with their lines; nothing in other files."""
    return personal_paths(_text_of(content))


def _text_of(content: bytes) -> str:
    return "" if b"\0" in content[:8192] else content[:MOST_SEARCHED].decode("utf-8", "replace")
