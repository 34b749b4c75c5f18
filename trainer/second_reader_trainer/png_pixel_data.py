"""Whether a PNG holds all the pixels it announces: Pillow shows missing rows as black."""

import zlib
from dataclasses import dataclass

from .image_refused import ImageRefused

SAMPLES_PER_PIXEL = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type: grey, colour, palette, grey with alpha, colour with alpha."""

ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Passes of an interlaced picture: first column, first row, step right, step down."""

PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class PngHeader:
    width: int
    height: int
    bit_depth: int
    colour_type: int
    interlaced: bool


def require_all_pixels(header: PngHeader, pixel_data: list[bytes]) -> None:
    """Inflates without keeping; the checksum of the compressed stream is checked with it."""
    expected = _scan_line_bytes(header)
    inflater = zlib.decompressobj()
    inflated = 0
    try:
        for body in pixel_data:
            waiting = body
            while waiting and inflated <= expected:
                inflated += len(inflater.decompress(waiting, PIECE_BYTES))
                waiting = inflater.unconsumed_tail
        if inflated <= expected:
            # All input is taken; a last repetition may still be under way.
            inflated += len(inflater.flush())
    except zlib.error as error:
        raise ImageRefused("CORRUPT_IMAGE", f"the PNG's pixels: {error}") from error
    if inflated < expected or (inflated == expected and not inflater.eof):
        raise ImageRefused("TRUNCATED_IMAGE", f"{inflated} of {expected} bytes of pixels")


def _scan_line_bytes(header: PngHeader) -> int:
    """Every row is its filter's byte and its samples, filled up to a whole byte."""
    bits = SAMPLES_PER_PIXEL.get(header.colour_type, 0) * header.bit_depth
    total = 0
    for left, top, right, down in ADAM7 if header.interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(header.width - left) // right), -(-(header.height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
