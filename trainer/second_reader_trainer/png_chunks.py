"""What a PNG file says about itself, checked before any pixel is decoded."""

import struct
import zlib
from dataclasses import dataclass

from .check_dimensions import check_dimensions
from .image_refused import ImageRefused
from .png_pixel_data import SAMPLES_PER_PIXEL, PngHeader, require_all_pixels

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
ANNOTATION_KEYS = (b"Raw profile type exif", b"XML:com.adobe.xmp")


@dataclass(frozen=True)
class PngFile:
    header: PngHeader
    transparency: bytes | None
    significant_bits: tuple[int, ...] | None
    """How many bits of each channel the source had, where the file states it (sBIT)."""
    annotations: bytes
    """The chunks that may say how to turn the picture."""
    pixels_only: bytes
    """The file without what the policy ignores (profiles, gamma, text) or applies itself (tRNS)."""


def read_png(data: bytes) -> PngFile:
    """Checks every chunk up to IEND; what follows IEND is ignored, as after a JPEG's end marker."""
    chunks = _read_chunks(data)
    header = _read_header(*chunks[0][:2])
    before_pixels = []
    for kind, body, _ in chunks:
        if kind == b"IDAT":
            break
        before_pixels.append((kind, body))
    if _is_animated(before_pixels):
        raise ImageRefused("ANIMATED_NOT_SUPPORTED", "the PNG is an animation")
    require_all_pixels(header, [body for kind, body, _ in chunks if kind == b"IDAT"])
    return PngFile(
        header,
        next((body for kind, body, _ in reversed(chunks) if kind == b"tRNS"), None),
        _significant_bits(header, chunks),
        b"".join(whole for kind, body, whole in chunks if _is_annotation(kind, body)),
        PNG_SIGNATURE + b"".join(whole for kind, _, whole in chunks if kind in KEPT),
    )


def encode_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def _read_chunks(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Kind, body and all bytes of each."""
    chunks = []
    offset = len(PNG_SIGNATURE)
    while True:
        kind, body, end = _read_chunk(data, offset)
        if not chunks:
            _read_header(kind, body)  # refuses a size before it reads on
        # An upper-case first letter marks a chunk without which the image cannot be shown.
        if kind not in (*KEPT, b"tRNS") and kind[0] & 0x20 == 0:
            raise ImageRefused("CORRUPT_IMAGE", f"unknown critical chunk {kind!r}")
        chunks.append((kind, body, data[offset:end]))
        if kind == b"IEND":
            return chunks
        offset = end


def _read_chunk(data: bytes, offset: int) -> tuple[bytes, bytes, int]:
    if offset + 12 > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", "the PNG ends before its IEND chunk")
    length, kind = struct.unpack_from(">I4s", data, offset)
    end = offset + 12 + length
    if end > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", f"the PNG ends inside its chunk {kind!r}")
    body = data[offset + 8 : end - 4]
    if zlib.crc32(kind + body) != struct.unpack_from(">I", data, end - 4)[0]:
        raise ImageRefused("CORRUPT_IMAGE", f"the checksum of chunk {kind!r} is wrong")
    return kind, body, end


def _read_header(kind: bytes, body: bytes) -> PngHeader:
    if kind != b"IHDR" or len(body) != 13:
        raise ImageRefused("CORRUPT_IMAGE", "the PNG does not start with its header")
    width, height, bit_depth, colour_type, _, _, interlace = struct.unpack(">IIBBBBB", body)
    check_dimensions(width, height)
    return PngHeader(width, height, bit_depth, colour_type, interlace == 1)


def _is_animated(before_pixels: list[tuple[bytes, bytes]]) -> bool:
    """An animation whose one frame is the picture itself is none; the same rule as Pillow's."""
    controls = [body for kind, body in before_pixels if kind == b"acTL"]
    if len(controls) != 1 or len(controls[0]) < 8:
        return False
    (frames,) = struct.unpack_from(">I", controls[0])
    if frames == 0 or frames > 1 << 31:
        return False
    return frames > 1 or all(kind != b"fcTL" for kind, _ in before_pixels)


def _significant_bits(
    header: PngHeader, chunks: list[tuple[bytes, bytes, bytes]]
) -> tuple[int, ...] | None:
    body = next((body for kind, body, _ in chunks if kind == b"sBIT"), b"")
    if len(body) != SAMPLES_PER_PIXEL.get(header.colour_type):
        return None
    return tuple(body) if all(1 <= bits <= header.bit_depth for bits in body) else None


def _is_annotation(kind: bytes, body: bytes) -> bool:
    key = body.split(b"\0", 1)[0]
    if kind == b"eXIf" or (kind == b"tEXt" and key == b"exif"):
        return True
    return kind in TEXTS and key in ANNOTATION_KEYS
