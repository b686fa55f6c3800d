"""Writes ``docs/reference/statistics.md`` from the table below and from real values, so that it cannot drift."""

from __future__ import annotations

import json
from dataclasses import dataclass

from nbcairn.profile.family import Budget
from nbcairn.profile.registry import statistics
from nbcairn.profile.splits import split_statistics

__all__ = ["KEYS", "PAGE", "Key", "page"]

PAGE = "docs/reference/statistics.md"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an artifact's ``detail``: what it stands in, its JSON type, and what it means."""

    within: str
    name: str
    kind: str
    meaning: str


TABLE, COLUMN, ARRAY, MODEL, SPLIT, METRIC = "table", "column", "array", "model", "split", "metric"

KEYS: tuple[Key, ...] = (
    Key(TABLE, "rows", "integer", "how many rows"),
    Key(TABLE, "columns", "list of objects", "one object a column, in order, of the first 200 columns; names can repeat"),
    Key(TABLE, "bytes", "integer", "memory, without the texts that an object column points to"),
    Key(TABLE, "preview", "list of lists of text", "the first 10 rows, of the first 50 columns"),
    Key(TABLE, "index", "list of text", "the labels of these rows (pandas)"),
    Key(TABLE, "skipped", "list of text", "what the time (`Cairn.statistics_seconds`) or the size left out; absent if nothing"),
    Key(COLUMN, "name", "text", "its name; the levels of a name of several follow each other (`2020, mean`); empty without one"),
    Key(COLUMN, "dtype", "text", "its type, in the library's words"),
    Key(COLUMN, "nulls", "integer", "missing values: None, NaN, NaT, NA, null; absent if they were too many to count in time"),
    Key(COLUMN, "nan", "integer", "NaN beside the nulls, where a library tells these apart; absent if none"),
    Key(COLUMN, "infinite", "integer", "infinities, which stay out of all other figures; absent if none"),
    Key(COLUMN, "distinct", "integer", "different values, nulls apart"),
    Key(COLUMN, "min", "number or text", "the least; text for texts, times and whole numbers beyond 2^53"),
    Key(COLUMN, "max", "number or text", "the greatest, likewise"),
    Key(COLUMN, "mean", "number", "of truth values the share of the true ones; null if beyond all floats"),
    Key(COLUMN, "std", "number", "standard deviation of a sample (n - 1); null for a single value"),
    Key(COLUMN, "quartiles", "list of 3 numbers", "first quartile, median, third quartile"),
    Key(COLUMN, "top", "list of [text, integer]", "up to 5 most frequent values with how often; of numbers only if they are few"),
    Key(COLUMN, "histogram", "object", "20 `counts` and 21 `edges` (numbers; text for times); null if all values are equal"),
    Key(COLUMN, "sampled", "integer", "`distinct`, `top`, `quartiles`, `histogram` (and, of texts and objects, `nulls` if no "
        "library counted them, and bounds) rest on so many evenly spaced values; absent if on all"),
    Key(COLUMN, "categories", "integer", "categories that a value could have, of a column of categories"),
    Key(COLUMN, "types", "list of text", "the types in a column of objects, of which nothing else is said"),
    Key(ARRAY, "shape", "list of integers", "its size in each dimension"),
    Key(ARRAY, "dtype", "text", "its type"),
    Key(ARRAY, "rows", "integer", "the first of the shape"),
    Key(ARRAY, "bytes", "integer", "memory"),
    Key(ARRAY, "stored", "integer", "stored values, of a sparse matrix"),
    Key(ARRAY, "preview", "list", "the first 10 rows, each a list of text; without two dimensions the first 10 values as text"),
    Key(ARRAY, "columns", "list of objects", "as of a table: of a matrix with 2 to 50 columns, or the fields of a structure"),
    Key(MODEL, "class", "text", "its class, with the module"),
    Key(MODEL, "params", "object", "its settings as text; the layers of a network"),
    Key(MODEL, "fitted", "true or false", "whether it was fitted (scikit-learn)"),
    Key(MODEL, "features", "integer", "columns that it was fitted on (scikit-learn)"),
    Key(MODEL, "feature_names", "list of text", "their names"),
    Key(MODEL, "iterations", "number", "iterations that fitting took (scikit-learn)"),
    Key(MODEL, "best_score", "number", "of a search over settings"),
    Key(MODEL, "coefficients", "object", "name to number (statsmodels)"),
    Key(MODEL, "observations", "integer", "rows that it was fitted on (statsmodels)"),
    Key(MODEL, "parameters", "integer", "weights, of a network"),
    Key(MODEL, "trained_on", "list of objects", "`name` and `digest` (fingerprint) of what the cell fitted it on"),
    Key(MODEL, "scores", "object", "scores that the same cell computed: name to number, or to an object of numbers"),
    Key(SPLIT, "parts", "object", "for each part, by name: `rows`, `share` of all rows and, for labels, `classes`"),
    Key(SPLIT, "parts.*.classes", "list of [text, number]", "each label with its share of the part, the most frequent first"),
    Key(SPLIT, "shared", "list of objects", "for each two tables: how many `rows` of the part named `of` are also "
        "`in` the other. More than 0 is a leak, if `in` is the training data"),
    Key(SPLIT, "skipped", "list of text", "what was left out"),
    Key(METRIC, "value", "number", "of a single number"),
    Key(METRIC, "values", "object", "name to number, of a dict of numbers"),
)  # fmt: skip
"""Every key, in the order of the page."""

