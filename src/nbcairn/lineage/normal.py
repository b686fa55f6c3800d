"""What of a shown text counts: addresses, durations and generated ids differ in every run and are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from blake3 import blake3

__all__ = ["bundle_digest", "normalised", "text_digest"]

_DURATION = r"[\d.,]+ ?(?:ns|µs|us|ms|s|min|h)\b"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b0x[0-9a-fA-F]{6,}"), "0x…"),
    (re.compile(rf"(?:CPU times|Wall time|Total CPU|Compiler *:)[^\n]*{_DURATION}[^\n]*"), "time …"),
    (re.compile(rf"{_DURATION} ± {_DURATION}[^\n]*"), "time …"),
    (re.compile(r"\d+ ?%\|[^\n\r]*it/s[^\n\r]*|[\d.]+ ?(?:it/s|s/it)"), "progress …"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?<[?\d:]+"), "time …"),
    (re.compile(r"ipykernel_\d+/\d+\.py"), "ipykernel/cell.py"),
    (re.compile(r"<ipython-input-\d+-[0-9a-f]+>"), "<cell>"),
    (re.compile(r"\bIn ?\[\d+\]"), "In […]"),
    (re.compile(r"sk-(?:container|estimator)-id-[\w-]+"), "sk-id"),
    (re.compile(r"\bT_[0-9a-f]{5}(?=[_\s\"'#{.]|$)"), "T_id"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "uuid"),
    (re.compile(r"\b(id|pid)=\d+"), r"\1=…"),
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
)


def normalised(text: str) -> str:
    """The text without what no re-run repeats."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def text_digest(text: str) -> str:
    """128 bits of a normalised text."""
    return blake3(normalised(text).encode("utf-8", "surrogatepass")).hexdigest(length=16)


def bundle_digest(data: Mapping[str, object]) -> str:
    """128 bits of a MIME bundle. Where there is a picture the text beside it (``<Figure size …>``) still counts."""
    digest = blake3()
    for media_type in sorted(data):
        value = data[media_type]
        content = value if isinstance(value, bytes) else normalised(str(value)).encode("utf-8", "surrogatepass")
        digest.update(f"{media_type}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest(length=16)
