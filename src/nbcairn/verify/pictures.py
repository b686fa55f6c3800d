"""Pictures compared tolerantly: by size and pixels, so that a re-encoded or slightly re-rendered picture is the same one.

Pillow decodes whatever it knows where it is installed; without it PNGs are decoded here (RFC 2083, 8 bits, not interlaced),
which is slow but needs nothing.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["Likeness", "Pixels", "alike", "decode"]

TOLERANCE = 16
"""Steps of 255 by which a channel may differ before the pixel counts as another one."""

SHARE = 1e-4
"""Share of pixels that may be other ones: a moved marker is more, the rounding of an edge is less."""

MOST_PIXELS = 40_000_000
"""Pictures larger than this are compared by their bytes alone."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture: ``data`` holds red, green, blue and opacity of each pixel, row by row."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two pictures compare: ``share`` of the pixels differ (1.0 where the sizes do)."""

    same: bool
    share: float
    told: str


def alike(before: bytes, after: bytes) -> Likeness | None:
    """Compare two encoded pictures; None when one cannot be decoded here."""
    if before == after:
        return Likeness(True, 0.0, "identical")
    first, second = decode(before), decode(after)
    if first is None or second is None:
        return None
    if (first.width, first.height) != (second.width, second.height):
        sizes = f"{first.width}x{first.height} → {second.width}x{second.height} pixels"
        return Likeness(False, 1.0, sizes)
    share = _changed(first.data, second.data) / max(1, first.width * first.height)
    return Likeness(
        share <= SHARE, share, f"{share:.2%} of the pixels differ" if share >= 5e-5 else "a few pixels differ"
    )


def _changed(before: bytes, after: bytes) -> int:
    """How many pixels differ by more than the tolerance in some channel."""
    if before == after:
        return 0
    far = bytes(int(step > TOLERANCE) for step in range(256))
    steps = bytes(map(abs, map(int.__sub__, before, after))).translate(far)
    return sum(map(any, zip(*(steps[channel::4] for channel in range(4)), strict=True)))


def decode(content: bytes) -> Pixels | None:
    """The pixels of a picture; None when it is damaged, too large, or of a kind that is not known here."""
    try:
        from PIL import Image
    except ImportError:
        return _decode_png(content)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            return Pixels(picture.width, picture.height, picture.convert("RGBA").tobytes())
    except Exception:  # noqa: BLE001 - whatever a damaged picture does to its decoder
        return None


# --------------------------------------------------------------------------- PNG without Pillow


def _decode_png(content: bytes) -> Pixels | None:
    try:
        return _png(content)
    except (ValueError, IndexError, KeyError, struct.error, zlib.error):
        return None


def _png(content: bytes) -> Pixels | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    chunks = _chunks(content)
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or interlaced or width * height > MOST_PIXELS:
        return None
    channels = _CHANNELS[color]
    stride = width * channels
    packed = zlib.decompressobj()
    lines = packed.decompress(chunks[b"IDAT"], (stride + 1) * height)
    if len(lines) != (stride + 1) * height:
        return None
    rows, above = [], bytes(stride)
    for start in range(0, len(lines), stride + 1):
        above = _unfiltered(lines[start], lines[start + 1 : start + 1 + stride], above, channels)
        rows.append(above)
    plain = b"".join(rows)
    return Pixels(width, height, _rgba(plain, color, chunks))


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The content of each kind of chunk; that of several of a kind is joined."""
    found: dict[bytes, bytes] = {}
    position = 8
    while position + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        found[kind] = found.get(kind, b"") + content[position + 8 : position + 8 + length]
        position += length + 12
    return found


def _unfiltered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    """One row of bytes, with the prediction that its filter took off put on again."""
    if kind == 0:
        return line
    if kind == 1:
        return _sub(line, step)
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above, strict=True))
    if kind in {3, 4}:
        return _average(line, above, step) if kind == 3 else _paeth(line, above, step)
    raise ValueError(kind)


def _sub(line: bytes, step: int) -> bytes:
    row = bytearray(len(line))
    for channel in range(step):
        row[channel::step] = bytes(total & 255 for total in accumulate(line[channel::step]))
    return bytes(row)


def _average(line: bytes, above: bytes, step: int) -> bytes:
    row = bytearray(line)
    for place, up in enumerate(above):
        left = row[place - step] if place >= step else 0
        row[place] = (row[place] + (left + up) // 2) & 255
    return bytes(row)


def _paeth(line: bytes, above: bytes, step: int) -> bytes:
    row = bytearray(line)
    for place, up in enumerate(above):
        left, corner = (row[place - step], above[place - step]) if place >= step else (0, 0)
        guess = left + up - corner
        by_left, by_up, by_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
        nearest = left if by_left <= by_up and by_left <= by_corner else up if by_up <= by_corner else corner
        row[place] = (row[place] + nearest) & 255
    return bytes(row)


def _rgba(plain: bytes, color: int, chunks: dict[bytes, bytes]) -> bytes:
    """Grey, palette and colours without opacity as red, green, blue, opacity."""
    if color == 6:
        return plain
    out = bytearray(b"\xff") * (len(plain) // _CHANNELS[color] * 4)
    if color == 3:
        palette, opacity = chunks[b"PLTE"], chunks.get(b"tRNS", b"").ljust(256, b"\xff")
        for channel in range(3):
            out[channel::4] = plain.translate(palette[channel::3].ljust(256, b"\0"))
        out[3::4] = plain.translate(opacity[:256])
        return bytes(out)
    for channel in range(3):
        out[channel::4] = plain[channel::3] if color == 2 else plain[:: _CHANNELS[color]]
    if color == 4:
        out[3::4] = plain[1::2]
    return bytes(out)
