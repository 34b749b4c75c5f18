"""What a JPEG says about itself, checked before any pixel is decoded."""

from .check_dimensions import check_dimensions
from .image_refused import ImageRefused

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
STANDALONE = {0x01, *range(0xD0, 0xD8)}
FIRST_MARKER = 0xC0
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Starts of frame; the three left out are tables and a reserved code."""

DECODED_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA}
"""Huffman coding, lossless, and arithmetic coding: what the decoders of both sides read."""

SOF11 = 0xCB


def check_jpeg(data: bytes) -> None:
    """Tells a file cut off or of an unusual kind from a damaged one, which Pillow does not.

    Fill bytes and stray bytes between segments are passed over, as every decoder does.
    """
    offset = 2
    has_frame = False
    while True:
        marker, start = _find_marker(data, offset)
        offset = start + 2
        if marker == EOI:
            break
        if marker in STANDALONE:
            continue
        body = _segment_body(data, offset)
        offset += 2 + len(body)
        if marker in FRAMES:
            _check_frame(marker, body)
            has_frame = True
        if marker == SOS:
            break
    if not has_frame:
        raise ImageRefused("CORRUPT_IMAGE", "the JPEG has no frame before its pixels")
    # In the coded data every 0xFF is followed by 0x00 or a restart marker.
    if marker == SOS and data.find(b"\xff\xd9", offset) < 0:
        raise ImageRefused("TRUNCATED_IMAGE", "the JPEG has no end marker")


def _find_marker(data: bytes, offset: int) -> tuple[int, int]:
    start = data.find(b"\xff", offset)
    while 0 <= start < len(data) - 1:
        marker = data[start + 1]
        if marker not in (0xFF, 0x00):
            if marker == SOI or (marker < FIRST_MARKER and marker not in STANDALONE):
                raise ImageRefused("CORRUPT_IMAGE", "bytes where a marker must stand")
            return marker, start
        start = data.find(b"\xff", start + 1)
    raise ImageRefused("TRUNCATED_IMAGE", "the JPEG ends before its pixels")


def _segment_body(data: bytes, offset: int) -> bytes:
    if offset + 2 > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", "the JPEG ends before its pixels")
    length = int.from_bytes(data[offset : offset + 2])
    if length < 2:
        raise ImageRefused("CORRUPT_IMAGE", "a segment of the JPEG has no length")
    if offset + length > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", "the JPEG ends inside a segment")
    return data[offset + 2 : offset + length]


def _check_frame(marker: int, body: bytes) -> None:
    if marker not in DECODED_FRAMES:
        kind = "lossless JPEG with arithmetic coding" if marker == SOF11 else "hierarchical JPEG"
        raise ImageRefused("UNSUPPORTED_IMAGE", f"it is a {kind} (SOF{marker - 0xC0})")
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:
        raise ImageRefused("CORRUPT_IMAGE", "the JPEG frame has a wrong length")
    if body[0] != 8:
        raise ImageRefused("UNSUPPORTED_IMAGE", f"it is a JPEG of {body[0]} bits a sample")
    if body[5] not in (1, 3, 4):
        raise ImageRefused("UNSUPPORTED_IMAGE", f"it is a JPEG of {body[5]} components")
    check_dimensions(int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
