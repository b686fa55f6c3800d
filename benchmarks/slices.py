"""Do slices keep their promise on code that nobody here wrote? And how small are they?

Records the example and real notebooks (``corpus.py``) from the top, twice. Every artifact that came out the same both times is
deterministic; its minimal slice is run in a clean kernel and must give the recorded fingerprint.

    python benchmarks/slices.py [--notebooks 10] [--skip 0] [--most 12] [--json FILE]
    python benchmarks/slices.py --report FILE...
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from corpus import examples

from nbcairn.cli.prove import prove
from nbcairn.errors import CairnError
from nbcairn.exporters.slices import code_of
from nbcairn.headless import run_all
from nbcairn.lineage.minimal import minimal_slice, whole_slice
from nbcairn.lineage.targets import target_of
from nbcairn.store import Trail

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Result:
    """One artifact: whether its slice gave it again, and the size of slice, slice of whole cells, and notebook, in lines."""

    notebook: str
    kind: str
    name: str
    held: bool
    can_tell: bool
    told: str
    lines: int
    whole_lines: int
    notebook_lines: int
    seconds: float


def lines_of(source: str) -> int:
    return sum(bool(line.strip()) for line in source.splitlines())


def recorded(notebook: Path, trail: Path) -> None:
    run_all(notebook, trail=trail, allow_errors=True, timeout=180)


def newest(trail: Trail) -> dict:
    found = {}
    for artifact in trail.artifacts(limit=None, enriched=False):
        found.setdefault((str(artifact.kind), artifact.name), artifact)
    return found


def measure(notebook: Path, most: int) -> list[Result]:
    folder = notebook.parent
    recorded(notebook, folder / ".cairn")
    again = Path(tempfile.mkdtemp()) / ".cairn"
    shutil.copytree(folder, again.parent, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".cairn"))
    recorded(again.parent / notebook.name, again)
    cells = nbformat.read(notebook, as_version=4).cells
    total = sum(lines_of(cell.source) for cell in cells if cell.cell_type == "code")
    results = []
    with Trail.open(folder / ".cairn", read_only=True) as trail, Trail.open(again, read_only=True) as second:
        artifacts, others = newest(trail), newest(second)
        same = {
            key: artifact
            for key, artifact in artifacts.items()
            if key in others and artifact.fingerprint.same(others[key].fingerprint)
        }
        print(f"{notebook.name}: {len(artifacts)} artifacts, {len(same)} deterministic, {total} lines", flush=True)
        for (kind, name), artifact in list(same.items())[:most]:
            started = time.perf_counter()
            target = target_of(trail, artifact)
            found = minimal_slice(trail, target.run.id, target.name)
            try:
                proof = prove(trail, target, found, code_of(found, None), 180)
                held, told, can_tell = proof.holds, proof.told, proof.can_tell
            except CairnError as error:
                held, told, can_tell = False, str(error), True
            whole = whole_slice(trail, target.run.id, target.name).lines
            took = time.perf_counter() - started
            results.append(Result(notebook.stem, kind, name, held, can_tell, told, found.lines, whole, total, took))
            print(f"  {'ok ' if held else 'NO '} {kind} {name}: {found.lines} of {total} lines; {told}", flush=True)
    shutil.rmtree(again.parent, ignore_errors=True)
    return results


def notebooks(count: int, skip: int, folder: Path):
    """The example first, then real ones, smallest first, each in a folder of its own; without the first ``skip`` of them all."""
    if not skip:
        example = folder / "penguins"
        shutil.copytree(ROOT / "examples" / "penguins", example)
        yield example / "explore.ipynb"
    for number, found in enumerate(examples(count)[max(0, skip - 1) :]):
        place = folder / f"{number:02d}"
        place.mkdir()
        for file in found.folder.iterdir():
            if file.is_file() and file.suffix in {".csv", ".txt", ".dat", ".json"} and file.stat().st_size < 5_000_000:
                shutil.copyfile(file, place / file.name)
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in found.cells])
        nbformat.write(book, place / f"{found.name}.ipynb")
        yield place / f"{found.name}.ipynb"


def report(results: list[Result]) -> float:
    if not results:
        print("\nno deterministic artifact: nothing to compare")
        return 0.0
    held = [result for result in results if result.held]
    rate = len(held) / len(results)
    share = statistics.median(result.lines / result.notebook_lines for result in results)
    whole = statistics.median(result.whole_lines / result.notebook_lines for result in results)
    print(
        f"\nslices re-run to the recorded fingerprint: {len(held)} of {len(results)} deterministic artifacts = {rate:.3f}"
    )
    print(f"notebooks counted: {len({result.notebook for result in results})}")
    print(f"size against the whole notebook, median: {share:.2f} (whole cells: {whole:.2f})")
    for result in results:
        if not result.held:
            print(f"  not: {result.notebook} {result.kind} {result.name}: {result.told}")
    return rate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebooks", type=int, default=10)
    parser.add_argument("--skip", type=int, default=0, help="notebooks that an earlier piece has measured")
    parser.add_argument("--most", type=int, default=12, help="artifacts of each notebook")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--report", type=Path, nargs="+", help="only sum up what earlier pieces wrote with --json")
    options = parser.parse_args()
    if options.report:
        kept = [Result(**fields) for file in options.report for fields in json.loads(file.read_text())]
        return 0 if report(kept) >= 0.98 else 1
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="slices-") as folder:
        for notebook in notebooks(options.notebooks, options.skip, Path(folder)):
            try:
                results += measure(notebook, options.most)
            except CairnError as error:
                print(f"{notebook.name}: left out: {error}", flush=True)
            if options.json:
                options.json.write_text(json.dumps([asdict(result) for result in results], indent=1))
    return 0 if report(results) >= 0.98 else 1


if __name__ == "__main__":
    sys.exit(main())