_HEAD = """# Statistics

<!-- Written by `./dev docs` from src/nbcairn/profile/reference.py; edit that instead. -->

For each new version of data, a model or a metric Cairn measures the value once, after the cell, when the kernel is idle, for
at most `Cairn.statistics_seconds`. A value that a later cell changed before its turn came is left out. The result is the
artifact's `detail`: `nbcairn.Trail(…).artifacts(enriched=True)`, the column `artifacts.detail`, and the REST interface give it.
Figures of numbers rest on all values, up to 20 million; of longer columns on evenly spaced ones, and `skipped` says so. Any key
can be absent. Numbers are JSON numbers: a NaN is null. Nothing here runs code of your classes.
"""
_TITLES = {
    TABLE: ("Tables", "Data frames and series of pandas and polars, tables and arrays of Arrow."),
    COLUMN: ("Columns", "The objects in `columns`. Lists and arrays have these keys themselves, as one column."),
    ARRAY: ("Arrays", "numpy, scipy.sparse, torch; with the figures of all values as of one column, where they are numbers."),
    SPLIT: (
        "Splits",
        "The object `detail.split` of each part of a split: data that one cell bound under names like `X_train` and `X_test`, "
        "`train_df` and `val_df`. Rows are compared by a 64-bit hash of all values, whatever their index.",
    ),
    MODEL: ("Models", "scikit-learn and what follows its conventions, statsmodels, xgboost, lightgbm, torch."),
    METRIC: ("Metrics", "Numbers under names that say score, such as `rmse` or `test_accuracy`."),
}  # fmt: skip


def page() -> str:
    """The reference of all keys, with an example of each kind."""
    examples = _examples()
    parts = [_HEAD]
    for within, (title, about) in _TITLES.items():
        parts.append(f"\n## {title}\n\n{about}\n\n| key | type | meaning |\n|---|---|---|\n")
        parts += [f"| `{key.name}` | {key.kind} | {key.meaning} |\n" for key in KEYS if key.within == within]
        if within in examples:
            parts.append(f"\n```json\n{examples[within]}\n```\n")
    return "".join(parts)


def _examples() -> dict[str, str]:
    """Real answers about small values."""
    import numpy as np
    import pandas as pd

    labels = [10, 11, 12, 13]
    frame = pd.DataFrame(
        {
            "species": pd.Series(["Adelie", "Gentoo", "Adelie", None], index=labels, dtype=object),
            "mass": [3700.0, 5200.0, np.nan, 3400.0],
            "islands": np.array([1, 1, 2, 1], dtype=np.int64),
        },
        index=labels,
    )
    rows = np.arange(20.0).reshape(10, 2)
    classes = np.array(list("aababbaaab"))
    parts = {"X_train": rows[:8], "X_test": rows[7:]}
    split = {
        "X_test": split_statistics(parts, Budget(60)),
        "y_test": split_statistics({"y_train": classes[:8], "y_test": classes[8:]}, Budget(60)),
    }
    model = {
        "class": "sklearn.linear_model._logistic.LogisticRegression",
        "params": {"C": "2", "max_iter": "100"},
        "fitted": True,
        "features": 2,
        "iterations": 7,
        "trained_on": [{"name": "X_train", "digest": "0" * 32}, {"name": "y_train", "digest": "1" * 32}],
        "scores": {"accuracy": 0.91, "report": {"precision": 0.9, "recall": 0.92}},
    }
    return {
        TABLE: _json(statistics(frame, 60)),
        ARRAY: _json(statistics(np.array([1.5, 2.0, 2.5, 2.0]), 60)),
        SPLIT: "\n\n".join(f'"{name}": {_json({"split": found})}' for name, found in split.items()),
        MODEL: _json(model),
    }


def _json(value: object, width: int = 120) -> str:
    """JSON with one line for whatever fits on one."""
    return _lines(value, "", width)


def _lines(value: object, indent: str, width: int) -> str:
    whole, deeper = json.dumps(value), indent + "  "
    if len(indent) + len(whole) <= width:
        return whole
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_lines(part, deeper, width)}" for key, part in value.items()]
        return "{\n" + ",\n".join(deeper + part for part in parts) + "\n" + indent + "}"
    if isinstance(value, list) and isinstance(value[0], dict | list):
        parts = [_lines(part, deeper, width) for part in value]
        return "[\n" + ",\n".join(deeper + part for part in parts) + "\n" + indent + "]"
    return whole
