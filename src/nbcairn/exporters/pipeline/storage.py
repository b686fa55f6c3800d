"""Values between stages, in open formats: Parquet for tables, npy for arrays, JSON, skops for models; joblib for the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["folder", "load", "params", "save"]

ROOT = Path(__file__).parent.parent


def params() -> dict[str, Any]:
    """The settings in params.yaml."""
    found = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    return dict(found or {})


def folder(name: str) -> None:
    """Make a folder that a stage writes into."""
    (ROOT / name).mkdir(parents=True, exist_ok=True)


def save(value: Any, name: str | Path) -> None:
    """Write a value; the suffix says how."""
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        _save_table(value, path)
    elif path.suffix == ".npy":
        import numpy as np

        np.save(path, value, allow_pickle=False)
    elif path.suffix == ".json":
        path.write_text(json.dumps(value), encoding="utf-8")
    elif path.suffix == ".skops":
        import skops.io

        skops.io.dump(value, path)
    else:
        import joblib

        joblib.dump(value, path)


def load(name: str | Path) -> Any:
    """Read a value that an earlier stage wrote."""
    path = ROOT / name
    if path.suffix == ".parquet":
        return _load_table(path)
    if path.suffix == ".npy":
        import numpy as np

        return np.load(path, allow_pickle=False)
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    if path.suffix == ".skops":
        return _load_model(path)
    # joblib reads pickles: only ever load what your own pipeline wrote.
    import joblib

    return joblib.load(path)


# --------------------------------------------------------------------------- models

_LIBRARIES = {"builtins", "catboost", "lightgbm", "numpy", "pandas", "scipy", "sklearn", "stages", "xgboost"}
"""Where the classes of a model may come from: skops makes objects of these and of no others."""


def _load_model(path: Path) -> Any:
    import skops.io

    unknown = skops.io.get_untrusted_types(file=path)
    strange = [name for name in unknown if name.partition(".")[0] not in _LIBRARIES]
    if strange:
        raise ValueError(f"{path} holds {', '.join(strange)}, from no library of this pipeline.")
    return skops.io.load(path, trusted=unknown)


# --------------------------------------------------------------------------- tables

_NOTE = b"stages"
"""Where a Parquet file says what its columns alone do not: categories, columns of objects, the kind of missing values."""


def _save_table(value: Any, path: Path) -> None:
    """A frame or series. Raises TypeError for objects in it that no column can hold."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    is_series = isinstance(value, pd.Series)
    frame = value.to_frame("value") if is_series else value.copy(deep=False)
    note: dict[str, Any] = {
        "series": [_told(value.name)] if is_series else None,
        "labels": _range_of(frame.columns) or str(frame.columns.dtype),
        "dtypes": [str(dtype) for dtype in frame.dtypes],
        "freq": getattr(frame.index, "freqstr", None) if isinstance(frame.index, pd.DatetimeIndex) else None,
        "index": None,
        "attrs": dict(value.attrs),
    }
    if frame.index.dtype == object and not isinstance(frame.index, pd.MultiIndex):
        labels, note["index"] = _column(frame.index.to_series())
        frame.index = _objects(labels or [], frame.index.name)
    columns = [_column(frame.iloc[:, place]) for place in range(frame.shape[1])]
    note["columns"] = [about for _, about in columns]
    for place, (column, about) in enumerate(columns):
        if about is not None:
            frame.isetitem(place, pd.Series(column, index=frame.index, dtype=object))
    table = pa.Table.from_pandas(frame)
    kept = {_NOTE: json.dumps(note).encode(), **(table.schema.metadata or {})}
    pq.write_table(table.replace_schema_metadata(kept), path)


def _load_table(path: Path) -> Any:
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    note = json.loads(table.schema.metadata[_NOTE])
    frame = table.to_pandas()
    for place, (about, dtype) in enumerate(zip(note["columns"], note["dtypes"], strict=True)):
        if about is not None:
            values = _restored(list(frame.iloc[:, place]), about)
            frame.isetitem(place, pd.Series(values, index=frame.index, dtype=values.dtype))
        elif str(frame.dtypes.iloc[place]) != dtype:
            frame.isetitem(place, frame.iloc[:, place].astype(dtype))
    if note["index"] is not None:
        frame.index = _objects(_restored(list(frame.index), note["index"]), frame.index.name)
    if isinstance(note["labels"], list):
        start, stop, step = note["labels"]
        frame.columns = pd.RangeIndex(start, stop, step, name=frame.columns.name)
    elif str(frame.columns.dtype) != note["labels"]:
        frame.columns = frame.columns.astype(note["labels"])
    if note["freq"]:
        frame.index.freq = note["freq"]
    value = frame.iloc[:, 0].rename(_meant(note["series"][0])) if note["series"] else frame
    value.attrs = note["attrs"]
    return value


