"""Cells and the files of their runs: (id, cells before, cell, what was read and written)."""

from __future__ import annotations

from dataclasses import dataclass

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})"
POLARS = "import polars as pl\npf = pl.DataFrame({'a': [1, 2]})"


@dataclass(frozen=True)
class FileCase:
    """``before`` runs first, then ``cell``. ``reads`` and ``writes`` are paths; ``needs`` a library to be there."""

    id: str
    before: tuple[str, ...]
    cell: str
    reads: str = ""
    writes: str = ""
    needs: str = ""


PYTHON = (
    FileCase("open to write", (), "with open('a.txt', 'w') as f:\n    _n = f.write('x')", "", "a.txt"),
    FileCase("open to read", ("_ = open('b.txt', 'w').write('x')",), "t = open('b.txt').read()", "b.txt"),
    FileCase("append reads and writes", ("_ = open('c.txt', 'w').write('x')",), "with open('c.txt', 'a') as f:\n    _n = f.write('y')", "c.txt", "c.txt"),
    FileCase("write, then read: no input", (), "_n = open('d.txt', 'w').write('x')\nt = open('d.txt').read()", "", "d.txt"),
    FileCase("read, then write", ("_ = open('e.txt', 'w').write('x')",), "t = open('e.txt').read()\n_n = open('e.txt', 'w').write('yy')", "e.txt", "e.txt"),
    FileCase("pathlib", ("from pathlib import Path\n_ = Path('f.txt').write_text('x')",), "t = Path('f.txt').read_text()", "f.txt"),
    FileCase("json and pickle", (), "import json, pickle\nwith open('g.json', 'w') as f:\n    json.dump([1], f)\nwith open('g.pkl', 'wb') as f:\n    pickle.dump([1], f)", "", "g.json g.pkl"),
    FileCase("in a function of another cell", ("_ = open('h.txt', 'w').write('x')\ndef load():\n    return open('h.txt').read()",), "t = load()", "h.txt"),
    FileCase("in a folder", ("import os\nos.makedirs('sub', exist_ok=True)",), "_n = open('sub/i.txt', 'w').write('x')", "", "sub/i.txt"),
    FileCase("removed", ("import os\n_ = open('j.txt', 'w').write('x')",), "os.remove('j.txt')", "", "j.txt"),
    FileCase("renamed into place", ("import os",), "_n = open('k.tmp', 'w').write('x')\nos.replace('k.tmp', 'k.txt')", "", "k.txt"),
    FileCase("sqlite3", ("import sqlite3",), "with sqlite3.connect('l.db') as c:\n    c.execute('create table t(x)')\nc.close()", "", "l.db"),
    FileCase("sqlite3 read", ("import sqlite3\nwith sqlite3.connect('m.db') as c:\n    _ = c.execute('create table t(x)')\nc.close()",),
             "c = sqlite3.connect('m.db')\nrows = c.execute('select * from t').fetchall()\nc.close()", "m.db"),
    FileCase("%%writefile", (), "%%writefile n.txt\nhello", "", "n.txt"),
    FileCase("zip", (), "import zipfile\nwith zipfile.ZipFile('o.zip', 'w') as z:\n    z.writestr('a', 'b')", "", "o.zip"),
    FileCase("a name that only looks like a file", (), "x = 'a.txt'"),
    FileCase("shutil.copy", ("import shutil\n_ = open('p.txt', 'w').write('x')",), "_n = shutil.copy('p.txt', 'q.txt')", "p.txt", "q.txt"),
    FileCase("a library's own files do not count", (), "import email, html.entities\nimport wave"),
)  # fmt: skip

