"""Pictures by their pixels: encoding and a pixel do not count, a moved mark does."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from nbcairn.verify import pictures
from nbcairn.verify.pictures import alike, decode


def png(picture, **options):
    stream = io.BytesIO()
    picture.save(stream, "PNG", **options)
    return stream.getvalue()


def scatter(*points, size=(320, 240), background="white"):
    picture = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(picture)
    for x, y in points:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill="navy")
    return picture


def with_pixel(picture, *places):
    for place in places:
        picture.putpixel(place, (255, 0, 0))
    return picture


PLOT = [(30, 30), (100, 90), (200, 40)]

CASES = {
    "the same bytes": (scatter(*PLOT), scatter(*PLOT), True),
    "one pixel": (scatter(*PLOT), with_pixel(scatter(*PLOT), (5, 5)), True),
    "a shade of the background": (scatter(*PLOT), scatter(*PLOT, background=(250, 250, 250)), True),
    "another background": (scatter(*PLOT), scatter(*PLOT, background=(200, 200, 200)), False),
    "a moved point": (scatter(*PLOT), scatter((30, 30), (100, 90), (200, 60)), False),
    "a point less": (scatter(*PLOT), scatter(*PLOT[:2]), False),
    "another size": (scatter(*PLOT), scatter(*PLOT, size=(321, 240)), False),
    "twenty pixels": (scatter(*PLOT), with_pixel(scatter(*PLOT), *((n, 7) for n in range(20))), False),
}


@pytest.mark.parametrize("pillow", [True, False], ids=["with Pillow", "without"])
@pytest.mark.parametrize("case", CASES)
def test_two_pictures(case, pillow, monkeypatch):
    if not pillow:
        monkeypatch.setattr(pictures, "decode", pictures._decode_png)
    before, after, same = CASES[case]
    assert alike(png(before), png(after)).same is same


def test_the_same_picture_compressed_otherwise_is_the_same():
    picture = scatter(*PLOT)
    found = alike(png(picture, compress_level=1), png(picture, compress_level=9))
    assert (found.same, found.share) == (True, 0.0)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_every_kind_of_png_is_decoded_as_pillow_does(mode):
    picture = Image.effect_noise((37, 23), 80).convert("RGB")
    ImageDraw.Draw(picture).line((0, 0, 36, 22), fill=(200, 30, 90), width=3)
    picture = picture.convert(mode)
    content = png(picture)
    assert pictures._decode_png(content) == decode(content)
    assert pictures._decode_png(content).data == picture.convert("RGBA").tobytes()


def filtered_png(kind, rows, step):
    """A PNG (RGB for a step of 3, else RGBA) whose every row has this filter."""
    above, lines = bytes(len(rows[0])), []
    for row in rows:
        line = bytearray([kind])
        for place, value in enumerate(row):
            left = row[place - step] if place >= step else 0
            corner = above[place - step] if place >= step else 0
            guess = [0, left, above[place], (left + above[place]) // 2, paeth(left, above[place], corner)][kind]
            line.append((value - guess) & 255)
        lines.append(bytes(line))
        above = row
    head = struct.pack(">IIBBBBB", len(rows[0]) // step, len(rows), 8, 2 if step == 3 else 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


@settings(max_examples=40)
@given(
    st.integers(0, 4),
    st.sampled_from([3, 4]),
    st.lists(st.binary(min_size=24, max_size=24), min_size=1, max_size=5),
)
def test_every_filter_of_png_is_undone(kind, step, rows):
    content = filtered_png(kind, rows, step)
    assert pictures._decode_png(content) == decode(content)


@pytest.mark.parametrize(
    "broken",
    [b"", b"no picture", png(scatter())[:60], png(scatter())[:-200], b"\x89PNG\r\n\x1a\n" + b"\xff" * 40],
    ids=["nothing", "text", "head only", "cut short", "rubbish"],
)
def test_a_damaged_picture_is_not_judged(broken):
    assert pictures._decode_png(broken) is None
    assert alike(broken + b"x", png(scatter())) is None


def test_a_picture_that_claims_to_be_enormous_is_not_unpacked():
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    bomb = zlib.compress(bytes(10_000_000))
    chunks = b"".join(
        struct.pack(">I", len(data)) + name + data + b"\0\0\0\0" for name, data in ((b"IHDR", head), (b"IDAT", bomb))
    )
    assert pictures._decode_png(b"\x89PNG\r\n\x1a\n" + chunks) is None
