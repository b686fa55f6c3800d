"""What is known of the last real run of a document: when it was, how many cells were the same, and whether it still holds."""

from __future__ import annotations

from nbcairn.document import document_key
from nbcairn.model import Document, LastVerified
from nbcairn.store import Trail

__all__ = ["last_verified", "told_verified"]


def last_verified(document: Document, trail: Trail) -> LastVerified | None:
    """The newest verification of a document, by its path, also an earlier one, or by its cells; None when there was none.

    Raises a TrailError.
    """
    if document.path is None:
        return None
    key = document_key(document)
    found = next(iter(trail.verifications(document.path, limit=1)), None) or trail.verified_as(key)
    return LastVerified(found.made, found.same, found.counts, found.document_key != key) if found else None


def told_verified(verified: LastVerified) -> str:
    """The same as one sentence."""
    counts = verified.counts
    compared = sum(counts.values()) - counts.get("nothing-to-compare", 0)
    when = verified.made[:16].replace("T", " ")
    edited = "; the notebook was edited since" if verified.edited else ""
    return f"Verified by a real run on {when} UTC: {counts.get('same', 0)} of {compared} cells were the same{edited}."