def _objects(labels: Any, name: Any) -> Any:
    import pandas as pd

    index: Any = pd.Index
    return index(labels, dtype="object", name=name)


def _column(series: Any) -> tuple[list[Any] | None, dict[str, Any] | None]:
    """The values to write for a column that pandas and Parquet would not give back as it is, and what to note about it."""
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        labels = dtype.categories
        told = [_told(label) for label in labels]
        about = {"categories": told, "of": str(labels.dtype), "ordered": bool(dtype.ordered)}
        return [None if code < 0 else json.dumps(told[code]) for code in series.cat.codes], about
    if str(dtype) != "object":
        return None, None
    values = series.tolist()
    if all(isinstance(value, str) or value is None for value in values):
        return values, {"objects": "text"}
    return [json.dumps(_told(value)) for value in values], {"objects": "told"}


def _range_of(labels: Any) -> list[int] | None:
    import pandas as pd

    return [labels.start, labels.stop, labels.step] if isinstance(labels, pd.RangeIndex) else None


def _restored(values: list[Any], about: Mapping[str, Any]) -> Any:
    import numpy as np
    import pandas as pd

    if "categories" in about:
        labels = pd.Index([_meant(label) for label in about["categories"]], dtype=about["of"])
        places = {json.dumps(label): place for place, label in enumerate(about["categories"])}
        codes = [-1 if not isinstance(value, str) else places[value] for value in values]
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(labels, about["ordered"]))
    objects = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        text = value if isinstance(value, str) else None
        objects[place] = text if about["objects"] == "text" else _meant(json.loads(str(text)))
    return objects


def _told(value: Any) -> Any:
    """A value of a column of objects as JSON. Raises TypeError for one that has no such form."""
    import datetime
    import decimal

    import numpy as np
    import pandas as pd

    if value is None or type(value) in {str, bool}:
        return value
    if value is pd.NA or value is pd.NaT:
        return {"missing": str(value)}
    if type(value) in {int, float}:
        return {type(value).__name__: repr(value)}
    if type(value) in {list, tuple}:
        return {type(value).__name__: [_told(part) for part in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: _told(part) for key, part in value.items()}}
    if isinstance(value, np.generic) and value.dtype.kind in "biufSU":
        return {"numpy": [str(value.dtype), _told(value.item())]}
    if type(value) in {pd.Timestamp, datetime.datetime, datetime.date, datetime.time}:
        return {type(value).__name__: value.isoformat()}
    if type(value) is pd.Interval:
        return {"Interval": [_told(value.left), _told(value.right), value.closed]}
    if type(value) is decimal.Decimal:
        return {"Decimal": str(value)}
    if type(value) is bytes:
        return {"bytes": value.hex()}
    raise TypeError(f"A column holds a {type(value).__name__}, which Parquet cannot: end the file's name in .joblib.")


def _meant(told: Any) -> Any:
    """The value again."""
    import datetime
    import decimal

    import numpy as np
    import pandas as pd

    if not isinstance(told, dict):
        return told
    ((kind, text),) = told.items()
    makers: dict[str, Any] = {
        "missing": lambda name: {"<NA>": pd.NA, "NaT": pd.NaT}[name],
        "int": int,
        "float": float,
        "list": lambda parts: [_meant(part) for part in parts],
        "tuple": lambda parts: tuple(_meant(part) for part in parts),
        "dict": lambda parts: {key: _meant(part) for key, part in parts.items()},
        "numpy": lambda pair: np.dtype(pair[0]).type(_meant(pair[1])),
        "Timestamp": pd.Timestamp,
        "datetime": datetime.datetime.fromisoformat,
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
        "Interval": lambda parts: pd.Interval(_meant(parts[0]), _meant(parts[1]), parts[2]),
        "Decimal": decimal.Decimal,
        "bytes": bytes.fromhex,
    }
    return makers[kind](text)
