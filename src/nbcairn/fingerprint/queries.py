"""Queries that are not computed yet: polars lazy frames and expressions, DuckDB relations.

A query counts by its plan and by the files it names, as they are now (size and time of change). It is never computed
for its fingerprint. What a plan reads that it does not tell, such as a table of a database, is said in the note.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbcairn.fingerprint.digest import Digest
from nbcairn.fingerprint.files import MOST_FILES, add_files
from nbcairn.fingerprint.walk import Family, Opaque, Walk

__all__ = ["FAMILIES"]

_SCANNED = re.compile(r"SCAN \[([^\]]*)\]")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_MADE_UP = re.compile(r"(unnamed_relation)_[0-9a-f]+")
_TABLE = re.compile(r"\b(?:from|join)\s+\"?[a-z_]", re.IGNORECASE)
_FUNCTION = re.compile(r"\b(?:from|join)\s+\"?[a-z_]\w*\s*\(", re.IGNORECASE)


def _polars_lazy(walk: Walk, digest: Digest, frame: Any) -> None:
    walk.mutable(frame)
    digest.text("polars.LazyFrame")
    digest.buffer(frame.serialize(format="binary"))
    plan = frame.explain(optimized=False)
    add_files(digest, [name for names in _SCANNED.findall(plan) for name in names.split(", ")])


def _polars_expression(_: Walk, digest: Digest, value: Any) -> None:
    digest.text("polars.Expr")
    digest.buffer(value.meta.serialize(format="binary"))


def _duckdb(walk: Walk, digest: Digest, value: Any) -> None:
    query = _MADE_UP.sub(r"\1", value.sql_query())
    if "__duckdb_source_" in query:
        raise Opaque("a query over a Python object that it does not tell")
    walk.mutable(value)
    digest.text("duckdb.Relation")
    digest.text(query)
    digest.texts([f"{name} {kind}" for name, kind in zip(value.columns, value.types, strict=True)])
    names = [name.replace("''", "'") for name in _QUOTED.findall(query)]
    add_files(digest, [str(path) for name in names for path in _matching(name)])
    if len(_TABLE.findall(query)) > len(_FUNCTION.findall(query)):
        walk.sample("a query; the tables that it reads do not count")


def _matching(name: str) -> list[Path]:
    """The files that a name or pattern stands for."""
    if not name or len(name) > 4096 or "\n" in name:
        return []
    if any(mark in name for mark in "*?["):
        try:
            folder = Path(name).anchor or "."
            return list(Path(folder).glob(name.removeprefix(folder) if folder != "." else name))[:MOST_FILES]
        except (ValueError, NotImplementedError, OSError):
            return []
    return [Path(name)]


FAMILIES: dict[str, Family] = {
    "polars.lazyframe.frame.LazyFrame": Family(_polars_lazy, nested=False),
    "polars.expr.expr.Expr": Family(_polars_expression, nested=False),
    **dict.fromkeys(
        (
            "duckdb.duckdb.DuckDBPyRelation", "duckdb.DuckDBPyRelation", "_duckdb.DuckDBPyRelation",
            "duckdb._relation.DuckDBPyRelation",
        ),
        Family(_duckdb, nested=False),
    ),
}  # fmt: skip
