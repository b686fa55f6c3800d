"""Verification: run a document for real in a clean kernel, and say cell by cell what differs and why.

``perform`` runs it (the only module here that starts a kernel); ``judge`` compares what it did with what was recorded or
saved, by ``outputs``, ``names`` and ``causes``; ``narrate`` and ``report`` say it in words and as JSON.
"""
