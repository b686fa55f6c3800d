"""How long it takes to write a trail of 1,000 runs as each document, and how large it gets.

python benchmarks/export.py [--runs 1000]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from importlib.metadata import entry_points
from pathlib import Path

from nbcairn.errors import CairnError
from nbcairn.model import ArtifactKind, Display, Read
from nbcairn.testing import a_document, a_run, a_session, an_artifact, temp_trail

HTML_SECONDS = 5.0


def explored(trail, runs: int):
    """A chain of runs, each with a figure of 20 kB and 4,000 characters of output; the document has 40 cells."""
    noise = random.Random(7)
    trail.begin(a_session(packages={f"package-{n}": "1.0" for n in range(300)}))
    before, sources = None, []
    for n in range(runs):
        source = f"# step {n}\nx = x + {n}\n" + f"y = '{n}'\n" * 20
        key = trail.blobs.put(b"\x89PNG\r\n\x1a\n" + noise.randbytes(20_000))
        shown = [Display("display", f"{n:032x}", ("image/png",), key), Display("stdout", "2" * 32, text="z" * 4000)]
        reads = {"x": Read("x", before.writes[0].fingerprint, before.id)} if before else {}
        run = a_run(source, f"c{n % 40 + 1}", reads, {"x": n}, displays=shown)
        figure = an_artifact(run, f"figure {n % 80}", ArtifactKind.FIGURE, n, media_type="image/png", blob=key)
        trail.record(run, [figure])
        before, sources = run, [*sources[-39:], source]
    return a_document(*sources)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    options = parser.parse_args()
    slow = False
    with tempfile.TemporaryDirectory(prefix="export-") as folder, temp_trail(Path(folder)) as trail:
        document = explored(trail, options.runs)
        for point in sorted(entry_points(group="nbcairn.exporters"), key=lambda point: point.name):
            target = Path(folder) / {"prov": "out.json", "ro-crate": "crate"}.get(point.name, f"out.{point.name}")
            exporter = point.load()
            started, cpu = time.perf_counter(), time.process_time()
            try:
                exporter(trail, document, target)
            except CairnError as error:
                print(f"{point.name:12} {error}")
                continue
            took, used = time.perf_counter() - started, time.process_time() - cpu
            files = [target] if target.is_file() else [file for file in target.rglob("*") if file.is_file()]
            size = sum(file.stat().st_size for file in files) / 1e6
            print(f"{point.name:12} {took:6.2f} s ({used:.2f} s of processor)  {size:6.2f} MB", flush=True)
            slow |= point.name == "html" and used > HTML_SECONDS
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