LIBRARIES = (
    FileCase("read_csv", (FRAME, "df.to_csv('a.csv')"), "d = pd.read_csv('a.csv')", "a.csv"),
    FileCase("read_csv with pyarrow", (FRAME, "df.to_csv('a2.csv')"), "d = pd.read_csv('a2.csv', engine='pyarrow')", "a2.csv"),
    FileCase("to_csv", (FRAME,), "df.to_csv('b.csv')", "", "b.csv"),
    FileCase("to_parquet", (FRAME,), "df.to_parquet('c.parquet')", "", "c.parquet"),
    FileCase("read_parquet", (FRAME, "df.to_parquet('d.parquet')"), "d = pd.read_parquet('d.parquet')", "d.parquet"),
    FileCase("read_parquet of a path in a function", (FRAME, "df.to_parquet('d2.parquet')\ndef get():\n    return pd.read_parquet('d2' + '.parquet')"), "d = get()", "d2.parquet"),
    FileCase("partitioned, written", (FRAME,), "df.to_parquet('parts', partition_cols=['b'])", "", "parts"),
    FileCase("partitioned, read", (FRAME, "df.to_parquet('parts2', partition_cols=['b'])"), "d = pd.read_parquet('parts2')", "parts2"),
    FileCase("feather", (FRAME, "df.to_feather('e.feather')"), "d = pd.read_feather('e.feather')", "e.feather"),
    FileCase("pyarrow", ("import pyarrow as pa, pyarrow.parquet as pq\nt = pa.table({'a': [1]})",), "pq.write_table(t, 'f.parquet')", "", "f.parquet"),
    FileCase("pyarrow ParquetFile", ("import pyarrow as pa, pyarrow.parquet as pq\npq.write_table(pa.table({'a': [1]}), 'g.parquet')",),
             "n = pq.ParquetFile('g.parquet').metadata.num_rows", "g.parquet"),
    FileCase("pyarrow csv", (FRAME, "df.to_csv('h.csv')\nimport pyarrow.csv as pc"), "t = pc.read_csv('h.csv')", "h.csv"),
    FileCase("pyarrow dataset", (FRAME, "df.to_parquet('parts3', partition_cols=['b'])\nimport pyarrow.dataset as ds"), "t = ds.dataset('parts3').to_table()", "parts3"),
    FileCase("pyarrow dataset, a part of it still open", (FRAME, "df.to_parquet('parts4', partition_cols=['b'])\nimport glob, pyarrow as pa, pyarrow.dataset as ds\npart = glob.glob('parts4/*/*')[0]"), "t = ds.dataset('parts4').to_table()\nkept = pa.OSFile(part)", "parts4"),
    FileCase("imported and used in one cell", (FRAME, "df.to_parquet('i.parquet')"), "import pyarrow.parquet as pq2\nt = pq2.read_table('i' + '.parquet')", "i.parquet"),
    FileCase("polars read", (POLARS, "pf.write_parquet('j.parquet')"), "d = pl.read_parquet('j.parquet')", "j.parquet"),
    FileCase("polars scan", (POLARS, "pf.write_csv('k.csv')"), "d = pl.scan_csv('k.csv').collect()", "k.csv"),
    FileCase("polars write", (POLARS,), "pf.write_csv('l' + '.csv')", "", "l.csv"),
    FileCase("polars glob", (POLARS, "pf.write_parquet('m1.parquet')\npf.write_parquet('m2.parquet')"), "d = pl.read_parquet('m?.parquet')", "m1.parquet m2.parquet"),
    FileCase("polars imported in the cell", (), "import polars\npolars.DataFrame({'a': [1]}).write_parquet('n' + '.parquet')", "", "n.parquet"),
    FileCase("np.save", ("import numpy as np",), "np.save('o.npy', np.ones(2))", "", "o.npy"),
    FileCase("np.load", ("import numpy as np\nnp.save('p.npy', np.ones(2))",), "a = np.load('p.npy')", "p.npy"),
    FileCase("memmap", ("import numpy as np\nnp.save('q.npy', np.ones(2))",), "a = np.load('q.npy', mmap_mode='r')", "q.npy"),
    FileCase("savefig", ("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nfig = plt.figure()",), "fig.savefig('r.png')", "", "r.png"),
    FileCase("joblib", ("import joblib",), "_n = joblib.dump([1], 's.joblib')", "", "s.joblib"),
    FileCase("h5py", (), "import h5py\nwith h5py.File('t' + '.h5', 'w') as f:\n    f['x'] = 1", "", "t.h5", needs="h5py"),
    FileCase("h5py read", ("import h5py\nwith h5py.File('u.h5', 'w') as f:\n    f['x'] = 1",), "with h5py.File('u.h5', 'r') as f:\n    x = f['x'][()]", "u.h5", needs="h5py"),
    FileCase("duckdb, path in the query", (FRAME, "df.to_csv('v.csv', index=False)\nimport duckdb"), "rows = duckdb.sql(\"select * from 'v.csv'\").fetchall()", "v.csv", needs="duckdb"),
    FileCase("duckdb file", ("import duckdb",), "c = duckdb.connect('w' + '.duckdb')\nc.execute('create table t(x int)')\nc.close()", "", "w.duckdb", needs="duckdb"),
    FileCase("torch", ("import torch",), "torch.save({'a': 1}, 'x' + '.pt')", "", "x.pt", needs="torch"),
    FileCase("PIL", ("from PIL import Image",), "Image.new('RGB', (2, 2)).save('y.png')", "", "y.png"),
)  # fmt: skip
