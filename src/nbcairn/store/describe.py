"""The tables of the trail as a page of the reference; ``./dev docs`` writes it."""

from __future__ import annotations

from pathlib import Path

from nbcairn.store.tables import SCHEMA_VERSION, TABLES, TableInfo

__all__ = ["PAGE", "page"]

PAGE = Path("docs/reference/tables.md")

HEAD = f"""# The tables of the trail

<!-- Written by `./dev docs`; edit src/nbcairn/store/tables.py instead. -->

The trail is one SQLite file, `.cairn/trail.db` (schema version {SCHEMA_VERSION}), and a folder of blobs
beside it. Both are yours to query, with the `sqlite3` shell,
[sqlite-utils](https://sqlite-utils.datasette.io) or [Datasette](https://datasette.io); open the file
read-only while a kernel writes to it. Rows are added, never changed. Times are ISO 8601 in UTC, ids 32 hex
digits that sort by time of making; JSON is kept as text.

The runs of a notebook and what they wrote, newest first:

```sql
select runs.started, runs.cell_id, writes.name, writes.summary
from runs join writes on writes.run_id = runs.id
where runs.notebook = 'analysis.ipynb' order by runs.id desc;
```
"""

TAIL = """
## search

Full-text search (FTS5) over artifacts: `artifact_id`, `name`, `title`, `summary`, `columns`, `source`.

```sql
select artifacts.name, artifacts.summary from artifacts
where id in (select artifact_id from search where search match 'penguin*');
```

## Blobs

`blobs/files/md5/ab/cdef…` holds the content whose md5 is `abcdef…`: images and previews, in the layout that
DVC uses for its cache and its remotes. `displays.blob`, `artifacts.blob` and `files.md5` are such keys.
"""


def page() -> str:
    """The page in Markdown."""
    return HEAD + "".join(map(_section, TABLES)) + TAIL


def _section(info: TableInfo) -> str:
    rows = "".join(f"| `{c.name}` | {c.type} | {c.meaning} |\n" for c in info.columns)
    keys = f"\nPrimary key: {_names(info.key)}."
    indexes = f" Indexes: {'; '.join(map(_names, info.indexes))}." if info.indexes else ""
    head = f"\n## {info.name}\n\n{info.meaning}\n\n| column | type | meaning |\n|---|---|---|\n"
    return f"{head}{rows}{keys}{indexes}\n"


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in columns)
