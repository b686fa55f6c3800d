"""Readers and writers that bypass Python's ``open``, watched by name once their library is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from nbcairn.kernel.imports import PostImport
from nbcairn.kernel.wrapping import Replacements

__all__ = ["READERS", "Reader", "ReaderWatch"]

_KEYWORDS = (
    "path", "source", "file", "where", "name", "root_path", "base_dir", "path_or_paths", "filename", "fname", "f",
    "sink", "database", "io", "output_file", "path_or_buf", "workbook",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Functions of one module (``DataFrame.write_csv`` is a method) whose argument at ``position`` is a path.

    ``mode``: r reads, w writes, ``?`` as the argument ``mode`` says, as h5py's.
    """

    module: str
    names: tuple[str, ...]
    mode: str = "r"
    position: int = 0


def _names(text: str, prefix: str = "") -> tuple[str, ...]:
    return tuple(prefix + word for word in text.split())


READERS = (
    Reader("pandas", _names("read_parquet read_orc read_feather read_hdf")),
    Reader("pandas", _names("to_parquet to_orc to_feather to_hdf", "DataFrame."), "w", 1),
    Reader("pyarrow.parquet", _names("read_table read_pandas read_schema read_metadata")),
    Reader("pyarrow.parquet", _names("ParquetFile.__init__ ParquetDataset.__init__"), "r", 1),
    Reader("pyarrow.parquet", ("write_table", "write_to_dataset"), "w", 1),
    Reader("pyarrow.parquet", ("ParquetWriter.__init__",), "w", 1),
    Reader("pyarrow.csv", _names("read_csv open_csv")),
    Reader("pyarrow.csv", ("write_csv",), "w", 1),
    Reader("pyarrow.json", ("read_json",)),
    Reader("pyarrow.feather", _names("read_table read_feather")),
    Reader("pyarrow.feather", ("write_feather",), "w", 1),
    Reader("pyarrow.orc", ("read_table",)),
    Reader("pyarrow.orc", ("write_table",), "w", 1),
    Reader("pyarrow.dataset", ("dataset",)),
    Reader("pyarrow.dataset", ("write_dataset",), "w", 1),
    Reader("pyarrow", _names("memory_map input_stream")),
    Reader("pyarrow", _names("output_stream create_memory_map"), "w"),
    Reader("polars", _names("csv parquet ipc json ndjson avro excel ods ipc_stream delta", "read_")),
    Reader("polars", _names("csv parquet ipc ndjson delta", "scan_")),
    Reader("polars", _names("csv parquet ipc json ndjson avro excel ipc_stream delta", "DataFrame.write_"), "w", 1),
    Reader("polars", _names("csv parquet ipc ndjson", "LazyFrame.sink_"), "w", 1),
    Reader("h5py", ("File.__init__",), "?", 1),
    Reader("duckdb", _names("read_csv read_parquet read_json from_csv_auto from_parquet")),
    Reader("duckdb", ("connect",), "?"),
    Reader("torch", ("save",), "w", 1),
    Reader("torch", ("load", "from_file")),
    Reader("xgboost", _names("Booster.load_model XGBModel.load_model"), "r", 1),
    Reader("xgboost", _names("Booster.save_model XGBModel.save_model"), "w", 1),
    Reader("lightgbm", ("Booster.save_model",), "w", 1),
)


class ReaderWatch:
    """Tells ``note(path, writing)`` of each path before the library gets it."""

    def __init__(self, imports: PostImport, note: Callable[[object, bool], None]) -> None:
        self._imports = imports
        self._note = note
        self._replaced = Replacements()

    def attach(self) -> None:
        """Watch what is imported now, and the rest when it is."""
        for module in dict.fromkeys(reader.module for reader in READERS):
            self._imports.when(module, self._imported)

    def detach(self) -> None:
        """Put the originals back."""
        self._replaced.undo()

    def _imported(self, module: Any) -> None:
        for reader in READERS:
            if reader.module == module.__name__:
                for name in reader.names:
                    self._watch(module, name, reader)

    def _watch(self, module: Any, name: str, reader: Reader) -> None:
        *owners, last = name.split(".")
        try:
            owner = reduce(getattr, owners, module)
        except AttributeError:
            return

        def look(*args: Any, **kwargs: Any) -> None:
            writing = reader.mode == "w" or (reader.mode == "?" and _is_writing(args, kwargs, reader))
            for target in _targets(args, kwargs, reader.position):
                self._note(target, writing)

        self._replaced.put(owner, last, look)


def _is_writing(args: tuple[Any, ...], kwargs: dict[str, Any], reader: Reader) -> bool:
    if reader.module == "duckdb":
        return not kwargs.get("read_only", False)
    mode = args[reader.position + 1] if len(args) > reader.position + 1 else kwargs.get("mode", "r")
    return str(mode)[:1] in {"w", "a", "x"} or mode == "r+"


def _targets(args: tuple[Any, ...], kwargs: dict[str, Any], position: int) -> Iterable[object]:
    found = args[position] if len(args) > position else next((kwargs[k] for k in _KEYWORDS if k in kwargs), None)
    return found if type(found) in {list, tuple} and found is not None else (found,)
