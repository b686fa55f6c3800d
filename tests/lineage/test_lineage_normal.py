"""Which shown texts count as the same: progress bars, terminal controls, and what every run draws by lot."""

from __future__ import annotations

import pytest

from nbcairn.lineage.normal import TextDigest, bundle_digest, normalised, settled, text_digest

SAME = {
    "a bar drawn often, and once": (
        "\r  0%|   | 0/9 [00:00<?, ?it/s]\r 50%|█▌ | 5/9 [00:01<00:01,  4.9it/s]\r100%|███| 9/9 [00:02<00:00,  4.5it/s]\n",
        "\r100%|████████| 9/9 [00:07<00:00,  1.25it/s]\n",
    ),
    "a slow bar": ("1%|| 1/90 [00:01<02:41, 1.8s/it]", "1%|| 1/90 [01:01<1:02:41, 61.8s/it]"),
    "a bar without an end": ("10it [00:00, 123.45it/s]", "10it [00:02, 5.0it/s]"),
    "bytes": ("9%|▉| 1M/9M [00:00<00:03, 2.5MB/s]", "9%|▉| 1M/9M [00:01<00:30, 250kB/s]"),
    "a counter": ("\rstep 1\rstep 2\rstep 3", "\rstep 3"),
    "a shorter text over a longer one": ("\r10it/s!\r9it/s! \n", "9it/s!\n"),
    "backspaces": ("1/3\b\b\b2/3\b\b\b3/3\n", "3/3\n"),
    "bars one above the other": (
        "\router 0%\n\rinner 5%\x1b[A\router 1%\n\rinner 10%\x1b[A\n",
        "outer 1%\ninner 10%",
    ),
    "keras": ("5/5 ━━━━ 3s 12ms/step - loss: 0.5", "5/5 ━━━━ 0s 2ms/step - loss: 0.5"),
    "colours": ("\x1b[1;31mred\x1b[0m", "red"),
    "a link": ("\x1b]8;;file:1\x1b\\here\x1b]8;;\x1b\\", "here"),
    "addresses": ("<object at 0x7f00aa00>", "<object at 0x7f11bb11>"),
    "times": ("CPU times: user 3 ms, sys 1 s\nWall time: 2 s", "CPU times: user 9 ms, sys 0 s\nWall time: 1.5 s"),
    "sets": ("{1: {'b', 'a'}}, frozenset({'c d', \"it's\"})", "{1: {'a', 'b'}}, frozenset({\"it's\", 'c d'})"),
    "sets of bytes, on lines": ("{b'x',\n b'y, z'}", "{b'y, z', b'x'}"),
    "line ends of Windows": ("a\r\nb", "a\nb"),
}

DIFFERENT = {
    "bars that stand elsewhere": ("\r50%|█ | 5/10 [00:01<00:01, 5it/s]", "\r60%|█ | 6/10 [00:01<00:01, 5it/s]"),
    "the word before a bar": ("train: 5%|| 1/20", "test: 5%|| 1/20"),
    "what a bar says at its end": (
        "9%|▉| 1/11 [00:00<00:01, 9.1it/s, loss=0.1]",
        "9%|▉| 1/11 [00:00<00:01, 9.1it/s, loss=0.2]",
    ),
    "a longer text under a shorter one": ("long word\rab", "ab"),
    "sets of other texts": ("{'a', 'b'}", "{'a', 'c'}"),
    "lists": ("['a', 'b']", "['b', 'a']"),
    "dicts": ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"),
    "dicts of texts": ("{'a': 'x', 'b': 'y'}", "{'b': 'x', 'a': 'y'}"),
    "hash sums": ("5d41402abc4b2a76b9719d911017c592", "7d793037a0760186574b0282f2f435e7"),
    "percentages": ("50% of all", "60% of all"),
}


@pytest.mark.parametrize("left, right", SAME.values(), ids=SAME)
def test_texts_that_say_the_same(left, right):
    assert normalised(left).strip() == normalised(right).strip()


@pytest.mark.parametrize("left, right", DIFFERENT.values(), ids=DIFFERENT)
def test_texts_that_do_not(left, right):
    assert text_digest(left) != text_digest(right)


def test_a_text_counts_to_its_end_however_long_it_is():
    text = "\n".join(f"line {number}" for number in range(100_000))
    assert text_digest(text) != text_digest(text[:-1])
    assert text_digest(text) != text_digest("x" + text[1:])


@pytest.mark.parametrize("size", [1, 7, 1000, 70_000])
def test_it_does_not_matter_how_a_text_was_cut(size):
    text = "".join(f"object at 0x{number:08x}\r{number}\n" for number in range(0, 20_000 if size > 1 else 200))
    digest = TextDigest(keep=40)
    for start in range(0, len(text), size):
        digest.add(text[start : start + size])
    assert digest.hex() == text_digest(text)
    assert digest.head == settled(text)[:40]
    assert digest.size == len(text)


def test_a_line_without_an_end_is_taken_in_pieces():
    assert text_digest("x" * 5_000_000) == text_digest("x" * 5_000_000)
    assert text_digest("x" * 5_000_000) != text_digest("x" * 5_000_001)


def test_a_bar_in_one_long_line_stays_small():
    digest = TextDigest(keep=100)
    for number in range(200_000):
        digest.add(f"\r{number}%")
    assert digest.hex() == text_digest("199999%")
    assert digest.head == "199999%"


BUNDLES = {
    "widgets by what they say": (
        {"application/vnd.jupyter.widget-view+json": {"model_id": "a" * 32}, "text/plain": "IntSlider(value=3)"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "b" * 32}, "text/plain": "IntSlider(value=3)"},
    ),
    "drawings": (
        {"image/svg+xml": '<dc:date>2024-01-01</dc:date><path id="m0123456789"/><use xlink:href="#m0123456789"/>'},
        {"image/svg+xml": '<dc:date>2025-02-02</dc:date><path id="m9876543210"/><use xlink:href="#m9876543210"/>'},
    ),
    "documents": ({"application/pdf": "/CreationDate (D:20240101)"}, {"application/pdf": "/CreationDate (D:2025)"}),
}


@pytest.mark.parametrize("left, right", BUNDLES.values(), ids=BUNDLES)
def test_displays_that_are_the_same(left, right):
    assert bundle_digest(left) == bundle_digest(right)


def test_displays_that_are_not():
    shown = [{"text/plain": "IntSlider(value=3)"}, {"text/plain": "IntSlider(value=4)"}, {"text/html": "a"}]
    assert len({bundle_digest(data) for data in shown}) == 3
