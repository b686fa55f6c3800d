"""How fast content is fingerprinted: one pass of XXH3-128 over the same bytes is 1, other hashes beside it.

    python benchmarks/fingerprint.py [--full] [--rounds 5]

Each round takes every measurement of a row one after another, and a ratio is taken inside the round; the median of the
rounds is shown. ``cpu`` is the ratio of processor time, which other work on the machine disturbs less; with two threads
it can be larger than the ratio of elapsed time. ``unchanged`` is the same value looked at again by a fingerprinter that
watches memory (Linux), ``one changed`` after one column or item was replaced or written. ``--full`` takes the sizes of the
issue (800 MB, 10 million rows; needs 6 GB); by default they are a quarter. ``--writes`` measures what watching costs the
user's own writes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import scipy.sparse as sp
import xxhash
from rich.console import Console
from rich.table import Table

from nbcairn.fingerprint import Fingerprinter, Memory, fingerprint
from nbcairn.fingerprint.pages import unwritten_support


@dataclass(frozen=True, slots=True)
class Case:
    """A value, the buffers that one pass of XXH3 reads, what else is compared, and how one part of it is changed."""

    name: str
    value: object
    buffers: list
    change: Callable[[], None] | None = None
    joblib: bool = False


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of processor."""
    processor, wall = time.process_time(), time.perf_counter()
    call()
    return time.perf_counter() - wall, time.process_time() - processor


def mixed(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    names = pd.array([f"name {n}" for n in range(1000)], dtype="str")
    return pd.DataFrame(
        {f"f{n}": rng.random(rows) for n in range(4)}
        | {f"i{n}": rng.integers(0, 100, rows) for n in range(2)}
        | {
            "truth": rng.random(rows) < 0.5,
            "when": pd.date_range("2020", periods=rows, freq="s"),
            "name": names.take(rng.integers(0, 1000, rows)),
            "kind": pd.Categorical.from_codes(rng.integers(0, 5, rows), list("abcde")),
        }
    )


def frame_buffers(frame: pd.DataFrame) -> list:
    found = []
    for name in frame:
        array = frame[name].array
        if hasattr(array, "codes"):
            found.append(array.codes)
        elif hasattr(array, "_pa_array"):
            found += [buffer for chunk in array._pa_array.chunks for buffer in chunk.buffers() if buffer]
        else:
            found.append(np.asarray(array).view("u1"))
    return found


def cases(scale: float) -> list[Case]:
    rng = np.random.default_rng(1)
    array = rng.random(int(100e6 * scale))
    frame = mixed(int(10e6 * scale))
    rows = rng.random((int(5e6 * scale), 10))
    wide = pd.DataFrame(rng.random((1000, 5000)))
    matrix = sp.random_array((int(1e6 * scale), 1000), density=0.01, format="csr", rng=rng)
    texts = [f"text number {n}" for n in range(10**6)]
    column = pd.Series(texts, dtype="str")
    polars = pl.DataFrame(
        {
            "a": rng.random(int(10e6 * scale)),
            "s": pl.Series(texts * 2)[: int(10e6 * scale)]
            .head(10**6)
            .extend_constant("", max(0, int(10e6 * scale) - 10**6)),
        }
    )
    return [
        Case("float64 array", array, [array], lambda: array.__setitem__(slice(0, 1000), 0.5), joblib=True),
        Case("mixed frame, 10 columns", frame, frame_buffers(frame), lambda: frame.isetitem(1, frame["f1"] + 1)),
        Case("row-major frame, 10 columns", pd.DataFrame(rows), [rows]),
        Case("frame 1,000 x 5,000", wide, [wide.to_numpy().T]),
        Case("sparse matrix (csr)", matrix, [matrix.data, matrix.indices, matrix.indptr]),
        Case(
            "string column, 10^6",
            column,
            [b for c in column.array._pa_array.chunks for b in c.buffers() if b],
            joblib=True,
        ),
        Case("list of 10^6 strings", texts, [], joblib=True),
        Case("list of 10^6 floats", [float(n) for n in range(10**6)], [], joblib=True),
        Case(
            "polars frame", polars, [b for n in range(2) for b in polars.to_arrow().column(n).chunk(0).buffers() if b]
        ),
        Case("arrow table", pa.table({"a": array}), [array]),
    ]


def measured(case: Case, rounds: int) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    memory = Memory()
    watching = Fingerprinter(memory=memory)
    fingerprint(case.value)
    watching.of(case.value)
    for number in range(rounds):
        ours, ours_cpu = timed(lambda: fingerprint(case.value))
        found.setdefault("ours", []).append(ours)
        if case.buffers:
            pass_, pass_cpu = timed(lambda: [xxhash.xxh3_128_digest(buffer) for buffer in case.buffers])
            found.setdefault("ratio", []).append(ours / pass_)
            found.setdefault("cpu", []).append(ours_cpu / pass_cpu)
        if case.joblib and number == 0:
            found["joblib"] = [timed(lambda: joblib.hash(case.value))[0] / ours]
        found.setdefault("unchanged", []).append(timed(lambda: watching.of(case.value))[0])
        if case.change is not None:
            case.change()
            found.setdefault("changed", []).append(timed(lambda: watching.of(case.value))[0])
    memory.close()
    return {name: statistics.median(values) for name, values in found.items()}


def number(found: dict[str, float], name: str, unit: str, factor: float = 1.0) -> str:
    return f"{found[name] * factor:,.2f}{unit}" if name in found else ""


def speed(scale: float, rounds: int, console: Console) -> None:
    table = Table("value", "MB", "ours", "to XXH3", "cpu", "joblib to ours", "unchanged", "one changed")
    for case in cases(scale):
        found = measured(case, rounds)
        size = sum(memoryview(buffer).nbytes for buffer in case.buffers) / 1e6
        table.add_row(
            case.name, f"{size:,.0f}" if size else "", number(found, "ours", " ms", 1e3), number(found, "ratio", "x"),
            number(found, "cpu", "x"), number(found, "joblib", "x"), number(found, "unchanged", " ms", 1e3),
            number(found, "changed", " ms", 1e3),
        )  # fmt: skip
    console.print(table)


def writes(console: Console, size: int = 100_000_000) -> None:
    """What watching costs the user: the first write to each page after a look, and writes from then on."""
    table = Table(
        "write to 100 MB, watched or not", "not watched", "first after a look", "from then on", "a page, first"
    )
    memory = Memory()
    look = Fingerprinter(memory=memory).of
    array = np.zeros(size, np.uint8)
    for name, step in (("every byte", 1), ("one byte in each 64 pages", 64 * 4096)):
        part = array[::step]
        part += 1
        before = min(timed(lambda part=part: part.fill(1))[0] for _ in range(5))
        first, later = [], []
        for _ in range(3):
            memory.close()
            look(array)
            first.append(timed(lambda part=part: part.fill(2))[0])
            later.append(timed(lambda part=part: part.fill(3))[0])
        pages = size / max(4096, step)
        table.add_row(
            name, f"{before * 1e3:.2f} ms", f"{min(first) * 1e3:.2f} ms", f"{min(later) * 1e3:.2f} ms",
            f"{(min(first) - before) / pages * 1e6:.2f} us",
        )  # fmt: skip
    memory.close()
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    options, _ = parser.parse_known_args()
    console = Console(width=130)
    works, reason = unwritten_support()
    console.print("unwritten memory is proven by the system" if works else f"no proof of unwritten memory: {reason}")
    speed(1.0 if options.full else 0.25, options.rounds, console)
    if works:
        writes(console)


if __name__ == "__main__":
    main()
