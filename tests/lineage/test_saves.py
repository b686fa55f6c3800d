"""Which files code that was never run may write: a table, and what comes of it for the cells below."""

from __future__ import annotations

import pytest

from books import Book, InProcess
from nbcairn.lineage.saves import Saves, texts_of
from nbcairn.model import Verdict

PATHS = ("data.txt", "out/result.csv", "a.png", "data.csv")
TEXTS = ('OUT = "result.csv"', 'df = pd.read_csv("data.csv")', 'for name in ["a.png"]: pass')

CASES = [
    ("with open('data.txt', 'w') as out: pass", "data.txt"),
    ("open('data.txt').read()", ""),
    ("open('data.txt', 'rb')", ""),
    ("open('data.txt', mode)", "data.txt"),
    ("open(mode='a', file='data.txt')", "data.txt"),
    ("Path('data.txt').write_text('x')", "data.txt"),
    ("(base / 'data.txt').open('w')", "data.txt"),
    ("(base / 'data.txt').open()", ""),
    ("df.to_csv(OUT)", "out/result.csv"),
    ("df.to_csv(f'out/{kind}.csv')", "out/result.csv"),
    ("df.to_csv('./data.csv')", "data.csv"),
    ("df.to_csv(index=False)", ""),
    ("plt.savefig(name)", "a.png"),
    ("print(f'{name}')", ""),
    ("def save(): open('data.txt', 'w').close()", "data.txt"),
    ("%%writefile data.txt\nhello", "data.txt"),
    ("x = 'data.txt'", ""),
]  # fmt: skip


@pytest.mark.parametrize("source, found", CASES, ids=[case[0] for case in CASES])
def test_files_that_a_source_may_write(source, found):
    assert Saves.of(source).among(PATHS, texts_of(TEXTS)) == frozenset(found.split())


BOOKS = [
    ("an edited cell that writes the file", ("a> x = 1", "b> print(open('data.txt').read())", "a: open('data.txt', 'w').write('2')")),
    ("through a function", ("f> def save(): return open('data.txt', 'w').write('2')", "a> x = 1", "b> print(open('data.txt').read())", "a: save()")),
    ("one that would fail after it opened the file",
     ("a> x = 1", "b> print(open('data.txt').read())", "a: with open('data.txt', 'w') as out: out.write(nothing)")),
]  # fmt: skip


@pytest.mark.parametrize("steps", [case[1] for case in BOOKS], ids=[case[0] for case in BOOKS])
def test_a_cell_that_reads_what_an_edited_cell_may_write_is_not_fresh(tmp_path, monkeypatch, steps):
    monkeypatch.setenv("NBCAIRN_NOTEBOOK", str(tmp_path / "analysis.ipynb"))
    monkeypatch.setattr("nbcairn.kernel.session._packages", dict)
    desk = InProcess(tmp_path)
    book = Book(desk).play("file data.txt 1", *steps)
    assert book.verdicts()["b"] is Verdict.STALE
    assert "b" in book.truth()
    desk.close()
